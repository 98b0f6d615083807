//! Conformance: every case in `src/services/*/conformance/*.json`, each a scene with a script and what must then
//! be true of its report and trace. The ledger says which facts of the semantics the cases speak of.

mod claim;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use decoupled::engine::Micros;
use decoupled::lang::duration::parse_duration;
use decoupled::sim::{Run, report};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::support;
use claim::{Claim, Seen};

/// How well known a behaviour is.
const STRENGTHS: [&str; 3] = ["documented", "observed", "simplified"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    /// Numbers of the semantics sheet.
    fact: Vec<String>,
    source: String,
    strength: String,
    scene: Value,
    until: String,
    then: Vec<Claim>,
}

/// Every case with the file it stands in.
fn cases() -> Vec<(PathBuf, Case)> {
    let services = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/services");
    let listed = |folder: &Path| -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).into_iter().flatten();
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a folder can be listed").path()).collect();
        paths.sort();
        paths
    };
    let mut cases = Vec::new();
    for file in listed(&services).iter().flat_map(|service| listed(&service.join("conformance"))) {
        let text = std::fs::read_to_string(&file).expect("a case file can be read");
        let read: Vec<Case> = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        cases.extend(read.into_iter().map(|case| (file.clone(), case)));
    }
    cases
}

/// Plays a case; what is wrong with it, if anything.
fn faults_of(case: &Case) -> Vec<String> {
    if case.then.is_empty() || case.fact.is_empty() || case.source.is_empty() {
        return vec!["a case needs facts, a source and claims".to_owned()];
    }
    if !STRENGTHS.contains(&&*case.strength) {
        return vec![format!("{} is not a strength", case.strength)];
    }
    let (scene, problems) = support::open(case.scene.clone());
    if !problems.is_empty() && !case.then.iter().any(Claim::is_about_problems) {
        return vec![format!("the scene has problems: {problems:?}")];
    }
    let times = case.then.iter().map(|claim| parse_duration(claim.at().unwrap_or(&case.until)));
    let (until, times) = match (parse_duration(&case.until), times.collect::<Result<Vec<Micros>, String>>()) {
        (Ok(until), Ok(times)) => (until, times),
        (Err(error), _) | (_, Err(error)) => return vec![error],
    };
    let mut stops: BTreeMap<Micros, Value> = times.iter().chain([&until]).map(|at| (*at, Value::Null)).collect();
    let (mut run, mut seen) = (Run::new(&scene), Vec::new());
    for (stop, reported) in &mut stops {
        support::watch(&mut run, *stop, |run, record| seen.push(Seen::new(run, record)));
        *reported = report(&run, &problems);
    }
    case.then.iter().zip(&times).filter_map(|(claim, at)| claim.fault(&stops[at], &seen)).collect()
}

#[test]
fn every_case_holds() {
    let cases = cases();
    let wrong: Vec<String> = cases
        .iter()
        .flat_map(|(file, case)| {
            let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            faults_of(case).into_iter().map(move |fault| format!("{stem}: {} {:?}: {fault}", case.name, case.fact))
        })
        .collect();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(cases.len() >= 70, "only {} cases were found", cases.len());
}

/// Sheets whose every fact is accounted for: how many facts, and how many experiments, they have.
const WHOLE: [(&str, u32, u32); 4] = [("SQS", 48, 15), ("SNS", 28, 14), ("KDS", 30, 15), ("EB", 26, 15)];

/// Facts that a service does not model, each with its reason.
fn not_modelled() -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for folder in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/services")).expect("it is there") {
        let file = folder.expect("a folder can be listed").path().join("not_modelled.json");
        if let Ok(text) = std::fs::read_to_string(&file) {
            let read: BTreeMap<String, String> =
                serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            all.extend(read);
        }
    }
    all
}

/// Prints the ledger, and holds that each fact has a case or a reason to have none, and few have none.
#[test]
fn the_ledger_accounts_for_every_fact() {
    let mut covered: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (_, case) in cases() {
        for fact in case.fact {
            let (sheet, number) = fact.split_once('-').unwrap_or_else(|| panic!("{fact} is not a fact's number"));
            covered.entry(sheet.to_owned()).or_default().insert(number.to_owned());
        }
    }
    let reasons = not_modelled();
    for (sheet, facts, experiments) in WHOLE {
        let mut missing = Vec::new();
        let numbers = (1..=facts).map(|n| n.to_string()).chain((1..=experiments).map(|n| format!("E{n}")));
        for number in numbers.filter(|number| !covered[sheet].contains(number)) {
            let fact = format!("{sheet}-{number}");
            if reasons.get(&fact).is_none_or(|reason| reason.is_empty()) {
                missing.push(fact);
            }
        }
        assert!(missing.is_empty(), "neither in a case nor listed as not modelled: {missing:?}");
        let absent = reasons.keys().filter(|fact| fact.starts_with(&format!("{sheet}-"))).count();
        println!("{sheet} {}/{facts} facts, {experiments} experiments", facts as usize - absent);
        assert!(
            absent * 20 <= facts as usize,
            "{absent} of {facts} facts of {sheet} are not modelled: at most 5 % may be"
        );
    }
    for fact in reasons.keys() {
        let (sheet, number) = fact.split_once('-').expect("a fact's number");
        assert!(!covered[sheet].contains(number), "{fact} is listed as not modelled and has a case");
    }
}

