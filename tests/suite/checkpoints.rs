//! Time runs both ways: whatever way a moment was reached, it is the moment of the straight run.

use std::collections::BTreeMap;
use std::sync::Arc;

use decoupled::editor::RunEffect;
use decoupled::engine::{Micros, Stream};
use decoupled::play::Player;
use decoupled::scene::{Act, Edit, Scene, ScriptEntry, gallery, read_scene};
use decoupled::sim::{Run, Sought, matters};
use serde_json::json;

const SECOND: Micros = 1_000_000;

/// Plays on in the scene as it is now, a piece at a time.
fn play(player: &mut Player, scene: &Scene, until: Micros) {
    while player.shown_at() < until && player.run().halt().is_none() {
        player.play_to((player.shown_at() + SECOND / 4).min(until), scene, &mut || true);
    }
}

fn does(player: &mut Player, effect: RunEffect, scene: &Scene) {
    player.carry_out(effect, scene, &mut || true);
}

fn seek(player: &mut Player, at: Micros) {
    // Who looks back needs no scene.
    does(player, RunEffect::Seek(at), &Scene::default());
}

/// False at the beginning.
fn step_back(player: &mut Player) -> bool {
    let total = player.run().trace().total();
    does(player, RunEffect::StepBack, &Scene::default());
    player.run().trace().total() < total
}

fn straight(scene: &Scene, at: Micros) -> Run {
    let mut run = Run::new(scene);
    run.advance_to(at);
    run
}

/// What can be seen of a run: where time stands, and all that happened.
fn seen(run: &Run) -> (Micros, String, u64) {
    (run.now(), run.digest(), run.trace().total())
}

#[track_caller]
fn assert_same(run: &Run, other: &Run, what: &str) {
    assert_eq!(seen(run), seen(other), "{what}");
    // As long as none has left the window, all records are there again.
    if other.trace().total() < 20_000 {
        let held = |run: &Run| -> Vec<u64> { run.trace().window().iter().map(|record| record.seq).collect() };
        assert!(held(run) == held(other), "{what}: the records differ");
    }
}

#[test]
fn any_moment_of_every_gallery_scene_is_the_straight_runs() {
    for entry in gallery::ALL {
        let (scene, _) = read_scene(entry.text());
        let mut player = Player::new(&scene);
        play(&mut player, &scene, 60 * SECOND);
        for at in [31, 7, 0, 59, 44, 60].map(|second| second * SECOND + 123_456) {
            seek(&mut player, at);
            let at = at.min(60 * SECOND);
            assert_same(player.run(), &straight(&scene, at), &format!("{} at {at}", entry.id));
        }
    }
}

#[test]
fn going_back_and_playing_on_is_the_same_run() {
    for entry in gallery::ALL {
        let (scene, _) = read_scene(entry.text());
        let mut player = Player::new(&scene);
        play(&mut player, &scene, 40 * SECOND);
        seek(&mut player, 12 * SECOND);
        play(&mut player, &scene, 50 * SECOND);
        assert_same(player.run(), &straight(&scene, 50 * SECOND), entry.id);
    }
}

#[test]
fn many_checkpoints_thin_out_and_still_lead_everywhere() {
    let (scene, _) =
        read_scene(gallery::ALL.iter().find(|entry| entry.id == "back-pressure").expect("it exists").text());
    let mut player = Player::new(&scene);
    let until = 1_500 * SECOND;
    play(&mut player, &scene, until);
    for at in [until / 3, until / 7, until - 1] {
        seek(&mut player, at);
        assert_same(player.run(), &straight(&scene, at), &format!("at {at}"));
    }
}

