//! The editor, in the user's words: drag, connect, undo, and look at what is there.

mod frames;
mod guides;
pub mod hand;
mod notices;
mod pages;
mod random;
mod reading;
mod surfaces;

use decoupled::editor::{Command, Effect, Gesture, Overlay, PaletteItem, PointerTarget, RunEffect};
use decoupled::figure::{Point, Tone};
use decoupled::services::Kind;
use hand::{Hand, a_new_scene};
use serde_json::json;

/// A producer, a queue and a worker, not connected.
fn three_in_a_row() -> Hand {
    let mut hand = a_new_scene();
    hand.drag(Kind::Producer, (150.0, 200.0)).drag(Kind::Queue, (450.0, 200.0)).drag(Kind::Worker, (750.0, 200.0));
    hand
}

#[test]
fn what_is_dropped_lies_centred_on_the_grid_and_is_chosen() {
    let mut hand = a_new_scene();
    hand.drag(Kind::Queue, (301.0, 203.0));
    assert_eq!(hand.ids(), ["queue"]);
    assert_eq!(hand.chosen(), ["queue"]);
    let ((x, y), middle) = (hand.at("queue"), hand.middle("queue"));
    assert_eq!((x % 4.0, y % 4.0), (0.0, 0.0));
    assert!((middle.x - 301.0).abs() <= 2.0 && (middle.y - 203.0).abs() <= 2.0, "{middle:?}");
    let expected = [Effect::Run(RunEffect::Reconcile), Effect::Autosave, Effect::FocusNode("queue".to_owned())];
    assert_eq!(hand.effects, expected);
    hand.drag(Kind::Queue, (600.0, 203.0));
    assert_eq!(hand.ids(), ["queue", "queue-2"]);
}

#[test]
fn what_is_let_go_outside_the_canvas_goes_back() {
    let mut hand = a_new_scene();
    hand.drag(Kind::Queue, (-40.0, 203.0));
    assert!(hand.ids().is_empty() && !hand.state.can_undo());
}

#[test]
fn a_line_becomes_what_aws_has_there() {
    let mut hand = three_in_a_row();
    hand.connect("producer", "queue").connect("queue", "worker");
    assert_eq!(hand.lines(), ["Send producer→queue", "Poll queue→worker"]);
    assert_eq!(hand.chosen(), ["l2"]);
    assert_eq!(hand.state.gesture, Gesture::Idle);
    hand.drag(Kind::EventBus, (150.0, 500.0)).drag(Kind::Rule, (450.0, 500.0)).connect("bus", "rule");
    assert_eq!(hand.lines()[2], "Rule bus→rule");
    hand.drag(Kind::EventBus, (150.0, 700.0)).connect("bus-2", "rule").says(Tone::Bad, "a rule has one event bus");
}

#[test]
fn a_line_that_aws_does_not_have_says_why() {
    let mut hand = three_in_a_row();
    hand.connect("worker", "producer").says(Tone::Bad, "A Worker cannot be connected to a Producer. It can go to: ");
    hand.connect("queue", "queue").says(Tone::Bad, "its own dead-letter queue");
    hand.connect("producer", "queue").connect("producer", "queue").says(Tone::Bad, "producer sends to queue already");
    assert_eq!(hand.lines().len(), 1);
    let (port, away) = (Point::new(240.0, 200.0), Point::new(300.0, 600.0));
    hand.down(port, PointerTarget::Port("producer".to_owned()), "").up(away, PointerTarget::Canvas);
    assert!(
        matches!(hand.state.overlay, Some(Overlay::Chooser { .. })),
        "over nothing it asks what should stand there"
    );
}

#[test]
fn while_a_line_is_drawn_the_refusal_is_known_before_it_is_let_go() {
    let mut hand = three_in_a_row();
    let over = PointerTarget::Node("producer".to_owned());
    let (from, to) = (hand.middle("worker"), hand.middle("producer"));
    hand.down(from, PointerTarget::Port("worker".to_owned()), "").moves(to, over);
    let Gesture::Connecting { refusal: Some(why), .. } = &hand.state.gesture else {
        panic!("{:?}", hand.state.gesture)
    };
    assert!(why.contains("cannot be connected to a Producer"));
    hand.key("Escape");
    assert_eq!((&hand.state.gesture, hand.lines().len()), (&Gesture::Idle, 0));
}

#[test]
fn a_queue_to_a_queue_is_a_redrive_policy() {
    let mut hand = a_new_scene();
    hand.drag(Kind::Queue, (200.0, 200.0)).drag(Kind::Queue, (200.0, 500.0)).connect("queue", "queue-2");
    let policy = json!({ "deadLetterTargetArn": "queue-2", "maxReceiveCount": 3 });
    assert_eq!(hand.property("queue", "RedrivePolicy"), policy);
    assert_eq!(hand.lines(), ["RedrivePolicy queue→queue-2"]);
    assert_eq!(hand.chosen(), ["queue~RedrivePolicy"]);
    hand.key("Delete");
    assert_eq!(hand.property("queue", "RedrivePolicy"), json!(null));
    assert_eq!(hand.ids().len(), 2);
}

#[test]
fn a_rule_has_at_most_five_targets() {
    let mut hand = a_new_scene();
    hand.drag(Kind::Rule, (150.0, 60.0));
    for number in 0..6_u8 {
        hand.drag(Kind::Queue, (500.0, 60.0 + 110.0 * f32::from(number)));
    }
    for number in 2..=5 {
        hand.connect("rule", &format!("queue-{number}"));
    }
    hand.connect("rule", "queue").connect("rule", "queue-6").says(Tone::Bad, "5 targets");
    assert_eq!(hand.lines().len(), 5);
}

