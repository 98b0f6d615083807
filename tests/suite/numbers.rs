//! Numbers that a person can reckon: the history of metrics, charts, latencies, cost, and the table of all of it.

use decoupled::editor::RunEffect;
use decoupled::engine::Micros;
use decoupled::play::Player;
use decoupled::scene::{gallery, read_scene};
use decoupled::services::Metric;
use decoupled::sim::{Run, cost, latencies, report};
use decoupled::view::{Statistic, chart, chart_periods, dollars, duration_text, metrics_csv, spark, ticks};
use serde_json::{Value, json};

use crate::support::{played, scene};

const SECOND: Micros = 1_000_000;

/// All that the history holds, as text.
fn held(run: &Run) -> String {
    let mut text = format!("every {}\n", run.history().period());
    for point in run.history().points() {
        for (id, _) in run.nodes() {
            let actor = run.actor_of(id).expect("it is there");
            text.push_str(&format!("{} {id} {:?}\n", point.at, point.metrics(actor)));
        }
    }
    text
}

#[test]
fn the_history_is_the_same_whatever_way_a_moment_was_reached() {
    for entry in gallery::ALL {
        let (scene, _) = read_scene(entry.text());
        let mut straight = Run::new(&scene);
        straight.advance_to(63 * SECOND + 1);
        let mut player = Player::new(&scene);
        while player.shown_at() < 63 * SECOND + 1 && player.run().halt().is_none() {
            player.play_to((player.shown_at() + 333_333).min(63 * SECOND + 1), &scene, &mut || true);
        }
        assert_eq!(held(player.run()), held(&straight), "{}", entry.id);
        let halted = straight.halt().is_some();
        for at in [40 * SECOND, 61 * SECOND + 5] {
            player.carry_out(RunEffect::Seek(at), &scene, &mut || true);
            let mut fresh = Run::new(&scene);
            fresh.advance_to(at);
            assert_eq!(held(player.run()), held(&fresh), "{} at {at}", entry.id);
            assert!(halted || player.furthest().now() > 63 * SECOND, "{}", entry.id);
        }
        for _ in 0..3 {
            player.carry_out(RunEffect::StepBack, &scene, &mut || true);
        }
        let mut fresh = Run::new(&scene);
        fresh.advance_to(player.shown_at());
        assert!(held(&fresh).starts_with(&held(player.run())), "{} after steps back", entry.id);
    }
}

#[test]
fn a_point_is_what_the_run_showed_then_and_totals_never_fall() {
    for entry in gallery::ALL {
        let (scene, _) = read_scene(entry.text());
        let mut run = Run::new(&scene);
        run.advance_to(64 * SECOND);
        assert_eq!(run.history().period(), if run.halt().is_none() { SECOND } else { run.history().period() });
        let mut fresh = Run::new(&scene);
        let mut before: Option<&decoupled::sim::Point> = None;
        for point in run.history().points() {
            fresh.advance_to(point.at);
            for (id, node) in fresh.nodes() {
                let actor = fresh.actor_of(id).expect("it is there");
                assert_eq!(point.metrics(actor), node.metrics(point.at), "{id} of {} at {}", entry.id, point.at);
                for (name, metric) in point.metrics(actor) {
                    let earlier = before.and_then(|point| point.value(actor, name));
                    if let (Metric::Count(now), Some(Metric::Count(then))) = (metric, earlier) {
                        assert!(now >= &then, "{name} of {id} in {} fell from {then} to {now}", entry.id);
                    }
                }
            }
            before = Some(point);
        }
    }
}

/// Ten messages, one each second from 1 s on, to a worker that takes a quarter of a second for each.
fn simple() -> Value {
    json!({
        "nodes": [
            { "id": "shop", "type": "Decoupled::Producer", "properties": {
                "Rate": "1/s", "Arrivals": "Constant", "Count": 10, "Payload": "x" } },
            { "id": "orders", "type": "AWS::SQS::Queue" },
            { "id": "ship", "type": "Decoupled::Worker", "properties": {
                "ProcessingTime": "250ms", "WaitTimeSeconds": 20, "MaxNumberOfMessages": 1 } },
        ],
        "links": [
            { "id": "l1", "from": "shop", "to": "orders", "type": "Send" },
            { "id": "l2", "from": "orders", "to": "ship", "type": "Poll" },
        ],
    })
}

