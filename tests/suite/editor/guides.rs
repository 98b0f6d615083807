//! In line with others, at equal gaps, by a hand and by command.

use decoupled::editor::{Axis, Command, Edge, Gesture, Guide, PointerTarget};
use decoupled::figure::{Point, Tone};
use decoupled::scene::read_scene;
use serde_json::json;

use super::hand::{Hand, with_scene};

/// Workers of 184 × 92 with their upper left corners at these points: `n0`, `n1`, …
fn workers(at: &[(f64, f64)]) -> Hand {
    let nodes: Vec<_> = at
        .iter()
        .enumerate()
        .map(|(index, at)| json!({ "id": format!("n{index}"), "type": "Decoupled::Worker", "at": [at.0, at.1] }))
        .collect();
    let mut hand = with_scene(read_scene(&json!({ "version": 1, "nodes": nodes }).to_string()).0);
    hand.give(Command::ZoomTo { zoom: 1.0 });
    // Everything of these scenes is in view.
    let camera = &mut hand.state.camera;
    (camera.x, camera.y) = (0.0, 0.0);
    hand
}

/// Takes a node and holds it there.
fn hold(hand: &mut Hand, id: &str, by: (f32, f32)) -> Vec<Guide> {
    let (from, target) = (hand.middle(id), PointerTarget::Node(id.to_owned()));
    let to = Point::new(from.x + by.0, from.y + by.1);
    hand.down(from, target.clone(), "").moves(to, target);
    match &hand.state.gesture {
        Gesture::DraggingNodes { guides, .. } => guides.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_card_snaps_to_the_edges_and_middles_of_others() {
    let mut hand = workers(&[(101.0, 50.0), (403.0, 303.0)]);
    let guides = hold(&mut hand, "n1", (-305.0, 90.0));
    assert_eq!(hand.at("n1"), (101.0, 392.0), "in line across, on the grid down");
    let line = |x| Guide::Line { from: Point::new(x, 50.0), to: Point::new(x, 484.0) };
    assert_eq!(guides, [line(101.0), line(193.0), line(285.0)]);
    hand.key("Escape");
    assert!(hold(&mut hand, "n1", (-311.0, 90.0)).is_empty(), "seven pixels off is too far");
    assert_eq!(hand.at("n1").0 % 4.0, 0.0);
}

/// The release is no move of its own, unless something has changed since the last one.
#[test]
fn what_is_let_go_lies_where_it_was_seen_last() {
    let by = (-305.0, 90.0);
    for (between, lies) in [
        (None, (101.0, 392.0)),
        (Some(Command::DragFree { free: true }), (98.0, 393.0)),
        (Some(Command::Pan { by: Point::new(13.0, 0.0) }), (112.0, 392.0)),
    ] {
        let mut hand = workers(&[(101.0, 50.0), (403.0, 303.0)]);
        let from = hand.middle("n1");
        hold(&mut hand, "n1", by);
        let view = hand.state.camera.view_from_canvas(Point::new(from.x + by.0, from.y + by.1));
        if let Some(command) = between {
            hand.give(command);
        }
        hand.give(Command::PointerUp { view, over: PointerTarget::Canvas });
        assert_eq!(hand.at("n1"), lies);
        assert_eq!(hand.undo_all(), 1);
    }
}

#[test]
fn the_reach_is_of_the_screen() {
    for (zoom, snaps) in [(0.5, true), (2.0, false)] {
        let mut hand = workers(&[(101.0, 50.0), (203.0, 153.0)]);
        hand.state.camera.zoom = zoom;
        hold(&mut hand, "n1", (-97.0, 40.0));
        assert_eq!(hand.at("n1").0 == 101.0, snaps, "{zoom}");
    }
}

#[test]
fn with_ctrl_held_nothing_draws_it() {
    let mut hand = workers(&[(101.0, 50.0), (403.0, 303.0)]);
    hold(&mut hand, "n1", (-150.0, 90.0));
    hand.give(Command::DragFree { free: true });
    let to = Point::new(hand.middle("n1").x, 0.0);
    hand.moves(Point::new(to.x - 155.0, 437.0), PointerTarget::Canvas);
    assert_eq!(hand.at("n1").1, 391.0, "not even the grid");
}

#[test]
fn equal_gaps_are_found_on_either_side_and_between() {
    // Gaps of 60 after n0; n2 is brought to the right of n1, to the left of n0, and between.
    let mut hand = workers(&[(300.0, 50.0), (544.0, 50.0), (700.0, 400.0)]);
    let guides = hold(&mut hand, "n2", (91.0, -331.0));
    assert_eq!(hand.at("n2"), (788.0, 68.0));
    let gap = |from, to| Guide::Gap { from: Point::new(from, 96.0), to: Point::new(to, 96.0) };
    assert_eq!(guides[0], gap(484.0, 544.0));
    assert_eq!(guides.len(), 2);
    hand.key("Escape");
    hold(&mut hand, "n2", (-647.0, -331.0));
    assert_eq!(hand.at("n2").0, 56.0);
    let mut hand = workers(&[(50.0, 50.0), (600.0, 50.0), (700.0, 400.0)]);
    hold(&mut hand, "n2", (-377.0, -331.0));
    assert_eq!(hand.at("n2").0, 325.0, "as far from the one as from the other");
}

#[test]
fn chosen_cards_are_brought_in_line() {
    let at = [(100.0, 50.0), (240.0, 300.0), (52.0, 500.0)];
    for (edge, expected) in [
        (Edge::Left, [52.0, 52.0, 52.0]),
        (Edge::Right, [240.0, 240.0, 240.0]),
        (Edge::Centre, [146.0, 146.0, 146.0]),
        (Edge::Top, [50.0, 50.0, 50.0]),
        (Edge::Middle, [275.0, 275.0, 275.0]),
        (Edge::Bottom, [500.0, 500.0, 500.0]),
    ] {
        let mut hand = workers(&at);
        let before = hand.file();
        hand.key("Ctrl a").give(Command::Align { edge });
        let across = matches!(edge, Edge::Left | Edge::Centre | Edge::Right);
        let places = ["n0", "n1", "n2"].map(|id| if across { hand.at(id).0 } else { hand.at(id).1 });
        assert_eq!(places, expected, "{edge:?}");
        hand.give(Command::Undo);
        assert_eq!(hand.file(), before);
    }
    let mut hand = workers(&at);
    hand.click("n0", "").give(Command::Align { edge: Edge::Left }).says(Tone::Bad, "two or more");
}

#[test]
fn chosen_cards_get_equal_gaps() {
    let mut hand = workers(&[(0.0, 0.0), (200.0, 40.0), (900.0, 80.0), (500.0, 100.0)]);
    let before = hand.file();
    hand.key("Ctrl a").give(Command::Distribute { axis: Axis::Horizontal });
    let at = ["n0", "n1", "n3", "n2"].map(|id| hand.at(id));
    assert_eq!(at, [(0.0, 0.0), (300.0, 40.0), (600.0, 100.0), (900.0, 80.0)]);
    hand.give(Command::Undo);
    assert_eq!(hand.file(), before);
    hand.click("n0", "")
        .click("n1", "Shift")
        .give(Command::Distribute { axis: Axis::Vertical })
        .says(Tone::Bad, "three");
}
