//! Streams under random use: splits, merges, crashes and pauses of consumers, in any sequence. From the facts alone: no
//! shard accepts or serves more in a second than its limits, each key keeps its order at every consumer, and every
//! consumer gets everything.
//!
//! `SEED=17` plays that one alone, `SEEDS=100000` more than usual.

mod watch;

use std::collections::{BTreeMap, BTreeSet};

use decoupled::engine::TraceRecord;
use decoupled::services::clients::{kcl, worker};
use decoupled::services::{Fact, kinesis};
use decoupled::sim::Run;
use serde_json::{Value, json};

use crate::support::{self, Dice};
use watch::Watch;

const SEEDS: u64 = 10_000;
const THREADS: u64 = 2;
/// Until then the script acts, in milliseconds; the rest is for consumers to catch up.
const BUSY: u64 = 12_000;
const UNTIL: u64 = 45_000_000;
/// With KCL 3 it may take two minutes until a leader that died is followed by another (KDS-21).
const UNTIL_LED: u64 = 200_000_000;
const KEYS: u64 = 4;
const HALF: &str = "170141183460469231731687303715884105728";

/// The scene of a seed, and the keys of the records that its script puts, one after the other.
fn random(seed: u64) -> (Value, Vec<u64>) {
    let mut dice = Dice::new(seed, "streams");
    // A leader that dies again and again would hold everything up for two minutes each time.
    let version = if dice.once_in(16) { "3" } else { "2" };
    let crashes = if version == "2" && dice.once_in(3) { 0.02 } else { 0.0 };
    let kcl = json!({ "Workers": 1 + dice.below(3), "KclVersion": version,
        "InitialPositionInStream": "TRIM_HORIZON", "failoverTimeMillis": 2000, "shardSyncIntervalMillis": 4000,
        "parentShardPollIntervalMillis": 500, "idleTimeBetweenReadsInMillis": 700,
        "ProcessingTime": { "exponential": "120ms" }, "CheckpointEvery": 1 + dice.below(6),
        "CrashRate": crashes, "RestartTime": "2s",
        "RetrievalSpecificConfig": (if dice.once_in(3) { "FanOutConfig" } else { "PollingConfig" }) });
    let reader = json!({ "ProcessingTime": { "exponential": "80ms" }, "FailureRate": dice.below(3) as f64 / 10.0,
        "CrashRate": (if dice.once_in(3) { 0.03 } else { 0.0 }), "RestartTime": "1s" });
    let mut nodes = json!([
        { "id": "s", "type": "AWS::Kinesis::Stream", "properties": { "ShardCount": 1 + dice.below(3),
            "Decoupled": { "ReshardingTime": format!("{}ms", 100 + dice.below(1_500)) } } },
        { "id": "k", "type": "Decoupled::KclApplication", "properties": kcl },
        { "id": "t", "type": "AWS::DynamoDB::Table" },
        { "id": "w", "type": "Decoupled::Worker", "properties": reader },
        { "id": "f", "type": "AWS::Lambda::Function", "properties": { "ProcessingTime": "60ms",
            "FailureRate": dice.below(3) as f64 / 10.0 } }]);
    let mut links = json!([
        { "id": "l1", "from": "s", "to": "k" }, { "id": "l2", "from": "k", "to": "t" },
        { "id": "l3", "from": "s", "to": "w", "properties": { "EnhancedFanOut": dice.once_in(3) } },
        { "id": "l4", "from": "s", "to": "f", "properties": { "BatchSize": 1, "ParallelizationFactor": 1 + dice.below(3) } }]);
    let (mut script, mut keys, mut at) = (Vec::new(), Vec::new(), 0);
    while at < BUSY {
        at += dice.below(700);
        if dice.once_in(3) {
            script.push(act(&mut dice, at));
        } else {
            let key = dice.below(KEYS);
            keys.push(key);
            script.push(json!({ "at": format!("{at}ms"), "node": "s", "call": "PutRecord",
                "input": { "Data": "x", "PartitionKey": format!("key {key}") } }));
        }
    }
    // Whoever is down comes back; one that is only stopping is not down yet.
    for (wait, worker) in [2_000, 12_000, 22_000].into_iter().flat_map(|wait| (1..=3).map(move |worker| (wait, worker)))
    {
        let input = json!({ "Worker": worker });
        script.push(json!({ "at": format!("{}ms", BUSY + wait), "node": "k", "call": "StartWorker", "input": input }));
    }
    load(&mut dice, &mut nodes, &mut links, &mut script);
    let network = ["instant", "realistic"][dice.below(2) as usize];
    let scene =
        json!({ "version": 1, "seed": seed, "network": network, "nodes": nodes, "links": links, "script": script });
    (scene, keys)
}