#[test]
fn a_chart_has_cloudwatchs_statistics_and_periods() {
    let run = played(simple(), 12 * SECOND + 500_000);
    let first = run.trace().window().iter().find(|record| run.node_of(record) == "shop").expect("it sends").at;
    let sent = |at: Micros| if at < first { 0.0 } else { (((at - first) / SECOND) as f64 + 1.0).min(10.0) };
    let of = |metric: &str, statistic, period| chart(&run, "orders", metric, statistic, period).expect("a chart");
    let total = of("NumberOfMessagesSent", Some(Statistic::Total), SECOND);
    assert_eq!(total.points.len(), 14, "{:?}", total.points);
    for (at, value) in &total.points {
        assert!((value - sent(*at)).abs() < 1e-9, "{value} sent at {at}, {} by reckoning", sent(*at));
    }
    let sums = of("NumberOfMessagesSent", None, 5 * SECOND);
    assert_eq!((sums.statistic, sums.is_total, sums.unit), (Statistic::Sum, true, ""));
    let ends: Vec<Micros> = sums.points.iter().map(|(at, _)| *at).collect();
    assert_eq!(ends, [0, 5 * SECOND, 10 * SECOND, 12 * SECOND + 500_000]);
    assert!((sums.points.iter().map(|(_, value)| value).sum::<f64>() - 10.0).abs() < 1e-9);
    assert!((sums.points[1].1 - (sent(5 * SECOND) - sent(0))).abs() < 1e-9);
    let most = of("ApproximateNumberOfMessagesNotVisible", Some(Statistic::Maximum), SECOND);
    assert!(most.points.iter().all(|(_, value)| *value <= 1.0) && most.points.iter().any(|(_, value)| *value == 1.0));
    let age = of("ApproximateAgeOfOldestMessage", Some(Statistic::Sum), SECOND);
    assert_eq!((age.statistic, age.unit), (Statistic::Average, "s"), "a sum of ages says nothing");
    assert!(chart(&run, "orders", "Nonsense", None, SECOND).is_none());
    assert_eq!(chart_periods(&run, None), (run.history().periods().take(6).collect(), SECOND));
    assert_eq!(chart_periods(&run, Some(5 * SECOND)).1, 5 * SECOND);
    let spark = spark(&run, "shop", "Produced").expect("long enough");
    assert!((spark.iter().sum::<f64>() - (10.0 - sent(0))).abs() < 1e-9, "{spark:?}");
}

#[test]
fn an_axis_has_round_ticks() {
    assert_eq!(ticks(10.0), [0.0, 5.0, 10.0]);
    assert_eq!(ticks(4.0), [0.0, 1.0, 2.0, 3.0, 4.0]);
    assert_eq!(ticks(0.0).len(), 2);
    let tenths = ticks(0.07);
    assert!((tenths[tenths.len() - 1] - 0.08).abs() < 1e-12 && tenths.len() == 5, "{tenths:?}");
}

#[test]
fn latencies_are_reckoned_from_send_to_the_end_of_work() {
    let run = played(simple(), 60 * SECOND);
    let (all, by_consumer) = latencies(&run);
    assert_eq!((all.count, all.p50, all.p90, all.p99, all.max), (10, 250_000, 250_000, 250_000, 250_000));
    assert_eq!(by_consumer, [("ship".to_owned(), all)]);
    assert_eq!(report(&run, &[])["latencies"]["consumers"]["ship"]["p99"], 250_000);

    // Every hop takes half a second: there, and back with the answer; the poll waits at the queue. Two consumers behind
    // a topic count each their copy.
    let fan_out = json!({
        "network": "teaching",
        "nodes": [
            { "id": "shop", "type": "Decoupled::Producer", "properties": {
                "Rate": "1/m", "Arrivals": "Constant", "Count": 1, "Payload": "x" } },
            { "id": "topic", "type": "AWS::SNS::Topic" },
            { "id": "near", "type": "Decoupled::Endpoint", "properties": { "Latency": "1s" } },
            { "id": "far", "type": "AWS::Lambda::Function", "properties": { "ProcessingTime": "2s" } },
        ],
        "links": [
            { "id": "l1", "from": "shop", "to": "topic", "type": "Send" },
            { "id": "l2", "from": "topic", "to": "near", "type": "AWS::SNS::Subscription" },
            { "id": "l3", "from": "topic", "to": "far", "type": "AWS::SNS::Subscription" },
        ],
    });
    let run = played(fan_out, 300 * SECOND);
    let (all, by_consumer) = latencies(&run);
    let of = |id: &str| by_consumer.iter().find(|(other, _)| other == id).expect("it worked").1;
    assert_eq!((of("near").count, of("near").max), (1, 2 * SECOND), "0.5 + 0.5 + 1");
    assert_eq!((of("far").count, of("far").max), (1, 3 * SECOND), "0.5 + 0.5 + 2");
    assert_eq!((all.count, all.p50, all.max), (2, 2 * SECOND, 3 * SECOND));
}

