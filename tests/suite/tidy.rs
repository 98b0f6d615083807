//! Order in the house: imports run one way, files open with what they are for and stay short, the page names no
//! service, and nothing is put off in a comment. Each rule is held by a function that is itself shown a breach.

mod circles;
mod services;

use std::path::{Path, PathBuf};

use decoupled::services::Kind;

/// What each room may import beside itself.
const ROOMS: [(&str, &[&str]); 9] = [
    ("engine", &[]),
    ("lang", &["engine"]),
    ("figure", &[]),
    ("services", &["engine", "lang", "figure"]),
    ("scene", &["engine", "lang", "figure", "services"]),
    ("sim", &["engine", "lang", "figure", "services", "scene"]),
    ("editor", &["engine", "lang", "figure", "services", "scene", "sim"]),
    ("play", &["engine", "lang", "figure", "services", "scene", "sim", "editor"]),
    ("view", &["engine", "lang", "figure", "services", "scene", "sim", "editor", "play"]),
];
const LINES_MAX: usize = 500;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file under a folder, with its path from the package's root and its text.
fn files(folder: &str) -> Vec<(String, String)> {
    files_of(folder, "rs")
}

fn files_of(folder: &str, kind: &str) -> Vec<(String, String)> {
    let (mut found, mut folders) = (Vec::new(), vec![root().join(folder)]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.expect("a folder can be listed").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == kind) {
                let text = std::fs::read_to_string(&path).expect("a source file is text");
                found.push((name_of(&path), text));
            }
        }
    }
    found.sort();
    found
}

fn name_of(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

/// The code of a file, its comments left out.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(index, line)| (index + 1, line.split("//").next().unwrap_or_default()))
}

/// The words that follow `crate::`, those of a group `crate::{a, b::c}` one by one.
fn imports(line: &str) -> Vec<&str> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let first = |text: &str| -> usize { text.find(|c| !is_name(c)).unwrap_or(text.len()) };
    let mut found = Vec::new();
    for (at, _) in line.match_indices("crate::") {
        let rest = &line[at + "crate::".len()..];
        if line[..at].ends_with(is_name) || line[..at].ends_with('$') {
            continue;
        }
        match rest.strip_prefix('{') {
            Some(group) => found.extend(group.split(',').map(|part| part.trim()).map(|part| &part[..first(part)])),
            None => found.push(&rest[..first(rest)]),
        }
    }
    found.retain(|name| !name.is_empty());
    found
}

fn wrong_imports(name: &str, text: &str) -> Vec<String> {
    let room = name.trim_start_matches("src/").split('/').next().unwrap_or_default();
    let Some((_, allowed)) = ROOMS.iter().find(|(known, _)| *known == room) else { return Vec::new() };
    let is_room = |import: &str| ROOMS.iter().any(|(known, _)| *known == import);
    let wrong = |import: &&str| is_room(import) && *import != room && !allowed.contains(import);
    let lines = code(text).flat_map(|(number, line)| imports(line).into_iter().map(move |import| (number, import)));
    lines
        .filter(|(_, import)| wrong(import))
        .map(|(number, import)| format!("{name}:{number} imports {import}"))
        .collect()
}

