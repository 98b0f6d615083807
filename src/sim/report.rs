//! The report of a run: `REPORT.md` says what stands in it.

use serde_json::{Map, Value, json};

use super::cost::cost;
use super::latency::latencies;
use super::run::{Reply, Run};
use crate::engine::TraceRecord;
use crate::scene::Problem;
use crate::services::{Describe, Fact, Node, Percentiles, token_text};

/// Everything countable about a run at its present time.
#[must_use]
pub fn report(run: &Run, problems: &[Problem]) -> Value {
    let nodes: Map<String, Value> =
        run.nodes().map(|(id, node)| (id.to_owned(), metrics_json(node, run.now()))).collect();
    let ledger = &run.shared().ledger;
    let dead_lettered: u64 =
        run.nodes().map(|(_, node)| if is_dead_letter_queue(node) { node.stored() } else { 0 }).sum();
    let mut all: Vec<Value> = problems.iter().chain(&run.unheard).map(|problem| json!(problem)).collect();
    if let Some(halt) = run.halt() {
        all.push(json!({ "place": format!("at {} µs", halt.at), "message": halt.why }));
    }
    let (all_latencies, by_consumer) = latencies(run);
    let consumers: Map<String, Value> =
        by_consumer.into_iter().map(|(id, found)| (id, percentiles_json(&found))).collect();
    let cost = cost(run);
    json!({
        "until": run.now(),
        "seed": run.seed(),
        "digest": run.digest(),
        "facts": run.trace().total(),
        "nodes": nodes,
        "messages": {
            "produced": ledger.produced,
            "copied": ledger.copied,
            "travelling": ledger.travelling,
            "stored": ledger.stored,
            "deadLettered": dead_lettered,
            "consumed": ledger.consumed,
            "expired": ledger.expired,
            "dropped": ledger.dropped,
        },
        "latencies": { "all": percentiles_json(&all_latencies), "consumers": consumers },
        "cost": { "usd": cost.usd, "perMillion": cost.per_million(), "perMonth": cost.per_month() },
        "calls": run.replies().iter().map(reply_json).collect::<Vec<_>>(),
        "problems": all,
    })
}

/// In whole microseconds.
fn percentiles_json(found: &Percentiles) -> Value {
    let Percentiles { count, p50, p90, p99, max, .. } = found;
    json!({ "count": count, "p50": p50, "p90": p90, "p99": p99, "max": max })
}

fn metrics_json(node: &Node, now: u64) -> Value {
    let metrics = node.metrics(now).into_iter();
    Value::Object(metrics.map(|(name, metric)| (name.to_owned(), metric.to_json())).collect())
}

fn is_dead_letter_queue(node: &Node) -> bool {
    matches!(node, Node::Queue(queue) if queue.is_dead_letter_queue())
}

fn reply_json(reply: &Reply) -> Value {
    let mut json = json!({ "id": reply.id, "at": reply.at });
    match &reply.result {
        Some(Ok(output)) => json["output"] = output.clone(),
        Some(Err(error)) => json["error"] = error.clone(),
        None => json["pending"] = true.into(),
    }
    json
}

/// A record of the trace, as `REPORT.md` has it.
#[must_use]
pub fn record_json(run: &Run, record: &TraceRecord<Fact>) -> Value {
    let mut json = json!({
        "seq": record.seq,
        "at": record.at,
        "node": run.node_of(record),
        "fact": record.fact.name(),
        "message": record.message.map(token_text),
        "cause": record.cause,
    });
    if record.wake != 0 {
        json["wake"] = record.wake.into();
    }
    json["with"] = record.fact.with();
    json["detail"] = record.fact.detail().into();
    json
}

/// The trace's records after `seq`, as JSON Lines.
#[must_use]
pub fn trace_lines(run: &Run, seq: u64) -> String {
    let mut lines = String::new();
    for record in run.trace().since(seq) {
        lines.push_str(&record_json(run, record).to_string());
        lines.push('\n');
    }
    lines
}
