//! Time that runs both ways, against the bars: a step back within 50 ms in every scene of the gallery, any moment of a run
//! of a million facts within 200 ms.

use decoupled::engine::Micros;
use decoupled::scene::{gallery, read_scene};
use decoupled::sim::{Checkpoints, Run};

use crate::{time, wanted};

const SECOND: Micros = 1_000_000;
const STEPS: usize = 20;
const FACTS: u64 = 1_000_000;

pub fn run() {
    if wanted("time: step back") {
        steps_back();
    }
    if wanted("time: seek") {
        seeks();
    }
}

/// As the page plays: a frame's worth, then a look at whether to save.
fn play(run: &mut Run, checkpoints: &mut Checkpoints, until: impl Fn(&Run) -> bool) {
    while !until(run) && run.halt().is_none() {
        run.advance(Micros::MAX, 5_000);
        checkpoints.follow(run);
    }
}

fn steps_back() {
    let (mut worst, mut slowest) = (0.0_f64, "");
    for entry in gallery::ALL {
        let (scene, _) = read_scene(entry.text());
        let mut run = Run::new(&scene);
        let mut checkpoints = Checkpoints::of(&run);
        for second in 1..=60 {
            run.advance_to(second * SECOND);
            checkpoints.follow(&run);
        }
        for at in [60.0, 57.5, 33.3, 20.2, 59.9] {
            checkpoints.seek(&mut run, (at * SECOND as f64) as Micros);
            for _ in 0..STEPS {
                let took = time(&mut || checkpoints.step_back(&mut run));
                if took > worst {
                    (worst, slowest) = (took, entry.id);
                }
            }
        }
    }
    said("time: step back within 60 s, slowest of the gallery", worst, 50.0, slowest);
}

fn seeks() {
    let entry = gallery::ALL.iter().find(|entry| entry.id == "back-pressure").expect("it is in the gallery");
    let (mut scene, _) = read_scene(entry.text());
    // The same shop, ten times as busy.
    for node in &mut scene.nodes {
        if node.properties.contains_key("Rate") {
            std::sync::Arc::make_mut(node).properties.insert("Rate".to_owned(), "100/s".into());
        }
    }
    let mut run = Run::new(&scene);
    let mut checkpoints = Checkpoints::of(&run);
    play(&mut run, &mut checkpoints, |run| run.trace().total() >= FACTS);
    let end = run.now();
    let mut worst = 0.0_f64;
    for part in [1, 50, 99, 2, 75, 98, 97, 25, 96, 33, 66, 10, 90, 95] {
        let at = end * part / 100;
        worst = worst.max(time(&mut || checkpoints.seek(&mut run, at)));
        assert_eq!(run.now(), at);
    }
    let (kept, weight) = checkpoints.held();
    said(
        "time: seek in a million facts, slowest of 14",
        worst,
        200.0,
        &format!("{kept} saved, {weight} things in them"),
    );
}

fn said(name: &str, seconds: f64, bar_ms: f64, more: &str) {
    let verdict = if seconds * 1e3 <= bar_ms { "within" } else { "MISSES" };
    println!("{name:<52} {:>9.1} ms {verdict} {bar_ms} ms ({more})", seconds * 1e3);
}
