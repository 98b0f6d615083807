//! Short names for what the program imports: wasm-bindgen's hold a hash each, which nothing compresses.

use std::collections::{BTreeMap, BTreeSet};

/// How wasm-bindgen's own names begin.
const OWN: &str = "__wb";

/// A short name for each import of wasm-bindgen's that is not exported too.
pub(super) fn shortened(imports: &[&str], exports: &BTreeSet<&str>) -> BTreeMap<String, String> {
    let own = imports.iter().filter(|name| name.starts_with(OWN) && !exports.contains(**name));
    own.enumerate().map(|(number, name)| ((*name).to_owned(), format!("_{number}"))).collect()
}

/// The bindings with the short names: only whole words are names.
pub fn rename(bindings: &str, renamed: &BTreeMap<String, String>) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    let mut text = String::with_capacity(bindings.len());
    let mut rest = bindings;
    while let Some(begins) = rest.find(is_part) {
        let (before, from) = rest.split_at(begins);
        let (word, after) = from.split_at(from.find(|c| !is_part(c)).unwrap_or(from.len()));
        text.push_str(before);
        text.push_str(renamed.get(word).map_or(word, |short| short));
        rest = after;
    }
    text + rest
}
