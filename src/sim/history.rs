//! What the metrics were: points at whole periods of virtual time, a function of the run alone.
//!
//! A point is taken when all that happens up to its time is handled and nothing later is. When there are enough points,
//! the period grows to the next of CloudWatch's and only points at its multiples stay: totals and levels at the times
//! that stay are as exact as they were. The run holds its history, so a saved moment knows its own past; what is equal
//! in two points, and all that two moments have in common, is held once.

use std::sync::Arc;

use crate::engine::{ActorId, MICROS_PER_SECOND, Micros, World};
use crate::services::{Metric, Node};

/// Points at most; fewer in large scenes.
const POINTS_MAX: usize = 240;
const POINTS_MIN: usize = 40;
/// Values of nodes in all points together.
const NODE_POINTS: usize = 60_000;
/// Each divides the next.
const PERIODS: [Micros; 12] = [
    250_000,
    MICROS_PER_SECOND,
    5 * MICROS_PER_SECOND,
    10 * MICROS_PER_SECOND,
    30 * MICROS_PER_SECOND,
    60 * MICROS_PER_SECOND,
    300 * MICROS_PER_SECOND,
    900 * MICROS_PER_SECOND,
    3_600 * MICROS_PER_SECOND,
    21_600 * MICROS_PER_SECOND,
    86_400 * MICROS_PER_SECOND,
    864_000 * MICROS_PER_SECOND,
];

type Values = Arc<[(&'static str, Metric)]>;

/// The metrics of all nodes at a time.
#[derive(Debug)]
pub struct Point {
    pub at: Micros,
    /// By actor; of one that was deleted none.
    values: Box<[Values]>,
}

impl Point {
    /// A node's metrics, in their order.
    #[must_use]
    pub fn metrics(&self, actor: ActorId) -> &[(&'static str, Metric)] {
        self.values.get(actor.index()).map_or(&[], |values| values)
    }

    #[must_use]
    pub fn value(&self, actor: ActorId, name: &str) -> Option<Metric> {
        self.metrics(actor).iter().find(|(other, _)| *other == name).map(|(_, metric)| *metric)
    }
}

#[derive(Clone, Debug, Default)]
pub struct History {
    period: Micros,
    points: Vec<Arc<Point>>,
    due: Micros,
}

impl History {
    /// When the next point is to be taken.
    #[must_use]
    pub fn due(&self) -> Micros {
        self.due
    }

    /// The time between two points.
    #[must_use]
    pub fn period(&self) -> Micros {
        self.period
    }

    #[must_use]
    pub fn points(&self) -> &[Arc<Point>] {
        &self.points
    }

    /// The periods a chart may have: those that are no finer than what is kept.
    pub fn periods(&self) -> impl Iterator<Item = Micros> + '_ {
        PERIODS.into_iter().filter(|period| *period >= self.period)
    }

    pub(super) fn note(&mut self, world: &World<Node>) {
        let most = (NODE_POINTS / world.actors().len().max(1)).clamp(POINTS_MIN, POINTS_MAX);
        if self.period == 0 {
            // A minute at the beginning, however large the scene.
            let wanted = 60 * MICROS_PER_SECOND / most as Micros;
            self.period = PERIODS.into_iter().find(|period| *period >= wanted).unwrap_or(PERIODS[0]);
        }
        let now = world.now();
        self.points.push(Arc::new(self.point(world, now)));
        while self.points.len() >= most && self.period < Micros::MAX / 4 {
            let longer = PERIODS.into_iter().find(|period| *period > self.period);
            let period = longer.unwrap_or(self.period * 2);
            self.period = period;
            self.points.retain(|point| point.at.is_multiple_of(period));
        }
        self.due = (now / self.period).saturating_add(1).saturating_mul(self.period);
    }

    fn point(&self, world: &World<Node>, now: Micros) -> Point {
        let deleted = &world.shared().deleted;
        let last = self.points.last();
        let values = world.actors().iter().enumerate().map(|(index, node)| {
            let gone = !deleted.is_empty() && deleted.iter().any(|actor| actor.index() == index);
            let metrics = if gone { Vec::new() } else { node.metrics(now) };
            match last.and_then(|point| point.values.get(index)) {
                Some(same) if **same == *metrics => Arc::clone(same),
                _ => Arc::from(metrics),
            }
        });
        Point { at: now, values: values.collect() }
    }
}
