//! Circles among files: within a room, what is only data lies below and what acts on it above, so that no file imports
//! what imports it, not even in a roundabout way. The circles that are left are listed, each with its reason.

use std::collections::{BTreeMap, BTreeSet};

use super::files;

/// The circles that are left. Where one is cut its line goes.
const LEFT: [(&str, &[&str], &str); 11] = [
    (
        "engine",
        &["actor", "cx", "fault", "trace", "world"],
        "an actor acts by a Cx, which borrows the world, which holds the actors",
    ),
    (
        "lang",
        &[
            "asl/execution",
            "asl/execution/forking",
            "asl/execution/items",
            "asl/execution/numbers",
            "asl/execution/thread",
        ],
        "an execution holds its threads, a thread its forks, and what both do is done to the execution",
    ),
    (
        "lang",
        &["asl/intrinsic", "asl/intrinsic/functions", "asl/intrinsic/syntax", "asl/intrinsic/text", "asl/template"],
        "a function's arguments are templates' expressions, and an expression may be a function",
    ),
    (
        "lang",
        &[
            "asl/path",
            "asl/path/filter",
            "asl/path/filter_syntax",
            "asl/path/placing",
            "asl/path/search",
            "asl/path/syntax",
            "asl/scope",
        ],
        "a path's own type stands in mod.rs, beside its parts; its filters hold paths, and a scope says where a path begins",
    ),
    (
        "lang",
        &["asl/read", "asl/read/flow", "asl/read/template", "asl/read/values"],
        "states hold flows, and flows hold states",
    ),
    (
        "lang",
        &["asl/test_state", "asl/test_state/mock", "asl/test_state/outcome", "asl/test_state/request"],
        "a test's own type stands in mod.rs, beside what is done to it",
    ),
    (
        "lang",
        &[
            "event_pattern",
            "event_pattern/error",
            "event_pattern/explanation",
            "event_pattern/limits",
            "event_pattern/operator_syntax",
            "event_pattern/syntax",
            "event_pattern/trial",
        ],
        "a pattern's own type stands in mod.rs, beside the functions that hand out its parts",
    ),
    (
        "lang",
        &["event_pattern/consistency", "event_pattern/reading", "event_pattern/rule_set"],
        "a set of rules is built by reading, and reads whether it is consistent",
    ),
    (
        "lang",
        &[
            "jsonata",
            "jsonata/error",
            "jsonata/evaluator",
            "jsonata/function",
            "jsonata/library",
            "jsonata/library/aws",
            "jsonata/library/date_picture",
            "jsonata/library/date_reading",
            "jsonata/library/dates",
            "jsonata/library/integer",
            "jsonata/library/integer_picture",
            "jsonata/library/lists",
            "jsonata/library/math",
            "jsonata/library/number_picture",
            "jsonata/library/objects",
            "jsonata/library/text",
            "jsonata/library/url",
            "jsonata/matching",
            "jsonata/operators",
            "jsonata/parser",
            "jsonata/path",
            "jsonata/raw",
            "jsonata/shaping",
            "jsonata/signature",
            "jsonata/token",
            "jsonata/tree",
            "jsonata/value",
        ],
        "a function is a value, functions are called by the evaluator, and the library's are given it",
    ),
    (
        "lang",
        &["regex", "regex/matcher", "regex/program", "regex/syntax"],
        "a regular expression's own type stands in mod.rs, beside its parts",
    ),
    (
        "sim",
        &["boundary", "run", "search", "stimulus"],
        "a run is moved on by its script, and what the script does is done to the run",
    ),
];

/// Files of `services` that lie in some circle, at most. Run with `--nocapture` to see them.
const SERVICES_MAX: usize = 140;

/// A module: the path from the crate's root.
type Module = Vec<String>;

/// What a file's text says of others.
struct House {
    texts: BTreeMap<Module, String>,
    /// What a module hands on under a name of its own.
    exports: BTreeMap<Module, BTreeMap<String, Module>>,
}

struct Use {
    public: bool,
    path: Module,
    /// What it is called here.
    name: String,
}

impl House {
    fn of(files: impl IntoIterator<Item = (String, String)>) -> Self {
        let is_room = |name: &String| name.matches('/').count() > 1 && !name.starts_with("src/bin/");
        let files = files.into_iter().filter(|(name, _)| is_room(name));
        let texts = files.map(|(name, text)| (module_of(&name), code_alone(&text))).collect();
        let mut house = Self { texts, exports: BTreeMap::new() };
        for (module, text) in &house.texts {
            let handed_on = uses(text).into_iter().filter(|found| found.public);
            let named = handed_on.filter_map(|found| Some((found.name, house.absolute(module, &found.path)?)));
            house.exports.insert(module.clone(), named.collect());
        }
        house
    }

