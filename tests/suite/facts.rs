//! The facts: what AWS's services do, each with its sources, how well it is known, and how it is modelled. They stand in
//! `src/services/*/facts.json`, those of no one service in `src/services/facts.json`; the code, the cases and the
//! inspector name them by their numbers. No program carries the texts: `fidelity.html` and `facts.json` beside the
//! page are made from them here.

mod marks;
mod page;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use decoupled::services::{Kind, LinkKind, Property, PropertyKind};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::conformance;
use marks::marks;

/// The facts of one service.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sheet {
    pub about: String,
    pub facts: Vec<Fact>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// `SQS-16`, or `SQS-E5` for an experiment: a set-up and what comes of it.
    pub number: String,
    pub sentence: String,
    /// An address, and behind a space what it is called where its last part does not say so; or `model`.
    pub sources: Vec<String>,
    pub strength: Strength,
    /// How, or else in `not_modelled` why not.
    pub modelled: Option<String>,
    pub not_modelled: Option<String>,
    /// The test that holds it, where it is no matter for a case.
    pub test: Option<String>,
}

#[derive(Clone, Copy, Deserialize, Serialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    Documented,
    Observed,
    Simplified,
}

impl Strength {
    pub const ALL: [Self; 3] = [Self::Documented, Self::Observed, Self::Simplified];

    pub fn name(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Observed => "observed",
            Self::Simplified => "simplified",
        }
    }
}

impl Fact {
    pub fn is_experiment(&self) -> bool {
        self.number.contains("-E")
    }

    /// The letters before the number.
    pub fn prefix(&self) -> &str {
        self.number.split('-').next().unwrap_or_default()
    }

    /// How it is modelled, or why it is not.
    pub fn how(&self) -> &str {
        self.modelled.as_deref().or(self.not_modelled.as_deref()).unwrap_or_default()
    }

    /// What a reader calls its sources, with their addresses.
    pub fn named_sources(&self) -> Vec<(String, Option<&str>)> {
        self.sources.iter().map(|source| named(source)).collect()
    }
}

fn named(source: &str) -> (String, Option<&str>) {
    let (address, name) = source.split_once(' ').map_or((source, None), |(address, name)| (address, Some(name)));
    let Some(way) = address.strip_prefix("https://") else { return ("our model".to_owned(), None) };
    let path = way.split('#').next().unwrap_or_default();
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let last = last.trim_end_matches(".html");
    let name = match (way.split('/').next().unwrap_or_default(), name) {
        ("docs.aws.amazon.com", _) if last.starts_with("API_") => format!("AWS API: {}", &last["API_".len()..]),
        ("docs.aws.amazon.com" | "aws.amazon.com", _) => format!("AWS: {last}"),
        (_, name) => {
            let owner = way.split('/').nth(2).unwrap_or_default();
            format!("{owner}: {}", name.unwrap_or(last))
        }
    };
    (name, Some(address))
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every sheet, by what it is about; the one of no single service comes last.
pub fn sheets() -> Vec<Sheet> {
    let services = root().join("src/services");
    let entries = std::fs::read_dir(&services).expect("the services can be listed");
    let mut files: Vec<PathBuf> =
        entries.map(|entry| entry.expect("a folder can be listed").path().join("facts.json")).collect();
    files.retain(|file| file.is_file());
    let read = |file: &PathBuf| -> Sheet {
        let text = std::fs::read_to_string(file).expect("a sheet can be read");
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
    };
    let mut sheets: Vec<Sheet> = files.iter().map(read).collect();
    sheets.sort_by(|one, other| one.about.cmp(&other.about));
    sheets.push(read(&services.join("facts.json")));
    sheets
}

/// How many cases speak of each fact.
pub fn cases_of_facts() -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for (_, case) in conformance::cases() {
        for fact in case.fact.into_iter().collect::<BTreeSet<_>>() {
            *counts.entry(fact).or_default() += 1;
        }
    }
    counts
}

/// What is wrong with a fact as it is written.
fn fault_of(fact: &Fact) -> Option<&'static str> {
    let is_number = marks(&fact.number, &[fact.prefix()]) == [&*fact.number];
    let is_source = |source: &String| source == "model" || source.starts_with("https://");
    let is_sentence = |text: &str| text.trim() == text && text.ends_with(['.', ')']);
    Some(match fact {
        _ if !is_number => "its number is none",
        _ if !is_sentence(&fact.sentence) => "it has no sentence",
        _ if fact.sources.is_empty() || !fact.sources.iter().all(is_source) => "a source is an address or «model»",
        _ if fact.modelled.is_some() == fact.not_modelled.is_some() => "it is modelled or not, and says how or why",
        _ if !is_sentence(fact.how()) => "how it is modelled, or why not, is no sentence",
        _ if fact.test.as_ref().is_some_and(|test| !root().join(test).is_file()) => "its test is not there",
        _ => return None,
    })
}

#[test]
fn every_fact_is_whole_and_they_are_counted_through() {
    let mut last: BTreeMap<(String, bool), usize> = BTreeMap::new();
    for fact in sheets().iter().flat_map(|sheet| &sheet.facts) {
        assert_eq!(fault_of(fact), None, "{}", fact.number);
        let count = last.entry((fact.prefix().to_owned(), fact.is_experiment())).or_default();
        *count += 1;
        let letter = if fact.is_experiment() { "E" } else { "" };
        assert_eq!(
            fact.number,
            format!("{}-{letter}{count}", fact.prefix()),
            "numbers are stable, and none is left out"
        );
    }
    assert!(last.values().sum::<usize>() > 200);
}

