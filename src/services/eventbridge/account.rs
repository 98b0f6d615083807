//! What all buses and rules of an account share in their Region: its limits (EB-4).

use crate::services::Pace;
use crate::services::Window;

#[derive(Clone, Debug, Default)]
pub struct Account {
    /// Requests of `PutEvents`: what is over the limit is refused.
    pub puts: Window,
    /// Invocations of targets: what is over the limit waits.
    pub invocations: Pace,
    /// Invocations of EventBridge Scheduler (EB-24): what is over the limit waits.
    pub schedules: Pace,
}