/// Beside it a stream that reaches its limits, by large records or by many; one that is pushed its records catches up
/// with them after an outage.
fn load(dice: &mut Dice, nodes: &mut Value, links: &mut Value, script: &mut Vec<Value>) {
    let producer = match dice.below(40) {
        0 => json!({ "Rate": "2500/s", "BatchSize": 500, "Count": 4_000, "Payload": "x" }),
        1..8 => json!({ "Rate": format!("{}/s", 6 + dice.below(12)), "Count": 40,
            "Payload": "x".repeat(watch::BULK_SIZE as usize), "StartAt": "5s" }),
        _ => return,
    };
    let mut producer = producer;
    producer["PartitionKey"] = json!("{{key 5}}");
    let more = json!([
        { "id": "p", "type": "Decoupled::Producer", "properties": producer },
        { "id": "bulk", "type": "AWS::Kinesis::Stream", "properties": { "ShardCount": 1 + dice.below(2) } },
        { "id": "r", "type": "Decoupled::Worker", "properties": { "ProcessingTime": "0s" } },
        { "id": "late", "type": "Decoupled::Worker", "properties": { "ProcessingTime": "0s" } }]);
    let lines = json!([{ "id": "b1", "from": "p", "to": "bulk" }, { "id": "b2", "from": "bulk", "to": "r" },
        { "id": "b3", "from": "bulk", "to": "late", "properties": { "EnhancedFanOut": true } }]);
    script.push(json!({ "at": "0s", "node": "late", "fault": "Crash", "for": format!("{}s", 6 + dice.below(8)) }));
    for (list, more) in [(nodes, more), (links, lines)] {
        list.as_array_mut().expect("a list").extend(more.as_array().expect("a list").iter().cloned());
    }
}

fn act(dice: &mut Dice, at: u64) -> Value {
    let on = |node: &str, call: &str, input: Value| json!({ "at": format!("{at}ms"), "node": node, "call": call, "input": input });
    let shard = |number: u64| format!("shardId-{number:012}");
    let worker = json!({ "Worker": 1 + dice.below(3), "For": format!("{}ms", 500 + dice.below(6_000)) });
    match dice.below(9) {
        0 => {
            let input = json!({ "ShardToSplit": shard(dice.below(4)), "NewStartingHashKey": HALF });
            on("s", "SplitShard", input)
        }
        1 => {
            let first = dice.below(4);
            let input = json!({ "ShardToMerge": shard(first), "AdjacentShardToMerge": shard(first + 1) });
            on("s", "MergeShards", input)
        }
        2 | 3 => on("s", "UpdateShardCount", json!({ "TargetShardCount": 1 + dice.below(4) })),
        4 => on("k", "CrashWorker", worker),
        5 => on("k", "PauseWorker", worker),
        6 => on("k", "StopWorker", worker),
        7 => json!({ "at": format!("{at}ms"), "node": (if dice.once_in(2) { "w" } else { "f" }), "fault": "Crash",
            "for": format!("{}ms", 300 + dice.below(3_000)) }),
        _ => json!({ "at": format!("{at}ms"), "node": "k", "fault": "Crash", "for": "1s" }),
    }
}

/// How long a run of it lasts.
fn until(scene: &Value) -> u64 {
    if scene["nodes"][1]["properties"]["KclVersion"] == "3" { UNTIL_LED } else { UNTIL }
}

/// Plays a scene under watch: facts seen, and what went wrong.
fn play(seed: u64) -> (u64, Vec<String>) {
    let (scene, keys) = random(seed);
    let is_bulk_large = shows_load(&scene.to_string());
    let until = until(&scene);
    let mut run = Run::new(&support::scene(scene));
    let mut watch = Watch::new(keys, is_bulk_large);
    support::watch(&mut run, until, |run, record| watch.see(run.node_of(record), record));
    (run.trace().total(), watch.verdict())
}

#[test]
fn limits_and_order_hold_across_splits_merges_and_crashes() {
    let asked = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    if let Some(seed) = asked("SEED") {
        println!("{}", serde_json::to_string_pretty(&random(seed).0).expect("a scene is JSON"));
        assert_eq!(play(seed).1, Vec::<String>::new(), "SEED={seed}");
        return;
    }
    let seeds = asked("SEEDS").unwrap_or(SEEDS);
    let share = |first: u64| {
        let mut facts = 0;
        for seed in (first..seeds).step_by(THREADS as usize) {
            let (seen, broken) = play(seed);
            assert!(broken.is_empty(), "SEED={seed}: {}", broken.join("; "));
            facts += seen;
        }
        facts
    };
    let facts: u64 = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|first| scope.spawn(move || share(first))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).sum()
    });
    println!("{seeds} seeds, {facts} facts");
    assert!(facts > seeds * 100, "only {facts} facts in {seeds} runs: the scenes do nothing");
}

