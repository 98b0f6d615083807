//! Pictures of a scene as SVG: complete, and safe to open whatever the scene says.

use decoupled::engine::seconds;
use decoupled::figure::Ink;
use decoupled::scene::{gallery, read_scene};
use decoupled::services::Kind;
use decoupled::sim::Run;
use decoupled::view::picture;
use serde_json::json;

fn svg_of(text: &str, at: u64) -> String {
    let (scene, _) = read_scene(text);
    let mut run = Run::new(&scene);
    run.advance_to(at);
    picture(&scene, &run, at).svg(&|ink| format!("ink-{ink:?}"))
}

/// The elements of an XML text; fails where it is not well formed as far as this writer goes.
fn elements(svg: &str) -> Vec<String> {
    let (mut open, mut seen, mut rest) = (Vec::new(), Vec::new(), svg);
    while let Some(at) = rest.find('<') {
        let end = at + rest[at..].find('>').expect("a tag ends");
        let tag = &rest[at + 1..end];
        assert!(!tag.contains('<') && tag.matches('"').count() % 2 == 0, "{tag}");
        let name: String = tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name));
        } else {
            seen.push(name.clone());
            if !tag.ends_with('/') {
                open.push(name);
            }
        }
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty(), "{open:?}");
    seen
}

#[test]
fn a_picture_of_every_gallery_scene_is_complete() {
    for scene in gallery::ALL {
        let svg = svg_of(scene.text(), seconds(8));
        let (read, _) = read_scene(scene.text());
        let names = elements(&svg);
        let count = |name: &str| names.iter().filter(|other| *other == name).count();
        assert!(count("g") >= read.nodes.len(), "{}", scene.id);
        assert!(count("path") >= read.drawn_links().len() + read.nodes.len(), "{}", scene.id);
        for node in &read.nodes {
            assert!(svg.contains(&format!("<g><title>{}</title>", node.id)), "{}: {}", scene.id, node.id);
        }
        assert!(svg.contains("ink-Hue("), "{}: messages are there", scene.id);
        let known = ["svg", "title", "desc", "g", "rect", "path", "text"];
        assert!(names.iter().all(|name| known.contains(&name.as_str())), "{}", scene.id);
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{}", scene.id);
    }
}

/// What people put into names to see a page break.
const HOSTILE: [&str; 20] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onload='alert(1)",
    "</title></svg><script>alert(1)</script>",
    "]]><![CDATA[x",
    "<!--",
    "-->",
    "&lt;b&gt;&amp;",
    "&#x3c;script&#x3e;",
    "<!ENTITY x SYSTEM \"file:///etc/passwd\">",
    "javascript:alert(1)",
    "url(https://evil.example/x)",
    "{{constructor.constructor('alert(1)')()}}",
    "\u{202e}reversed",
    "\u{0}\u{1}\u{8}\u{b}\u{1f}",
    "\u{fffe}\u{ffff}",
    "a\u{0301}\u{0301}\u{0301}",
    "🧨👩‍👩‍👧‍👦",
    "<a xlink:href=\"javascript:alert(1)\">x</a>",
    "<foreignObject><body onload=alert(1)>",
];

#[test]
fn hostile_words_are_words() {
    for (at, words) in HOSTILE.iter().cycle().take(200).enumerate() {
        // The same words in other company, so that no cut falls in a lucky place.
        let words = format!("{}{words}", "x".repeat(at / HOSTILE.len()));
        let id = if at % 2 == 0 { words.clone() } else { format!("q{at}") };
        let queue = &[id.clone(), "failed".to_owned()];
        let text = json!({
            "version": 1, "name": words, "notes": [words],
            "nodes": [
                { "id": "p", "type": "Decoupled::Producer", "at": [0, 0],
                  "properties": { "Rate": "9/s", "Payload": { "k": words }, "MessageGroupId": words } },
                { "id": queue[0], "type": "AWS::SQS::Queue", "at": [300, 0], "properties": { "FifoQueue": at % 3 == 0,
                  "RedrivePolicy": { "deadLetterTargetArn": queue[1], "maxReceiveCount": 1 }, "QueueName": words } },
                { "id": queue[1], "type": "AWS::SQS::Queue", "at": [300, 300] },
                { "id": "w", "type": "Decoupled::Worker", "at": [600, 0], "properties": { "FailureRate": 0.9 } },
                { "id": "n", "type": "Decoupled::Note", "at": [0, 300], "properties": { "Text": format!("# {words}\n- **{words}** `{words}`") } },
                { "id": format!("z{words}").chars().take(80).collect::<String>(), "type": "Decoupled::Boundary", "at": [0, 600],
                  "properties": { "Collapsed": at % 2 == 0 } }
            ],
            "links": [{ "id": "a", "from": "p", "to": queue[0] }, { "id": "b", "from": queue[0], "to": "w" }]
        });
        let svg = svg_of(&text.to_string(), seconds(3));
        let names = elements(&svg);
        assert!(names.len() > 30, "{words}");
        let known = ["svg", "title", "desc", "g", "rect", "path", "text"];
        assert!(names.iter().all(|name| known.contains(&name.as_str())), "{words}: {names:?}");
        assert!(svg.chars().all(|c| c >= ' ' || c == '\n' || c == '\t'), "{words}");
    }
}

#[test]
fn every_ink_of_a_picture_is_asked_for_by_name() {
    let (scene, _) = read_scene(&json!({ "version": 1, "nodes": [] }).to_string());
    let empty = picture(&scene, &Run::new(&scene), 0).svg(&|ink| format!("{ink:?}"));
    assert_eq!(elements(&empty), ["svg", "title", "desc", "rect"]);
    let all: Vec<_> = Kind::ALL
        .iter()
        .zip(0..)
        .map(|(kind, at)| json!({ "id": format!("n{at}"), "type": kind.spec().kind, "at": [260 * at, 0] }))
        .collect();
    let svg = svg_of(&json!({ "version": 1, "nodes": all }).to_string(), 0);
    for ink in [Ink::Source, Ink::Integration, Ink::Analytics, Ink::Compute, Ink::CardLine, Ink::Glyph, Ink::Ground] {
        assert!(svg.contains(&format!("ink-{ink:?}")), "{ink:?}");
    }
}
