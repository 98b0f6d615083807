//! The page's stylesheet: written as a file a room in `static/theme/`, which Trunk links one by one, and published as one
//! file, so that a first visit asks for one.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use crate::page::{read, text, write};

/// What is there before the program stays a file of its own.
const APART: &str = "boot-";

/// Makes one file of all stylesheets in `dist/`, in the order in which the page links them.
pub fn join(dist: &Path) -> Result<(), String> {
    let index = dist.join("index.html");
    let html = text(&index)?;
    let names = linked(&html);
    let mut whole = Vec::new();
    for name in &names {
        whole.extend(read(&dist.join(name))?);
    }
    // The name tells the contents, as with all that Trunk names.
    let mut hasher = DefaultHasher::new();
    whole.hash(&mut hasher);
    let name = format!("theme-{:016x}.css", hasher.finish());
    write(&dist.join(&name), &whole)?;
    write(&index, with_one(&html, &names, &name)?.as_bytes())?;
    for name in names {
        fs::remove_file(dist.join(name)).map_err(|e| format!("dist/{name} cannot be removed: {e}"))?;
    }
    Ok(())
}

/// The tags of the page that link a stylesheet, and the file of each.
fn tags(html: &str) -> impl Iterator<Item = (&str, &str)> {
    html.match_indices("<link").filter_map(|(at, _)| {
        let tag = &html[at..at + html[at..].find('>')? + 1];
        let name = &tag[tag.find("./")? + 2..];
        let name = &name[..name.find(".css")? + 4];
        (tag.contains("stylesheet") && !name.starts_with(APART)).then_some((tag, name))
    })
}

fn linked(html: &str) -> Vec<&str> {
    tags(html).map(|(_, name)| name).collect()
}

/// The page with a link to the one file where the first of them was.
fn with_one(html: &str, names: &[&str], one: &str) -> Result<String, String> {
    let first = names.first().ok_or("index.html links no stylesheet but that of the beginning")?;
    let mut page = html.replacen(first, one, 1);
    for (tag, _) in tags(html).skip(1) {
        page = page.replacen(tag, "", 1);
    }
    Ok(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_link_stands_where_the_first_was_and_the_beginning_keeps_its_own() {
        let html = "<link rel=icon href=./favicon.svg><link rel=\"stylesheet\" href=\"./boot-1.css\"/>\
                    <link rel=\"stylesheet\" href=\"./tokens-2.css\"/><link rel=stylesheet href=./base-3.css><p>";
        let names = linked(html);
        assert_eq!(names, ["tokens-2.css", "base-3.css"]);
        let page = "<link rel=icon href=./favicon.svg><link rel=\"stylesheet\" href=\"./boot-1.css\"/>\
                    <link rel=\"stylesheet\" href=\"./theme-4.css\"/><p>";
        assert_eq!(with_one(html, &names, "theme-4.css").as_deref(), Ok(page));
        assert!(with_one("<p>", &[], "theme-4.css").is_err());
    }
}
