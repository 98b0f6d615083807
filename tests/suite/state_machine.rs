//! What one sees of a state machine: its executions, their histories, a visit stage by stage; and its card, small and large.

use decoupled::editor::{Command, Mode, card_rect};
use decoupled::engine::seconds;
use decoupled::figure::Primitive;
use decoupled::scene::{Scene, gallery, read_scene};
use decoupled::services::contract::inside::Inside;
use decoupled::sim::Run;
use serde_json::json;

use crate::editor::hand::with_scene;

fn scene() -> Scene {
    let definition = json!({ "StartAt": "Large?", "States": {
        "Large?": { "Type": "Choice", "Default": "Small", "Choices": [
            { "And": [{ "Variable": "$.total", "NumericGreaterThan": 100 }, { "Variable": "$.country", "StringEquals": "NO" }], "Next": "Large" }] },
        "Small": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "InputPath": "$.total",
            "Parameters": { "FunctionName": "price", "Payload": { "sum.$": "$" } }, "ResultSelector": { "got.$": "$.Payload.sum" },
            "ResultPath": "$.price", "End": true },
        "Large": { "Type": "Succeed" } } });
    let file = json!({ "version": 1, "nodes": [
        { "id": "m", "type": "AWS::StepFunctions::StateMachine", "at": [0, 0], "properties": { "Definition": definition } },
        { "id": "price", "type": "AWS::Lambda::Function", "at": [500, 0] }],
        "links": [{ "id": "l", "from": "m", "to": "price", "type": "Integration" }],
        "script": [{ "at": "1s", "node": "m", "call": "StartExecution", "input": { "name": "first", "input": "{\"total\": 150, \"country\": \"SE\"}" } }] });
    let (scene, problems) = read_scene(&file.to_string());
    assert!(problems.is_empty(), "{problems:?}");
    scene
}

fn played(scene: &Scene) -> Run {
    let mut run = Run::new(scene);
    run.advance_to(seconds(20));
    run
}

fn deeper(run: &Run, way: &[&str]) -> Inside {
    let way: Vec<String> = way.iter().map(|step| (*step).to_owned()).collect();
    run.node("m").and_then(|node| node.inside_of(&way, run.now())).unwrap_or_else(|| panic!("{way:?} leads nowhere"))
}

fn value<'a>(inside: &'a Inside, what: &str) -> &'a str {
    let row = inside.rows.iter().find(|row| row.cells[0] == what);
    row.map_or_else(|| panic!("no {what} in {:?}", inside.rows), |row| &row.cells[1])
}

#[test]
fn an_execution_opens_to_its_history_and_that_to_each_visit_stage_by_stage() {
    let run = played(&scene());
    let executions = run.node("m").and_then(|node| node.inside(run.now())).expect("it holds executions");
    assert_eq!((&*executions.rows[0].cells[1], executions.rows[0].opens.as_deref()), ("SUCCEEDED", Some("first")));
    assert_eq!(executions.rows[0].cells[6], "50.0 µ$", "two transitions at 25 dollars a million");
    let history = deeper(&run, &["first"]);
    let types: Vec<&str> = history.rows.iter().map(|row| &*row.cells[1]).collect();
    let wanted = ["ExecutionStarted", "ChoiceStateEntered", "ChoiceStateExited", "TaskStateEntered", "TaskScheduled"];
    assert_eq!(types[..5], wanted);
    assert_eq!(types.last(), Some(&"ExecutionSucceeded"));
    let opens = history.rows[4].opens.as_deref().expect("a task's event belongs to a visit");
    assert_eq!(opens, "#4 Small");
    let visit = deeper(&run, &["first", opens]);
    assert_eq!(value(&visit, "After InputPath"), "150");
    assert_eq!(value(&visit, "After Parameters"), r#"{"FunctionName":"price","Payload":{"sum":150}}"#);
    assert_eq!(value(&visit, "After ResultSelector"), r#"{"got":150}"#);
    assert_eq!(value(&visit, "Output"), r#"{"total":150,"country":"SE","price":{"got":150}}"#);
}

#[test]
fn a_choice_says_which_clause_did_not_hold() {
    let run = played(&scene());
    let visit = deeper(&run, &["first", "#2 Large?"]);
    assert_eq!(value(&visit, "Rule 1 · does not hold"), r#"$.total > 100 and $.country = "NO""#);
    assert_eq!(value(&visit, "· · holds"), "$.total > 100 — $.total is 150");
    assert_eq!(value(&visit, "· · does not hold"), r#"$.country = "NO" — $.country is "SE""#);
    assert_eq!(value(&visit, "Default"), "Small");
}

#[test]
fn who_points_at_a_state_looks_at_its_latest_visit() {
    let scene = scene();
    let run = played(&scene);
    let card = card_rect(scene.node("m").expect("the machine"));
    let node = run.node("m").expect("the machine");
    let mut ways = std::collections::BTreeSet::new();
    for x in 0..40 {
        for y in 0..40 {
            let at = (card.width * x as f32 / 40.0, card.height * y as f32 / 40.0);
            ways.extend(node.way_to(at, (card.width, card.height), &[]));
        }
    }
    let ways: Vec<String> = ways.into_iter().map(|way| way.join(" ")).collect();
    assert_eq!(ways, ["first #2 Large?", "first #4 Small"], "nobody has been in the third state");
}

#[test]
fn a_card_opens_to_its_graph_and_folds_and_no_run_goes_by_that() {
    let mut hand = with_scene(scene());
    let before = hand.file();
    hand.give(Command::ToggleRoom { id: "m".to_owned() });
    let large = card_rect(hand.state.scene.node("m").expect("it"));
    assert!(hand.property("m", "Height").is_u64(), "{large:?}");
    assert!(scene().plays_like(&hand.state.scene));
    hand.give(Command::ToggleRoom { id: "m".to_owned() });
    assert_eq!(hand.file(), before);
    assert_eq!(hand.state.mode, Mode::Edit);
}

/// Nothing is drawn outside of its card, whatever the scene.
#[test]
fn the_drawing_of_a_machine_lies_in_its_card() {
    let mut drawn = 0;
    for entry in gallery::ALL.iter().filter(|entry| entry.text().contains("StateMachine")) {
        let (scene, _) = read_scene(entry.text());
        let mut run = Run::new(&scene);
        for at in [3, 8, 14] {
            run.advance_to(seconds(at));
            for node in scene.nodes.iter().filter(|node| node.kind.spec().room.is_some()) {
                let card = card_rect(node);
                let model = run.node(&node.id).expect("it runs");
                for primitive in model.figure_in(run.now(), (card.width, card.height)).primitives {
                    if let Primitive::Rect { x, y, width, height, .. } = primitive {
                        drawn += 1;
                        let lies_in = x >= 0.0 && y >= 40.0 && x + width <= card.width && y + height <= card.height;
                        assert!(lies_in, "{} {}: {x} {y} {width} {height}", entry.id, node.id);
                    }
                }
            }
        }
    }
    assert!(drawn > 500, "only {drawn}");
}
