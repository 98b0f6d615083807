//! Conformance: every case in `src/services/*/conformance/*.json`, each a scene with a script and what must then
//! be true of its report and trace. `facts.rs` keeps the ledger of the facts that the cases speak of.

mod claim;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use decoupled::engine::Micros;
use decoupled::lang::duration::parse_duration;
use decoupled::sim::{Run, report};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::facts::Strength;
use crate::support;
use claim::{Claim, Seen};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    name: String,
    /// Numbers of facts.
    pub fact: Vec<String>,
    source: String,
    strength: String,
    scene: Value,
    until: String,
    then: Vec<Claim>,
}

/// Every case with the file it stands in.
pub fn cases() -> Vec<(PathBuf, Case)> {
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
    if !Strength::ALL.iter().any(|strength| strength.name() == case.strength) {
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
