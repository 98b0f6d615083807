//! States tried, with what AWS says of each: the cases are of our own, after what was recorded of AWS (SFN-6, SFN-18).

use serde_json::{Value, json};

use super::{Tested, test_state};
use crate::engine::Micros;
use crate::lang::asl::chance::{Chance, Seeded};
use crate::lang::asl::execution::failure::Error;
use crate::lang::asl::execution::scope::World;

const MACHINE: &str = "arn:aws:states:us-east-1:000000000000:stateMachine:m";

struct Still(Seeded);

impl Chance for Still {
    fn random_u64(&mut self) -> u64 {
        self.0.random_u64()
    }
}

impl World for Still {
    fn now(&self) -> Micros {
        0
    }

    fn next_transition(&mut self) -> Micros {
        0
    }
}

/// A request whose texts are given as values.
fn tried(request: Value) -> Result<Tested, (&'static str, String)> {
    test_state(&request, MACHINE, &mut Still(Seeded(3))).map_err(|refused| (refused.code, refused.message))
}

fn answer(request: Value) -> Value {
    match tried(request) {
        Ok(Tested::Answer(answer)) => answer,
        other => panic!("no answer: {other:?}"),
    }
}

fn text(value: Value) -> Value {
    value.to_string().into()
}

fn task(fields: Value) -> Value {
    let mut state = json!({ "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "Then" });
    for (name, value) in fields.as_object().into_iter().flatten() {
        state[name] = value.clone();
    }
    state
}

#[test]
fn a_pass_shows_its_stages() {
    let state =
        json!({ "Type": "Pass", "InputPath": "$.a", "Parameters": { "b.$": "$.c" }, "ResultPath": "$.d", "End": true });
    let request = json!({ "definition": state, "input": { "a": { "c": 1 } }, "inspectionLevel": "DEBUG" });
    assert_eq!(
        answer(request),
        json!({
            "status": "SUCCEEDED",
            "output": "{\"a\":{\"c\":1},\"d\":{\"b\":1}}",
            "inspectionData": {
                "input": "{\"a\":{\"c\":1}}",
                "afterInputPath": "{\"c\":1}",
                "afterParameters": "{\"b\":1}",
                "afterResultSelector": "{\"b\":1}",
                "afterResultPath": "{\"a\":{\"c\":1},\"d\":{\"b\":1}}",
            },
        })
    );
    let state = json!({ "Type": "Pass", "Result": 5, "Assign": { "five.$": "$" }, "End": true });
    let request = json!({ "definition": state, "inspectionLevel": "TRACE", "variables": { "one": 1 } });
    assert_eq!(
        answer(request)["inspectionData"],
        json!({ "input": "{}", "result": "5", "afterResultSelector": "5", "afterResultPath": "5",
            "variables": "{\"one\":1,\"five\":5}" })
    );
}

#[test]
fn states_that_do_no_work_say_where_they_lead() {
    let choice = json!({ "Type": "Choice", "Choices": [{ "Variable": "$.n", "NumericGreaterThan": 5, "Next": "Many" }],
        "Default": "Few" });
    for (n, next) in [(6, "Many"), (5, "Few")] {
        let answer = answer(json!({ "definition": choice, "input": { "n": n } }));
        assert_eq!((&answer["status"], &answer["nextState"]), (&json!("SUCCEEDED"), &json!(next)));
    }
    let fail = json!({ "Type": "Fail", "Error": "No", "CausePath": "$.why" });
    assert_eq!(
        answer(json!({ "definition": fail, "input": { "why": "late" } })),
        json!({ "status": "FAILED", "error": "No", "cause": "late" })
    );
    let wait = json!({ "Type": "Wait", "SecondsPath": "$.s", "Next": "Then" });
    assert_eq!(answer(json!({ "definition": wait, "input": { "s": 3 } }))["nextState"], "Then");
    let answer = answer(json!({ "definition": wait, "input": { "s": -3 } }));
    assert_eq!((&answer["status"], &answer["error"]), (&json!("FAILED"), &json!("States.Runtime")));
}

#[test]
fn a_mocked_result_goes_through_the_fields_behind_it() {
    let state = task(json!({
        "Parameters": { "FunctionName": "pay", "Payload.$": "$" }, "ResultSelector": { "paid.$": "$.ok" }, "ResultPath": "$.r",
    }));
    let request = json!({ "definition": state, "input": { "n": 1 }, "inspectionLevel": "DEBUG",
        "mock": { "result": { "ok": true } } });
    assert_eq!(
        answer(request),
        json!({
            "status": "SUCCEEDED",
            "nextState": "Then",
            "output": "{\"n\":1,\"r\":{\"paid\":true}}",
            "inspectionData": {
                "input": "{\"n\":1}",
                "afterInputPath": "{\"n\":1}",
                "afterParameters": "{\"FunctionName\":\"pay\",\"Payload\":{\"n\":1}}",
                "result": "{\"ok\":true}",
                "afterResultSelector": "{\"paid\":true}",
                "afterResultPath": "{\"n\":1,\"r\":{\"paid\":true}}",
            },
        })
    );
}

/// SFN-18: each retrier is asked by its own count; then the catchers.
#[test]
fn a_mocked_error_is_tried_again_then_caught() {
    let state = task(json!({
        "Retry": [{ "ErrorEquals": ["Slow"], "IntervalSeconds": 3, "BackoffRate": 2, "MaxAttempts": 2 }],
        "Catch": [{ "ErrorEquals": ["Other"], "Next": "No" }, { "ErrorEquals": ["States.TaskFailed"], "Next": "Yes", "ResultPath": "$.e" }],
    }));
    let request = |error: &str, count: u64| {
        json!({ "definition": state, "inspectionLevel": "DEBUG", "stateConfiguration": { "retrierRetryCount": count },
            "mock": { "errorOutput": { "error": error, "cause": "c" } } })
    };
    for (count, wait) in [(0, 3), (1, 6)] {
        let answer = answer(request("Slow", count));
        assert_eq!((&answer["status"], &answer["error"]), (&json!("RETRIABLE"), &json!("Slow")));
        let details = json!({ "retryIndex": 0, "retryBackoffIntervalSeconds": wait });
        assert_eq!(answer["inspectionData"]["errorDetails"], details);
    }
    let answered = answer(request("Slow", 2));
    assert_eq!((&answered["status"], &answered["nextState"]), (&json!("CAUGHT_ERROR"), &json!("Yes")));
    assert_eq!(answered["output"], "{\"e\":{\"Error\":\"Slow\",\"Cause\":\"c\"}}");
    assert_eq!(answered["inspectionData"]["errorDetails"], json!({ "catchIndex": 1 }));
    let answered = answer(request("States.Timeout", 0));
    assert_eq!((&answered["status"], answered.get("output")), (&json!("FAILED"), None));
}

#[test]
fn a_map_shows_its_items() {
    let processor = |mode: Value| json!({ "ProcessorConfig": mode, "StartAt": "I", "States": { "I": { "Type": "Pass", "End": true } } });
    let distributed = processor(json!({ "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" }));
    let state = json!({
        "Type": "Map", "ItemsPath": "$.list", "ItemSelector": { "i.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value" },
        "MaxConcurrency": 4, "ToleratedFailureCount": 1, "ItemBatcher": { "MaxItemsPerBatch": 2 }, "ItemProcessor": distributed,
        "End": true,
    });
    let input = json!({ "list": ["a", "b", "c"] });
    let request =
        json!({ "definition": state, "input": input, "inspectionLevel": "DEBUG", "mock": { "result": [1, 2, 3] } });
    let answered = answer(request);
    assert_eq!((&answered["status"], &answered["output"]), (&json!("SUCCEEDED"), &json!("[1,2,3]")));
    let data = &answered["inspectionData"];
    assert_eq!(data["afterItemsPath"], "[\"a\",\"b\",\"c\"]");
    assert_eq!(data["afterItemSelector"], "[{\"i\":0,\"v\":\"a\"},{\"i\":1,\"v\":\"b\"},{\"i\":2,\"v\":\"c\"}]");
    assert!(data["afterItemBatcher"].as_str().is_some_and(|batches| batches.starts_with("[{\"Items\":[{\"i\":0")));
    assert_eq!((&data["maxConcurrency"], &data["toleratedFailureCount"]), (&json!(4), &json!(1)));

    let failing = |failures: u64| {
        json!({ "definition": state, "input": input, "mock": { "errorOutput": { "error": "E" } },
            "stateConfiguration": { "mapIterationFailureCount": failures } })
    };
    assert_eq!(answer(failing(1))["error"], "E");
    assert_eq!(answer(failing(2))["error"], "States.ExceedToleratedFailureThreshold");
    assert_eq!(tried(failing(4)).expect_err("there are three items").0, "ValidationException");

    let state = json!({ "Type": "Map", "ItemReader": { "Resource": "arn:aws:states:::s3:getObject",
        "ReaderConfig": { "InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW" }, "Parameters": { "Bucket": "b", "Key": "k" } },
        "ItemProcessor": distributed, "End": true });
    let request = json!({ "definition": state, "inspectionLevel": "DEBUG", "mock": { "result": [] },
        "stateConfiguration": { "mapItemReaderData": "n\n1\n2\n" } });
    assert_eq!(answer(request)["inspectionData"]["afterItemsPath"], "[{\"n\":\"1\"},{\"n\":\"2\"}]");
}

#[test]
fn json_is_written_as_it_came() {
    let state = json!({ "Type": "Parallel", "Branches": [{ "StartAt": "B", "States": { "B": { "Type": "Pass", "End": true } } }], "End": true });
    let mock = json!({ "result": "[{\"a\": 1}]" });
    assert_eq!(answer(json!({ "definition": state, "mock": mock }))["output"], "[{\"a\": 1}]");
    let mock = json!({ "result": "[{\"a\":1}]" });
    assert_eq!(answer(json!({ "definition": state, "mock": mock }))["output"], "[{\"a\":1}]");
}

#[test]
fn a_state_of_a_machine_is_found_by_its_name() {
    let machine = json!({ "StartAt": "A", "States": {
        "A": { "Type": "Pass", "Next": "B" }, "B": { "Type": "Pass", "Result": 2, "End": true } } });
    let request = |name: &str| json!({ "definition": text(machine.clone()), "stateName": name });
    assert_eq!(answer(request("A"))["nextState"], "B");
    assert_eq!(answer(request("B")), json!({ "status": "SUCCEEDED", "output": "2" }));
    assert_eq!(tried(request("C")).expect_err("there is none").0, "ValidationException");
}

#[test]
fn the_context_is_given_or_made() {
    let state = task(json!({ "Parameters": { "name.$": "$$.State.Name", "id.$": "$$.Execution.Id" } }));
    let request = json!({ "definition": state, "inspectionLevel": "DEBUG", "mock": { "result": {} } });
    let answered = answer(request);
    let parameters = answered["inspectionData"]["afterParameters"].as_str().unwrap_or_default().to_owned();
    assert!(parameters.contains("\"name\":\"StateName\""), "{parameters}");
    assert!(parameters.contains("arn:aws:states:us-east-1:000000000000:express:"), "{parameters}");
    let request = json!({ "definition": state, "mock": { "result": {} }, "context": { "State": { "Name": "Mine" } } });
    assert_eq!(answer(request)["error"], "States.Runtime", "what a given context lacks is not there");
}

#[test]
fn what_cannot_be_tried_is_refused() {
    let pass = json!({ "Type": "Pass", "End": true });
    let parallel = json!({ "Type": "Parallel", "Branches": [{ "StartAt": "B", "States": { "B": { "Type": "Pass", "End": true } } }], "End": true });
    let both = json!({ "result": {}, "errorOutput": { "error": "E" } });
    for (request, code, message) in [
        (
            json!({ "definition": pass, "mock": { "result": {} } }),
            "ValidationException",
            "State type 'Pass' is not supported when a mock is specified",
        ),
        (
            json!({ "definition": task(json!({})), "mock": both }),
            "ValidationException",
            "A test mock should have only one of the following fields: [result, errorOutput].",
        ),
        (
            json!({ "definition": task(json!({})) }),
            "ValidationException",
            "RoleArn must be specified when testing a Task state",
        ),
        (
            json!({ "definition": task(json!({})), "mock": { "result": {} }, "revealSecrets": true }),
            "ValidationException",
            "TestState does not support RevealSecrets when a mock is specified.",
        ),
        (
            json!({ "definition": parallel }),
            "InvalidDefinition",
            "TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]",
        ),
        (
            json!({ "definition": parallel, "mock": { "result": {} } }),
            "ValidationException",
            "Mocked result must be an array.",
        ),
        (
            json!({ "definition": pass, "input": "nope" }),
            "InvalidExecutionInput",
            "Invalid State Machine Execution Input: 'Unrecognized token 'nope': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')'",
        ),
        (
            json!({ "definition": { "Type": "Pass", "Wrong": 1, "End": true } }),
            "InvalidDefinition",
            "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Field 'Wrong' is not supported at /'",
        ),
    ] {
        assert_eq!(tried(request.clone()).expect_err("it is refused"), (code, message.to_owned()), "{request}");
    }
}

/// The fields of a mocked result are those of the service's answer.
#[test]
fn a_mocked_result_has_the_shape_of_the_services_answer() {
    let mocked = |action: &str, result: Value, mode: &str| {
        let state = json!({ "Type": "Task", "Resource": format!("arn:aws:states:::{action}"), "End": true });
        let request = json!({ "definition": state, "mock": { "result": result, "fieldValidationMode": mode } });
        match tried(request) {
            Ok(_) => String::new(),
            Err((_, message)) => message.replace("Mock result schema validation error: ", ""),
        }
    };
    for (action, result, wrong) in [
        ("events:putEvents", json!({ "Entries": {} }), "Field 'Entries' must be an array"),
        ("events:putEvents", json!({ "FailedEntryCount": "1" }), "Field 'FailedEntryCount' must be a number"),
        ("sns:publish", json!({ "MessageId": 1 }), "Field 'MessageId' must be a string"),
        ("aws-sdk:kms:decrypt", json!({ "Plaintext": "" }), "Field 'Plaintext' is smaller than the minimum length"),
        (
            "aws-sdk:lambda:getFunction",
            json!({ "Configuration": { "Timeout": 0 } }),
            "Field 'Timeout' is less than the minimum value",
        ),
        ("aws-sdk:s3:getObject", json!({ "StorageClass": "COLD" }), "Field 'StorageClass' is not an expected value"),
        ("sqs:sendMessage", json!({ "Unknown": true }), ""),
        ("aws-sdk:comprehend:detectSentiment", json!({ "Sentiment": 1 }), ""),
    ] {
        for mode in ["STRICT", "PRESENT"] {
            assert_eq!(mocked(action, result.clone(), mode), wrong, "{action}");
        }
        assert_eq!(mocked(action, result, "NONE"), "");
    }
    assert_eq!(mocked("states:startExecution", json!({}), "STRICT"), "Field 'ExecutionArn' is required");
    assert_eq!(mocked("states:startExecution", json!({}), "PRESENT"), "");
}

#[test]
fn a_task_without_a_mock_calls_its_service() {
    let state = task(
        json!({ "Parameters": { "FunctionName": "pay" }, "Catch": [{ "ErrorEquals": ["Bad"], "Next": "Sorry" }] }),
    );
    let request = json!({ "definition": state, "roleArn": "r" });
    for (result, status) in [(Ok(json!({ "ok": 1 })), "SUCCEEDED"), (Err(Error::named("Bad")), "CAUGHT_ERROR")] {
        let Ok(Tested::Call(test)) = tried(request.clone()) else { panic!("it calls") };
        assert_eq!(test.parameters(), &json!({ "FunctionName": "pay" }));
        assert_eq!(test.answered(result, &mut Still(Seeded(3)))["status"], status);
    }
}

/// Requests whose parts are exchanged at random are answered or refused.
#[test]
fn nothing_stops_a_test() {
    let mut chance = Seeded(17);
    let values =
        [json!(null), json!(1), json!("$"), json!("{}"), json!([]), json!({ "a": 1 }), json!("{% 1 %}"), json!(true)];
    let names =
        ["definition", "input", "mock", "context", "variables", "stateConfiguration", "stateName", "inspectionLevel"];
    let states = [
        task(json!({ "ResultSelector": { "a.$": "$.b" } })),
        json!({ "Type": "Choice", "Choices": [] }),
        json!({ "Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states %}", "End": true }),
        json!({ "Type": "Map", "ItemsPath": "$.a", "ItemProcessor": {}, "End": true }),
    ];
    for round in 0..2_000 {
        let mut request =
            json!({ "definition": states[round % states.len()], "mock": { "result": {} }, "roleArn": "r" });
        for _ in 0..3 {
            let name = names[(chance.random_u64() % names.len() as u64) as usize];
            request[name] = values[(chance.random_u64() % values.len() as u64) as usize].clone();
        }
        let _ = tried(request);
    }
}
