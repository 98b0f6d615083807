//! Time that runs both ways, against the bars: a step back within 50 ms in every scene of the gallery, any moment of a run
//! of a million facts within 200 ms.

use decoupled::editor::RunEffect;
use decoupled::engine::Micros;
use decoupled::play::Player;
use decoupled::scene::{Scene, gallery, read_scene};

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

fn does(player: &mut Player, effect: RunEffect, scene: &Scene) {
    player.carry_out(effect, scene, &mut || true);
}

fn steps_back() {
    let (mut worst, mut slowest) = (0.0_f64, "");
    for entry in gallery::ALL {
        let (scene, _) = read_scene(entry.text());
        let mut player = Player::new(&scene);
        for second in 1..=60 {
            player.play_to(second * SECOND, &scene, &mut || true);
        }
        for at in [60.0, 57.5, 33.3, 20.2, 59.9] {
            does(&mut player, RunEffect::Seek((at * SECOND as f64) as Micros), &scene);
            for _ in 0..STEPS {
                let took = time(&mut || does(&mut player, RunEffect::StepBack, &scene));
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
    let mut player = Player::new(&scene);
    while player.run().trace().total() < FACTS && player.run().halt().is_none() {
        player.play_to(player.shown_at() + SECOND, &scene, &mut || true);
    }
    let end = player.shown_at();
    let mut worst = 0.0_f64;
    for part in [1, 50, 99, 2, 75, 98, 97, 25, 96, 33, 66, 10, 90, 95] {
        let at = end * part / 100;
        worst = worst.max(time(&mut || does(&mut player, RunEffect::Seek(at), &scene)));
        assert_eq!(player.shown_at(), at);
    }
    let (kept, weight) = player.held();
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
