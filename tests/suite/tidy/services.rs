//! Order among the services: what one knows of another, and that nobody else tells kinds apart by «all the others».

use super::{code, files};

/// What stands in `src/services` and is no service.
const ROOMS: [&str; 4] = ["contract", "wire", "parts", "mod.rs"];

/// The service that a file belongs to.
fn service_of(name: &str) -> Option<&str> {
    let folder = name.strip_prefix("src/services/")?.split_once('/')?.0;
    (!ROOMS.contains(&folder)).then_some(folder)
}

/// The services, by their folders.
pub fn services() -> Vec<String> {
    let mut all: Vec<String> =
        files("src/services").iter().filter_map(|(name, _)| service_of(name)).map(str::to_owned).collect();
    all.sort();
    all.dedup();
    all
}

/// Of another service, a file may import `api.rs`, and what `links.rs` says of links.
fn foreign_imports(name: &str, text: &str, services: &[String]) -> Vec<String> {
    let Some(own) = service_of(name) else { return Vec::new() };
    let mut found = Vec::new();
    for (number, line) in code(text) {
        for (at, _) in line.match_indices("services::") {
            let path: Vec<&str> = line[at + "services::".len()..].split("::").collect();
            let [other, inner @ ..] = &path[..] else { continue };
            let is_foreign = services.iter().any(|service| service == other) && *other != own;
            let is_public = inner.iter().any(|part| {
                let part = part.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default();
                part == "api" || part == "links"
            });
            if is_foreign && !inner.is_empty() && !is_public {
                found.push(format!("{name}:{number} {}", line.trim()));
            }
        }
    }
    found
}

#[test]
fn a_service_imports_of_another_what_it_shows() {
    let services = services();
    assert!(services.len() >= 8, "{services:?}");
    let wrong: Vec<String> = files("src/services")
        .iter()
        .filter(|(_, text)| !text.is_empty())
        .flat_map(|(name, text)| foreign_imports(name, text, &services))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let breach = "use crate::services::sqs::model::Model;";
    assert_eq!(foreign_imports("src/services/sns/x.rs", breach, &services).len(), 1);
    for fine in ["use crate::services::sqs::api::Request;", "use crate::services::sns::model::Model;"] {
        assert!(foreign_imports("src/services/sns/x.rs", fine, &services).is_empty(), "{fine}");
    }
}

/// Matches that name a kind of node or link in one arm, and have another arm for all the rest.
fn wildcards(name: &str, text: &str) -> Vec<String> {
    let lines: Vec<(usize, &str)> = code(text).collect();
    let mut found = Vec::new();
    for (index, (number, line)) in lines.iter().enumerate() {
        let Some(at) = line.find("match ").filter(|_| line.trim_end().ends_with('{')) else { continue };
        if line[..at].ends_with(|c: char| c.is_ascii_alphanumeric()) {
            continue;
        }
        let (mut depth, mut names_kind, mut has_rest) = (1_i32, false, false);
        for (_, inner) in &lines[index + 1..] {
            if depth == 1
                && let Some((pattern, _)) = inner.split_once("=>")
            {
                let pattern = pattern.trim();
                let is_kind = |part: &str| part.starts_with("Kind::") || part.starts_with("LinkKind::");
                names_kind |= pattern.split(['|', '(', ',', ' ']).map(str::trim).any(is_kind);
                has_rest |= pattern == "_" || pattern.starts_with("_ if ");
            }
            depth += inner.matches('{').count() as i32 - inner.matches('}').count() as i32;
            if depth <= 0 {
                break;
            }
        }
        if names_kind && has_rest {
            found.push(format!("{name}:{number} {}", line.trim()));
        }
    }
    found
}

#[test]
fn only_a_service_tells_a_kind_from_all_the_others() {
    let all = files("src");
    let others = all.iter().filter(|(name, _)| service_of(name).is_none() && !name.starts_with("src/lang/"));
    let wrong: Vec<String> = others.flat_map(|(name, text)| wildcards(name, text)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let breach = "match kind {\n    Kind::Queue => 1,\n    _ => 0,\n}";
    assert_eq!(wildcards("src/view/x.rs", breach).len(), 1);
    let fine = "match kind {\n    Kind::Queue => match x {\n        1 => 2,\n        _ => 3,\n    },\n    Kind::Topic => 1,\n}";
    assert!(wildcards("src/view/x.rs", fine).is_empty());
}