type Records = Vec<(String, TraceRecord<Fact>)>;

/// A run that shows what is asked for, and its facts; whether it has large records.
fn honest(shows: fn(&str) -> bool) -> (Vec<u64>, Records, bool) {
    let seed = (0..).find(|seed| shows(&random(*seed).0.to_string())).expect("some seed does");
    let (scene, keys) = random(seed);
    let (until, is_large) = (until(&scene), shows_load(&scene.to_string()));
    let (mut run, mut records) = (Run::new(&support::scene(scene)), Records::new());
    support::watch(&mut run, until, |run, record| records.push((run.node_of(record).to_owned(), record.clone())));
    (keys, records, is_large)
}

/// Shards are split and a worker dies.
fn shows_everything(text: &str) -> bool {
    let calls = ["SplitShard", "UpdateShardCount", "CrashWorker"];
    calls.iter().all(|call| text.contains(call)) && !text.contains("bulk") && text.contains("PollingConfig")
}

/// A stream has large records.
fn shows_load(text: &str) -> bool {
    text.contains("xxx")
}

/// The watch must find what `tamper` does, in these words.
fn fires(words: &str, tamper: impl FnOnce(&mut Records)) {
    fires_of(shows_everything, words, tamper);
}

fn fires_of(shows: fn(&str) -> bool, words: &str, tamper: impl FnOnce(&mut Records)) {
    let (keys, mut records, is_large) = honest(shows);
    let verdict = |records: &Records| {
        let mut watch = Watch::new(keys.clone(), is_large);
        records.iter().for_each(|(node, record)| watch.see(node, record));
        watch.verdict().join("\n")
    };
    assert_eq!(verdict(&records), "", "the honest run is found fault with");
    tamper(&mut records);
    let said = verdict(&records);
    assert!(said.contains(words), "wanted \"{words}\", the watch said: {said:?}");
}

fn places(records: &Records, wanted: impl Fn(&Fact) -> bool) -> Vec<usize> {
    (0..records.len()).filter(|place| wanted(&records[*place].1.fact)).collect()
}

fn is_put(fact: &Fact) -> bool {
    matches!(fact, Fact::Stream(kinesis::Fact::RecordPut { .. }))
}

#[test]
fn a_shard_that_takes_too_many_records_is_found() {
    fires("1001 records", |records| {
        let place = places(records, is_put)[0];
        let again = records[place].clone();
        (0..1_000).for_each(|_| records.insert(place, again.clone()));
    });
}

#[test]
fn a_shard_that_is_read_too_often_is_found() {
    fires("reads within a second", |records| {
        let read = |fact: &Fact| matches!(fact, Fact::Stream(kinesis::Fact::EmptyRead { .. }));
        let place = places(records, read)[0];
        let again = records[place].clone();
        (0..5).for_each(|_| records.insert(place, again.clone()));
    });
}

/// The first fact of the stream with large records that fits.
fn bulk(records: &Records, wanted: impl Fn(&kinesis::Fact) -> bool) -> usize {
    let fits = |(node, record): &(String, TraceRecord<Fact>)| {
        node == "bulk" && matches!(&record.fact, Fact::Stream(fact) if wanted(fact))
    };
    records.iter().position(fits).expect("the honest run has such a fact")
}

#[test]
fn a_shard_that_takes_too_many_bytes_is_found() {
    fires_of(shows_load, "bytes within a second in shard", |records| {
        let place = bulk(records, |fact| matches!(fact, kinesis::Fact::RecordPut { .. }));
        let again = records[place].clone();
        (0..6).for_each(|_| records.insert(place, again.clone()));
    });
}

#[test]
fn a_shard_that_serves_too_many_bytes_is_found() {
    fires_of(shows_load, "serves before its average is 2 MB/s again", |records| {
        let place = bulk(records, |fact| matches!(fact, kinesis::Fact::RecordsRead { .. }));
        let again = records[place].clone();
        let Fact::Stream(kinesis::Fact::RecordsRead { count, .. }) = &mut records[place].1.fact else { unreachable!() };
        *count = 12;
        records.insert(place + 1, again);
    });
}

