//! Boundaries and notes in a run: a fault at a boundary strikes who is inside, and nothing else of them says anything.

use decoupled::scene::{Frames, Scene, read_scene, write_scene};
use decoupled::sim::Run;
use serde_json::{Value, json};

use crate::support::{open, played, scene};

const SECOND: u64 = 1_000_000;

fn boundary(id: &str, members: &[&str]) -> Value {
    json!({ "id": id, "type": "Decoupled::Boundary", "at": [0, 0], "properties": { "Members": members } })
}

/// A producer and a worker in a Zone with a queue, an endpoint outside.
fn zone(more: &[Value], script: &Value) -> Value {
    let nodes = json!([
        { "id": "shop", "type": "Decoupled::Producer", "at": [0, 0], "properties": { "Rate": "1/s", "Arrivals": "Constant" } },
        { "id": "orders", "type": "AWS::SQS::Queue", "at": [300, 0] },
        { "id": "ship", "type": "Decoupled::Worker", "at": [600, 0], "properties": { "ProcessingTime": "100ms" } }
    ]);
    let mut nodes = nodes.as_array().expect("a list").clone();
    nodes.extend(more.iter().cloned());
    let links = json!([{ "id": "a", "from": "shop", "to": "orders" }, { "id": "b", "from": "orders", "to": "ship" }]);
    json!({ "nodes": nodes, "links": links, "script": script })
}

fn fault(name: &str, node: &str) -> Value {
    json!({ "at": "2500ms", "node": node, "fault": name, "for": "4s" })
}

fn digest(value: Value) -> String {
    played(value, 20 * SECOND).digest()
}

#[test]
fn the_loss_of_a_zone_takes_what_runs_on_machines_and_not_the_queue() {
    // With a function that competes with the worker for the queue's messages.
    let inside = [
        boundary("zone", &["shop", "orders", "ship", "bill"]),
        json!({ "id": "bill", "type": "AWS::Lambda::Function", "at": [600, 200] }),
    ];
    let with = |script: Value| {
        let mut value = zone(&inside, &script);
        value["links"].as_array_mut().expect("a list").push(json!({ "id": "c", "from": "orders", "to": "bill" }));
        digest(value)
    };
    let struck = with(json!([fault("AzOutage", "zone")]));
    assert_eq!(
        struck,
        with(json!([fault("AzOutage", "ship"), fault("AzOutage", "shop")])),
        "as at each machine by itself"
    );
    assert_ne!(struck, with(json!([])));
    let function_too = json!([fault("AzOutage", "bill"), fault("AzOutage", "ship"), fault("AzOutage", "shop")]);
    assert_ne!(struck, with(function_too), "a function is a Regional service");
    // While the Zone is lost, the queue answers.
    let call =
        json!({ "id": "r", "at": "4s", "node": "orders", "call": "SendMessage", "input": { "MessageBody": "x" } });
    let run = played(zone(&inside, &json!([fault("AzOutage", "zone"), call])), 5 * SECOND);
    let answer = run.replies()[0].result.clone().expect("it is answered").expect("and not refused");
    assert!(answer["MessageId"].is_string(), "{answer}");
}

/// One message a second from the first second on: in four seconds of outage four are not sent.
#[test]
fn a_lost_zone_makes_nothing_while_it_is_lost() {
    let sent = |script: &Value| {
        let run = played(zone(&[boundary("zone", &["shop"])], script), 10 * SECOND + SECOND / 2);
        run.shared().ledger.produced
    };
    assert_eq!(sent(&json!([])) - sent(&json!([fault("AzOutage", "zone")])), 4);
}

#[test]
fn other_faults_strike_every_member_and_members_of_members() {
    let inside = [boundary("vpc", &["zone", "orders"]), boundary("zone", &["ship"])];
    for name in ["Crash", "Slow", "Throttle"] {
        let struck = digest(zone(&inside, &json!([fault(name, "vpc")])));
        let each = json!([fault(name, "orders"), fault(name, "ship")]);
        assert_eq!(struck, digest(zone(&[], &each)), "{name}");
    }
}

