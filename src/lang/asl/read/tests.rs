//! Definitions, each with what is wrong, where, and AWS's code.

use serde_json::json;

use super::*;

#[test]
fn a_machine_is_read_with_its_flows() {
    let (machine, problems) = read(&json!({
        "StartAt": "All",
        "States": {
            "All": {
                "Type": "Parallel",
                "Branches": [{ "StartAt": "One", "States": { "One": { "Type": "Pass", "Next": "Two" }, "Two": { "Type": "Succeed" } } }],
                "Catch": [{ "ErrorEquals": ["States.ALL"], "Next": "Bad" }],
                "Next": "Good",
            },
            "Good": { "Type": "Succeed" },
            "Bad": { "Type": "Fail", "Error": "No" },
        },
    }));
    assert_eq!(problems, []);
    let machine = machine.expect("it has states");
    let names: Vec<&str> = machine.states.iter().map(|state| state.name.as_str()).collect();
    assert_eq!(names, ["All", "One", "Two", "Good", "Bad"]);
    assert_eq!(machine.flow.states, [0, 3, 4]);
    assert_eq!((machine.states[0].next, machine.states[0].catch[0].next), (Some(3), 4));
    assert_eq!((machine.states[1].next, machine.states[1].within), (Some(2), Some(0)));
    assert_eq!(machine.states[2].place, "States.All.Branches[0].States.Two");
}
