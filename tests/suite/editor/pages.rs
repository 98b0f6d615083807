//! Fields, files, camera, time and keys.

use decoupled::editor::{
    Breakpoint, Command, Drawer, Effect, KEYS, Panel, PointerTarget, RunEffect, Why, command_for_key,
};
use decoupled::engine::seconds;
use decoupled::figure::{Point, Tone};
use decoupled::scene::{gallery, read_scene};
use decoupled::services::Kind;
use decoupled::sim::{Run, report};
use serde_json::json;

use super::hand::{a_new_scene, with_scene};

#[test]
fn typing_in_one_field_is_one_step() {
    let mut hand = a_new_scene();
    hand.drag(Kind::Queue, (300.0, 200.0));
    let before = hand.file();
    hand.types("queue", "VisibilityTimeout", &[json!(4), json!(45), json!(450)]);
    hand.types("queue", "DelaySeconds", &[json!(1), json!(12)]);
    assert_eq!(hand.undo_all(), 3, "the drop and two fields");
    hand.key("Ctrl y");
    assert_eq!(hand.file(), before);
    hand.key("Ctrl y");
    assert_eq!(hand.property("queue", "VisibilityTimeout"), json!(450));
    // Leaving the field and coming back begins another step.
    hand.give(Command::ClearSelection).types("queue", "VisibilityTimeout", &[json!(9)]).key("Ctrl z");
    assert_eq!(hand.property("queue", "VisibilityTimeout"), json!(450));
}

#[test]
fn what_a_form_does_not_take_is_refused_with_what_is_allowed() {
    let mut hand = a_new_scene();
    hand.drag(Kind::Queue, (300.0, 200.0));
    let before = hand.file();
    hand.types("queue", "VisibilityTimeout", &[json!(43_201)]).says(Tone::Bad, "from 0 to 43200");
    hand.types("queue", "Colour", &[json!("red")]).says(Tone::Bad, "has no property Colour");
    hand.give(Command::Rename { from: "queue".to_owned(), to: " ".to_owned() }).says(Tone::Bad, "cannot be empty");
    assert_eq!(hand.file(), before);
}

#[test]
fn a_change_checks_the_scene_anew() {
    let mut hand = a_new_scene();
    hand.drag(Kind::Queue, (300.0, 200.0));
    hand.types("queue", "RedrivePolicy", &[json!({ "deadLetterTargetArn": "gone", "maxReceiveCount": 3 })]);
    let problem = hand.state.problems.first().expect("the queue that is not there is a problem");
    assert_eq!(problem.subject.as_deref(), Some("queue"));
    hand.key("Ctrl z");
    assert!(hand.state.problems.is_empty());
}

#[test]
fn camera_selection_and_time_are_no_steps() {
    let mut hand = a_new_scene();
    hand.drag(Kind::Queue, (300.0, 200.0));
    let zoomed = Point::new(600.0, 400.0);
    let still = hand.state.camera.canvas_from_view(zoomed);
    hand.give(Command::Zoom { view: zoomed, factor: 2.0 });
    assert_eq!(hand.state.camera.canvas_from_view(zoomed), still);
    hand.give(Command::Pan { by: Point::new(30.0, 0.0) }).key("1").key("2").key("+").key("-").key("0");
    hand.click("queue", "").key("Ctrl A").give(Command::Play).give(Command::SetSpeed { speed: 1e9 });
    assert_eq!(hand.state.playback.speed, 1_000.0);
    hand.give(Command::Halted { why: "It loops.".to_owned() }).says(Tone::Bad, "It loops.");
    assert!(!hand.state.playback.playing);
    assert_eq!(hand.undo_all(), 1);
}

#[test]
fn the_ground_pans_and_a_click_on_it_chooses_nothing() {
    let mut hand = a_new_scene();
    hand.drag(Kind::Queue, (300.0, 200.0));
    let (from, ground) = (Point::new(700.0, 500.0), PointerTarget::Canvas);
    let view = hand.state.camera.view_from_canvas(from);
    hand.give(Command::PointerDown { view, target: ground.clone(), shift: false, alt: false, pan: false });
    let to = Point::new(view.x - 50.0, view.y + 20.0);
    hand.give(Command::PointerUp { view: to, over: ground.clone() });
    assert_eq!(hand.state.camera.canvas_from_view(to), from, "the ground stays under the pointer");
    assert_eq!(hand.chosen(), ["queue"]);
    hand.down(from, ground.clone(), "").up(from, ground);
    assert!(hand.chosen().is_empty());
}

