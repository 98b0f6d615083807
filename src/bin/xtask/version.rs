//! Which version of a tool is wanted, and which one is there.

/// The version of a package as `Cargo.lock` holds it.
pub fn in_lock(lock: &str, package: &str) -> Option<String> {
    let wanted = format!("name = \"{package}\"");
    let mut lines = lock.lines().map(str::trim);
    lines.find(|line| *line == wanted)?;
    quoted_value(lines.next()?, "version = ")
}

/// The version in what a tool answers to `--version`: its first word that begins with a digit.
///
/// Enough for every tool used here: `trunk 0.21.14`, `wasm-bindgen 0.2.130 (0123abc)`, `wasm-opt version 132`,
/// and Node's `v20.1.0`.
pub fn in_answer(answer: &str) -> Option<&str> {
    answer
        .split_whitespace()
        .map(|word| word.strip_prefix('v').unwrap_or(word))
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))
}

/// The first number of a version.
pub fn major(version: &str) -> Option<u32> {
    version.split('.').next()?.parse().ok()
}

/// The `version` of a `package.json`. The manifest's own is the one with the least indent, two spaces as npm writes it.
pub fn in_package_json(json: &str) -> Option<String> {
    json.lines().find_map(|line| quoted_value(line.strip_prefix("  ")?, "\"version\": "))
}

fn quoted_value(line: &str, key: &str) -> Option<String> {
    let value = line.strip_prefix(key)?.trim_end().trim_end_matches(',');
    Some(value.strip_prefix('"')?.strip_suffix('"')?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"
[[package]]
name = "wasm-bindgen-futures"
version = "0.4.80"

[[package]]
name = "wasm-bindgen"
version = "0.2.130"
source = "somewhere"
"#;

    #[test]
    fn the_lock_is_read_by_whole_names() {
        assert_eq!(in_lock(LOCK, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(in_lock(LOCK, "wasm-bindgen-futures").as_deref(), Some("0.4.80"));
        assert_eq!(in_lock(LOCK, "wasm"), None);
    }

    #[test]
    fn this_repository_locks_wasm_bindgen() {
        let lock = include_str!("../../../Cargo.lock");
        assert!(in_lock(lock, "wasm-bindgen").is_some_and(|version| version.starts_with("0.2.")));
    }

    #[test]
    fn answers_differ_in_shape() {
        assert_eq!(in_answer("trunk 0.21.14"), Some("0.21.14"));
        assert_eq!(in_answer("wasm-bindgen 0.2.130 (27c7a4d06)"), Some("0.2.130"));
        assert_eq!(in_answer("wasm-opt version 132 (version_132)"), Some("132"));
        assert_eq!(in_answer("v20.20.2\n"), Some("20.20.2"));
        assert_eq!(in_answer("command not found"), None);
    }

    #[test]
    fn majors_are_numbers() {
        assert_eq!(major("20.20.2"), Some(20));
        assert_eq!(major("132"), Some(132));
        assert_eq!(major("x"), None);
    }

    #[test]
    fn a_package_manifest_is_read_at_its_top_level() {
        let json =
            "{\n  \"name\": \"pngjs\",\n  \"engines\": {\n    \"version\": \"9\"\n  },\n  \"version\": \"7.0.0\",\n}\n";
        assert_eq!(in_package_json(json).as_deref(), Some("7.0.0"));
        assert_eq!(in_package_json("{}"), None);
    }
}
