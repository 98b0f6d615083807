//! The player: what frames, hands on time and edits do to a run, and what is told of it.

use decoupled::editor::{Breakpoint, Command, Proposal};
use decoupled::engine::Micros;
use decoupled::play::{Forgotten, Playing, Stop};
use decoupled::sim::Sought;
use serde_json::json;

use crate::editor::hand::with_scene;
use crate::hands_on_time::{page, shop};

const SECOND: Micros = 1_000_000;

#[test]
fn frames_play_stop_and_go_round() {
    let mut page = page();
    page.give(Command::Play).give(Command::SetSpeed { speed: 10.0 });
    for frame in 1..=5_u64 {
        assert_eq!(page.frame(), None);
        assert_eq!(page.shown(), frame * SECOND);
    }
    page.is_the_fresh_run().give(Command::SetSpan { span: Some((2 * SECOND, 4 * SECOND)) }).give(Command::ToggleLoop);
    page.frame();
    assert_eq!(page.shown(), 3 * SECOND, "past its end, it begins with the span");
    assert_eq!((page.frame(), page.shown()), (None, 4 * SECOND), "and goes no further than to its end");
    page.give(Command::ToggleLoop).seek(0).is_the_fresh_run();
    let breakpoint = Breakpoint { node: "ship".into(), fact: None, when: None };
    page.give(Command::ToggleBreakpoint { breakpoint });
    let stop = (0..20).find_map(|_| page.frame());
    let Some(Stop::Breakpoint(seq)) = stop else { panic!("{stop:?}") };
    let record = page.run().trace().get(seq).expect("it has just happened");
    assert_eq!((page.run().node_of(record), record.at), ("ship", page.shown()));
}

#[test]
fn a_run_that_does_not_keep_up_says_how_fast_it_is() {
    let mut page = page();
    page.give(Command::Play);
    let playing = Playing::of(&page.state).expect("it plays");
    for _ in 0..40 {
        // There is time for one slice a frame.
        page.player.advance(100.0, &playing, &mut || false);
    }
    assert!(page.player.held_back().is_none(), "a small shop keeps up");
    let mut busy = shop();
    busy.apply(decoupled::scene::Edit::SetProperty {
        id: "shop".into(),
        name: "Rate".into(),
        value: Some(json!("1000/s")),
    });
    let mut page = with_scene(busy);
    page.give(Command::Play).give(Command::SetSpeed { speed: 100.0 });
    let playing = Playing::of(&page.state).expect("it plays");
    for _ in 0..5 {
        page.player.advance(100.0, &playing, &mut || false);
    }
    let held = page.player.held_back().expect("it is held back");
    assert!(held.speed > 0.0 && held.speed < 90.0 && !held.few_frames, "{held:?}");
    assert!(page.shown() == page.run().now() && page.shown() < 90 * SECOND);
    page.player.rest();
    assert_eq!(page.player.held_back(), None);
}

/// Where a card lies and what a note says is nothing to a run, wherever in time it stands.
#[test]
fn what_a_run_does_not_go_by_leaves_it_as_it_is() {
    let mut page = page();
    page.play(5 * SECOND).turn("shop", "Rate", json!("20/s")).play(20 * SECOND);
    page.give(Command::SetProperty { id: "ship".into(), name: "Concurrency".into(), value: Some(json!(4)) });
    page.play(30 * SECOND);
    page.player.take_forgotten();
    page.seek(10 * SECOND);
    let (before, digest) = (page.run().handled(), page.run().digest());
    let select = Command::Select { nodes: vec!["ship".into()], links: Vec::new(), add: false };
    page.give(select).give(Command::Nudge { by: decoupled::figure::Point::new(40.0, 0.0) });
    assert_eq!((page.run().handled(), page.run().digest()), (before, digest));
    assert_eq!((page.player.reach().1, page.player.take_forgotten()), (30 * SECOND, None), "its future is known still");
    assert_eq!(page.player.furthest().document().node("ship").map(|ship| ship.at), Some(page.at("ship")));
    page.seek(30 * SECOND);
    assert_eq!(page.run().document().nodes, page.state.scene.nodes, "the run has the document as it is");
}

#[test]
fn what_is_no_longer_true_is_told_once_and_from_where_it_began() {
    let mut page = page();
    assert_eq!(page.player.take_forgotten(), None);
    page.play(8 * SECOND).seek(3 * SECOND);
    assert_eq!(page.player.take_forgotten(), None, "looking back changes nothing");
    let total = page.run().trace().total();
    page.turn("shop", "Rate", json!("9/s")).play(6 * SECOND).turn("shop", "Rate", json!("3/s"));
    assert_eq!(page.player.take_forgotten(), Some(Forgotten::After { at: 3 * SECOND, total }));
    page.give(Command::Restart);
    assert_eq!((page.player.take_forgotten(), page.shown()), (Some(Forgotten::All), 0));
    assert_eq!(page.player.take_forgotten(), None);
}

/// What is looked for is looked for in ten minutes, then whoever looks is asked; the way back leads to where the first
/// look began.
#[test]
fn the_next_thing_that_matters_is_looked_for_within_a_bound() {
    let calm = crate::support::shop(json!({ "Rate": "1/m" }), json!({}), json!({}));
    let mut page = with_scene(calm.clone());
    page.play(17 * SECOND);
    for look in 1..=2_u64 {
        let from = page.shown();
        let effects = decoupled::editor::reduce(&mut page.state, Command::NextThatMatters);
        let [decoupled::editor::Effect::Run(effect)] = &effects[..] else { panic!("{effects:?}") };
        let sought = page.player.carry_out(effect.clone(), &page.state.scene, &mut || true);
        assert_eq!((sought, page.shown()), (Some(Sought::UnderWay), (17 + look * 600) * SECOND));
        page.give(Command::Looked { text: "Go on?".into(), from, further: true });
        let offers = page.state.notice.as_ref().map(|notice| notice.offers.clone());
        assert_eq!(offers, Some(vec![Proposal::LookOn, Proposal::Back(17 * SECOND)]));
    }
    page.seek(17 * SECOND).is_the_fresh_run();
    let mut over = with_scene(decoupled::scene::Scene::default());
    let sought = over.player.carry_out(decoupled::editor::RunEffect::NextThatMatters, &over.state.scene, &mut || true);
    assert_eq!(sought, Some(Sought::End), "where nothing will happen it says so");
}