    /// A path that is written in a module, from the crate's root; `None` for what is no module of ours.
    fn absolute(&self, module: &[String], path: &[String]) -> Option<Module> {
        let rest = |from: &[String], skipped: usize| Some([from, &path[skipped..]].concat());
        match &**path.first()? {
            "crate" => rest(&[], 1),
            "self" => rest(module, 1),
            "super" => {
                let up = path.iter().take_while(|part| *part == "super").count();
                rest(&module[..module.len().saturating_sub(up)], up)
            }
            child => self.texts.contains_key(&[module, &[child.to_owned()]].concat()).then(|| rest(module, 0))?,
        }
    }

    /// The file in which something is declared, whatever `mod.rs` hands it on.
    fn declared_in(&self, path: &[String], steps: usize) -> Option<Module> {
        let mut module = Module::new();
        for (index, part) in path.iter().enumerate() {
            let child = [&*module, std::slice::from_ref(part)].concat();
            if self.texts.contains_key(&child) || index == 0 {
                module = child;
                continue;
            }
            let target = self.exports.get(&module).and_then(|exports| exports.get(part));
            return match target {
                Some(target) if steps > 0 => self.declared_in(&[target, &path[index + 1..]].concat(), steps - 1),
                _ => Some(module),
            };
        }
        Some(module)
    }

    /// The files that a file's code draws on.
    fn drawn_on(&self, module: &Module) -> BTreeSet<Module> {
        let text = &self.texts[module];
        let used = uses(text).into_iter().filter(|found| !found.public).map(|found| found.path);
        let written = without_uses(text);
        let paths = used.chain(paths(&written));
        let absolute = paths.filter_map(|path| self.absolute(module, &path));
        let files = absolute.filter_map(|path| self.declared_in(&path, 9));
        files.filter(|file| file != module && file[0] == module[0] && self.texts.contains_key(file)).collect()
    }

    /// The circles within a room, each in the order of the files' names.
    fn circles(&self, room: &str) -> Vec<Vec<String>> {
        let rooms = self.texts.keys().filter(|module| module[0] == room);
        let edges: BTreeMap<&Module, BTreeSet<Module>> = rooms.map(|module| (module, self.drawn_on(module))).collect();
        let reached: BTreeMap<&Module, BTreeSet<&Module>> =
            edges.keys().map(|module| (*module, reach(&edges, module))).collect();
        let circle = |module: &Module| -> Vec<String> {
            let back = reached[module].iter().filter(|other| reached[**other].contains(module));
            back.map(|other| other[1..].join("/")).collect()
        };
        let all: BTreeSet<Vec<String>> = edges.keys().map(|module| circle(module)).collect();
        all.into_iter().filter(|circle| !circle.is_empty()).collect()
    }
}

/// All that a file draws on, in a roundabout way too.
fn reach<'a>(edges: &'a BTreeMap<&Module, BTreeSet<Module>>, from: &'a Module) -> BTreeSet<&'a Module> {
    let (mut reached, mut next) = (BTreeSet::new(), vec![from]);
    while let Some(module) = next.pop() {
        next.extend(edges[module].iter().filter(|other| reached.insert(*other)));
    }
    reached
}

fn module_of(name: &str) -> Module {
    let name = name.trim_start_matches("src/").trim_end_matches(".rs");
    name.trim_end_matches("/mod").split('/').map(str::to_owned).collect()
}

/// Without comments, texts and the tests in it.
fn code_alone(text: &str) -> String {
    let is_inside = |at: usize| text[at..].lines().nth(1).is_some_and(|line| line.ends_with('{'));
    let tests = text.match_indices("#[cfg(test)]\nmod ").map(|(at, _)| at).find(|at| is_inside(*at));
    let text = &text[..tests.unwrap_or(text.len())];
    let lines = text.lines().map(|line| line.split("//").next().unwrap_or_default());
    let words = |line: &str| line.replace("\\\"", "").split('"').step_by(2).collect::<Vec<_>>().join("\"\"");
    lines.map(words).collect::<Vec<_>>().join("\n")
}

/// Where a statement that imports begins and ends, and whether it hands on.
fn spans(text: &str) -> Vec<(usize, usize, bool)> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("use ") {
        let line = text[..at].rsplit('\n').next().unwrap_or_default().trim();
        let public = line.starts_with("pub") && !line.contains(' ');
        if (line.is_empty() || public)
            && let Some(length) = text[at..].find(';')
        {
            found.push((at, at + length, public));
        }
    }
    found
}