#[test]
fn nodes_move_as_one_sees_it_and_are_one_step() {
    let mut hand = three_in_a_row();
    let (before, queue, worker) = (hand.file(), hand.at("queue"), hand.at("worker"));
    hand.click("queue", "").click("worker", "Shift").move_node("queue", (101.0, 42.0), "");
    assert_eq!(hand.at("queue"), (queue.0 + 100.0, queue.1 + 44.0));
    assert_eq!(hand.at("worker"), (worker.0 + 100.0, worker.1 + 44.0));
    hand.give(Command::Undo);
    assert_eq!(hand.file(), before);
    let target = PointerTarget::Node("queue".to_owned());
    hand.down(hand.middle("queue"), target.clone(), "").moves(Point::new(900.0, 700.0), target);
    assert_ne!(hand.file(), before, "it moves before it is let go");
    hand.key("Escape");
    assert_eq!(hand.file(), before);
    assert!(hand.state.can_redo(), "a gesture that was left is no step");
}

#[test]
fn a_press_that_hardly_moves_is_a_click() {
    let mut hand = three_in_a_row();
    let before = hand.file();
    hand.key("Ctrl A").move_node("producer", (2.0, 1.0), "");
    assert_eq!((hand.file(), hand.chosen()), (before, vec!["producer"]));
}

#[test]
fn alt_drags_copies_away() {
    let mut hand = three_in_a_row();
    hand.connect("producer", "queue").click("producer", "").click("queue", "Shift");
    let before = hand.file();
    hand.move_node("queue", (0.0, 200.0), "Alt");
    assert_eq!(hand.chosen(), ["producer-2", "queue-2"]);
    assert_eq!(hand.lines(), ["Send producer→queue", "Send producer-2→queue-2"]);
    assert_eq!(hand.at("queue-2").1, hand.at("queue").1 + 200.0);
    hand.give(Command::Undo);
    assert_eq!(hand.file(), before);
}

#[test]
fn a_copy_keeps_what_is_among_the_copied() {
    let mut hand = a_new_scene();
    hand.drag(Kind::Queue, (200.0, 200.0)).drag(Kind::Queue, (200.0, 500.0)).drag(Kind::Producer, (60.0, 200.0));
    hand.connect("queue", "queue-2").connect("producer", "queue").click("queue", "").click("queue-2", "Shift");
    hand.key("Ctrl D");
    assert_eq!(hand.property("queue-3", "RedrivePolicy")["deadLetterTargetArn"], "queue-4");
    assert_eq!(hand.at("queue-3").0, hand.at("queue").0 + 32.0);
    assert_eq!(hand.lines().iter().filter(|line| line.starts_with("Send")).count(), 1);
}

#[test]
fn deleting_a_node_takes_its_lines_along_and_undo_brings_them_back() {
    let mut hand = three_in_a_row();
    hand.connect("producer", "queue").connect("queue", "worker");
    let before = hand.file();
    hand.click("queue", "").key("Delete");
    assert_eq!((hand.ids(), hand.lines().len()), (vec!["producer", "worker"], 0));
    let after = hand.file();
    hand.key("Ctrl z");
    assert_eq!(hand.file(), before);
    hand.key("Ctrl Shift Z");
    assert_eq!(hand.file(), after);
}

#[test]
fn undoing_everything_gives_the_first_bytes_and_redoing_the_last() {
    let mut hand = three_in_a_row();
    hand.connect("producer", "queue").move_node("queue", (40.0, 80.0), "").types("queue", "DelaySeconds", &[json!(5)]);
    hand.give(Command::Rename { from: "queue".to_owned(), to: "orders".to_owned() });
    hand.give(Command::SetSeed { seed: 99 });
    let last = hand.file();
    assert_eq!(hand.undo_all(), 8);
    assert_eq!(hand.file(), a_new_scene().file());
    hand.redo_all();
    assert_eq!(hand.file(), last);
}

#[test]
fn a_shard_joins_the_stream_it_is_dropped_on() {
    let mut hand = a_new_scene();
    hand.drop_item(PaletteItem::Shard, (400.0, 300.0), "");
    assert_eq!((hand.ids(), hand.property("stream", "ShardCount")), (vec!["stream"], json!(1)));
    hand.drop_item(PaletteItem::Shard, (400.0, 300.0), "stream").drop_item(
        PaletteItem::Shard,
        (400.0, 300.0),
        "stream",
    );
    assert_eq!((hand.ids().len(), hand.property("stream", "ShardCount")), (1, json!(3)));
    hand.key("Ctrl z");
    assert_eq!(hand.property("stream", "ShardCount"), json!(2), "each shard is a step");
}

#[test]
fn placing_without_a_pointer_never_covers_a_card() {
    let mut hand = a_new_scene();
    for _ in 0..4 {
        hand.give(Command::Place { item: PaletteItem::Node(Kind::Queue) });
    }
    let cards: Vec<_> = hand.state.scene.nodes.iter().map(|node| decoupled::editor::card_rect(node)).collect();
    for (index, card) in cards.iter().enumerate() {
        assert!(!cards[..index].iter().any(|other| other.meets(card)), "{cards:?}");
    }
}