#[test]
fn a_marquee_chooses_what_it_touches() {
    let mut hand = a_new_scene();
    hand.drag(Kind::Queue, (300.0, 200.0)).drag(Kind::Queue, (600.0, 200.0)).drag(Kind::Queue, (900.0, 200.0));
    hand.key("Escape");
    let ground = PointerTarget::Canvas;
    hand.down(Point::new(700.0, 400.0), ground.clone(), "Shift").moves(Point::new(350.0, 210.0), ground.clone());
    assert_eq!(hand.chosen(), ["queue", "queue-2"]);
    hand.up(Point::new(500.0, 210.0), ground);
    assert_eq!(hand.chosen(), ["queue-2"]);
}

#[test]
fn a_text_that_is_no_scene_leaves_the_present_one() {
    let mut hand = a_new_scene();
    hand.drag(Kind::Queue, (300.0, 200.0));
    let before = hand.file();
    for (text, words) in [("{ \"version\": 1, ", "not JSON"), ("[]", "not a scene"), ("{\"version\":9}", "at version")]
    {
        let (name, text) = ("orders.json".to_owned(), text.to_owned());
        hand.give(Command::OpenText { name, text });
        assert!(hand.effects.is_empty());
        let notice = hand.state.notice.clone().expect("it says why");
        assert!(notice.text.starts_with("orders.json was not opened"), "{}", notice.text);
        assert!(notice.text.contains(words) && notice.text.contains("choose a file"), "{}", notice.text);
        assert_eq!((notice.tone, hand.file()), (Tone::Bad, before.clone()));
    }
}

#[test]
fn opening_is_one_step_and_asks_for_a_new_run() {
    let mut hand = a_new_scene();
    hand.drag(Kind::Queue, (300.0, 200.0)).give(Command::Toggle { panel: Panel::Gallery });
    let mine = hand.file();
    for scene in gallery::ALL {
        hand.give(Command::OpenGallery { id: scene.id.to_owned() });
        assert_eq!(hand.effects, [Effect::Run(RunEffect::Restart), Effect::Autosave]);
        assert_eq!(hand.file(), decoupled::scene::write_scene(&read_scene(scene.text()).0));
        assert!(!hand.state.shows(Panel::Gallery) && hand.state.selection.is_empty());
        let bounds = decoupled::editor::scene_bounds(&hand.state.scene).expect("it has nodes");
        let corner = hand.state.camera.view_from_canvas(Point::new(bounds.x, bounds.y));
        assert!(corner.x >= 0.0 && corner.y >= 0.0, "{} is in view", scene.id);
        hand.key("Ctrl z");
        assert_eq!((hand.file(), &hand.effects[0]), (mine.clone(), &Effect::Run(RunEffect::Restart)));
    }
}

#[test]
fn what_could_not_be_opened_stays_a_problem_while_the_rest_changes() {
    let text =
        r#"{"version":1,"nodes":[{"id":"a","type":"Nope::Nope"},{"id":"q","type":"AWS::SQS::Queue","at":[0,0]}]}"#;
    let mut hand = a_new_scene();
    hand.give(Command::OpenText { name: "a.json".to_owned(), text: text.to_owned() }).says(Tone::Warn, "1 problem");
    hand.types("q", "DelaySeconds", &[json!(3)]);
    assert_eq!(hand.state.problems.len(), 1);
    hand.give(Command::New);
    assert!(hand.state.problems.is_empty());
    hand.key("Ctrl z");
    assert_eq!(hand.state.problems.len(), 1);
}

#[test]
fn saving_offers_a_file_that_opens_again() {
    let mut hand = with_scene(read_scene(gallery::ALL[0].text()).0);
    hand.give(Command::SetName { name: "Größe: a/b  shop!".to_owned() }).key("Ctrl s");
    let [Effect::Download { name, text }] = &hand.effects[..] else { panic!("{:?}", hand.effects) };
    assert_eq!(name, "größe-a-b-shop.scene.json");
    assert_eq!(read_scene(text).0, *hand.state.scene);
}

#[test]
fn every_key_of_the_help_does_something() {
    for line in KEYS {
        let parts: Vec<&str> = line.keys.split(' ').collect();
        let (key, held) = parts.split_last().expect("a key");
        let key = if *key == "Space" { " " } else { key };
        let known = command_for_key(key, held.contains(&"Ctrl"), held.contains(&"Shift"), false);
        assert!(known.is_some(), "{} does nothing", line.keys);
    }
    let nudge = |shift| match command_for_key("ArrowLeft", false, shift, false) {
        Some(Command::Nudge { by }) => by.x,
        other => panic!("{other:?}"),
    };
    assert_eq!(nudge(true), 10.0 * nudge(false));
}

