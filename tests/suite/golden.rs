//! Golden digests: the gallery's runs, bit for bit, the same here, in node and in a browser
//! (`tests/browser/main.rs` compares with the same file). Golden traces: how some of them begin, as text, so that who
//! changes a run can read what changed. `UPDATE=1` writes both anew: review that as code.

use std::path::{Path, PathBuf};

use decoupled::engine::{Micros, clock_text, seconds};
use decoupled::scene::{gallery, read_scene};
use decoupled::services::{Describe, token_text};
use decoupled::sim::{Run, check};
use serde_json::{Map, Value};

use crate::support;

#[test]
fn every_gallery_scene_has_its_golden_digest() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/digests.json");
    let digests: Map<String, Value> = gallery::ALL
        .iter()
        .map(|scene| {
            let mut run = Run::new(&read_scene(scene.text()).0);
            run.advance_to(20_000_000);
            assert!(run.trace().total() > 20, "{} moves", scene.id);
            (scene.id.to_owned(), run.digest().into())
        })
        .collect();
    let text = serde_json::to_string_pretty(&digests).expect("texts are JSON") + "\n";
    assert_eq!(text, kept(Path::new(path), &text), "a run changed; if that is meant, run with UPDATE=1 and review");
}

/// The golden file as it was, or as it is now.
fn kept(path: &Path, text: &str) -> String {
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, text).expect("the golden file can be written");
    }
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Scenes whose beginnings are kept as text, and how long those are.
const TRACES: [(&str, Micros); 7] = [
    ("visibility-timeout", seconds(12)),
    ("dead-letter-queue", seconds(10)),
    ("fifo-groups", seconds(4)),
    ("fan-out", seconds(3)),
    ("content-routing", seconds(3)),
    ("poison-record", seconds(4)),
    ("kcl-take-over", seconds(2)),
];
/// Whoever reads more would read it no longer.
const TRACE_LINES_MAX: usize = 150;

/// The facts of a run's beginning in columns: time, node, fact, message, detail.
fn trace_text(scene: &str, until: Micros) -> String {
    let found = gallery::ALL.iter().find(|other| other.id == scene).unwrap_or_else(|| panic!("{scene} is no scene"));
    let mut rows: Vec<[String; 5]> = Vec::new();
    let mut run = Run::new(&read_scene(found.text()).0);
    support::watch(&mut run, until, |run, record| {
        let message = record.message.map_or_else(|| "-".to_owned(), token_text);
        let (node, fact) = (run.node_of(record).to_owned(), record.fact.name().to_owned());
        rows.push([clock_text(record.at), node, fact, message, record.fact.detail()]);
    });
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; 5] = std::array::from_fn(width);
    let line = |row: &[String; 5]| {
        let cells: Vec<String> = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        cells.join("  ").trim_end().to_owned() + "\n"
    };
    rows.iter().map(line).collect()
}

#[test]
fn some_gallery_scenes_begin_as_their_golden_traces_tell() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    for (scene, until) in TRACES {
        let text = trace_text(scene, until);
        let lines = text.lines().count();
        assert!((10..=TRACE_LINES_MAX).contains(&lines), "{scene}: {lines} lines until {until} µs");
        let golden = kept(&folder.join(format!("{scene}.txt")), &text);
        let parts = text.lines().zip(golden.lines()).position(|(now, before)| now != before);
        assert!(
            text == golden,
            "{scene} changed, from {} on; if that is meant, run with UPDATE=1 and review",
            parts.map_or_else(|| "its end".to_owned(), |line| format!("line {}", line + 1))
        );
    }
    let files = std::fs::read_dir(&folder).expect("the folder is there").map(|file| file.expect("a file").path());
    let texts: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|end| end == "txt")).collect();
    assert_eq!(texts.len(), TRACES.len(), "a trace of no scene: {texts:?}");
}

/// What a gallery scene says must be true of its run.
#[test]
fn the_gallery_keeps_its_own_checks() {
    let mut judged = 0;
    for scene in gallery::ALL {
        let verdicts = check(&read_scene(scene.text()).0, |run, at| run.advance(at, u64::MAX));
        for verdict in verdicts {
            judged += 1;
            assert!(verdict.passed, "{}: {}", scene.id, verdict.sentence);
        }
    }
    assert!(judged > 10, "only {judged} checks were found");
}
