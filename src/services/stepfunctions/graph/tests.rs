//! The drawing of random machines, and of some that one knows.

use serde_json::{Map, Value, json};

use super::{Area, End, Graph, Why};
use crate::lang::asl::Machine;
use crate::lang::asl::chance::{Chance, Seeded, random_integer};
use crate::lang::asl::machine::StateId;
use crate::lang::asl::read::read;

fn machine_of(definition: &Value) -> Machine {
    let (machine, problems) = read(definition);
    machine.unwrap_or_else(|| panic!("{definition}: {problems:?}"))
}

/// A number below `bound`.
fn below(chance: &mut dyn Chance, bound: usize) -> usize {
    random_integer(chance, 0, bound as i64) as usize
}

fn flow(chance: &mut dyn Chance, most: usize, depth: usize, count: &mut usize) -> Value {
    let size = 1 + below(chance, most);
    let names: Vec<String> = (0..size)
        .map(|_| {
            *count += 1;
            format!("{}{count}", "State with a long name ".get(..below(chance, 22)).unwrap_or_default())
        })
        .collect();
    let mut states = Map::new();
    for (place, name) in names.iter().enumerate() {
        let any = |chance: &mut dyn Chance| names[below(chance, size)].clone();
        // Each is reached from the one before it.
        let next = names.get(place + 1).cloned();
        let mut state = match below(chance, if depth < 2 { 8 } else { 6 }) {
            0 if next.is_some() => {
                let rule = |chance: &mut dyn Chance| json!({ "Variable": "$.total", "NumericGreaterThan": 100, "Next": any(chance) });
                let rules: Vec<Value> = (0..1 + below(chance, 3)).map(|_| rule(chance)).collect();
                json!({ "Type": "Choice", "Choices": rules, "Default": next })
            }
            1 => json!({ "Type": "Wait", "Seconds": 5 }),
            2 | 3 => json!({ "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage",
                "Catch": [{ "ErrorEquals": ["States.ALL"], "Next": any(chance) }] }),
            6 => {
                json!({ "Type": "Parallel", "Branches": (0..1 + below(chance, 3)).map(|_| flow(chance, 4, depth + 1, count)).collect::<Vec<_>>() })
            }
            7 => json!({ "Type": "Map", "ItemProcessor": flow(chance, 4, depth + 1, count) }),
            _ => json!({ "Type": "Pass" }),
        };
        if state["Type"] != "Choice" {
            match next {
                Some(next) => {
                    state["Next"] = if below(chance, 9) == 0 && state.get("Catch").is_some() {
                        any(chance).into()
                    } else {
                        next.into()
                    }
                }
                None => state["End"] = true.into(),
            }
        }
        states.insert(name.clone(), state);
    }
    json!({ "StartAt": names[0], "States": states })
}

/// Whether one lies in a frame of the other.
fn is_within(machine: &Machine, inner: StateId, outer: StateId) -> bool {
    let mut at = machine.states[inner].within;
    while let Some(state) = at {
        if state == outer {
            return true;
        }
        at = machine.states[state].within;
    }
    false
}

fn meet(one: &Area, two: &Area) -> bool {
    let apart = 0.5;
    one.x + apart < two.right()
        && two.x + apart < one.right()
        && one.y + apart < two.bottom()
        && two.y + apart < one.bottom()
}

fn lies_in(inner: &Area, outer: &Area) -> bool {
    inner.x >= outer.x - 0.5
        && inner.right() <= outer.right() + 0.5
        && inner.y >= outer.y
        && inner.bottom() <= outer.bottom() + 0.5
}

fn on_border(area: &Area, (x, y): (f32, f32)) -> bool {
    let near = |one: f32, two: f32| (one - two).abs() < 0.6;
    let (in_x, in_y) = (x > area.x - 0.6 && x < area.right() + 0.6, y > area.y - 0.6 && y < area.bottom() + 0.6);
    (in_x && (near(y, area.y) || near(y, area.bottom()))) || (in_y && (near(x, area.x) || near(x, area.right())))
}