#[test]
fn a_partition_cuts_what_crosses_the_frame_and_nothing_inside() {
    let split = |members: &[&str]| digest(zone(&[boundary("zone", members)], &json!([fault("Partition", "zone")])));
    let untouched = digest(zone(&[], &json!([])));
    assert_eq!(split(&["shop", "orders", "ship"]), untouched);
    assert_eq!(split(&["ship"]), digest(zone(&[], &json!([fault("Partition", "ship")]))));
    assert_ne!(split(&["orders", "ship"]), untouched);
}

#[test]
fn frames_and_notes_say_nothing_to_a_run_wherever_they_lie() {
    let note =
        json!({ "id": "n", "type": "Decoupled::Note", "at": [5, 5], "properties": { "Text": "# Hi", "Width": 300 } });
    let plain = digest(zone(&[], &json!([])));
    assert_eq!(plain, digest(zone(&[boundary("z", &["ship"]), note.clone()], &json!([]))));
    let mut first = zone(&[], &json!([]));
    first["nodes"].as_array_mut().expect("a list").insert(0, note);
    assert_eq!(plain, digest(first.clone()), "not by its place in the file either");
    let (one, mut two) = (scene(first.clone()), scene(first));
    two.apply(decoupled::scene::Edit::SetProperty { id: "n".into(), name: "Text".into(), value: Some(json!("other")) });
    assert!(one.plays_like(&two));
}

#[test]
fn who_joins_while_it_plays_is_struck_too() {
    let value = zone(&[boundary("zone", &["shop"])], &json!([fault("AzOutage", "zone")]));
    let joined = scene(zone(&[boundary("zone", &["shop", "ship"])], &json!([fault("AzOutage", "zone")])));
    let mut run = Run::new(&scene(value));
    run.advance_to(SECOND);
    assert!(!run.document().plays_like(&joined), "who is inside matters to a run");
    run.reconcile(&joined);
    run.advance_to(20 * SECOND);
    let mut fresh = Run::new(&joined);
    fresh.advance_to(20 * SECOND);
    assert_eq!(run.digest(), fresh.digest());
}

#[test]
fn what_a_boundary_cannot_say_is_a_problem() {
    let said = |nodes: &[Value], script: &Value| -> Vec<String> {
        let (_, problems) = open(zone(nodes, script));
        problems.into_iter().map(|problem| format!("{}: {}", problem.place, problem.message)).collect()
    };
    let both = said(&[boundary("a", &["ship", "ship", "gone"]), boundary("b", &["ship", "b"])], &json!([]));
    let expected = [
        "nodes[3].properties.Members: no node has the id \"gone\"",
        "nodes[3].properties.Members: lists \"ship\" twice",
        "nodes[4].properties.Members: \"ship\" is a member of a already; a node has one boundary",
        "nodes[4].properties.Members: \"b\" is around this boundary; nothing is inside itself",
    ];
    assert_eq!(both, expected);
    let call = json!({ "at": "1s", "node": "a", "call": "SendMessage" });
    let calls = said(&[boundary("a", &[])], &json!([call, fault("Crash", "a")]));
    assert_eq!(calls, ["script[0].node: a boundary takes faults alone; call or set its members"]);
}

#[test]
fn rings_of_boundaries_are_cut_open() {
    let (scene, _) =
        open(json!({ "nodes": [boundary("a", &["b"]), boundary("b", &["c"]), boundary("c", &["a", "c"])] }));
    let frames = Frames::of(&scene);
    for id in ["a", "b", "c"] {
        assert!(frames.around(id).count() < 3 && !frames.inside(id).contains(id), "{id}");
    }
}

#[test]
fn a_lock_is_kept_in_the_file_and_absent_where_there_is_none() {
    let text =
        |locked: &str| format!(r#"{{"version":1,"nodes":[{{"id":"q","type":"AWS::SQS::Queue","at":[0,0]{locked}}}]}}"#);
    let reread = |text: &str| -> Scene { read_scene(text).0 };
    assert!(reread(&write_scene(&reread(&text(",\"locked\":true")))).nodes[0].locked);
    assert!(!write_scene(&reread(&text(",\"locked\":false"))).contains("locked"));
    assert_eq!(read_scene(&text(",\"locked\":1")).1[0].place, "nodes[0].locked");
}