/// SNS-5: a message above 256 KiB needs a topic that allows it, and subscribers that all take it.
#[test]
fn a_large_message_is_for_queues_functions_and_firehose() {
    let published = |protocol: &str, most: u64| {
        let scene = json!({ "nodes": [
                { "id": "news", "type": "AWS::SNS::Topic", "properties": { "MaximumMessageSize": most } },
                { "id": "inbox", "type": "AWS::SQS::Queue" }, { "id": "hook", "type": "Decoupled::Endpoint" }],
            "links": [{ "from": "news", "to": "inbox" },
                { "from": "news", "to": "hook", "properties": { "Protocol": protocol } }],
            "script": [{ "at": "0s", "node": "news", "call": "Publish", "input": { "Message": "x".repeat(262_145) } }] });
        report(&support::played(scene, 1_000_000), &[])["nodes"]["news"]["NumberOfMessagesPublished"].clone()
    };
    assert_eq!(published("firehose", 1_048_576), 1);
    assert_eq!(published("firehose", 262_144), 0);
    assert_eq!(published("https", 1_048_576), 0);
}

/// EB-22: an enrichment gives back 6 MB at most.
#[test]
fn an_enrichment_gives_back_so_much() {
    let taken = |copies: usize| {
        let returns = vec!["<$.body>"; copies];
        let scene = json!({ "nodes": [
                { "id": "q", "type": "AWS::SQS::Queue" },
                { "id": "f", "type": "AWS::Lambda::Function", "properties": { "Returns": { "each": returns } } },
                { "id": "pipe", "type": "AWS::Pipes::Pipe", "properties": { "Enrichment": "f" } },
                { "id": "t", "type": "AWS::SQS::Queue" }],
            "links": [{ "from": "q", "to": "pipe" }, { "from": "pipe", "to": "t" }],
            "script": [{ "at": "0s", "node": "q", "call": "SendMessage", "input": { "MessageBody": "x".repeat(999_998) } }] });
        let report = report(&support::played(scene, 1_000_000), &[]);
        (report["nodes"]["t"]["NumberOfMessagesSent"].clone(), report["nodes"]["pipe"]["EnrichmentStageFailed"].clone())
    };
    assert_eq!(taken(1), (json!(1), json!(0)));
    assert_eq!(taken(7), (json!(0), json!(1)));
}

/// A checker that never fires would let every case pass.
#[test]
fn a_false_claim_is_found() {
    let honest = json!({ "name": "n", "fact": ["SQS-12"], "source": "s", "strength": "documented", "until": "1s",
        "scene": { "nodes": [{ "id": "q", "type": "AWS::SQS::Queue" }],
            "script": [{ "id": "s", "at": "0s", "node": "q", "call": "SendMessage", "input": { "MessageBody": "x" } }] },
        "then": [] });
    let with = |claim: Value| {
        let mut case = honest.clone();
        case["then"] = json!([claim]);
        faults_of(&serde_json::from_value(case).expect("a case"))
    };
    let sent = "nodes.q.NumberOfMessagesSent";
    for held in [
        json!({ "path": sent, "is": "= 1" }),
        json!({ "path": sent, "is": "= $nodes.q.ApproximateNumberOfMessagesVisible" }),
        json!({ "absent": "calls.s.error" }),
        json!({ "facts": "MessageSent", "node": "q", "times": ["0s"], "messages": ["m0001"] }),
        json!({ "facts": "MessageSent", "most": 1, "within": "1s" }),
    ] {
        assert_eq!(with(held.clone()), Vec::<String>::new(), "{held}");
    }
    for broken in [
        json!({ "path": sent, "is": "= 2" }),
        json!({ "path": sent, "is": "> 1" }),
        json!({ "path": "nodes.q.Nonsense", "is": "!= 2" }),
        json!({ "path": sent, "is": "= 1", "at": "1s", "absent": sent }),
        json!({ "absent": "calls.s.output" }),
        json!({ "path": "calls.s.output.MessageId", "is": "~ no such text" }),
        json!({ "facts": "MessageSent", "node": "q", "times": ["1s"] }),
        json!({ "facts": "MessageSent", "node": "q", "times": [] }),
        json!({ "facts": "MessageSent", "messages": ["m0002"] }),
        json!({ "facts": "MessageSent", "most": 0, "within": "1s" }),
        json!({ "facts": "NeverHappens", "most": 1, "within": "1s" }),
        json!({ "facts": "MessageSent", "most": 1, "within": "a second" }),
        json!({ "facts": "MessageSent", "most": 1, "within": "0s" }),
        json!({ "facts": "MessageSent", "most": 1, "times": ["0s"] }),
        json!({ "facts": "MessageSent", "times": ["0s", "soon"] }),
        json!({ "facts": "NeverHappens", "times": ["soon"] }),
        json!({ "path": sent, "is": "= 1", "at": "soon" }),
        json!({}),
    ] {
        assert_ne!(with(broken.clone()), Vec::<String>::new(), "{broken}");
    }
}
