//! Definitions, each with what is wrong, where, and AWS's code.

use serde_json::{Value, json};

use super::*;
use crate::lang::asl::chance::{Chance, Seeded, random_integer};
use crate::lang::steps;

/// A machine of states, the first of which begins.
fn of(states: Value) -> Value {
    let start = states.as_object().and_then(|states| states.keys().next().cloned());
    json!({ "StartAt": start, "States": states })
}

/// A machine of one state, which ends unless it says otherwise.
fn one(mut state: Value) -> Value {
    if state.get("Next").is_none() && !matches!(state["Type"].as_str(), Some("Choice" | "Succeed" | "Fail")) {
        state["End"] = true.into();
    }
    of(json!({ "S": state }))
}

fn task(fields: Value) -> Value {
    let mut state = json!({ "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage" });
    for (name, value) in fields.as_object().into_iter().flatten() {
        state[name] = value.clone();
    }
    one(state)
}

fn choice(rule: Value) -> Value {
    of(json!({ "S": { "Type": "Choice", "Choices": [rule], "Default": "D" }, "D": { "Type": "Succeed" } }))
}

fn map(fields: Value) -> Value {
    let mut state = json!({
        "Type": "Map",
        "ItemProcessor": {
            "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS" },
            "StartAt": "I",
            "States": { "I": { "Type": "Pass", "End": true } },
        },
    });
    for (name, value) in fields.as_object().into_iter().flatten() {
        state[name] = value.clone();
    }
    one(state)
}

/// Each problem's place with AWS's code, `advice` for what AWS does not speak of.
fn told(definition: &Value) -> Vec<String> {
    let (_, problems) = read(definition);
    let code = |problem: &Problem| problem.aws.as_ref().map_or("advice", |aws| aws.code.name());
    problems.iter().map(|problem| format!("{} {}", problem.place, code(problem))).collect()
}

const SCHEMA: &str = "SCHEMA_VALIDATION_FAILED";

