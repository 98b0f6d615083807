//! The script under a hand: knobs, faults and marks while it plays, and the futures that are left. The run on the page
//! is always the fresh run of what the document says.

use decoupled::editor::{
    Breakpoint, Command, Comparison, Condition, Knobs, Proposal, State, Thousandths, Watch, reduce,
};
use decoupled::engine::Micros;
use decoupled::scene::{Act, Scene, ScriptEntry, Subject, read_scene, write_scene};
use decoupled::services::{Kind, LinkKind};
use decoupled::sim::{Run, Sought, Struck};
use serde_json::{Map, Value, json};

use crate::hands_on_time::{node, page, shop};

const SECOND: Micros = 1_000_000;

fn link(id: &str) -> Subject {
    Subject::Link(id.to_owned())
}

#[test]
fn what_is_turned_while_it_plays_is_played_again() {
    let mut page = page();
    let before = write_scene(&page.state.scene);
    page.play(7 * SECOND).turn("shop", "Rate", json!("20/s")).is_the_fresh_run();
    page.play(11 * SECOND).turn("ship", "FailureRate", json!(0.9)).turn("orders", "VisibilityTimeout", json!(2));
    page.play(20 * SECOND).is_the_fresh_run();
    assert_eq!(page.state.scene.script.len(), 3);
    assert_eq!(page.run().scene_now().node("shop").expect("it is there").properties["Rate"], "20/s");
    assert_eq!(page.state.scene.node("shop").expect("it is there").properties["Rate"], "5/s");
    page.seek(9 * SECOND).is_the_fresh_run();
    assert_eq!(page.run().scene_now().node("ship").expect("it is there").properties["FailureRate"], 0.2);
    for _ in 0..3 {
        page.give(Command::Undo).is_the_fresh_run();
    }
    assert_eq!(write_scene(&page.state.scene), before);
}

#[test]
fn a_hand_on_a_slider_makes_one_change() {
    let mut page = page();
    page.play(5 * SECOND).give(Command::HoldKnob { held: true });
    for step in 1..=10_u64 {
        page.turn("shop", "Rate", json!(format!("{}/s", 5 + step))).is_the_fresh_run();
        page.play(5 * SECOND + step * SECOND / 10);
    }
    page.give(Command::HoldKnob { held: false });
    assert_eq!(page.state.scene.script.len(), 1);
    let entry = page.state.scene.script[0].clone();
    assert_eq!((entry.at, &entry.act), (5 * SECOND + 1, &set("Rate", json!("15/s"))));
    // Another hand, another change; at one moment the last one counts.
    page.turn("shop", "Rate", json!("1/s")).turn("shop", "Rate", json!("2/s"));
    assert_eq!(page.state.scene.script.len(), 2);
    page.play(9 * SECOND).is_the_fresh_run().give(Command::Undo).is_the_fresh_run();
    assert_eq!(page.state.scene.script, [entry]);
    page.give(Command::Undo).is_the_fresh_run();
    assert_eq!(*page.state.scene, shop());
}

fn set(name: &str, value: Value) -> Act {
    let mut properties = Map::new();
    properties.insert(name.to_owned(), value);
    Act::Set { properties }
}

#[test]
fn from_the_start_is_as_if_it_had_been_so() {
    let mut page = page();
    page.turn("shop", "Rate", json!("6/s"));
    assert!(page.state.scene.script.is_empty(), "at the beginning it is the beginning");
    page.play(6 * SECOND).give(Command::TurnKnobs { from: Knobs::FromStart });
    page.turn("shop", "Rate", json!("30/s")).is_the_fresh_run();
    assert!(page.state.scene.script.is_empty());
    page.give(Command::HoldKnob { held: true }).turn("ship", "FailureRate", json!(0.7));
    page.give(Command::HoldKnob { held: false }).is_the_fresh_run();
    page.give(Command::TurnKnobs { from: Knobs::FromNow }).turn("ship", "Nope", json!(1));
    assert!(page.state.notice.take().is_some_and(|notice| notice.text.contains("has no property Nope")));
    // What AWS makes anew, and what draws a line, is no knob.
    page.turn("orders", "RedrivePolicy", json!({ "deadLetterTargetArn": "orders2", "maxReceiveCount": 3 }));
    page.turn("orders", "FifoQueue", json!(false));
    assert!(page.state.scene.script.is_empty());
}

