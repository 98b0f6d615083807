//! The conformance tables: each case names the fact it holds the matcher to, and what is said of it.

use super::{Dialect, Pattern};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;

const TABLES: [&str; 4] = [
    include_str!("conformance/eventbridge_experiments.json"),
    include_str!("conformance/eventbridge_edges.json"),
    include_str!("conformance/eventbridge_grammar.json"),
    include_str!("conformance/sns.json"),
];
/// What the tables must speak of at least.
const FACTS: [&str; 13] = [
    "EB-7", "EB-8", "EB-9", "EB-10", "EB-11", "EB-E1", "EB-E2", "EB-E3", "EB-E4", "SNS-20", "SNS-21", "SNS-22",
    "SNS-E3",
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    fact: String,
    dialect: String,
    pattern: Value,
    #[serde(default)]
    event: Option<Value>,
    expect: String,
    /// Of a refused pattern: parts of the error's text. Of an event without a match: every clause, in order.
    #[serde(default)]
    says: Vec<String>,
}

fn cases() -> Vec<Case> {
    TABLES.iter().flat_map(|table| serde_json::from_str::<Vec<Case>>(table).expect("a table of cases")).collect()
}

fn dialect(case: &Case) -> Dialect {
    match case.dialect.as_str() {
        "EventBridge" => Dialect::EventBridge,
        "SnsMessageAttributes" => Dialect::SnsMessageAttributes,
        "SnsMessageBody" => Dialect::SnsMessageBody,
        other => panic!("{}: no dialect {other}", case.name),
    }
}

/// What is wrong with a case, if anything.
fn verdict(case: &Case) -> Result<(), String> {
    let parsed = Pattern::from_value(&case.pattern, dialect(case));
    if parsed != Pattern::parse(&case.pattern.to_string(), dialect(case)) {
        return Err("its text and its value compile differently".to_owned());
    }
    let (pattern, event) = match (parsed, case.expect.as_str(), &case.event) {
        (Err(error), "refused", None) => {
            let text = error.to_string();
            let unsaid = case.says.iter().find(|part| !text.contains(part.as_str()));
            return match unsaid {
                Some(part) => Err(format!("error {text:?} does not say {part:?}")),
                None => Ok(()),
            };
        }
        (Ok(pattern), "match" | "no match", Some(event)) => (pattern, event),
        (Ok(_), _, _) => return Err("it was accepted".to_owned()),
        (Err(error), _, _) => return Err(format!("it was refused: {error}")),
    };
    let explanation = pattern.explain(event);
    let clauses: Vec<String> = explanation.refusals.into_iter().map(|refusal| refusal.clause).collect();
    if pattern.matches(event) != (case.expect == "match") {
        return Err(format!("matches() differs; clauses {clauses:?}"));
    }
    if explanation.matched != (case.expect == "match") || explanation.matched != clauses.is_empty() {
        return Err(format!("explain() differs; clauses {clauses:?}"));
    }
    if !case.says.is_empty() && clauses != case.says {
        return Err(format!("says {clauses:?}, not {:?}", case.says));
    }
    Ok(())
}

#[test]
fn every_case_holds() {
    let wrong: Vec<String> = cases()
        .iter()
        .filter_map(|case| verdict(case).err().map(|why| format!("{} [{}]: {why}", case.name, case.fact)))
        .collect();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_case_can_fail() {
    for mut case in cases() {
        case.expect = match case.expect.as_str() {
            "match" => "no match",
            "no match" => "match",
            _ => "match",
        }
        .to_owned();
        assert!(verdict(&case).is_err(), "{} [{}] passes whatever is expected", case.name, case.fact);
    }
}

#[test]
fn the_tables_are_complete() {
    let cases = cases();
    assert!(cases.len() >= 80, "only {} cases", cases.len());
    let names: BTreeSet<(&str, &str, &str)> =
        cases.iter().map(|case| (case.dialect.as_str(), case.fact.as_str(), case.name.as_str())).collect();
    assert_eq!(names.len(), cases.len(), "two cases share a name");
    for fact in FACTS.iter().chain(&["SNS-E4"]) {
        assert!(cases.iter().any(|case| case.fact == *fact), "no case holds {fact}");
    }
    for case in cases.iter().filter(|case| case.expect == "refused") {
        assert!(!case.says.is_empty(), "{} does not say why it is refused", case.name);
    }
}
