//! Golden digests: the gallery's runs, bit for bit, the same here, in node and in a browser
//! (`tests/browser/main.rs` compares with the same file). `UPDATE=1` writes it anew: review that as code.

use decoupled::scene::{gallery, read_scene};
use decoupled::sim::{Run, check};
use serde_json::{Map, Value};

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
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &text).expect("the golden file can be written");
    }
    let golden = std::fs::read_to_string(path).expect("tests/golden/digests.json is there");
    assert_eq!(text, golden, "a run changed; if that is meant, run with UPDATE=1 and review");
}

/// What a gallery scene says must be true of its run.
#[test]
fn the_gallery_keeps_its_own_checks() {
    let mut judged = 0;
    for scene in gallery::ALL {
        let verdicts = check(&read_scene(scene.text()).0);
        for verdict in verdicts {
            judged += 1;
            assert!(verdict.passed, "{}: {}", scene.id, verdict.sentence);
        }
    }
    assert!(judged > 10, "only {judged} checks were found");
}