#[test]
fn a_call_by_hand_joins_the_script_and_can_be_undone() {
    let mut hand = a_new_scene();
    hand.drag(Kind::Queue, (300.0, 200.0)).give(Command::LookInside { node: "queue".to_owned() });
    assert_eq!((hand.state.drawer, hand.chosen()), (Drawer::Messages, vec!["queue"]));
    let before = hand.file();
    let input = json!({ "MessageBody": "hello" });
    let call = |node: &str| Command::Call {
        node: node.to_owned(),
        action: "SendMessage".to_owned(),
        input: input.clone(),
        at: 5_000_001,
    };
    hand.give(call("queue"));
    let entry = hand.state.scene.script[0].clone();
    assert_eq!(entry.to_json(), json!({ "at": "5000001us", "node": "queue", "call": "SendMessage", "input": input }));
    assert_eq!(hand.effects, [Effect::Run(RunEffect::Perform(entry)), Effect::Autosave]);
    // Without it, it is another run.
    hand.give(Command::Undo);
    assert_eq!(hand.effects, [Effect::Run(RunEffect::Rescript(Why::Undo)), Effect::Autosave]);
    assert!(hand.file() == before);
    hand.give(call("nobody"));
    assert!(hand.effects.is_empty() && hand.state.scene.script.is_empty());
}

#[test]
fn a_message_is_followed_until_it_is_let_go() {
    let mut hand = a_new_scene();
    hand.drag(Kind::Queue, (300.0, 200.0)).click("queue", "");
    hand.give(Command::Follow { message: Some(7) });
    assert_eq!((hand.state.followed, hand.state.drawer), (Some(7), Drawer::Journey));
    hand.give(Command::DismissNotice).key("Escape");
    assert_eq!((hand.state.followed, hand.state.selection.nodes.len()), (None, 1), "one thing at a time");
    hand.give(Command::Follow { message: Some(7) }).give(Command::New);
    assert_eq!(hand.state.followed, None, "another scene, other messages");
}

#[test]
fn a_breakpoint_goes_with_its_node() {
    let mut hand = a_new_scene();
    hand.drag(Kind::Queue, (300.0, 200.0));
    let at = |node: &str| Breakpoint { node: node.to_owned(), fact: Some("MessageSent".to_owned()), when: None };
    hand.give(Command::ToggleBreakpoint { breakpoint: at("queue") });
    hand.give(Command::ToggleBreakpoint { breakpoint: at("nobody") });
    hand.give(Command::Rename { from: "queue".to_owned(), to: "orders".to_owned() });
    assert!(hand.state.breakpoints.iter().eq([&at("orders")]));
    assert!(at("orders").stops("orders", "MessageSent") && !at("orders").stops("orders", "MessageDeleted"));
    hand.give(Command::ToggleBreakpoint { breakpoint: at("orders") });
    assert!(hand.state.breakpoints.is_empty(), "the second time takes it away");
    hand.give(Command::ToggleBreakpoint { breakpoint: at("orders") }).click("orders", "").key("Delete");
    assert!(hand.state.breakpoints.is_empty());
}

#[test]
fn a_table_drawn_by_hand_has_a_key_and_takes_what_a_consumer_passes_on() {
    let mut hand = a_new_scene();
    hand.drag(Kind::Table, (900.0, 200.0)).drag(Kind::Worker, (500.0, 200.0)).drag(Kind::Queue, (300.0, 500.0));
    hand.drag(Kind::Producer, (50.0, 200.0));
    assert_eq!(hand.property("table", "KeySchema"), json!([{ "AttributeName": "order", "KeyType": "HASH" }]));
    hand.connect("producer", "queue").connect("queue", "worker").connect("worker", "table");
    let mut run = Run::new(&hand.state.scene);
    run.advance_to(seconds(5));
    let count = report(&run, &[])["nodes"]["table"]["ItemCount"].clone();
    assert!(count.as_u64() > Some(0), "orders lie in it: {count}");
    // A KCL application makes its own key, whatever there was; that and the line are one step.
    hand.drag(Kind::KclApplication, (900.0, 600.0));
    let before = hand.file();
    hand.connect("kcl", "table");
    assert_eq!(hand.property("table", "KeySchema"), json!([{ "AttributeName": "leaseKey", "KeyType": "HASH" }]));
    hand.give(Command::Undo);
    assert!(hand.file() == before);
}
