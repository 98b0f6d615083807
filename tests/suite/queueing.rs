//! Oracles from queueing theory: a producer, a queue and a worker on an instant network are M/M/1, M/M/c and M/D/1,
//! and must wait as long as the formulas say, within four standard errors.

use std::collections::BTreeMap;

use decoupled::engine::{Micros, seconds};
use decoupled::scene::Scene;
use decoupled::services::Describe;
use decoupled::sim::Run;
use serde_json::{Value, json};

use crate::support::{scene, watch};

/// Customers of one measurement.
const CUSTOMERS: u64 = 150_000;
/// Each at a load of 0.7: theory's intervals are too wide to be of use much above that.
const LOAD: f64 = 0.7;
const BATCHES: usize = 50;

fn station(seed: u64, servers: u64, service: Value) -> Scene {
    let rate = format!("{}.{}/s", 7 * servers / 10, 7 * servers % 10);
    scene(json!({
        "seed": seed,
        "nodes": [
            { "id": "p", "type": "Decoupled::Producer", "properties": { "Rate": rate, "Arrivals": "Poisson",
                "Count": CUSTOMERS, "Payload": "x" } },
            { "id": "q", "type": "AWS::SQS::Queue", "properties": { "VisibilityTimeout": 43_200 } },
            { "id": "w", "type": "Decoupled::Worker", "properties": { "Concurrency": servers, "ProcessingTime": service } }],
        "links": [{ "id": "a", "from": "p", "to": "q" }, { "id": "b", "from": "q", "to": "w" }]
    }))
}

/// Seconds each message waited in the queue, in the order of the receives; the time in service is checked on the way
/// to be no shorter than nothing and to end with the message.
fn waits(scene: &Scene) -> Vec<f64> {
    let (mut sent, mut received): (BTreeMap<u64, Micros>, BTreeMap<u64, Micros>) = (BTreeMap::new(), BTreeMap::new());
    let mut waits = Vec::new();
    let mut run = Run::new(scene);
    watch(&mut run, seconds(3_000_000), |_, record| {
        let token = record.message.unwrap_or_default();
        match record.fact.name() {
            "MessageSent" => drop(sent.insert(token, record.at)),
            "MessageReceived" => {
                let since = sent.remove(&token).expect("a message is sent once and received once");
                waits.push((record.at - since) as f64 / 1e6);
                received.insert(token, record.at);
            }
            "MessageProcessed" => drop(received.remove(&token).expect("only what was received is processed")),
            _ => {}
        }
    });
    assert!(sent.is_empty() && received.is_empty(), "everything sent was received, and processed");
    waits
}

struct Measured {
    mean: f64,
    error: f64,
}

impl Measured {
    /// The error by batch means: neighbours wait alike, batches of thousands hardly do.
    fn of(waits: &[f64]) -> Self {
        let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64;
        let batches: Vec<f64> = waits.chunks_exact(waits.len() / BATCHES).map(mean).collect();
        let centre = mean(&batches);
        let squares: f64 = batches.iter().map(|batch| (batch - centre) * (batch - centre)).sum();
        let variance = squares / (batches.len() - 1) as f64;
        Self { mean: mean(waits), error: libm::sqrt(variance / batches.len() as f64) }
    }

    fn agrees_with(&self, wanted: f64) -> bool {
        (self.mean - wanted).abs() <= 4.0 * self.error
    }
}

/// Wq of M/M/1 with a service of one second.
fn wait_in_mm1() -> f64 {
    LOAD / (1.0 - LOAD)
}

/// Wq of M/M/c by Erlang's C.
fn wait_in_mmc(servers: u32) -> f64 {
    let offered = LOAD * f64::from(servers);
    let (mut term, mut below) = (1.0, 0.0);
    for k in 0..servers {
        below += term;
        term *= offered / f64::from(k + 1);
    }
    let all_busy = term / (1.0 - LOAD);
    all_busy / (below + all_busy) / (f64::from(servers) - offered)
}

fn wait_in_md1() -> f64 {
    wait_in_mm1() / 2.0
}

