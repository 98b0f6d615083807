//! What the Numbers panel shows: a matter of the page alone, kept while its panel is shut.

use decoupled::engine::Micros;
use decoupled::view::Statistic;

/// The parts of the panel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    #[default]
    Overview,
    Chart,
    Latency,
    Cost,
}

impl Part {
    pub const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::Overview, "Overview", "numbers-overview"),
        (Self::Chart, "Chart", "numbers-chart"),
        (Self::Latency, "Latency", "numbers-latency"),
        (Self::Cost, "Cost", "numbers-cost"),
    ];
}

/// Metrics that a chart shows at once.
pub const SERIES_MAX: usize = 4;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Numbers {
    pub part: Part,
    /// Nodes and metrics, the first chosen first.
    pub series: Vec<(String, String)>,
    pub statistic: Option<Statistic>,
    pub period: Option<Micros>,
}