#[test]
fn imports_run_one_way() {
    let wrong: Vec<String> = files("src").iter().flat_map(|(name, text)| wrong_imports(name, text)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for breach in ["use crate::services::Kind;", "use crate::{lang, sim::Run};", "let x = crate::view::frame();"] {
        assert_eq!(wrong_imports("src/lang/x.rs", breach).len(), 1, "{breach}");
    }
    assert!(wrong_imports("src/view/x.rs", "use crate::{lang, sim::Run}; // crate::app").is_empty());
}

#[test]
fn every_room_is_known_and_the_library_has_no_other() {
    let lib = std::fs::read_to_string(root().join("src/lib.rs")).expect("the library has a root");
    let declared: Vec<&str> = lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    for room in &declared {
        assert!(ROOMS.iter().any(|(known, _)| known == room), "{room} has no place in the order of imports");
    }
    assert_eq!(declared.len(), ROOMS.len());
}

/// What is wrong with a file as a whole.
fn wrong_shape(name: &str, text: &str) -> Option<String> {
    let lines = text.lines().count();
    let opening = if name.ends_with(".css") { "/* " } else { "//! " };
    if name != "src/lib.rs" && !text.starts_with(opening) {
        return Some(format!("{name} does not open with what it is for"));
    }
    (lines > LINES_MAX).then(|| format!("{name} has {lines} lines; {LINES_MAX} are allowed"))
}

#[test]
fn files_say_what_they_are_for_and_stay_short() {
    let all = [files("src"), files("tests"), files("benches"), files_of("static", "css")].concat();
    let wrong: Vec<String> = all.iter().filter_map(|(name, text)| wrong_shape(name, text)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(wrong_shape("src/x.rs", "use y;").is_some());
    assert!(wrong_shape("static/x.css", ".y {}").is_some());
    assert!(wrong_shape("src/x.rs", &format!("//! X.\n{}", "\n".repeat(LINES_MAX))).is_some());
}

/// Files of the stylesheet that the page does not link once, and those it links that are not there.
fn wrong_links(index: &str, names: &[String]) -> Vec<String> {
    let linked: Vec<&str> = index
        .split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|at| at.contains("/theme/"))
        .collect();
    let count = |name: &str| linked.iter().filter(|at| **at == name).count();
    let unlinked = names.iter().filter(|name| count(name) != 1).cloned();
    unlinked
        .chain(linked.iter().filter(|at| !names.iter().any(|name| name == *at)).map(|at| (*at).to_owned()))
        .collect()
}

#[test]
fn the_page_links_every_file_of_the_stylesheet_once() {
    let index = std::fs::read_to_string(root().join("index.html")).expect("the page is there");
    let names: Vec<String> = files_of("static/theme", "css").into_iter().map(|(name, _)| name).collect();
    assert!(names.len() > 20);
    assert_eq!(wrong_links(&index, &names), Vec::<String>::new());
    let twice =
        "<link href=\"static/theme/a.css\"><link href=\"static/theme/a.css\"><link href=\"static/theme/c.css\">";
    let wrong = wrong_links(twice, &["static/theme/a.css".to_owned(), "static/theme/b.css".to_owned()]);
    assert_eq!(wrong, ["static/theme/a.css", "static/theme/b.css", "static/theme/c.css"]);
}

/// The ways in which a file can name one service: a variant, a folder, a type of the scene file.
fn services_named(text: &str) -> Vec<String> {
    let kinds = Kind::ALL.iter().map(|kind| (format!("Kind::{kind:?}"), kind.spec().kind));
    let mut words: Vec<String> = kinds.flat_map(|(variant, name)| [variant, format!("\"{name}\"")]).collect();
    words.extend(services::services().iter().map(|folder| format!("services::{folder}")));
    let goes_on = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let is_whole = |line: &str, word: &str| {
        let (before, after) =
            (|at: usize| line[..at].chars().next_back(), |at: usize| line[at + word.len()..].chars().next());
        line.match_indices(word).any(|(at, _)| !goes_on(before(at)) && !goes_on(after(at)))
    };
    let named = code(text).flat_map(|(number, line)| {
        let hits: Vec<String> =
            words.iter().filter(|word| is_whole(line, word)).map(|word| format!("{number}: {word}")).collect();
        hits
    });
    named.collect()
}

#[test]
fn the_page_names_no_service() {
    let page = files("src/app").into_iter().chain(files("src").into_iter().filter(|(name, _)| name == "src/main.rs"));
    let wrong: Vec<String> = page
        .flat_map(|(name, text)| services_named(&text).into_iter().map(move |hit| format!("{name}:{hit}")))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for breach in ["if kind == Kind::Queue {", "use decoupled::services::sqs::api;", "x == \"AWS::SNS::Topic\""] {
        assert!(!services_named(breach).is_empty(), "{breach}");
    }
    assert!(services_named("for kind in Kind::ALL { kind.spec() } // Kind::Queue").is_empty());
}

fn put_off(text: &str) -> Vec<usize> {
    // Written in two parts, so that this file does not find itself.
    let words = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X"), concat!("for", " now")];
    let hits = text.lines().enumerate().filter(|(_, line)| words.iter().any(|word| line.contains(word)));
    hits.map(|(index, _)| index + 1).collect()
}

#[test]
fn nothing_is_put_off_in_a_comment() {
    let all = [files("src"), files("tests"), files("benches")].concat();
    let wrong: Vec<String> = all
        .iter()
        .flat_map(|(name, text)| put_off(text).into_iter().map(move |line| format!("{name}:{line}")))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(put_off(concat!("ok\n// TO", "DO: later")), [2]);
}

/// Reasons to keep a function from being inlined, as the mark says them; `src/ARCHITECTURE.md` says why.
const APART: [&str; 2] = ["second part", "hot loop"];

fn kept_apart_without_reason(text: &str) -> Vec<usize> {
    // Written in two parts, so that this file does not find itself.
    let mark = concat!("#[inline", "(never)]");
    let has_reason = |line: &str| {
        let reason = line.trim().strip_prefix(mark).and_then(|rest| rest.trim().strip_prefix("// "));
        reason.is_some_and(|reason| APART.contains(&reason))
    };
    let marked = text.lines().enumerate().filter(|(_, line)| line.contains(mark));
    marked.filter(|(_, line)| !has_reason(line)).map(|(index, _)| index + 1).collect()
}

#[test]
fn what_is_kept_from_being_inlined_says_why() {
    let wrong: Vec<String> = files("src")
        .iter()
        .flat_map(|(name, text)| kept_apart_without_reason(text).into_iter().map(move |line| format!("{name}:{line}")))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let why = std::fs::read_to_string(root().join("src/ARCHITECTURE.md")).expect("it is there");
    assert!(APART.iter().all(|reason| why.contains(&format!("// {reason}`"))));
    let marks = [concat!("#[inline", "(never)]"), concat!("#[inline", "(never)] // second part")];
    assert_eq!(kept_apart_without_reason(&marks.join("\n")), [1]);
}
