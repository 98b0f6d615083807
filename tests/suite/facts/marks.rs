//! Numbers of facts as they stand in texts: `SQS-16`, `KDS-E10`. Whoever reads one can look it up.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::sheets;

/// The numbers with one of these prefixes, in the order in which they stand.
pub fn marks<'a>(text: &'a str, prefixes: &[&str]) -> Vec<&'a str> {
    let mut found = Vec::new();
    for (dash, _) in text.match_indices('-') {
        let before = text[..dash].trim_end_matches(|c: char| c.is_ascii_uppercase());
        let prefix = &text[before.len()..dash];
        let joined = before.ends_with(|c: char| c.is_alphanumeric() || ['-', '_', '.', '/'].contains(&c));
        let number = text[dash + 1..].strip_prefix('E').unwrap_or(&text[dash + 1..]);
        let rest = number.trim_start_matches(|c: char| c.is_ascii_digit());
        let goes_on = rest.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '-');
        if !joined && !goes_on && rest.len() < number.len() && prefixes.contains(&prefix) {
            found.push(&text[before.len()..text.len() - rest.len()]);
        }
    }
    found
}

/// Every text under a folder, with its path.
fn texts(folder: &Path) -> Vec<(PathBuf, String)> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder can be listed") {
            let path = entry.expect("a folder can be listed").path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(text) = std::fs::read_to_string(&path) {
                found.push((path, text));
            }
        }
    }
    found
}

#[test]
fn every_mark_names_a_fact() {
    let sheets = sheets();
    let facts: BTreeSet<&str> = sheets.iter().flat_map(|sheet| &sheet.facts).map(|fact| &*fact.number).collect();
    let prefixes: BTreeSet<&str> = facts.iter().filter_map(|number| number.split('-').next()).collect();
    let prefixes: Vec<&str> = prefixes.into_iter().collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let all = ["src", "tests", "static"].map(|folder| texts(&root.join(folder))).concat();
    let mut count = 0;
    let mut astray = Vec::new();
    for (path, text) in &all {
        // This file shows what it refuses.
        for mark in marks(text, &prefixes).into_iter().filter(|_| !path.ends_with("facts/marks.rs")) {
            count += 1;
            if !facts.contains(mark) {
                astray.push(format!("{}: {mark}", path.display()));
            }
        }
    }
    assert!(astray.is_empty(), "no facts of these numbers:\n{}", astray.join("\n"));
    assert!(count > 1_000, "only {count} marks were found");
}

#[test]
fn marks_are_told_from_what_only_looks_like_them() {
    let found = |text: &'static str| marks(text, &["SQS", "X", "EB"]);
    assert_eq!(found("(SQS-28 … SQS-31, X-E2), EB-9."), ["SQS-28", "SQS-31", "X-E2", "EB-9"]);
    assert_eq!(found("SQS-999"), ["SQS-999"], "a fact that is not there is one to be named");
    for text in ["UTF-8", "AX-1", "us-east-1", "X-Ray", "X-1a", "SQS-", "SQS-E", "a-X-1", "SQS-API", "EB-1-2"] {
        assert_eq!(found(text), Vec::<&str>::new(), "{text}");
    }
}