#[test]
fn a_step_back_undoes_a_step() {
    for entry in gallery::ALL {
        let (scene, _) = read_scene(entry.text());
        let mut player = Player::new(&scene);
        let mut moments = Vec::new();
        for _ in 0..30 {
            moments.push(seen(player.run()));
            let total = player.run().trace().total();
            does(&mut player, RunEffect::StepFact, &scene);
            assert!(player.run().trace().total() > total, "{}", entry.id);
        }
        // What happens at time 0 may have happened before the first step.
        let begun = moments[0].2;
        for moment in moments.into_iter().rev() {
            assert!(step_back(&mut player), "{}", entry.id);
            assert_eq!((player.run().digest(), player.run().trace().total()), (moment.1, moment.2), "{}", entry.id);
        }
        assert_eq!(player.run().trace().total(), begun);
        assert!(!step_back(&mut player), "nothing is before the beginning");
    }
}

/// Far from the beginning, where moments nearby are kept, and those in the past after the present.
#[test]
fn steps_back_from_anywhere_are_those_of_the_straight_run() {
    let (scene, _) = read_scene(gallery::ALL.iter().find(|entry| entry.id == "fair-queue").expect("it exists").text());
    let mut fresh = Run::new(&scene);
    let mut digests = BTreeMap::from([(fresh.trace().total(), fresh.digest())]);
    while fresh.now() <= 120 * SECOND && fresh.step_fact() {
        digests.insert(fresh.trace().total(), fresh.digest());
    }
    assert!(fresh.handled() > 10_000, "{}", fresh.handled());
    let mut player = Player::new(&scene);
    play(&mut player, &scene, 120 * SECOND);
    for (at, steps) in [(120, 150), (50, 100), (95, 100), (49, 50), (2, 50)] {
        seek(&mut player, at * SECOND);
        let mut totals = vec![player.run().trace().total()];
        for _ in 0..steps {
            assert!(step_back(&mut player), "at {at} s");
            let total = player.run().trace().total();
            assert_eq!(digests.get(&total), Some(&player.run().digest()), "at {at} s, {total} facts");
            totals.push(total);
        }
        let last = totals[0].min(*digests.keys().next_back().expect("it has facts"));
        let expected: Vec<u64> = digests.range(..=last).rev().map(|(total, _)| *total).take(totals.len()).collect();
        assert_eq!(totals, expected, "at {at} s");
    }
}

/// An edit, and where it was made.
struct Made {
    handled: u64,
    now: Micros,
    scene: Scene,
}

/// What a run that was edited like this told after each entry and each edit: how many facts, and their digest.
fn told(first: &Scene, edits: &[Made], until: u64) -> BTreeMap<u64, String> {
    let mut run = Run::new(first);
    let mut told = BTreeMap::from([(run.trace().total(), run.digest())]);
    for (index, edit) in edits.iter().enumerate() {
        while run.handled() < edit.handled {
            run.search(Micros::MAX, 1, |_, _| false);
            told.insert(run.trace().total(), run.digest());
        }
        // Of what is due at the same time, some may have been still to come.
        if run.now() < edit.now {
            run.advance_to(edit.now);
        }
        assert_eq!(run.handled(), edit.handled, "nothing happens between");
        run.reconcile(&edit.scene);
        // Several edits at one moment count as one.
        if edits.get(index + 1).is_none_or(|next| (next.handled, next.now) != (edit.handled, edit.now)) {
            told.insert(run.trace().total(), run.digest());
        }
    }
    while run.trace().total() < until {
        run.search(Micros::MAX, 1, |_, _| false);
        told.insert(run.trace().total(), run.digest());
    }
    told
}

