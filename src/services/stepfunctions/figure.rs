//! How a state machine is drawn: its executions under way, and the states that they are in.

use super::model::Model;
use crate::engine::Micros;
use crate::figure::Figure;

impl Model {
    pub(super) fn draw(&self, _now: Micros) -> Figure {
        let mut figure = Figure { headline: self.executions.running.to_string(), ..Figure::default() };
        let kind = if self.config.is_express { "Express" } else { "Standard" };
        figure.subtitle = format!("Step Functions · {kind}");
        figure.spoken = format!("{} executions running", self.executions.running);
        figure
    }
}