#[test]
fn a_consumer_that_is_pushed_too_many_bytes_is_found() {
    fires_of(shows_load, "pushed to late", |records| {
        let place = bulk(records, |fact| matches!(fact, kinesis::Fact::RecordsPushed { .. }));
        let Fact::Stream(kinesis::Fact::RecordsPushed { count, .. }) = &mut records[place].1.fact else {
            unreachable!()
        };
        *count += 12;
    });
}

/// A pipe with several batches a shard at a time: what its target, a stream of one shard, took first of each key is in
/// order, whatever is refused meanwhile, and all of it is there (EB-23).
#[test]
fn a_pipe_keeps_the_order_of_each_key() {
    for seed in 0..40 {
        let mut dice = Dice::new(seed, "pipes");
        let parameters = json!({ "BatchSize": 1 + dice.below(4), "ParallelizationFactor": 1 + dice.below(10),
            "MaximumBatchingWindowInSeconds": dice.below(2),
            "OnPartialBatchItemFailure": (if dice.once_in(2) { Some("AUTOMATIC_BISECT") } else { None }) });
        let mut script: Vec<Value> = (0..6)
            .map(|_| {
                json!({ "at": format!("{}ms", 500 + dice.below(9_000)), "node": "out", "fault": "Throttle",
                    "for": format!("{}ms", 1 + dice.below(2_000)) })
            })
            .collect();
        script.push(json!({ "at": format!("{}ms", dice.below(6_000)), "node": "s", "call": "UpdateShardCount",
            "input": { "TargetShardCount": 1 + dice.below(4) } }));
        script.push(json!({ "id": "i", "at": "120s", "node": "out", "call": "GetShardIterator",
            "input": { "ShardId": "shardId-000000000000", "ShardIteratorType": "TRIM_HORIZON" } }));
        script.push(json!({ "id": "r", "at": "120s", "node": "out", "call": "GetRecords",
            "input": { "ShardIterator": "${i.ShardIterator}" } }));
        let network = ["instant", "realistic"][dice.below(2) as usize];
        let scene = json!({ "seed": seed, "network": network, "script": script, "nodes": [
            { "id": "p", "type": "Decoupled::Producer", "properties": { "Rate": "9/s", "Count": 60, "Payload": "{{seq}}", "PartitionKey": "{{key 5}}" } },
            { "id": "s", "type": "AWS::Kinesis::Stream", "properties": { "Decoupled": { "ReshardingTime": "1s" } } },
            { "id": "pipe", "type": "AWS::Pipes::Pipe", "properties": { "SourceParameters": { "KinesisStreamParameters": parameters },
                "TargetParameters": { "InputTemplate": "<$.data>" } } },
            { "id": "out", "type": "AWS::Kinesis::Stream" }],
            "links": [{ "from": "p", "to": "s" }, { "from": "s", "to": "pipe" }, { "from": "pipe", "to": "out" }] });
        let run = support::played(scene, 121_000_000);
        let report = decoupled::sim::report(&run, &[]);
        let calls = report["calls"].as_array().expect("calls");
        let read = calls.iter().find(|call| call["id"] == "r").expect("the read");
        let records = read["output"]["Records"].as_array().unwrap_or_else(|| panic!("SEED={seed}: {read}"));
        let (mut last, mut seen) = (BTreeMap::new(), BTreeSet::new());
        for record in records {
            let number = record["Data"].to_string().trim_matches('"').parse::<u64>().expect("a number");
            if seen.insert(number) {
                let before = last.insert(record["PartitionKey"].to_string(), number).unwrap_or(0);
                assert!(before < number, "SEED={seed}: {number} after {before}");
            }
        }
        assert_eq!(seen.len(), 60, "SEED={seed}");
    }
}

#[test]
fn records_of_a_key_out_of_order_are_found_at_each_consumer() {
    for (node, done) in
        [("k", Fact::from(kcl::Fact::RecordProcessed)), ("w", Fact::from(worker::Fact::MessageProcessed))]
    {
        fires(&format!("{node}: out of order"), |records| {
            let places = places(records, |fact| *fact == done);
            let tokens: Vec<Option<u64>> = places.iter().map(|place| records[*place].1.message).collect();
            for (place, token) in places.iter().zip(tokens.iter().rev()) {
                records[*place].1.message = *token;
            }
        });
    }
}

#[test]
fn a_record_that_a_consumer_never_got_is_found() {
    fires("k: never got", |records| {
        let place = places(records, |fact| *fact == Fact::from(kcl::Fact::RecordProcessed))[0];
        records.remove(place);
    });
}