/// Edits and hands on time in any order: a step back leads to what was there before the last fact, an edit's own facts
/// and those after it included, and a seek to what was there then.
#[test]
fn time_runs_both_ways_over_any_edits() {
    let whole = shop();
    let mut bare = whole.clone();
    bare.apply(Edit::RemoveNode("orders".into()));
    let mut quiet = whole.clone();
    quiet.apply(Edit::RemoveNode("shop".into()));
    let scenes = [faster(&whole), bare, quiet, whole.clone(), Scene::default()];
    let seeds = std::env::var("SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(60);
    for seed in 0..seeds {
        let mut stream = Stream::new(seed, "hands", "time");
        let mut chance = |bound: usize| stream.below(bound as u64) as usize;
        let mut player = Player::new(&whole);
        let (mut whole, mut scene, mut edits) = (whole.clone(), whole.clone(), Vec::<Made>::new());
        let made = |edits: &mut Vec<Made>, whole: &Scene, before: &Run, run: &Run, scene: &Scene| {
            let place = (before.handled(), before.now());
            edits.retain(|edit| (edit.handled, edit.now) <= place);
            // It may stand before edits of this very moment.
            if let Some(last) = edits.last().filter(|edit| (edit.handled, edit.now) == place)
                && (!before.document().plays_like(&last.scene)
                    || *told(whole, edits, 0).keys().next_back().expect("the beginning") > before.trace().total())
            {
                edits.retain(|edit| (edit.handled, edit.now) < place);
            }
            edits.push(Made { handled: run.handled(), now: run.now(), scene: scene.clone() });
        };
        for turn in 0..40 {
            let what = format!("seed {seed}, turn {turn}");
            let before = player.run().clone();
            match chance(7) {
                0 => {
                    if player.act(&scene) {
                        made(&mut edits, &whole, &before, player.run(), &scene);
                    }
                    let until = player.shown_at() + chance(2_500) as Micros * 1_000;
                    play(&mut player, &scene, until);
                }
                // Where nothing is sent, no fact may come for hours.
                1 if scene.node("shop").is_some() && scene.node("orders").is_some() => {
                    if player.act(&scene) {
                        made(&mut edits, &whole, &before, player.run(), &scene);
                    }
                    does(&mut player, RunEffect::StepFact, &scene);
                }
                1..=3 => {
                    let total = before.trace().total();
                    let told = told(&whole, &edits, total);
                    let went = step_back(&mut player);
                    let expected = told.range(..total).next_back();
                    assert_eq!(
                        went.then(|| (player.run().trace().total(), player.run().digest())),
                        expected.map(|(t, d)| (*t, d.clone())),
                        "{what}"
                    );
                }
                4 => {
                    let (first, last) = player.reach();
                    let at = first + chance(1_001) as Micros * (last - first) / 1_000;
                    seek(&mut player, at);
                    let told = told(&whole, &edits, player.run().trace().total());
                    let digest = player.run().digest();
                    assert_eq!(
                        (player.shown_at(), Some(&digest)),
                        (at, told.get(&player.run().trace().total())),
                        "{what}"
                    );
                }
                5 => {
                    if player.act(&scene) {
                        made(&mut edits, &whole, &before, player.run(), &scene);
                    }
                    let entry = by_hand(player.shown_at() + 1 + chance(2) as Micros * SECOND);
                    whole.script.push(entry.clone());
                    let scripted = Scene { script: whole.script.clone(), ..scene.clone() };
                    does(&mut player, RunEffect::Perform(entry), &scripted);
                }
                _ => {
                    scene = scenes[chance(scenes.len())].clone();
                    player.take_forgotten();
                    does(&mut player, RunEffect::Reconcile, &scene);
                    if player.take_forgotten().is_some() {
                        made(&mut edits, &whole, &before, player.run(), &scene);
                    }
                }
            }
        }
    }
}

fn by_hand(at: Micros) -> ScriptEntry {
    let act = Act::Call { action: "SendMessage".to_owned(), input: json!({ "MessageBody": "by hand" }) };
    ScriptEntry { id: None, at, node: "orders".to_owned(), link: None, act }
}

fn shop() -> Scene {
    crate::support::shop(json!({ "Rate": "5/s" }), json!({}), json!({}))
}

fn faster(scene: &Scene) -> Scene {
    let mut scene = scene.clone();
    scene.apply(Edit::SetProperty { id: "shop".into(), name: "Rate".into(), value: Some(json!("50/s")) });
    scene
}

/// Twenty seconds of a run that was edited after ten.
fn edited_half_way(before: &Scene, after: &Scene) -> Player {
    let mut player = Player::new(before);
    play(&mut player, before, 10 * SECOND);
    does(&mut player, RunEffect::Reconcile, after);
    play(&mut player, after, 20 * SECOND);
    player
}

#[test]
fn an_edit_while_it_plays_is_where_it_was_made() {
    let (before, after) = (shop(), faster(&shop()));
    let mut player = edited_half_way(&before, &after);
    let end = seen(player.run());

    seek(&mut player, 9 * SECOND);
    assert_same(player.run(), &straight(&before, 9 * SECOND), "before the edit it goes as before");
    let mut edited = straight(&before, 10 * SECOND);
    edited.reconcile(&after);
    edited.advance_to(15 * SECOND);
    seek(&mut player, 15 * SECOND);
    assert_same(player.run(), &edited, "after the edit as edited");
    seek(&mut player, 20 * SECOND);
    assert_eq!(seen(player.run()), end, "and the end is the end");
}

#[test]
fn acting_in_the_past_makes_another_future() {
    let (before, after) = (shop(), faster(&shop()));
    let mut player = edited_half_way(&before, &after);

    // Back before the edit, and on with the scene as it is now.
    seek(&mut player, 4 * SECOND);
    assert!(player.act(&after), "it is another one");
    assert_eq!(player.reach(), (0, 4 * SECOND), "what came after is no more");
    play(&mut player, &after, 8 * SECOND);
    let mut other = straight(&before, 4 * SECOND);
    other.reconcile(&after);
    other.advance_to(8 * SECOND);
    assert_same(player.run(), &other, "it goes on as edited at 4 s");
}

#[test]
fn moving_a_card_is_no_act() {
    let scene = shop();
    let mut moved = scene.clone();
    let mut node = moved.nodes[0].as_ref().clone();
    node.at = (5.0, 500.0);
    moved.nodes[0] = Arc::new(node);
    assert!(scene.plays_like(&moved));
    assert!(!scene.plays_like(&faster(&scene)));
    let mut player = Player::new(&scene);
    play(&mut player, &scene, 10 * SECOND);
    seek(&mut player, 2 * SECOND);
    assert!(!player.act(&moved));
    assert_eq!(player.reach(), (0, 10 * SECOND));
}

#[test]
fn a_call_by_hand_happens_again() {
    let scene = shop();
    let mut player = Player::new(&scene);
    play(&mut player, &scene, 3 * SECOND);
    let entry = by_hand(3 * SECOND + 1);
    let mut with_call = scene.clone();
    with_call.script.push(entry.clone());
    does(&mut player, RunEffect::Perform(entry), &with_call);
    play(&mut player, &with_call, 6 * SECOND);
    let end = seen(player.run());
    assert_same(player.run(), &straight(&with_call, 6 * SECOND), "the call is in the script");

    seek(&mut player, 2 * SECOND);
    play(&mut player, &with_call, 6 * SECOND);
    assert_eq!(seen(player.run()), end, "it is made again when its time comes");
}

/// A search plays the run that is played without one, and misses nothing on the way.
#[test]
fn a_search_stops_where_it_happened_and_plays_the_same_run() {
    let mut stops = 0;
    for entry in gallery::ALL {
        let (scene, _) = read_scene(entry.text());
        let mut run = Run::new(&scene);
        let mut found = Vec::new();
        loop {
            match run.search(5 * SECOND, 50, |_, record| matters(record)) {
                Sought::Found(seq) => found.push((seq, run.now())),
                Sought::UnderWay => {}
                Sought::End => break,
            }
        }
        let straight = straight(&scene, 5 * SECOND);
        assert_same(&run, &straight, entry.id);
        // Of several at one instant the first is told.
        let all: Vec<(u64, Micros)> =
            straight.trace().window().iter().filter(|record| matters(record)).map(|r| (r.seq, r.at)).collect();
        assert!(found.iter().all(|stop| all.contains(stop)), "{}", entry.id);
        assert!(all.iter().all(|(_, at)| found.iter().any(|(_, stopped)| stopped == at)), "{}", entry.id);
        stops += found.len();
    }
    assert!(stops > 50, "{stops}");
}