fn check(machine: &Machine, graph: &Graph, told: &str) {
    let whole = Area { x: 0.0, y: 0.0, width: graph.size.0, height: graph.size.1 };
    for (id, place) in graph.places.iter().enumerate() {
        let within = machine.states[id].within.map_or(&whole, |outer| &graph.places[outer].area);
        assert!(lies_in(&place.area, within), "{told}: {} lies in what it belongs to", place.name);
        for (other, beside) in graph.places.iter().enumerate().skip(id + 1) {
            let nested = is_within(machine, id, other) || is_within(machine, other, id);
            assert!(nested || !meet(&place.area, &beside.area), "{told}: {} and {} overlap", place.name, beside.name);
        }
    }
    let labels: Vec<&Area> = graph.edges.iter().filter_map(|edge| edge.label.as_ref()).map(|(area, _)| area).collect();
    for (place, label) in labels.iter().enumerate() {
        assert!(!labels[place + 1..].iter().any(|other| meet(label, other)), "{told}: two labels overlap");
        let boxes = graph.places.iter().filter(|place| !place.is_frame);
        boxes.for_each(|place| assert!(!meet(label, &place.area), "{told}: a label lies over {}", place.name));
    }
    for edge in &graph.edges {
        for (end, at) in [(edge.from, edge.points.first()), (edge.to, edge.points.last())] {
            let at = *at.unwrap_or_else(|| panic!("{told}: a line from {:?} to {:?} has no way", edge.from, edge.to));
            match end {
                End::State(state) => {
                    assert!(on_border(&graph.places[state].area, at), "{told}: {end:?} is not met at {at:?}")
                }
                End::Start => assert!((at.0 - graph.start.0).abs() < 0.6),
                End::Finish => assert!(graph.finish.is_some_and(|finish| (at.0 - finish.0).abs() < 10.0)),
            }
        }
        passes_over_nothing(graph, edge.points.windows(2), told);
    }
}

fn passes_over_nothing<'a>(graph: &Graph, parts: impl Iterator<Item = &'a [(f32, f32)]>, told: &str) {
    for part in parts {
        let ((x1, y1), (x2, y2)) = (part[0], part[1]);
        for step in 0..=10 {
            let along = step as f32 / 10.0;
            let (x, y) = (x1 + (x2 - x1) * along, y1 + (y2 - y1) * along);
            for place in graph.places.iter().filter(|place| !place.is_frame) {
                let area = &place.area;
                let is_inside =
                    x > area.x + 1.0 && x < area.right() - 1.0 && y > area.y + 1.0 && y < area.bottom() - 1.0;
                assert!(!is_inside, "{told}: a line passes over {} at {x} {y}", place.name);
            }
        }
    }
}

#[test]
fn of_random_machines_nothing_overlaps_and_every_line_ends_at_its_states() {
    let mut drawn = 0;
    for seed in 0..400 {
        let mut chance = Seeded(seed);
        let most = 1 + below(&mut chance, 24);
        let definition = flow(&mut chance, most, 0, &mut 0);
        let (Some(machine), _) = read(&definition) else { continue };
        check(&machine, &Graph::of(&machine), &format!("seed {seed}"));
        drawn += 1;
    }
    assert!(drawn > 300, "only {drawn} of them could be read");
}

#[test]
fn a_saga_goes_down_and_its_errors_to_the_side() {
    let task = |next: &str, undo: &str| {
        json!({ "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": next,
            "Catch": [{ "ErrorEquals": ["States.ALL"], "Next": undo }] })
    };
    let machine = machine_of(&json!({ "StartAt": "Reserve", "States": {
        "Reserve": task("Pay", "Failed"), "Pay": task("Ship", "Release"), "Ship": task("Done", "Refund"),
        "Refund": { "Type": "Pass", "Next": "Release" }, "Release": { "Type": "Pass", "Next": "Failed" },
        "Done": { "Type": "Succeed" }, "Failed": { "Type": "Fail", "Error": "OrderFailed" } } }));
    let graph = Graph::of(&machine);
    check(&machine, &graph, "saga");
    let top = |name: &str| {
        let state = machine.states.iter().position(|state| state.name == name).expect("the state");
        graph.places[state].area.y
    };
    assert!(top("Reserve") < top("Pay") && top("Pay") < top("Ship") && top("Ship") < top("Done"));
    assert_eq!(graph.edges.iter().filter(|edge| edge.why == Why::Catch).count(), 3);
    let reserve = graph.places[0].area.middle();
    assert_eq!(graph.state_at(reserve.0, reserve.1), Some(0));
    assert_eq!(graph.state_at(-5.0, 0.0), None);
}

#[test]
fn a_large_machine_is_laid_out_at_once() {
    let mut states = Map::new();
    for number in 0..2_000 {
        let mut state = json!({ "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Next": format!("S{}", number + 1),
            "Catch": [{ "ErrorEquals": ["States.ALL"], "Next": "Failed" }] });
        if number % 7 == 0 {
            state["Catch"][0]["Next"] = format!("S{}", number / 2).into();
        }
        states.insert(format!("S{number}"), state);
    }
    states.insert("S2000".to_owned(), json!({ "Type": "Succeed" }));
    states.insert("Failed".to_owned(), json!({ "Type": "Fail" }));
    let machine = machine_of(&json!({ "StartAt": "S0", "States": states }));
    let graph = Graph::of(&machine);
    assert!(graph.places.iter().all(|place| place.area.width > 0.0));
    assert!(graph.size.0 < 40_000.0, "{:?}", graph.size);
}
