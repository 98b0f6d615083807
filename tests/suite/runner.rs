//! The headless runner as a program: its exit codes, its bounds, and its small languages.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

/// Runs `decoupled` with an input on stdin.
fn decoupled(args: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_decoupled"));
    let piped = command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().expect("the runner starts");
    // Whoever refuses its arguments reads no input.
    let _ = child.stdin.take().expect("it is piped").write_all(input.as_bytes());
    child.wait_with_output().expect("the runner ends")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("it ended by itself")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn busy(payload: &str) -> String {
    json!({ "version": 1, "network": "instant",
        "nodes": [{ "id": "p", "type": "Decoupled::Producer", "properties": { "Rate": "1000/s", "Payload": payload } },
            { "id": "q", "type": "AWS::SQS::Queue" }],
        "links": [{ "from": "p", "to": "q" }] })
    .to_string()
}

#[test]
fn a_bound_that_is_reached_ends_the_run_with_code_3_and_says_which() {
    let held = format!("{{{{seq}}}}{}", "x".repeat(100_000));
    for (scene, bound, words) in [
        (busy("x"), ["--max-facts", "500"], "more than 500 facts"),
        (busy("x"), ["--max-time", "0s"], "more than 0 s"),
        (busy(&held), ["--max-memory", "64"], "more than 64 MB"),
    ] {
        let output = decoupled(&["run", "-", "--until", "60s", "--json", bound[0], bound[1]], &scene);
        assert_eq!(code(&output), 3, "{bound:?}: {}", said(&output));
        assert!(said(&output).contains(words) && said(&output).contains(bound[0]), "{bound:?}: {}", said(&output));
        let report: Value = serde_json::from_slice(&output.stdout).expect("the report is JSON all the same");
        assert!(report["problems"].to_string().contains(words), "{}", report["problems"]);
        assert!(report["until"].as_u64().is_some_and(|until| until < 60_000_000), "{}", report["until"]);
    }
    let output = decoupled(
        &["check", "-", "--max-facts", "500"],
        &busy("x")
            .replace("\"links\"", "\"checks\": [{ \"at\": \"1h\", \"path\": \"facts\", \"is\": \"> 0\" }], \"links\""),
    );
    assert_eq!(code(&output), 3, "{}", said(&output));
}

#[test]
fn what_cannot_be_done_is_refused_with_code_2() {
    for (args, words) in [
        (&["run", "-", "--until", "-5s"][..], "negative"),
        (&["run", "-", "--step", "-1s"], "negative"),
        (&["run", "-", "--json", "--trace", "-"], "all but one a file"),
        (&["run", "-", "--csv", "-", "--trace", "-"], "all but one a file"),
        (&["run", "nowhere.json"], "nowhere.json"),
        (&["eval", "klingon", "-"], "event_pattern"),
        (&["eval", "cron", "-"], "not a list"),
    ] {
        let output = decoupled(args, &busy("x"));
        assert_eq!(code(&output), 2, "{args:?}: {}", said(&output));
        assert!(said(&output).contains(words), "{args:?}: {}", said(&output));
    }
}

/// What `eval` answers to the cases, a line each.
fn eval(language: &str, cases: &Value) -> Vec<Value> {
    let output = decoupled(&["eval", language, "-"], &cases.to_string());
    assert_eq!(code(&output), 0, "{}", said(&output));
    let lines = String::from_utf8(output.stdout).expect("it is UTF-8");
    lines.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
}

#[test]
fn eval_answers_a_line_for_each_case() {
    let patterns = json!([
        { "pattern": { "detail": { "n": [{ "numeric": [">", 3] }] } }, "event": { "detail": { "n": 4 } } },
        { "pattern": "{\"a\": [\"b\"]}", "event": "{\"a\": \"c\"}" },
        { "pattern": "{\"a\": ", "event": {} },
        { "pattern": { "a": 1 }, "event": {} },
        { "pattern": { "a": ["b"] }, "event": "no event" },
        { "event": {} },
        7
    ]);
    let lines = eval("event_pattern", &patterns);
    assert_eq!(lines[..2], [json!({ "result": true }), json!({ "result": false })]);
    let codes: Vec<&Value> = lines[2..].iter().map(|line| &line["error"]["Code"]).collect();
    let pattern = "InvalidEventPatternException";
    assert_eq!(codes, [pattern, pattern, "ValidationException", "InvalidCase", "InvalidCase"]);

    let schedules = json!([
        { "expression": "cron(0 9 ? * MON-FRI *)", "zone": "Europe/Berlin", "count": 3 },
        { "expression": "30 2 29 2 ? *", "after": "2026-03-01T00:00:00Z", "count": 2 },
        { "expression": "at(2026-05-01T12:00:00)", "count": 5 },
        { "expression": "rate(1 hour)", "after": "2026-01-01T00:00:00Z", "count": 1 },
        { "expression": "cron(0 9 * * * *)" },
        { "expression": "cron(0 9 ? * MON-FRI *)", "zone": "Europe/Atlantis" },
        { "expression": "cron(0 9 ? * MON-FRI *)", "after": "soon" },
        { "zone": "UTC" }
    ]);
    let lines = eval("cron", &schedules);
    assert_eq!(
        lines[0]["result"],
        json!(["2026-01-01T08:00:00.000Z", "2026-01-02T08:00:00.000Z", "2026-01-05T08:00:00.000Z"])
    );
    assert_eq!(lines[1]["result"], json!(["2028-02-29T02:30:00.000Z", "2032-02-29T02:30:00.000Z"]));
    assert_eq!(lines[2]["result"], json!(["2026-05-01T12:00:00.000Z"]));
    assert_eq!(lines[3]["result"], json!(["2026-01-01T01:00:00.000Z"]));
    let codes: Vec<&Value> = lines[4..].iter().map(|line| &line["error"]["Code"]).collect();
    assert_eq!(codes, ["ValidationException", "ValidationException", "InvalidCase", "InvalidCase"]);
}

#[test]
fn eval_answers_in_the_languages_of_state_machines() {
    let paths = json!([
        { "path": "$.a[*].b", "data": { "a": [{ "b": 1 }, {}] } },
        { "path": "$$.State.Name", "context": { "State": { "Name": "S" } } },
        { "path": "$total.net", "variables": { "total": { "net": 8 } } },
        { "path": "$.x", "data": {} },
        { "path": "$.", "data": {} },
        { "data": {} }
    ]);
    let lines = eval("jsonpath", &paths);
    assert_eq!(lines[..3], [json!({ "result": [1] }), json!({ "result": "S" }), json!({ "result": 8 })]);
    assert_eq!(lines[3]["error"]["Message"], json!("Invalid path '$.x' : No results for path: $['x']"));
    assert_eq!(lines[4]["error"]["Code"], json!("States.Runtime"));
    assert_eq!(lines[5]["error"]["Code"], json!("InvalidCase"));

    let expressions = json!([
        { "expr": "$sum(lines.(n * price)) & $tail", "data": { "lines": [{ "n": 2, "price": 1.5 }] }, "bindings": { "tail": "!" } },
        { "expr": "nothing" },
        { "expr": "$now()" },
        { "expr": "1 +" },
        { "expr": "$eval('1')" },
        {}
    ]);
    let lines = eval("jsonata", &expressions);
    assert_eq!(lines[..2], [json!({ "result": "3!" }), json!({ "undefined": true })]);
    assert_eq!(lines[2]["result"], json!("2026-01-01T00:00:00.000Z"));
    let codes: Vec<&Value> = lines[3..].iter().map(|line| &line["error"]["Code"]).collect();
    assert_eq!(codes, ["S0207", "T1006", "InvalidCase"]);
    // Half of a surrogate pair can be written, but not encoded.
    let output =
        decoupled(&["eval", "jsonata", "-"], r#"[{ "expr": "$encodeUrl('\ud800')" }, { "expr": "'\ud83d\ude00'" }]"#);
    let said = String::from_utf8(output.stdout).expect("it is UTF-8");
    assert!(said.contains("D3140") && said.contains('😀'), "{said}");
}