#[test]
fn a_fact_that_is_not_whole_is_found() {
    let whole = json!({ "number": "SQS-1", "sentence": "It is so.", "sources": ["https://docs.aws.amazon.com/x.html"],
        "strength": "documented", "modelled": "So." });
    let with = |name: &str, value: Value| {
        let mut fact = whole.clone();
        fact[name] = value;
        fault_of(&serde_json::from_value(fact).expect("a fact")).is_some()
    };
    assert!(!with("sources", json!(["model"])));
    for (name, value) in [
        ("number", json!("SQS-x")),
        ("sentence", json!("")),
        ("sentence", json!("It is so")),
        ("sources", json!([])),
        ("sources", json!(["a guide"])),
        ("modelled", Value::Null),
        ("not_modelled", json!("Not here.")),
        ("test", json!("tests/nowhere.rs")),
    ] {
        assert!(with(name, value.clone()), "{name} {value}");
    }
}

#[test]
fn a_source_is_called_by_what_it_is() {
    for (source, name) in [
        ("model", "our model"),
        ("https://docs.aws.amazon.com/sns/latest/api/API_Publish.html", "AWS API: Publish"),
        ("https://docs.aws.amazon.com/sns/latest/dg/and-or-logic.html", "AWS: and-or-logic"),
        ("https://aws.amazon.com/sns/faqs/", "AWS: faqs"),
        ("https://github.com/aws/event-ruler/blob/main/README.md", "event-ruler: README.md"),
        ("https://github.com/localstack/localstack/blob/a/test_sqs.py#L7 test_it", "localstack: test_it"),
    ] {
        assert_eq!(named(source).0, name);
    }
}

/// Of a sheet's facts, apart from its experiments, one in twenty may be left out.
const LEFT_OUT_MAX: usize = 20;

/// Prints the ledger. Each fact stands in a case or has a test of its own, or says why it is not modelled.
#[test]
fn the_ledger_accounts_for_every_fact() {
    let cases = cases_of_facts();
    for sheet in sheets() {
        let left_out = sheet.facts.iter().filter(|fact| fact.not_modelled.is_some()).count();
        let experiments = sheet.facts.iter().filter(|fact| fact.is_experiment()).count();
        let facts = sheet.facts.len() - experiments;
        println!("{}: {}/{facts} facts, {experiments} experiments", sheet.about, facts - left_out);
        assert!(left_out * LEFT_OUT_MAX <= facts, "{left_out} of {facts} facts of {} are not modelled", sheet.about);
        for fact in &sheet.facts {
            let held = usize::from(cases.contains_key(&fact.number))
                + usize::from(fact.test.is_some())
                + usize::from(fact.not_modelled.is_some());
            assert_eq!(held, 1, "{}: a case, a test, or a reason to have none", fact.number);
        }
    }
}

/// Every property of a node or link, those within properties too.
fn properties() -> Vec<&'static Property> {
    let nodes = Kind::ALL.iter().flat_map(|kind| kind.spec().properties);
    let mut all: Vec<&Property> = nodes.chain(LinkKind::ALL.iter().flat_map(|kind| kind.spec().properties)).collect();
    let mut at = 0;
    while let Some(property) = all.get(at) {
        if let PropertyKind::Object(inner) = property.kind {
            all.extend(inner);
        }
        at += 1;
    }
    all
}

/// A property that says it is documented does not rest on what is our own.
#[test]
fn what_a_property_says_of_itself_is_borne_out_by_its_fact() {
    let sheets = sheets();
    let facts: BTreeMap<&str, &Fact> =
        sheets.iter().flat_map(|sheet| &sheet.facts).map(|fact| (&*fact.number, fact)).collect();
    let properties = properties();
    let mut astray = Vec::new();
    for property in properties.iter().filter(|property| !property.fact.is_empty()) {
        let fact = facts.get(property.fact).unwrap_or_else(|| panic!("{} rests on {}", property.name, property.fact));
        let is_ours = fact.strength == Strength::Simplified || fact.not_modelled.is_some();
        if is_ours && property.strength != decoupled::services::Strength::Simplified {
            astray.push(format!("{} rests on {}", property.name, property.fact));
        }
    }
    assert!(astray.is_empty(), "{}", astray.join("\n"));
    assert!(properties.len() > 150, "only {} properties were found", properties.len());
}

/// What the inspector shows of a fact: `facts.json` beside the page, which it asks for when somebody wants to know.
fn asset(sheets: &[Sheet]) -> String {
    let sources = |fact: &Fact| -> Value {
        let one = |(name, address): (String, Option<&str>)| json!({ "name": name, "address": address });
        fact.named_sources().into_iter().map(one).collect()
    };
    let entry = |fact: &Fact| {
        let how = if fact.modelled.is_some() { "modelled" } else { "not_modelled" };
        let value =
            json!({ "sentence": fact.sentence, "strength": fact.strength, how: fact.how(), "sources": sources(fact) });
        (fact.number.clone(), value)
    };
    let all: Map<String, Value> = sheets.iter().flat_map(|sheet| &sheet.facts).map(entry).collect();
    Value::Object(all).to_string() + "\n"
}

/// `static/facts.json` and `static/fidelity.html` are made from the facts; `UPDATE=1` writes them anew.
#[test]
fn what_is_published_of_the_facts_is_what_they_say() {
    let sheets = sheets();
    for (name, text) in [("facts.json", asset(&sheets)), ("fidelity.html", page::page(&sheets, &cases_of_facts()))] {
        let path = root().join("static").join(name);
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, &text).expect("it can be written");
        }
        let published = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(published == text, "static/{name} is another: run the test with UPDATE=1 and review what changed");
    }
}