#[test]
fn mm1_waits_as_long_as_theory_says() {
    let waits = waits(&station(11, 1, json!({ "exponential": "1s" })));
    assert_eq!(waits.len() as u64, CUSTOMERS);
    let mean = waits.iter().sum::<f64>() / waits.len() as f64;
    let shape = LOAD * (2.0 + 5.0 * LOAD - 4.0 * LOAD * LOAD + LOAD * LOAD * LOAD);
    let idle = (1.0 - LOAD) * (1.0 - LOAD);
    let error = libm::sqrt(shape / (idle * idle * CUSTOMERS as f64));
    let measured = Measured { mean, error };
    assert!(measured.agrees_with(wait_in_mm1()), "{mean} s ± {error}, wanted {}", wait_in_mm1());
    assert!(!measured.agrees_with(wait_in_md1()), "the measurement cannot tell M/M/1 from M/D/1");
    assert!(!measured.agrees_with(wait_in_mmc(3)), "the measurement cannot tell M/M/1 from M/M/3");
}

#[test]
fn mm3_waits_as_long_as_theory_says() {
    let measured = Measured::of(&waits(&station(12, 3, json!({ "exponential": "1s" }))));
    let (mean, error, wanted) = (measured.mean, measured.error, wait_in_mmc(3));
    assert!(measured.agrees_with(wanted), "{mean} s ± {error}, wanted {wanted}");
    assert!(error < wanted / 20.0, "± {error} proves nothing about {wanted}");
}

#[test]
fn md1_waits_half_as_long_as_mm1() {
    let measured = Measured::of(&waits(&station(13, 1, json!("1s"))));
    let (mean, error, wanted) = (measured.mean, measured.error, wait_in_md1());
    assert!(measured.agrees_with(wanted), "{mean} s ± {error}, wanted {wanted}");
    assert!(error < wanted / 20.0, "± {error} proves nothing about {wanted}");
}

#[test]
fn erlangs_formula_is_that_of_mm1_with_one_server() {
    assert!((wait_in_mmc(1) - wait_in_mm1()).abs() < 1e-12);
    assert!((wait_in_mmc(3) - 0.547_050_2).abs() < 1e-6, "{}", wait_in_mmc(3));
}

/// Little's law to the tick: what messages spend in the queue, by the trace, is what the queue held over time, by the
/// ledger, failures and returns included.
#[test]
fn littles_law_holds_to_the_microsecond() {
    let mut run = Run::new(&scene(json!({
        "network": { "hop": { "exponential": "40ms" } },
        "nodes": [
            { "id": "p", "type": "Decoupled::Producer", "properties": { "Rate": "9/s", "Arrivals": "Poisson", "Count": 1_500 } },
            { "id": "q", "type": "AWS::SQS::Queue", "properties": { "VisibilityTimeout": 5, "DelaySeconds": 1 } },
            { "id": "w", "type": "Decoupled::Worker", "properties": { "Concurrency": 9, "FailureRate": 0.2,
                "ProcessingTime": { "exponential": "600ms" } } }],
        "links": [{ "id": "a", "from": "p", "to": "q" }, { "id": "b", "from": "q", "to": "w" }]
    })));
    let (until, mut held, mut spent, mut seen) = (seconds(2_000), 0_u128, 0_i128, 0);
    loop {
        let (before, stored) = (run.now(), run.shared().ledger.stored);
        let arrived = run.advance(until, 1);
        held += u128::from(stored) * u128::from(run.now() - before);
        for record in run.trace().since(seen) {
            match record.fact.name() {
                "MessageSent" => spent -= i128::from(record.at),
                "MessageDeleted" => spent += i128::from(record.at),
                _ => {}
            }
        }
        seen = run.trace().total();
        if arrived {
            break;
        }
    }
    assert_eq!((run.shared().ledger.stored, run.shared().ledger.consumed), (0, 1_500), "the run drains");
    assert_eq!(u128::try_from(spent), Ok(held));
    assert!(held > 0);
}