#[test]
fn what_is_passed_on_shows_the_whole_way_and_a_skipped_copy_none() {
    let mut chain = simple();
    chain["nodes"].as_array_mut().expect("nodes").extend([
        json!({ "id": "second", "type": "AWS::SQS::Queue" }),
        json!({ "id": "mail", "type": "Decoupled::Worker", "properties": {
            "ProcessingTime": "100ms", "WaitTimeSeconds": 20, "MaxNumberOfMessages": 1 } }),
    ]);
    chain["links"].as_array_mut().expect("links").extend([
        json!({ "id": "l3", "from": "ship", "to": "second", "type": "Send" }),
        json!({ "id": "l4", "from": "second", "to": "mail", "type": "Poll" }),
    ]);
    let run = played(chain, 60 * SECOND);
    let found = latencies(&run).1;
    let worst = |id: &str| found.iter().find(|(other, _)| other == id).map(|(_, found)| (found.count, found.max));
    assert_eq!((worst("ship"), worst("mail")), (Some((10, 250_000)), Some((10, 350_000))));
    assert_eq!(cost(&run).messages, 10, "those passed on are not new");
}

fn usd_of(run: &Run, node: &str, what: &str) -> (u64, f64) {
    let cost = cost(run);
    let line = cost.lines.iter().find(|line| line.node == node && line.price.what == what);
    let line = line.unwrap_or_else(|| panic!("no line {what} of {node} among {:?}", cost.lines));
    (line.count, line.usd)
}

#[track_caller]
fn assert_near(found: f64, reckoned: f64) {
    assert!((found - reckoned).abs() <= reckoned * 1e-9, "{found}, {reckoned} by reckoning");
}

#[test]
fn a_queue_costs_what_its_requests_cost_empty_ones_included() {
    let run = played(simple(), 30 * SECOND);
    let (requests, usd) = usd_of(&run, "orders", "requests");
    let metrics = report(&run, &[]);
    let queue = &metrics["nodes"]["orders"];
    let number = |name: &str| queue[name].as_u64().expect("a number");
    // Each message was sent, received and deleted by a request of its own; one poll more waits.
    let made = number("NumberOfMessagesSent")
        + number("NumberOfMessagesReceived")
        + number("NumberOfMessagesDeleted")
        + number("NumberOfEmptyReceives");
    assert_eq!((made, requests), (30 + number("NumberOfEmptyReceives"), made + 1));
    assert_near(usd, requests as f64 * 0.40 / 1e6);
    let whole = cost(&run);
    assert_near(whole.per_million().expect("messages"), whole.usd * 100_000.0);
    assert_near(whole.per_month().expect("time"), whole.usd * 730.0 * 120.0);
    assert_eq!(metrics["cost"]["usd"].as_f64(), Some(whole.usd));
}

#[test]
fn large_payloads_are_billed_in_chunks_there_and_back() {
    let body = "x".repeat(150 * 1_024);
    let run = played(
        json!({
            "nodes": [{ "id": "q", "type": "AWS::SQS::Queue" }, { "id": "f", "type": "AWS::SQS::Queue",
                "properties": { "FifoQueue": true, "ContentBasedDeduplication": true } },
                { "id": "t", "type": "AWS::SNS::Topic" }],
            "links": [{ "id": "s", "from": "t", "to": "q", "type": "AWS::SNS::Subscription" }],
            "script": [
                { "at": "1s", "node": "q", "call": "SendMessage", "input": { "MessageBody": body } },
                { "at": "2s", "node": "q", "call": "ReceiveMessage", "input": {} },
                { "at": "3s", "node": "q", "call": "ReceiveMessage", "input": {} },
                { "at": "4s", "node": "f", "call": "SendMessage", "input": { "MessageBody": "a", "MessageGroupId": "g" } },
                { "at": "5s", "node": "t", "call": "Publish", "input": { "Message": body } },
            ],
        }),
        6 * SECOND,
    );
    // 150 KB are three chunks: sent, received; an empty receive; and SNS hands over its notification.
    assert_eq!(usd_of(&run, "q", "requests").0, 3 + 3 + 1 + 3);
    assert_eq!(usd_of(&run, "f", "FIFO requests").0, 1);
    let (publishes, usd) = usd_of(&run, "t", "publishes");
    assert_eq!(publishes, 3);
    assert_near(usd, 3.0 * 0.50 / 1e6);
}