fn uses(text: &str) -> Vec<Use> {
    let mut all = Vec::new();
    for (from, to, public) in spans(text) {
        for path in spread(&text[from + "use ".len()..to]) {
            let (path, alias) = path.split_once(" as ").map_or((&*path, None), |(path, alias)| (path, Some(alias)));
            let mut path: Module = path.split("::").map(|part| part.trim().to_owned()).collect();
            path.retain(|part| !part.is_empty() && part != "*");
            if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
                path.pop();
            }
            let name = alias.map(|alias| alias.trim().to_owned()).or_else(|| path.last().cloned());
            all.push(Use { public, name: name.unwrap_or_default(), path });
        }
    }
    all
}

/// `a::{b, c::{d, e}}` as `a::b`, `a::c::d` and `a::c::e`.
fn spread(tree: &str) -> Vec<String> {
    let Some((head, group)) = tree.split_once('{') else { return vec![tree.trim().to_owned()] };
    let group = &group[..group.rfind('}').unwrap_or(group.len())];
    let (mut parts, mut depth) = (vec![String::new()], 0_usize);
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        parts.last_mut().expect("there is one").push(c);
    }
    let inner = parts.iter().filter(|part| !part.trim().is_empty()).flat_map(|part| spread(part));
    inner.map(|part| format!("{}{part}", head.trim())).collect()
}

fn without_uses(text: &str) -> String {
    let mut left = text.to_owned();
    for (from, to, _) in spans(text).into_iter().rev() {
        left.replace_range(from..to, "");
    }
    left
}

/// The paths that stand in code: `super::x::y(…)`, `x::Y`.
fn paths(code: &str) -> impl Iterator<Item = Module> {
    let words = code.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == ':'));
    let paths = words.filter(|word| word.contains("::") && !word.starts_with(':'));
    paths.map(|word| word.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect())
}

#[test]
fn no_files_import_each_other_but_those_that_are_listed() {
    let house = House::of(files("src"));
    for room in ["engine", "lang", "figure", "scene", "sim", "editor", "play", "view", "app"] {
        let listed = LEFT.iter().filter(|(of, ..)| *of == room).map(|(_, files, why)| {
            assert!(!why.is_empty());
            files.iter().map(|file| (*file).to_owned()).collect::<Vec<_>>()
        });
        assert_eq!(house.circles(room), listed.collect::<Vec<_>>(), "{room}");
    }
    let services = house.circles("services");
    services.iter().for_each(|circle| println!("{} in services: {}", circle.len(), circle.join(" ")));
    let files: usize = services.iter().map(Vec::len).sum();
    assert!(files <= SERVICES_MAX, "{files} files of services lie in circles");
}

/// A room of files with these texts.
fn toy(files: &[(&str, &str)]) -> Vec<Vec<String>> {
    let files = files.iter().map(|(name, text)| (format!("src/toy/{name}.rs"), (*text).to_owned()));
    House::of(files).circles("toy")
}

#[test]
fn a_circle_is_seen_through_what_is_handed_on() {
    let house = "mod a;\nmod b;\nmod c;\npub use a::A;\npub use b::{B, b as other};\n";
    let circle = [vec!["a".to_owned(), "b".to_owned()]];
    for (a, b) in [
        ("use super::b::B;", "use super::a::A;"),
        ("use super::{\n    B, c,\n};", "use crate::toy::A;"),
        ("fn a() { super::b::b() }", "use super::c::{self, C};\nuse super::A;"),
        ("use super::other;", "fn b() -> crate::toy::A { super::a::a() }"),
    ] {
        assert_eq!(toy(&[("mod", house), ("a", a), ("b", b), ("c", "")]), circle, "{a} {b}");
    }
    // Whoever declares a file need not draw on it; a path in a comment, a text or a test is none.
    let quiet = "// super::a::a()\nconst B: &str = \"super::a::a()\";\n#[cfg(test)]\nmod tests {\n    use super::super::a::A;\n}";
    assert!(toy(&[("mod", house), ("a", "use super::B;\nuse super::c;"), ("b", quiet), ("c", "")]).is_empty());
    let drawn = "mod a;\nfn all() { a::a() }\npub struct A;";
    assert_eq!(toy(&[("mod", drawn), ("a", "use super::A;")]), [vec![String::new(), "a".to_owned()]]);
}
