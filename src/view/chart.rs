//! A metric over time as a chart shows it: points by a statistic and a period, as CloudWatch has them.

use crate::engine::{ActorId, Micros};
use crate::services::Metric;
use crate::sim::Run;

/// What is made of the values within a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statistic {
    /// Of a total: how much it grew.
    Sum,
    /// Of a total: all since the start.
    Total,
    Average,
    Maximum,
    Minimum,
}

impl Statistic {
    const OF_TOTALS: &'static [Self] = &[Self::Sum, Self::Total];
    const OF_LEVELS: &'static [Self] = &[Self::Average, Self::Maximum, Self::Minimum];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sum => "Sum",
            Self::Total => "Running total",
            Self::Average => "Average",
            Self::Maximum => "Maximum",
            Self::Minimum => "Minimum",
        }
    }

    /// Those that make sense for a total, or for a value of the moment.
    #[must_use]
    pub fn of(is_total: bool) -> &'static [Self] {
        if is_total { Self::OF_TOTALS } else { Self::OF_LEVELS }
    }
}

/// One metric of one node.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    pub is_total: bool,
    pub statistic: Statistic,
    pub period: Micros,
    /// The end of each period, and its value; the last period may be one that is not over.
    pub points: Vec<(Micros, f64)>,
    /// `s`, `ms`, or nothing for numbers.
    pub unit: &'static str,
}

/// The periods a chart may have, and the one it has if nobody chose: the finest of at least a second.
#[must_use]
pub fn chart_periods(run: &Run, wanted: Option<Micros>) -> (Vec<Micros>, Micros) {
    let all: Vec<Micros> = run.history().periods().take(6).collect();
    let finest = all.iter().copied().find(|period| *period >= 1_000_000).unwrap_or(1_000_000);
    let chosen = wanted.filter(|wanted| all.contains(wanted)).unwrap_or(finest);
    (all, chosen)
}

/// A metric's chart over the whole run; a statistic that does not fit gives way to one that does.
#[must_use]
pub fn chart(run: &Run, node: &str, metric: &str, statistic: Option<Statistic>, period: Micros) -> Option<Chart> {
    let actor = run.actor_of(node)?;
    let last = run.node(node)?.metrics(run.now()).into_iter().find(|(name, _)| *name == metric)?.1;
    let fitting = Statistic::of(last.is_total());
    let statistic = statistic.filter(|wanted| fitting.contains(wanted)).unwrap_or(fitting[0]);
    let samples = samples(run, actor, metric, last);
    let points = match statistic {
        Statistic::Total => last_of_each(&samples, period),
        Statistic::Sum => {
            let mut before = 0.0;
            let totals = last_of_each(&samples, period).into_iter();
            totals.map(|(at, total)| (at, total - std::mem::replace(&mut before, total))).collect()
        }
        Statistic::Average | Statistic::Maximum | Statistic::Minimum => levels(&samples, period, statistic),
    };
    let unit = match last {
        Metric::Count(_) | Metric::Level(_) => "",
        Metric::Seconds(_) => "s",
        Metric::Milliseconds(_) => "ms",
    };
    Some(Chart { is_total: last.is_total(), statistic, period, points, unit })
}

/// What the history holds of a metric, and its value now.
fn samples(run: &Run, actor: ActorId, metric: &str, last: Metric) -> Vec<(Micros, f64)> {
    let points = run.history().points().iter();
    let mut samples: Vec<(Micros, f64)> =
        points.filter_map(|point| Some((point.at, point.value(actor, metric)?.number()))).collect();
    if samples.last().is_none_or(|(at, _)| *at < run.now()) {
        samples.push((run.now(), last.number()));
    }
    samples
}

/// The end of the period that a sample belongs to: a sample at its very end still does.
fn end_of(at: Micros, period: Micros) -> Micros {
    at.div_ceil(period) * period
}

/// The last sample of each period, which for a whole one is that of its end.
fn last_of_each(samples: &[(Micros, f64)], period: Micros) -> Vec<(Micros, f64)> {
    let mut points: Vec<(Micros, f64)> = Vec::new();
    for &(at, value) in samples {
        match points.last_mut().filter(|(last, _)| end_of(*last, period) == end_of(at, period)) {
            Some(point) => *point = (at, value),
            None => points.push((at, value)),
        }
    }
    points
}

fn levels(samples: &[(Micros, f64)], period: Micros, statistic: Statistic) -> Vec<(Micros, f64)> {
    let mut points = Vec::new();
    for group in samples.chunk_by(|a, b| end_of(a.0, period) == end_of(b.0, period)) {
        let values = || group.iter().map(|(_, value)| *value);
        let value = match statistic {
            Statistic::Maximum => values().fold(f64::MIN, f64::max),
            Statistic::Minimum => values().fold(f64::MAX, f64::min),
            _ => values().sum::<f64>() / group.len() as f64,
        };
        points.push((group[group.len() - 1].0, value));
    }
    points
}

/// Steps of a small chart.
const SPARK_STEPS: usize = 48;

/// A metric in miniature over the whole run: of a total how fast it grew, of a level what it was. `None` when it is too
/// early for a line.
#[must_use]
pub fn spark(run: &Run, node: &str, metric: &str) -> Option<Vec<f64>> {
    let actor = run.actor_of(node)?;
    let points = run.history().points();
    // A second at least: within less, a rate is one or nothing.
    let a_second = usize::try_from(1_000_000 / run.history().period().max(1)).unwrap_or(1).max(1);
    let step = points.len().div_ceil(SPARK_STEPS).max(a_second);
    let values = points.iter().step_by(step).filter_map(|point| point.value(actor, metric));
    let values: Vec<Metric> = values.collect();
    let is_total = values.first()?.is_total();
    let numbers = values.iter().map(|value| value.number());
    let shown: Vec<f64> = if is_total {
        numbers.clone().zip(numbers.skip(1)).map(|(before, after)| after - before).collect()
    } else {
        numbers.collect()
    };
    (shown.len() > 1).then_some(shown)
}

/// Round values from 0 to at least `most` for an axis: a handful of equal steps of 1, 2 or 5 times a power of ten.
#[must_use]
pub fn ticks(most: f64) -> Vec<f64> {
    let wanted = most.max(1e-9) / 4.0;
    let mut power = 1e-9;
    while power * 10.0 <= wanted {
        power *= 10.0;
    }
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|factor| factor * power).find(|step| *step >= wanted);
    let step = step.unwrap_or(wanted);
    let count = libm::ceil(most / step - 1e-9).max(1.0) as u32;
    (0..=count).map(|index| f64::from(index) * step).collect()
}