#[test]
fn shards_functions_and_events_cost_by_time_and_by_call() {
    let run = played(
        json!({
            "nodes": [
                { "id": "s", "type": "AWS::Kinesis::Stream", "properties": { "ShardCount": 2 } },
                { "id": "b", "type": "AWS::Events::EventBus" },
                { "id": "f", "type": "AWS::Lambda::Function", "properties": { "ProcessingTime": "1500500us" } },
                { "id": "d", "type": "AWS::DynamoDB::Table" },
            ],
            "links": [],
            "script": [
                { "at": "1s", "node": "s", "call": "PutRecord", "input": { "Data": "x".repeat(45 * 1_024), "PartitionKey": "k" } },
                { "at": "2s", "node": "b", "call": "PutEvents", "input": { "Entries": [
                    { "Source": "a", "DetailType": "b", "Detail": "{}" },
                    { "Source": "a", "DetailType": "b", "Detail": "not JSON" } ] } },
                { "at": "3s", "node": "f", "call": "Invoke", "input": { "Payload": "{}" } },
            ],
        }),
        3_600 * SECOND,
    );
    // Two shards for an hour, and 45 KB are two PUT payload units.
    assert_near(usd_of(&run, "s", "open shards").1, 0.03);
    assert_eq!(usd_of(&run, "s", "PUT payload units").0, 2);
    assert_eq!(usd_of(&run, "b", "custom events").0, 1, "what was refused is not billed");
    assert_eq!(usd_of(&run, "f", "invocations").0, 1);
    // 1,500.5 ms are 1,501 ms at 128 MB.
    assert_near(usd_of(&run, "f", "duration at 128 MB").1, 1.501 / 8.0 * 0.000_016_666_7);
    assert!(cost(&run).lines.iter().all(|line| line.node != "d"), "a table on demand that is not used costs nothing");
}

#[test]
fn the_table_is_exact_and_its_names_are_no_formulas() {
    let mut value = simple();
    value["nodes"][0]["id"] = "=1+1".into();
    value["links"][0]["from"] = "=1+1".into();
    let run = played(value, 2 * SECOND + 100_001);
    let text = metrics_csv(&run);
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert!(lines[0].starts_with("Time (s),\"'=1+1 Produced\""), "{}", lines[0]);
    assert!(lines[0].contains(",orders ApproximateAgeOfOldestMessage (s),"), "{}", lines[0]);
    let columns = lines[0].split(',').count();
    assert_eq!(lines.len(), 1 + 9 + 1 + 1, "a head, nine quarters of a second, now, and the end of the last line");
    assert!(lines[1..11].iter().all(|line| line.split(',').count() == columns), "{text}");
    assert!(lines[2].starts_with("0.25,") && lines[10].starts_with("2.100001,"), "{text}");
    assert_eq!(lines[11], "");
}

#[test]
fn sums_and_times_read_well() {
    assert_eq!(
        [0.0, 0.4, 1.234, 0.001_234, 0.000_000_4, 12_345.6].map(dollars),
        ["$0.00", "$0.400", "$1.23", "$0.00123", "$0.000000400", "$12,346"]
    );
    assert_eq!(
        [0, 820, 12_500, 3_200_000, 245_000_000].map(duration_text),
        ["0 µs", "820 µs", "12.5 ms", "3.2 s", "4:05 min"]
    );
}

#[test]
fn a_large_scene_has_fewer_points_and_the_same_rules() {
    let nodes: Vec<Value> =
        (0..1_000).map(|index| json!({ "id": format!("q{index}"), "type": "AWS::SQS::Queue" })).collect();
    let mut run = Run::new(&scene(json!({ "nodes": nodes, "links": [] })));
    run.advance_to(SECOND);
    assert_eq!(run.history().period(), SECOND);
    run.advance_to(1_000 * SECOND);
    assert_eq!((run.history().period(), run.history().points().len()), (30 * SECOND, 34));
}