#[test]
fn a_property_taken_away_goes_back_to_its_default() {
    let mut page = page();
    page.play(3 * SECOND);
    let (subject, name, at) = (node("orders"), "VisibilityTimeout".to_owned(), page.shown() + 1);
    page.give(Command::Turn { subject, name, value: None, at }).is_the_fresh_run();
    assert!(page.run().scene_now().node("orders").is_some_and(|node| node.properties.is_empty()));
    page.play(9 * SECOND).is_the_fresh_run();
}

#[test]
fn every_fault_that_is_offered_breaks_and_is_played_again() {
    for fault in Kind::Worker.spec().frailty.faults {
        let mut page = page();
        page.play(4 * SECOND).breaks(node("ship"), fault.name, 3, json!({ "Probability": 0.5 })).is_the_fresh_run();
        page.play(12 * SECOND).is_the_fresh_run();
        assert_ne!(page.run().digest(), straight(&shop(), page.shown()), "{} changes something", fault.name);
        page.give(Command::Undo).is_the_fresh_run();
        page.give(Command::Redo).is_the_fresh_run();
    }
    for fault in decoupled::services::LinkKind::Send.spec().faults {
        let mut page = page();
        page.play(4 * SECOND).breaks(link("l1"), fault.name, 3, json!({ "Probability": 0.5 }));
        let struck: Vec<(Struck<'_>, Micros)> =
            page.run().faults_at(page.shown()).map(|(struck, _, until)| (struck, until)).collect();
        assert_eq!(struck, [(Struck::Link("l1"), 7 * SECOND + 1)]);
        page.play(12 * SECOND).is_the_fresh_run();
        assert_ne!(page.run().digest(), straight(&shop(), page.shown()), "{} changes something", fault.name);
        assert_eq!(page.run().faults_at(page.shown()).count(), 0);
    }
}

fn straight(scene: &Scene, at: Micros) -> String {
    let mut run = Run::new(scene);
    run.advance_to(at);
    run.digest()
}

#[test]
fn every_kind_of_node_and_link_can_break() {
    for kind in Kind::ALL {
        assert_eq!(kind.spec().frailty.faults.is_empty(), *kind == Kind::Note, "{kind:?}");
    }
    assert!(LinkKind::ALL.iter().filter(|kind| kind.is_written()).all(|kind| !kind.spec().faults.is_empty()));
}

#[test]
fn what_is_not_there_does_not_break() {
    let mut page = page();
    page.breaks(node("nobody"), "Crash", 1, json!({})).breaks(link("l9"), "Drop", 1, json!({}));
    page.breaks(node("ship"), "Flood", 1, json!({}));
    assert!(page.state.scene.script.is_empty() && !page.state.can_undo());
}

#[test]
fn marks_move_change_and_go_and_the_run_follows() {
    let mut page = page();
    let before = write_scene(&page.state.scene);
    page.play(4 * SECOND).breaks(node("ship"), "Crash", 2, json!({})).play(15 * SECOND);
    let with_mark = write_scene(&page.state.scene);
    page.give(Command::MoveScriptEntry { index: 0, at: 9 * SECOND }).is_the_fresh_run();
    assert_eq!(page.shown(), 15 * SECOND);
    let longer = ScriptEntry { at: 2 * SECOND, ..page.state.scene.script[0].clone() };
    let longer =
        ScriptEntry { act: Act::Fault { name: "Crash".into(), lasting: 8 * SECOND, settings: Map::new() }, ..longer };
    page.give(Command::ChangeScriptEntry { index: 0, entry: longer }).is_the_fresh_run();
    page.give(Command::MoveScriptEntry { index: 0, at: 40 * SECOND }).is_the_fresh_run();
    page.play(16 * SECOND).is_the_fresh_run();
    page.give(Command::RemoveScriptEntry { index: 0 }).is_the_fresh_run();
    assert_eq!(write_scene(&page.state.scene), before);
    for _ in 0..4 {
        page.give(Command::Undo).is_the_fresh_run();
    }
    assert_eq!(write_scene(&page.state.scene), with_mark);
    page.give(Command::MoveScriptEntry { index: 7, at: 1 }).give(Command::RemoveScriptEntry { index: 7 });
    assert_eq!(write_scene(&page.state.scene), with_mark, "what is not there does not move");
}

#[test]
fn whoever_acts_in_the_past_can_go_back_to_what_they_left() {
    let mut page = page();
    page.play(42 * SECOND);
    let end = page.run().digest();
    page.seek(10 * SECOND).turn("shop", "Rate", json!("40/s"));
    let (reached, scene) = page.player.take_left().expect("a future was left");
    assert_eq!((reached, scene.script.len()), (42 * SECOND, 0));
    assert!(page.player.take_left().is_none(), "it is said once");
    page.play(20 * SECOND).is_the_fresh_run();
    page.give(Command::Undo).is_the_fresh_run();
    assert_eq!(page.shown(), 10 * SECOND, "where it was left");
    assert_eq!(page.player.reach().1, 42 * SECOND, "and all of it is known");
    assert_eq!(page.seek(42 * SECOND).run().digest(), end);
    page.give(Command::Redo).is_the_fresh_run();
    assert_eq!(page.shown(), 42 * SECOND, "beyond where that was left it is played to the time that was shown");

    page.give(Command::FutureLeft { reached, scene: Box::new(scene) });
    assert!(
        page.state
            .notice
            .as_ref()
            .is_some_and(|notice| notice.offers == [Proposal::Future] && notice.text.contains("00:42.000"))
    );
    page.give(Command::HoldKnob { held: false });
    assert!(page.state.notice.is_some(), "it stays while the future is another than what is here");
    page.give(Command::ReturnToFuture).is_the_fresh_run();
    assert_eq!((page.player.reach().1, page.state.scene.script.len()), (42 * SECOND, 0));
    page.give(Command::ReturnToFuture);
    page.give(Command::Undo).is_the_fresh_run();
    assert_eq!(page.state.scene.script.len(), 1, "going back can be undone");
}

#[test]
fn a_structural_edit_in_the_past_is_a_fork_too() {
    let mut page = page();
    page.play(30 * SECOND).seek(10 * SECOND);
    page.give(Command::Select { nodes: vec!["ship".into()], links: Vec::new(), add: false }).give(Command::Delete);
    page.play(15 * SECOND).give(Command::Undo).is_the_fresh_run();
    assert_eq!((page.shown(), page.player.reach().1), (10 * SECOND, 30 * SECOND));
}

#[test]
fn only_a_few_futures_are_kept() {
    let mut page = page();
    for round in 1..=6_u64 {
        page.play(30 * SECOND).seek(2 * SECOND * round).turn("shop", "Rate", json!(format!("{round}/s")));
        page.is_the_fresh_run();
    }
    for _ in 0..6 {
        page.give(Command::Undo).is_the_fresh_run();
    }
    assert_eq!(*page.state.scene, shop());
}

#[test]
fn a_span_is_marked_out_and_goes_round() {
    let mut page = page();
    page.give(Command::ToggleLoop);
    assert!(!page.state.looping && page.state.notice.take().is_some());
    page.give(Command::SetSpan { span: Some((9, 4)) }).give(Command::ToggleLoop);
    assert_eq!((page.state.span, page.state.looping), (Some((4, 9)), true));
    page.give(Command::Escape);
    assert_eq!((page.state.span, page.state.looping), (None, false));
    page.give(Command::SetSpan { span: Some((4, 4)) });
    assert_eq!(page.state.span, None, "a moment is no span");
}

#[test]
fn a_chosen_mark_gives_way_to_what_is_chosen_next() {
    let mut page = page();
    page.play(SECOND).breaks(node("ship"), "Crash", 2, json!({})).give(Command::ChooseMark { index: Some(0) });
    assert_eq!(page.state.mark, Some(0));
    page.give(Command::Select { nodes: vec!["ship".into()], links: Vec::new(), add: false });
    assert_eq!(page.state.mark, None);
    page.give(Command::ChooseMark { index: Some(0) }).give(Command::Undo);
    assert_eq!(page.state.mark, None, "what is gone is not chosen");
    page.give(Command::ChooseMark { index: Some(3) });
    assert_eq!(page.state.mark, None);
}

#[test]
fn a_script_is_about_nodes_and_links() {
    let entry = |fields: Value| {
        let scene = json!({ "version": 1, "nodes": [
            { "id": "a", "type": "Decoupled::Producer", "at": [0, 0] }, { "id": "q", "type": "AWS::SQS::Queue", "at": [0, 0],
              "properties": { "RedrivePolicy": { "deadLetterTargetArn": "d", "maxReceiveCount": 3 } } },
            { "id": "d", "type": "AWS::SQS::Queue", "at": [0, 0] } ],
            "links": [{ "id": "l1", "from": "a", "to": "q", "type": "Send" }], "script": [fields] });
        let (scene, problems) = read_scene(&scene.to_string());
        (scene, problems.first().map(|problem| problem.to_string()))
    };
    let (scene, problem) = entry(json!({ "at": "1s", "link": "l1", "fault": "Drop", "for": "3s", "Probability": 0.5 }));
    assert_eq!(problem, None);
    assert_eq!(scene.script[0].subject(), link("l1"));
    assert_eq!(read_scene(&write_scene(&scene)).0, scene);
    for (fields, words) in [
        (json!({ "at": "1s", "link": "l1", "node": "a", "fault": "Drop" }), "about a node or about a link"),
        (json!({ "at": "1s", "link": "l1", "fault": "Poison" }), "no fault of a link"),
        (json!({ "at": "1s", "link": "l1", "call": "SendMessage" }), "takes no call"),
    ] {
        let (scene, problem) = entry(fields);
        assert!(problem.is_some_and(|problem| problem.contains(words)), "{words}");
        assert!(scene.script.is_empty() && scene.unopened.len() == 1, "it is kept");
    }
    // What is not there may come back, so it stays where it stands in the script.
    for field in ["link", "node"] {
        let (scene, problem) = entry(json!({ "at": "1s", field: "l7", "fault": "Drop" }));
        assert_eq!((problem, scene.script.len()), (None, 1));
        let said = scene.problems().into_iter().find(|problem| problem.place == format!("script[0].{field}"));
        assert!(said.is_some_and(|problem| problem.message.contains("has the id \"l7\"")), "{field}");
    }
    // A line that stands for a property goes by its owner's name.
    let (mut scene, problem) = entry(json!({ "at": "1s", "link": "q~RedrivePolicy", "fault": "Partition" }));
    assert_eq!(problem, None);
    scene.apply(decoupled::scene::Edit::RenameNode { from: "q".into(), to: "orders".into() });
    assert_eq!(scene.script[0].subject(), link("orders~RedrivePolicy"));
}

#[test]
fn what_cannot_be_set_leaves_what_is_there() {
    let scene = json!({ "version": 1, "network": "instant",
        "nodes": [{ "id": "q", "type": "AWS::SQS::Queue", "properties": { "DelaySeconds": 3 } }],
        "script": [
            { "at": "1s", "node": "q", "set": { "VisibilityTimeout": 60 } },
            { "at": "2s", "node": "q", "set": { "VisibilityTimeout": "soon", "Nope": 1, "FifoQueue": true, "DelaySeconds": null } },
            { "id": "g", "at": "3s", "node": "q", "call": "GetQueueAttributes", "input": { "AttributeNames": ["All"] } }
        ] });
    let mut run = Run::new(&read_scene(&scene.to_string()).0);
    run.advance_to(4 * SECOND);
    let answer = run.replies()[0].result.clone().expect("it is answered").expect("it is well");
    assert_eq!(answer["Attributes"]["VisibilityTimeout"], "60");
    assert_eq!(answer["Attributes"]["DelaySeconds"], "0");
    assert!(answer["Attributes"].get("FifoQueue").is_none(), "{answer}");
}

#[test]
fn a_link_is_set_by_script() {
    let mut page = page();
    page.play(3 * SECOND);
    let (subject, at) = (link("l2"), page.shown() + 1);
    let names: Vec<&str> = decoupled::services::LinkKind::Poll.spec().properties.iter().map(|p| p.name).collect();
    page.give(Command::Turn { subject, name: "Nope".to_owned(), value: Some(json!(1)), at });
    assert!(page.state.notice.take().is_some_and(|notice| notice.text.contains("orders → ship")), "{names:?}");
}

/// The fact and the time at which a breakpoint first stops a run, within a minute.
fn stop_at(scene: &Scene, node: &str, when: Condition) -> Option<(String, Micros)> {
    let mut state = State::new(scene.clone(), Vec::new());
    reduce(
        &mut state,
        Command::ToggleBreakpoint { breakpoint: Breakpoint { node: node.into(), fact: None, when: Some(when) } },
    );
    assert_eq!(state.breakpoints.len(), 1);
    let mut run = Run::new(scene);
    let watch = Watch::of(&state.breakpoints, &run);
    run.watch_arrivals(watch.reads());
    let sought = run.search(60 * SECOND, u64::MAX, |run, record| watch.stops(run, record));
    let digest = run.digest();
    assert_eq!(digest, straight_to(scene, run.handled()), "to be watched changes nothing");
    match sought {
        Sought::Found(seq) => run.trace().get(seq).map(|record| (run.node_of(record).to_owned(), record.at)),
        _ => None,
    }
}

fn straight_to(scene: &Scene, handled: u64) -> String {
    let mut run = Run::new(scene);
    run.advance(60 * SECOND, handled - run.handled());
    run.digest()
}

#[test]
fn a_breakpoint_may_wait_for_a_text_a_pattern_or_a_number() {
    let mut scene = shop();
    let payload = json!({ "order": "{{seq}}", "amount": 17 });
    scene.apply(decoupled::scene::Edit::SetProperty {
        id: "shop".into(),
        name: "Payload".into(),
        value: Some(payload),
    });
    let text = |text: &str| Condition::Contains(text.to_owned());
    let (node, third) = stop_at(&scene, "orders", text("\"order\":3,")).expect("the third order comes");
    assert_eq!(node, "orders");
    let (node, taken) = stop_at(&scene, "ship", text("\"order\":3,")).expect("and is taken");
    assert!(node == "ship" && taken > third);
    let pattern = |text: &str| Condition::Matches(text.to_owned());
    assert_eq!(
        stop_at(&scene, "orders", pattern(r#"{"order":[3],"amount":[{"numeric":[">",16]}]}"#)).map(|stop| stop.1),
        Some(third)
    );
    assert_eq!(stop_at(&scene, "orders", pattern(r#"{"amount":[{"numeric":[">",17]}]}"#)), None);
    assert_eq!(stop_at(&scene, "orders", text("refund")), None);

    let metric = |is, than: f64| Condition::Metric {
        name: "NumberOfMessagesSent".to_owned(),
        is,
        than: Thousandths::of(than).expect("a number"),
    };
    assert_eq!(stop_at(&scene, "orders", metric(Comparison::Above, 2.5)).map(|stop| stop.1), Some(third));
    assert_eq!(stop_at(&scene, "orders", metric(Comparison::Below, 2.0)), None, "what is true already is no news");
}

#[test]
fn a_condition_that_is_none_says_so_and_is_not_set() {
    for (condition, words) in [
        (Condition::Contains(String::new()), "which text"),
        (Condition::Matches("{".to_owned()), "JSON"),
        (Condition::Matches(r#"{"a":5}"#.to_owned()), ""),
    ] {
        let why = condition.check().expect_err("it is refused");
        assert!(!why.is_empty() && why.contains(words), "{why}");
        let mut state = State::new(shop(), Vec::new());
        let breakpoint = Breakpoint { node: "orders".into(), fact: None, when: Some(condition) };
        reduce(&mut state, Command::ToggleBreakpoint { breakpoint });
        assert!(state.breakpoints.is_empty());
    }
    assert_eq!(Thousandths::of(f64::NAN), None);
    let at = |when| Breakpoint { node: "orders".into(), fact: None, when: Some(when) }.text();
    let than = Thousandths::of(10.0).expect("a number");
    assert_eq!(at(Condition::Metric { name: "Age".into(), is: Comparison::Above, than }), "orders when Age > 10");
}

#[test]
fn many_acts_keep_few_moments() {
    let mut page = page();
    for act in 1..=200_u64 {
        page.play(act * SECOND / 10).turn("shop", "Rate", json!(format!("{}/s", 1 + act % 9)));
        assert!(page.player.held().0 <= 49, "{:?}", page.player.held());
    }
    page.is_the_fresh_run().seek(7 * SECOND).is_the_fresh_run();
    assert_eq!(page.state.scene.script.len(), 200);
}
