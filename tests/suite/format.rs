//! The scene file: what is wrong with a bad one is said with its place, nothing panics, and nothing is lost when it
//! is saved again.

mod arbitrary;

use decoupled::engine::seconds;
use decoupled::scene::{Problem, Scene, gallery, limits, read_file, read_scene, schema, write_scene};
use decoupled::sim::Run;
use serde_json::{Value, json};

/// Opens a text, plays it a little, saves and opens it again: all of that must go well whatever the text says.
fn survive(text: &str) -> (Scene, Vec<Problem>) {
    let (scene, mut problems) = read_scene(text);
    problems.extend(scene.problems());
    Run::new(&scene).advance(seconds(1), 2_000);
    let (again, _) = read_scene(&write_scene(&scene));
    assert!(again == scene, "saving and opening changes this scene: {}", text.chars().take(2_000).collect::<String>());
    (scene, problems)
}

/// The problem at a place says these words.
fn says(text: &str, place: &str, words: &str) {
    let (_, problems) = survive(text);
    let found = problems.iter().any(|problem| problem.place == place && problem.message.contains(words));
    let shown: String = text.chars().take(300).collect();
    assert!(found, "{shown}: no problem at {place:?} says {words:?}, but {problems:?}");
}

#[test]
fn what_is_no_scene_is_refused_with_a_reason() {
    let large = format!(r#"{{"version":1,"nodes":[],"notes":["{}"]}}"#, "x".repeat(limits::FILE_BYTES_MAX));
    for (text, words) in [
        ("", "not JSON"),
        ("{\"version\":1,", "not JSON"),
        ("{\"version\":1,\"nodes\":[{\"at\":[NaN,0]}]}", "not JSON"),
        ("{\"version\":1,\"nodes\":[{\"at\":[1e999,0]}]}", "not JSON"),
        ("null", "not a scene"),
        ("[{}]", "not a scene"),
        ("{\"hello\":1}", "neither"),
        (&"[".repeat(100_000), "nested too deep at line 1 column 128"),
        (&"{\"a\":".repeat(100_000), "nested too deep"),
        ("{\0\"\0", "UTF-16"),
        (&large, "8 MB"),
    ] {
        says(text, "", words);
    }
    says("{\"version\":2,\"nodes\":[]}", "version", "unknown");
    says("{\"version\":\"1\",\"nodes\":[]}", "version", "unknown");
    says("{\"nodes\":[]}", "version", "missing");
    says("{\"nodes\":[{\"id\":1}]}", "version", "missing");
}

#[test]
fn a_file_is_utf_8_with_or_without_a_mark_at_its_beginning() {
    let scene = with(json!([{ "id": "q", "type": "AWS::SQS::Queue" }]), json!([]), json!([]));
    let (marked, problems) = read_file(format!("\u{feff}{scene}").as_bytes()).expect("it is a scene");
    assert!(problems.is_empty(), "{problems:?}");
    assert!(marked == read_scene(&scene).0);
    let utf_16: Vec<u8> = [0xfeff].into_iter().chain(scene.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let unmarked: Vec<u8> = scene.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for (bytes, words) in [
        (utf_16, "UTF-16"),
        (unmarked, "UTF-16"),
        (b"{\n \"name\": \"Gr\xfcn\" }".to_vec(), "line 2"),
        (vec![b' '; limits::FILE_BYTES_MAX + 1], "8 MB"),
    ] {
        let why = read_file(&bytes).expect_err(words);
        assert!(why.message.contains(words), "{why}");
    }
}

#[test]
fn a_name_that_is_given_twice_is_named_by_its_place() {
    let queue = |properties: &str| {
        format!(r#"{{"version":1,"nodes":[{{"id":"q","type":"AWS::SQS::Queue","properties":{properties}}}]}}"#)
    };
    says(r#"{"version":1,"nodes":[],"nodes":[{"id":"q","type":"AWS::SQS::Queue"}]}"#, "nodes", "twice");
    says(&queue(r#"{"DelaySeconds":1,"DelaySeconds":2}"#), "nodes[0].properties.DelaySeconds", "twice");
    says(&queue(r#"{"QueueName":"a","\u0051ueueName":"b"}"#), "nodes[0].properties.QueueName", "twice");
    // Colons and quotes inside texts are no names.
    let (_, problems) = survive(&queue(r#"{"QueueName":"a\":\"b:c\\"}"#));
    assert!(!problems.iter().any(|problem| problem.message.contains("twice")), "{problems:?}");
}

#[test]
fn places_count_from_the_file_past_entries_that_cannot_be_used() {
    let file = json!({ "version": 1,
        "nodes": [7, { "id": "x", "type": "Nope" }, { "id": "q", "type": "AWS::SQS::Queue", "properties": { "VisibilityTimeout": -1 } },
            { "id": "p", "type": "Decoupled::Producer" }],
        "links": [{ "from": "p", "to": "gone" }, { "from": "p", "to": "q", "latency": "long" }],
        "script": [{ "at": "1s" }, { "at": "1s", "node": "q", "set": { "DelaySeconds": 901 } }] });
    let (_, problems) = read_file(file.to_string().as_bytes()).expect("it is a scene");
    let places: Vec<&str> = problems.iter().map(|problem| &*problem.place).collect();
    for place in ["nodes[2].properties.VisibilityTimeout", "links[1].latency", "script[1].set.DelaySeconds"] {
        assert!(places.contains(&place), "{place} is not among {places:?}");
    }
}

/// A scene around these lists.
fn with(nodes: Value, links: Value, script: Value) -> String {
    json!({ "version": 1, "nodes": nodes, "links": links, "script": script }).to_string()
}

#[test]
fn every_bad_node_is_named_by_its_place() {
    let queue = |properties: Value| json!({ "id": "q", "type": "AWS::SQS::Queue", "properties": properties });
    let producer = |properties: Value| json!({ "id": "p", "type": "Decoupled::Producer", "properties": properties });
    for (node, place, words) in [
        (json!(7), "nodes[0]", "object"),
        (json!({ "id": "", "type": "AWS::SQS::Queue" }), "nodes[0].id", "1 to 255"),
        (json!({ "id": "x".repeat(256), "type": "AWS::SQS::Queue" }), "nodes[0].id", "1 to 255"),
        (json!({ "id": "a", "type": "AWS::SQS::Pile" }), "nodes[0].type", "AWS::SQS::Queue"),
        (json!({ "id": "a", "type": "AWS::AmazonMQ::Broker" }), "nodes[0].type", "not modelled yet"),
        (json!({ "id": "a" }), "nodes[0].type", "(none)"),
        (json!({ "id": "a", "type": "AWS::SQS::Queue", "at": [1] }), "nodes[0].at", "two numbers"),
        (json!({ "id": "a", "type": "AWS::SQS::Queue", "at": ["1", 2] }), "nodes[0].at", "two numbers"),
        (json!({ "id": "a", "type": "AWS::SQS::Queue", "colour": 1 }), "nodes[0].colour", "not a field"),
        (queue(json!([])), "nodes[0].properties", "object"),
        (queue(json!({ "VisibilityTimeot": 1 })), "nodes[0].properties.VisibilityTimeot", "VisibilityTimeout"),
        (queue(json!({ "VisibilityTimeout": 43_201 })), "nodes[0].properties.VisibilityTimeout", "0 to 43200"),
        (queue(json!({ "VisibilityTimeout": -1 })), "nodes[0].properties.VisibilityTimeout", "0 to 43200"),
        (queue(json!({ "VisibilityTimeout": 1.5 })), "nodes[0].properties.VisibilityTimeout", "whole number"),
        (queue(json!({ "VisibilityTimeout": u64::MAX })), "nodes[0].properties.VisibilityTimeout", "whole number"),
        (queue(json!({ "Tags": [] })), "nodes[0].properties.Tags", "not modelled"),
        (queue(json!({ "RedrivePolicy": 3 })), "nodes[0].properties.RedrivePolicy", "object"),
        (
            queue(json!({ "RedrivePolicy": { "maxReceiveCount": 0 } })),
            "nodes[0].properties.RedrivePolicy.maxReceiveCount",
            "1 to 1000",
        ),
        (producer(json!({ "Rate": "1000000/s" })), "nodes[0].properties.Rate", "100000/s"),
        (producer(json!({ "Rate": "-1/s" })), "nodes[0].properties.Rate", "not a rate"),
        (producer(json!({ "Rate": "1e9/s" })), "nodes[0].properties.Rate", "not a rate"),
        (producer(json!({ "Arrivals": "Sometimes" })), "nodes[0].properties.Arrivals", "Poisson"),
        (producer(json!({ "StartAt": "99999999999999s" })), "nodes[0].properties.StartAt", "36500d"),
        (producer(json!({ "StartAt": "soon" })), "nodes[0].properties.StartAt", "250ms"),
        (
            json!({ "id": "w", "type": "Decoupled::Worker", "properties": { "FailureRate": 1.01 } }),
            "nodes[0].properties.FailureRate",
            "0 to 1",
        ),
        (
            json!({ "id": "w", "type": "Decoupled::Worker", "properties": { "ProcessingTime": { "uniform": ["2s", "1s"] } } }),
            "nodes[0].properties.ProcessingTime",
            "above",
        ),
        (
            json!({ "id": "s", "type": "AWS::Kinesis::Stream", "properties": { "ShardCount": 4_000_000_000_u64 } }),
            "nodes[0].properties.ShardCount",
            "1 to 64",
        ),
        (
            json!({ "id": "s", "type": "AWS::Kinesis::Stream", "properties": { "RetentionPeriodHours": u64::MAX } }),
            "nodes[0].properties.RetentionPeriodHours",
            "24 to 8760",
        ),
        (
            json!({ "id": "r", "type": "AWS::Events::Rule", "properties": { "EventPattern": { "source": [] } } }),
            "nodes[0].properties.EventPattern",
            "mpty",
        ),
    ] {
        says(&with(json!([node]), json!([]), json!([])), place, words);
    }
    let twins = json!([{ "id": "a", "type": "AWS::SQS::Queue" }, { "id": "a", "type": "AWS::SNS::Topic" }]);
    says(&with(twins, json!([]), json!([])), "nodes[1].id", "taken");
}

#[test]
fn every_bad_link_is_named_by_its_place() {
    let nodes = json!([{ "id": "q", "type": "AWS::SQS::Queue" }, { "id": "t", "type": "AWS::SNS::Topic" },
        { "id": "p", "type": "Decoupled::Producer" }, { "id": "w", "type": "Decoupled::Worker" },
        { "id": "f", "type": "AWS::Lambda::Function" }]);
    for (link, place, words) in [
        (json!("q to w"), "links[0]", "object"),
        (json!({ "from": "q", "to": "nobody" }), "links[0].to", "nobody"),
        (json!({ "from": "q", "to": "q" }), "links[0].type", "RedrivePolicy"),
        (json!({ "from": "t", "to": "t" }), "links[0].type", "cannot be connected"),
        (json!({ "from": "q", "to": "t" }), "links[0].type", "cannot be connected"),
        (json!({ "from": "w", "to": "q", "type": "Poll" }), "links[0].type", "use Send"),
        (json!({ "from": "p", "to": "q", "type": "Throw" }), "links[0].type", "Send"),
        (json!({ "from": "p", "to": "q", "latency": "long" }), "links[0].latency", "250ms"),
        (json!({ "from": "p", "to": "q", "colour": "red" }), "links[0].colour", "not a field"),
        (json!({ "from": "q", "to": "w", "properties": { "Speed": 1 } }), "links[0].properties.Speed", "no property"),
        (
            json!({ "from": "t", "to": "q", "properties": { "FilterPolicy": { "a": "b" } } }),
            "links[0].properties.FilterPolicy",
            "",
        ),
        (
            json!({ "from": "t", "to": "q", "properties": { "RedrivePolicy": {} } }),
            "links[0].properties.RedrivePolicy",
            "deadLetterTargetArn",
        ),
        (
            json!({ "from": "q", "to": "f", "properties": { "BatchSize": 11 } }),
            "links[0].properties.BatchSize",
            "batching window",
        ),
    ] {
        says(&with(nodes.clone(), json!([link]), json!([])), place, words);
    }
    let twins = json!([{ "id": "l", "from": "p", "to": "q" }, { "id": "l", "from": "t", "to": "q" }]);
    says(&with(nodes, twins, json!([])), "links[1].id", "taken");
}

#[test]
fn every_bad_script_entry_is_named_by_its_place() {
    let nodes = json!([{ "id": "q", "type": "AWS::SQS::Queue" }]);
    let call = |id: &str, at: &str, other: &str| json!({ "id": id, "at": at, "node": "q", "call": "DeleteMessage", "input": { "ReceiptHandle": format!("${{{other}.Handle}}") } });
    for (script, place, words) in [
        (json!([3]), "script[0]", "object"),
        (json!([{ "node": "q", "call": "X" }]), "script[0].at", "duration"),
        (json!([{ "at": "5", "node": "q", "call": "X" }]), "script[0].at", "ms"),
        (json!([{ "at": "5s", "node": "r", "call": "X" }]), "script[0].node", "no node"),
        (json!([{ "at": "5s", "node": "q" }]), "script[0]", "\"call\", \"fault\" or \"set\""),
        (json!([{ "at": "5s", "node": "q", "fault": "Explode" }]), "script[0].fault", "Crash"),
        (json!([{ "at": "5s", "node": "q", "fault": "Crash", "for": "ever" }]), "script[0].for", "ever"),
        (json!([{ "at": "5s", "node": "q", "fault": "Crash", "for": 5 }]), "script[0].for", "not a text"),
        (json!([{ "at": "5s", "node": "q", "fault": "Drop", "Probability": 2 }]), "script[0].Probability", "0 to 1"),
        (json!([{ "at": "5s", "node": "q", "fault": "Drop", "Odds": 2 }]), "script[0].Odds", "not a field"),
        (json!([{ "at": "5s", "node": "q", "call": "X", "fault": "Crash" }]), "script[0].fault", "one thing"),
        (json!([{ "at": "5s", "node": "q", "set": {}, "fault": "Crash" }]), "script[0].set", "one thing"),
        (json!([{ "at": "5s", "node": "q", "call": "X", "input": "{}" }]), "script[0].input", "is a text"),
        (json!([{ "at": "5s", "node": "q", "call": "X", "input": [] }]), "script[0].input", "no object"),
        (json!([{ "at": "5s", "node": "q", "call": "X", "for": "1s" }]), "script[0].for", "not a field"),
        (json!([{ "at": "5s", "node": "q", "call": 3 }]), "script[0].call", "not a text"),
        (json!([{ "at": "5s", "node": "q", "id": 3, "call": "X" }]), "script[0].id", "not a text"),
        (json!([{ "at": "5s", "node": "q", "set": [] }]), "script[0].set", "object"),
        (
            json!([{ "at": "5s", "node": "q", "set": { "VisibilityTimeout": "x" } }]),
            "script[0].set.VisibilityTimeout",
            "43200",
        ),
        (json!([{ "at": "5s", "node": "q", "set": { "Nope": null } }]), "script[0].set.Nope", "no property"),
        (
            json!([{ "at": "5s", "node": "q", "set": { "RedrivePolicy": { "maxReceiveCount": 0 } } }]),
            "script[0].set.RedrivePolicy.maxReceiveCount",
            "1 to 1000",
        ),
        (json!([call("a", "1s", "b"), call("b", "1s", "a")]), "script[0].input", "names no earlier call"),
        (json!([call("a", "1s", "a")]), "script[0].input", "names no earlier call"),
        (json!([call("b", "2s", "a"), call("a", "3s", "x")]), "script[0].input", "names no earlier call"),
        (
            json!([{ "id": "a", "at": "1s", "node": "q", "call": "PurgeQueue" }, { "id": "a", "at": "2s", "node": "q", "call": "PurgeQueue" }]),
            "script[1].id",
            "taken",
        ),
    ] {
        says(&with(nodes.clone(), json!([]), script), place, words);
    }
}

#[test]
fn lists_that_are_none_and_unknown_fields_are_kept() {
    for field in ["nodes", "links", "script"] {
        let mut file = json!({ "version": 1, "nodes": [], "future": { "field": [1, null] } });
        file[field] = json!({ "not": "a list" });
        let (scene, problems) = survive(&file.to_string());
        assert!(problems.iter().any(|problem| problem.place == field), "{field}: {problems:?}");
        let text = write_scene(&scene);
        assert!(text.contains("a list") && text.contains("future"), "{field} is lost: {text}");
    }
}

#[test]
fn a_hundred_thousand_nodes_open_as_far_as_allowed_and_none_is_lost() {
    let node = |n: usize| json!({ "id": format!("n{n}"), "type": "AWS::SQS::Queue" });
    let text = with((0..100_000).map(node).collect(), json!([]), json!([]));
    let (scene, problems) = survive(&text);
    assert_eq!((scene.nodes.len(), scene.unopened.len()), (limits::NODES_MAX, 100_000 - limits::NODES_MAX));
    assert!(problems[0].place == "nodes" && problems[0].message.contains("100000"), "{:?}", problems[0]);
}

#[test]
fn problems_are_bounded_and_the_rest_is_counted() {
    let nodes = (0..1_500).map(|n| json!({ "id": n })).collect();
    let (_, problems) = read_scene(&with(nodes, json!([]), json!([])));
    assert_eq!(problems.len(), limits::PROBLEMS_MAX + 1);
    assert!(problems[limits::PROBLEMS_MAX].message.contains("1300 more"), "{:?}", problems.last());
}

#[test]
fn the_gallery_is_saved_as_it_was_opened() {
    for entry in gallery::ALL {
        let (scene, problems) = survive(entry.text());
        assert!(problems.is_empty(), "{}: {problems:?}", entry.id);
        assert_eq!(write_scene(&scene), entry.text(), "{}", entry.id);
    }
}

/// `static/scene.schema.json` is what [`schema`] says; `UPDATE=1` writes it anew.
#[test]
fn the_published_schema_is_the_one_the_code_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/static/scene.schema.json");
    let text = serde_json::to_string_pretty(&schema()).expect("a schema is JSON") + "\n";
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &text).expect("the schema can be written");
    }
    let published = std::fs::read_to_string(path).expect("static/scene.schema.json is there");
    assert_eq!(published, text, "run the test with UPDATE=1 and review what changed");
}

/// What stands between fences in a document of the repository.
fn examples(document: &str) -> Vec<String> {
    let text = std::fs::read_to_string(format!("{}/src/{document}", env!("CARGO_MANIFEST_DIR"))).expect("it is there");
    text.split("```json\n").skip(1).filter_map(|part| Some(part.split_once("```")?.0.to_owned())).collect()
}

#[test]
fn the_formats_example_is_a_scene_without_a_problem_that_passes_its_check() {
    let example = &examples("scene/FORMAT.md")[0];
    let (scene, mut problems) = read_scene(example);
    problems.extend(scene.problems());
    assert!(problems.is_empty(), "{problems:?}");
    let verdicts = decoupled::sim::check(&scene, |run, at| run.advance(at, u64::MAX));
    assert_eq!(verdicts.len(), 1);
    assert!(verdicts[0].passed, "{verdicts:?}");
}

#[test]
fn the_documents_name_what_there_is() {
    let read = |path: &str| std::fs::read_to_string(format!("{}/src/{path}", env!("CARGO_MANIFEST_DIR"))).expect(path);
    let (format, interface, api) = (read("scene/FORMAT.md"), read("app/INTERFACE.md"), read("app/page_api.rs"));
    for fault in decoupled::scene::FAULTS {
        assert!(format.contains(&format!("`{fault}`")), "{fault}");
    }
    let methods: Vec<&str> = api.split("add(\"").skip(1).filter_map(|part| Some(part.split_once('"')?.0)).collect();
    assert!(methods.len() > 10, "{methods:?}");
    for method in methods {
        assert!(interface.contains(&format!("`{method}(")), "{method}");
    }
    let report = serde_json::from_str::<Value>(&examples("sim/REPORT.md")[0]).expect("JSON");
    let run = decoupled::sim::Run::new(&Scene::default());
    let made = decoupled::sim::report(&run, &[]);
    let names = |value: &Value| -> Vec<String> {
        value.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect()
    };
    assert_eq!(names(&report), names(&made));
    assert_eq!(names(&report["messages"]), names(&made["messages"]));
}