/// Definitions with one problem each: its place, and AWS's code.
#[test]
fn every_mistake_is_told_at_its_place() {
    let retry = |fields: Value| {
        let mut retrier = json!({ "ErrorEquals": ["E"] });
        for (name, value) in fields.as_object().into_iter().flatten() {
            retrier[name] = value.clone();
        }
        task(json!({ "Retry": [retrier] }))
    };
    let succeed = json!({ "Type": "Succeed" });
    let cases = [
        (json!([]), "", SCHEMA),
        (json!({ "StartAt": "S", "States": {} }), "States", SCHEMA),
        (json!({ "States": { "S": succeed } }), "", SCHEMA),
        (json!({ "StartAt": "T", "States": { "S": succeed } }), "StartAt", "MISSING_TRANSITION_TARGET"),
        (json!({ "StartAt": "S", "States": { "S": succeed }, "Version": "2.0" }), "Version", SCHEMA),
        (json!({ "StartAt": "S", "States": { "S": succeed }, "Colour": 1 }), "Colour", SCHEMA),
        (json!({ "StartAt": "S", "States": { "S": succeed }, "TimeoutSeconds": 0 }), "TimeoutSeconds", SCHEMA),
        (one(json!({ "Type": "Taks" })), "States.S.Type", SCHEMA),
        (of(json!({ "S": 1, "T": succeed })), "States.S", SCHEMA),
        (one(json!({ "Type": "Pass", "Retry": [] })), "States.S.Retry", SCHEMA),
        (one(json!({ "Type": "Pass", "ResultSelector": {} })), "States.S.ResultSelector", SCHEMA),
        (one(json!({ "Type": "Succeed", "End": true })), "States.S.End", SCHEMA),
        (one(json!({ "Type": "Pass", "Output": 1 })), "States.S.Output", SCHEMA),
        (one(json!({ "Type": "Pass", "QueryLanguage": "JSONata", "Parameters": {} })), "States.S.Parameters", SCHEMA),
        (one(json!({ "Type": "Pass", "InputPath": "order" })), "States.S.InputPath", SCHEMA),
        (one(json!({ "Type": "Pass", "InputPath": "States.UUID()" })), "States.S.InputPath", SCHEMA),
        (one(json!({ "Type": "Pass", "ResultPath": "$.a[*]" })), "States.S.ResultPath", SCHEMA),
        (one(json!({ "Type": "Pass", "ResultPath": "$$.a" })), "States.S.ResultPath", SCHEMA),
        (one(json!({ "Type": "Pass", "ResultPath": "$total" })), "States.S.ResultPath", SCHEMA),
        (one(json!({ "Type": "Pass", "Parameters": { "a.$": "b" } })), "States.S.Parameters.a.$", SCHEMA),
        (
            one(json!({ "Type": "Pass", "Parameters": { "a.$": "States.Nothing()" } })),
            "States.S.Parameters.a.$",
            SCHEMA,
        ),
        (one(json!({ "Type": "Pass", "Parameters": { "a": 1, "a.$": "$" } })), "States.S.Parameters", SCHEMA),
        (one(json!({ "Type": "Pass", "Parameters": { "a": ["$.b"] } })), "States.S.Parameters.a[0]", "NO_DOLLAR"),
        (one(json!({ "Type": "Pass", "Result": { "a.$": "$.b" } })), "States.S.Result", "PASS_RESULT_IS_STATIC"),
        (one(json!({ "Type": "Pass", "Assign": { "states": 1 } })), "States.S.Assign.states", SCHEMA),
        (one(json!({ "Type": "Pass", "Assign": { "a b": 1 } })), "States.S.Assign.a b", "advice"),
        (one(json!({ "Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% 1" })), "States.S.Output", SCHEMA),
        (one(json!({ "Type": "Pass", "QueryLanguage": "JSONata", "Output": " {% 1 %}" })), "States.S.Output", "advice"),
        (
            one(json!({ "Type": "Pass", "QueryLanguage": "JSONata", "Output": { "a": ["{% 1 + %}"] } })),
            "States.S.Output.a[0]",
            "INVALID_JSONATA_EXPRESSION",
        ),
        (
            one(json!({ "Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% phone %}" })),
            "States.S.Output",
            "UNSUPPORTED_JSONATA_EXPRESSION",
        ),
        (
            task(json!({ "QueryLanguage": "JSONata", "Arguments": "{% $states.result %}" })),
            "States.S.Arguments",
            "UNSUPPORTED_JSONATA_EXPRESSION",
        ),
        (
            task(json!({ "QueryLanguage": "JSONata", "Output": "{% $states.errorOutput %}" })),
            "States.S.Output",
            "UNSUPPORTED_JSONATA_EXPRESSION",
        ),
        (one(json!({ "Type": "Wait" })), "States.S", SCHEMA),
        (one(json!({ "Type": "Wait", "Seconds": 1, "SecondsPath": "$.a" })), "States.S.SecondsPath", SCHEMA),
        (one(json!({ "Type": "Wait", "Seconds": 1.5 })), "States.S.Seconds", SCHEMA),
        (one(json!({ "Type": "Wait", "Seconds": "${Pause}" })), "States.S.Seconds", "advice"),
        (one(json!({ "Type": "Wait", "Timestamp": "tomorrow" })), "States.S.Timestamp", SCHEMA),
        (one(json!({ "Type": "Fail", "Cause": "a", "CausePath": "$.b" })), "States.S.CausePath", SCHEMA),
        (one(json!({ "Type": "Parallel" })), "States.S", SCHEMA),
        (one(json!({ "Type": "Parallel", "Branches": [] })), "States.S.Branches", SCHEMA),
        (one(json!({ "Type": "Parallel", "Branches": [1] })), "States.S.Branches[0]", SCHEMA),
        (one(json!({ "Type": "Task" })), "States.S", SCHEMA),
        (task(json!({ "Resource": "pay" })), "States.S.Resource", SCHEMA),
        (task(json!({ "Resource": "arn:aws:states" })), "States.S.Resource", SCHEMA),
        (task(json!({ "Resource": "foo:bar" })), "States.S.Resource", "advice"),
        (task(json!({ "TimeoutSeconds": 5, "TimeoutSecondsPath": "$.t" })), "States.S.TimeoutSecondsPath", SCHEMA),
        (task(json!({ "TimeoutSeconds": 5, "HeartbeatSeconds": 5 })), "States.S.HeartbeatSeconds", SCHEMA),
        (retry(json!({ "IntervalSeconds": 0 })), "States.S.Retry[0].IntervalSeconds", SCHEMA),
        (retry(json!({ "MaxAttempts": -1 })), "States.S.Retry[0].MaxAttempts", SCHEMA),
        (retry(json!({ "BackoffRate": 0.5 })), "States.S.Retry[0].BackoffRate", SCHEMA),
        (retry(json!({ "MaxDelaySeconds": 0 })), "States.S.Retry[0].MaxDelaySeconds", SCHEMA),
        (retry(json!({ "IntervalSeconds": 9, "MaxDelaySeconds": 9 })), "States.S.Retry[0].MaxDelaySeconds", "advice"),
        (retry(json!({ "JitterStrategy": "SOME" })), "States.S.Retry[0].JitterStrategy", SCHEMA),
        (retry(json!({ "ErrorEquals": [] })), "States.S.Retry[0].ErrorEquals", SCHEMA),
        (retry(json!({ "ErrorEquals": ["States.ALL", "E"] })), "States.S.Retry[0].ErrorEquals", SCHEMA),
        (retry(json!({ "ErrorEquals": ["States.Al"] })), "States.S.Retry[0].ErrorEquals[0]", "advice"),
        (retry(json!({ "Delay": 1 })), "States.S.Retry[0].Delay", SCHEMA),
        (
            task(json!({ "Retry": [{ "ErrorEquals": ["States.ALL"] }, { "ErrorEquals": ["E"] }] })),
            "States.S.Retry[0].ErrorEquals",
            SCHEMA,
        ),
        (task(json!({ "Catch": [{ "ErrorEquals": ["E"] }] })), "States.S.Catch[0]", SCHEMA),
        (
            task(json!({ "Catch": [{ "ErrorEquals": ["E"], "Next": "N" }] })),
            "States.S.Catch[0].Next",
            "MISSING_TRANSITION_TARGET",
        ),
        (choice(json!({ "Variable": "$.a", "IsNull": true })), "States.S.Choices[0]", SCHEMA),
        (choice(json!({ "Variable": "$.a", "Next": "D" })), "States.S.Choices[0]", SCHEMA),
        (choice(json!({ "IsNull": true, "Next": "D" })), "States.S.Choices[0]", SCHEMA),
        (
            choice(json!({ "Variable": "$.a", "IsNull": true, "IsString": true, "Next": "D" })),
            "States.S.Choices[0].IsString",
            SCHEMA,
        ),
        (
            choice(json!({ "Variable": "$.a", "NumericEquals": "1", "Next": "D" })),
            "States.S.Choices[0].NumericEquals",
            SCHEMA,
        ),
        (
            choice(json!({ "Variable": "$.a", "TimestampEquals": "1", "Next": "D" })),
            "States.S.Choices[0].TimestampEquals",
            SCHEMA,
        ),
        (
            choice(json!({ "Variable": "$.a", "StringEquals": "$.b", "Next": "D" })),
            "States.S.Choices[0].StringEquals",
            "NO_PATH",
        ),
        (choice(json!({ "And": [], "Next": "D" })), "States.S.Choices[0].And", SCHEMA),
        (
            choice(json!({ "Not": { "Variable": "$.a", "IsNull": true, "Next": "D" }, "Next": "D" })),
            "States.S.Choices[0].Not.Next",
            SCHEMA,
        ),
        (one(json!({ "Type": "Map" })), "States.S", SCHEMA),
        (map(json!({ "ItemSelector": {}, "Parameters": {} })), "States.S.Parameters", SCHEMA),
        (map(json!({ "MaxConcurrency": -1 })), "States.S.MaxConcurrency", SCHEMA),
        (map(json!({ "ToleratedFailurePercentage": 101 })), "States.S.ToleratedFailurePercentage", SCHEMA),
        (map(json!({ "Label": "a b" })), "States.S.Label", "INVALID_LABEL_NAME"),
        (map(json!({ "ItemBatcher": {} })), "States.S.ItemBatcher", SCHEMA),
        (
            map(json!({ "ItemBatcher": { "MaxInputBytesPerBatch": 262_145 } })),
            "States.S.ItemBatcher.MaxInputBytesPerBatch",
            SCHEMA,
        ),
        (map(json!({ "ItemReader": {} })), "States.S.ItemReader", SCHEMA),
        (
            of(json!({ "A": { "Type": "Pass", "Next": "B" }, "B": { "Type": "Pass", "Next": "A" } })),
            "",
            "MISSING_END_STATE",
        ),
        (of(json!({ "A": succeed, "B": succeed })), "States.B", "MISSING_TRANSITION_TARGET"),
        (of(json!({ "A": { "Type": "Pass", "Next": "A", "End": true } })), "States.A.End", SCHEMA),
    ];
    let wrong: Vec<String> = cases
        .iter()
        .map(|(definition, place, code)| (definition, told(definition), [format!("{place} {code}")]))
        .filter(|(_, told, wanted)| told != wanted)
        .map(|(definition, told, wanted)| format!("{definition}: {told:?}, not {wanted:?}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_sound_definition_is_not_spoken_of() {
    for definition in [
        one(json!({ "Type": "Pass", "InputPath": null, "ResultPath": "$['a b'].c[0]", "OutputPath": "$$.Execution" })),
        one(json!({ "Type": "Pass", "Parameters": { "a.$": "States.Format('{}', $.b)", "c": { "d.$": "$total" } } })),
        one(json!({ "Type": "Wait", "Timestamp": "2026-01-01T00:00:00.5+02:00" })),
        one(json!({ "Type": "Fail", "ErrorPath": "States.UUID()", "CausePath": "$.cause" })),
        one(json!({ "Type": "Wait", "QueryLanguage": "JSONata", "Seconds": "{% 1 + 1 %}" })),
        task(json!({ "Resource": "${PayFunction}", "TimeoutSecondsPath": "$.t", "Credentials": { "RoleArn": "r" } })),
        choice(json!({
            "Or": [{ "Not": { "Variable": "$.a", "StringMatches": "a*" } }, { "Variable": "$.a", "NumericEqualsPath": "$.b" }],
            "Next": "D", "Comment": "either",
        })),
        map(json!({
            "ItemReader": {
                "Resource": "arn:aws:states:::s3:getObject", "Parameters": { "Bucket": "b", "Key.$": "$.key" },
                "ReaderConfig": { "InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW", "MaxItems": 5 },
            },
            "ItemBatcher": { "MaxItemsPerBatch": 10, "BatchInput": { "a": 1 } },
            "ResultWriter": { "Resource": "arn:aws:states:::s3:putObject", "Parameters": { "Bucket": "b" } },
            "ToleratedFailurePercentage": 5.5, "Label": "each-row", "ItemSelector": { "v.$": "$$.Map.Item.Value" },
        })),
    ] {
        assert_eq!(told(&definition), Vec::<String>::new(), "{definition}");
    }
}

#[test]
fn names_are_one_machines() {
    let inner = json!({ "StartAt": "S", "States": { "S": { "Type": "Succeed" } } });
    let definition = one(json!({ "Type": "Parallel", "Branches": [inner] }));
    assert_eq!(told(&definition), ["States.S.Branches[0].States.S DUPLICATE_STATE_NAME"]);

    let inner = json!({ "StartAt": "I", "States": { "I": { "Type": "Pass", "Next": "S" } } });
    let (machine, problems) = read(&one(json!({ "Type": "Parallel", "Branches": [inner] })));
    let first = &problems[0];
    assert_eq!(first.place, "States.S.Branches[0].States.I.Next");
    assert!(first.message.ends_with("a flow ends within its own branch; set End to true there"), "{}", first.message);
    assert!(machine.is_some(), "it can still be drawn");

    let long = "n".repeat(81);
    let definition = json!({ "StartAt": long, "States": { long: { "Type": "Succeed" } } });
    assert!(told(&definition)[0].ends_with(" INVALID_STATE_NAME"));
}

/// SFN-7: a nested state has the machine's language, not that of the state around it.
#[test]
fn a_state_has_the_machines_language_or_its_own() {
    let inner = json!({ "StartAt": "I", "States": { "I": { "Type": "Pass", "End": true, "Output": 1 } } });
    let mut definition = one(json!({ "Type": "Parallel", "QueryLanguage": "JSONata", "Branches": [inner] }));
    assert_eq!(told(&definition), [format!("States.S.Branches[0].States.I.Output {SCHEMA}")]);
    definition["QueryLanguage"] = "JSONata".into();
    assert_eq!(told(&definition), Vec::<String>::new());
    definition["States"]["S"]["QueryLanguage"] = "JSONPath".into();
    let (_, problems) = read(&definition);
    let aws = problems[0].aws.as_ref().expect("AWS refuses it");
    assert_eq!(aws.message, "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine");
    assert_eq!(aws.location.as_deref(), Some("/States/S"));
}

#[test]
fn an_express_machine_may_do_less() {
    for (definition, message) in [
        (
            task(json!({ "Resource": "arn:aws:states:us-east-1:000000000000:activity:a" })),
            "Express state machine does not support Activity ARN at /States/S/Resource",
        ),
        (
            task(json!({ "Resource": "arn:aws:states:::states:startExecution.sync:2" })),
            "Express state machine does not support '.sync:2' service integration at /States/S/Resource",
        ),
        (
            map(json!({})),
            "Express state machine does not support 'DISTRIBUTED' mode at /States/S/ItemProcessor/ProcessorConfig/Mode",
        ),
    ] {
        assert_eq!(refusal(&read(&definition).1), None);
        let (_, problems) = read_as(&definition, true);
        let whole = format!("Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: {message}'");
        assert_eq!(refusal(&problems), Some(whole));
    }
}

#[test]
fn a_validation_is_answered_as_aws_answers() {
    let (_, problems) = read(&of(json!({ "A": { "Type": "Pass", "Next": "B" }, "C": { "Type": "Succeed" } })));
    let missing = json!({
        "severity": "ERROR", "code": "MISSING_TRANSITION_TARGET", "message": "Missing 'Next' target: B",
        "location": "/States/A/Next",
    });
    let unreached = json!({
        "severity": "ERROR", "code": "MISSING_TRANSITION_TARGET", "message": "State \"C\" is not reachable.",
        "location": "/States/C",
    });
    let whole = json!({ "result": "FAIL", "diagnostics": [missing, unreached], "truncated": false });
    assert_eq!(validation(&problems, false, 100), whole);
    assert_eq!(
        validation(&problems, false, 1),
        json!({ "result": "FAIL", "diagnostics": [missing], "truncated": true })
    );

    let (_, problems) = read(&one(json!({ "Type": "Pass", "Result": { "a.$": "$" } })));
    let fine = json!({ "result": "OK", "diagnostics": [], "truncated": false });
    assert_eq!(validation(&problems, false, 100), fine);
    assert_eq!(validation(&problems, true, 100)["diagnostics"][0]["severity"], "WARNING");

    let (_, problems) = read(&of(json!({ "A": { "Type": "Pass", "Next": "A" } })));
    let whole = "Invalid State Machine Definition: 'MISSING_END_STATE: Workflow has no terminal state at null'";
    assert_eq!(refusal(&problems).as_deref(), Some(whole));
}

#[test]
fn a_text_that_is_no_json_is_told_with_its_line() {
    for (text, line, column, message) in [
        (
            "{\"StartAt\": }",
            1,
            13,
            "Unexpected character ('}' (code 125)): expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
        ),
        ("{\n 'a': 1}", 2, 2, "Unexpected character (''' (code 39)): was expecting double-quote to start field name"),
        (
            "{\"a\" 1}",
            1,
            6,
            "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value",
        ),
        (
            "{\"a\": 1 \"b\": 2}",
            1,
            9,
            "Unexpected character ('\"' (code 34)): was expecting comma to separate Object entries",
        ),
        ("[1 2]", 1, 4, "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries"),
        (
            "nope",
            1,
            1,
            "Unrecognized token 'nope': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
        ),
        (
            "{\"a\": [1",
            1,
            9,
            "Unexpected end-of-input: expected close marker for Array (start marker at [Source: UNKNOWN; line: 1, column: 7])",
        ),
        ("\"a", 1, 3, "Unexpected end-of-input: was expecting closing quote for a string value"),
    ] {
        let wanted = JsonError { message: message.to_owned(), line, column };
        assert_eq!(json_error(text), Some(wanted), "{text}");
        let (machine, problems) = read_text(text, false);
        assert!(machine.is_none());
        assert_eq!(problems[0].place, format!("line {line}, column {column}"));
    }
    assert_eq!(json_error(" {\"a\": [1, -2.5e3, \"\\u00e9\\n\", null, {}]} "), None);
}

#[test]
fn names_that_are_given_twice_are_told() {
    let text = "{\"StartAt\":\"A\",\n\"States\":{\"A\":{\"Type\":\"Succeed\",\"Comment\":\"\",\"Comment\":\"\"},\n\"A\":{\"Type\":\"Succeed\"}}}";
    let (machine, problems) = read_text(text, false);
    assert!(machine.is_some());
    let told: Vec<(&str, Level)> = problems.iter().map(|problem| (&*problem.place, problem.level)).collect();
    assert_eq!(told, [("line 2, column 46", Level::Warning), ("line 3, column 1", Level::Error)]);
    assert!(refusal(&problems).is_some_and(|text| text.contains("DUPLICATE_STATE_NAME: Duplicate State name: A")));
}

#[test]
fn reading_grows_as_the_text_does() {
    steps::assert_linear(
        &["[\"a\",{\"b\":1.5},null],", "{\"a\":", "\"\\u00e9\\\"\\n\",", "[[[", "   ", "x"],
        8,
        |text| {
            let _ = json_error(&format!("[{text}"));
        },
    );
    let chain = |length: usize| {
        let state = |index: usize| {
            let fields = json!({ "Type": "Pass", "Next": format!("S{}", index + 1), "Parameters": { "a": [1, 2, 3] } });
            (format!("S{index}"), fields)
        };
        let mut states: serde_json::Map<String, Value> = (0..length).map(state).collect();
        states.insert(format!("S{length}"), json!({ "Type": "Succeed" }));
        of(Value::Object(states))
    };
    let taken = |length: usize| {
        let definition = chain(length);
        steps::counted(|| assert!(read(&definition).1.is_empty()))
    };
    assert!(taken(2_000) <= taken(200) * 11);
}

#[test]
fn nothing_is_too_deep() {
    let mut inner = json!({ "StartAt": "S", "States": { "S": { "Type": "Succeed" } } });
    for depth in 0..60 {
        let state = json!({ "Type": "Parallel", "Branches": [inner], "End": true });
        inner = json!({ "StartAt": format!("S{depth}"), "States": { format!("S{depth}"): state } });
    }
    assert!(told(&inner).iter().any(|problem| problem.ends_with("TOO_DEEPLY_NESTED")));
    let mut rule = json!({ "Variable": "$.a", "IsNull": true });
    for _ in 0..200 {
        rule = json!({ "Not": rule });
    }
    rule["Next"] = "D".into();
    assert!(told(&choice(rule)).iter().any(|problem| problem.ends_with("TOO_DEEPLY_NESTED")));
}

/// Definitions whose parts are taken out, doubled and exchanged at random: each is read, and its states stay in it.
#[test]
fn nothing_stops_the_reader() {
    let sound = [
        task(json!({ "Retry": [{ "ErrorEquals": ["States.ALL"], "BackoffRate": 2.5 }], "ResultPath": "$.a" })),
        choice(json!({ "And": [{ "Variable": "$.a", "IsPresent": true }], "Next": "D", "Assign": { "a.$": "$.b" } })),
        map(json!({ "ItemBatcher": { "MaxItemsPerBatch": 2 }, "Catch": [{ "ErrorEquals": ["E"], "Next": "S" }] })),
        one(json!({ "Type": "Parallel", "QueryLanguage": "JSONata", "Output": "{% 1 %}",
            "Branches": [of(json!({ "B": { "Type": "Wait", "Seconds": 1, "End": true } }))] })),
    ];
    let mut chance = Seeded(16);
    for round in 0..3_000 {
        let mut definition = sound[round % sound.len()].clone();
        for _ in 0..=random_integer(&mut chance, 0, 4) {
            let part = part_of(&sound[random_integer(&mut chance, 0, 4) as usize], &mut chance);
            mutate(&mut definition, part, &mut chance);
        }
        let (machine, problems) = read(&definition);
        if let Some(machine) = machine {
            let length = machine.states.len();
            assert!(machine.flow.states.iter().all(|id| *id < length), "{definition}");
            let fine = machine.states.iter().all(|state| {
                state.next.is_none_or(|next| next < length) && state.catch.iter().all(|catcher| catcher.next < length)
            });
            assert!(fine, "{definition}");
        } else {
            assert!(!is_valid(&problems), "{definition}");
        }
        let text = definition.to_string();
        let cut: String = text.chars().take(random_integer(&mut chance, 0, text.len() as i64) as usize).collect();
        assert_eq!(json_error(&text), None);
        assert_eq!(json_error(&cut).is_none(), serde_json::from_str::<Value>(&cut).is_ok(), "{cut}");
        let _ = read_text(&cut, true);
    }
}

/// Some part of a value.
fn part_of(value: &Value, chance: &mut dyn Chance) -> Value {
    let parts: Vec<&Value> = match value {
        Value::Object(map) => map.values().collect(),
        Value::Array(items) => items.iter().collect(),
        _ => Vec::new(),
    };
    if parts.is_empty() || chance.random_unit() < 0.3 {
        return value.clone();
    }
    part_of(parts[random_integer(chance, 0, parts.len() as i64) as usize], chance)
}

/// Puts a part somewhere, or takes something out.
fn mutate(value: &mut Value, part: Value, chance: &mut dyn Chance) {
    let stops = chance.random_unit() < 0.2;
    match value {
        Value::Object(map) if !map.is_empty() && !stops => {
            let place = random_integer(chance, 0, map.len() as i64) as usize;
            let name = map.keys().nth(place).cloned().unwrap_or_default();
            if chance.random_unit() < 0.1 {
                map.remove(&name);
            } else if let Some(inner) = map.get_mut(&name) {
                mutate(inner, part, chance);
            }
        }
        Value::Array(items) if !items.is_empty() && !stops => {
            let place = random_integer(chance, 0, items.len() as i64) as usize;
            mutate(&mut items[place], part, chance);
        }
        _ => *value = part,
    }
}
