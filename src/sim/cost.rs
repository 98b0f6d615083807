//! What a run would have cost: what AWS counts times its price, by node. A pure function of the run.
//!
//! Free tiers, discounts for volume, data transfer, logs, storage and what runs on servers of one's own are not in it.

use super::Run;
use crate::engine::Micros;
use crate::services::Price;

/// AWS's calculators take a month for so many hours.
const HOURS_PER_MONTH: f64 = 730.0;
const HOUR: f64 = 3.6e9;

#[derive(Clone, Debug, PartialEq)]
pub struct CostLine {
    pub node: String,
    pub price: &'static Price,
    /// As it is counted: see the price's `per`.
    pub count: u64,
    pub usd: f64,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cost {
    /// What costs something, in the order of the nodes' names.
    pub lines: Vec<CostLine>,
    pub usd: f64,
    /// Messages that producers, scripts and services made anew; what consumers passed on is not among them.
    pub messages: u64,
    pub at: Micros,
}

impl Cost {
    /// Of a million messages, if they cost what those of this run cost.
    #[must_use]
    pub fn per_million(&self) -> Option<f64> {
        (self.messages > 0).then(|| self.usd * 1e6 / self.messages as f64)
    }

    /// Of a month that goes on as this run went so far.
    #[must_use]
    pub fn per_month(&self) -> Option<f64> {
        (self.at > 0).then(|| self.usd * HOURS_PER_MONTH * HOUR / self.at as f64)
    }
}

/// What the run cost so far: of the nodes that are there.
#[must_use]
pub fn cost(run: &Run) -> Cost {
    let shared = run.shared();
    let messages = shared.ledger.produced - shared.followers;
    let mut cost = Cost { messages, at: run.now(), ..Cost::default() };
    for (id, node) in run.nodes() {
        for (price, count) in node.usage(run.now()).into_iter().filter(|(_, count)| *count > 0) {
            let usd = count as f64 / price.per * price.usd;
            cost.usd += usd;
            cost.lines.push(CostLine { node: id.to_owned(), price, count, usd });
        }
    }
    cost
}
