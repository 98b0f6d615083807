//! What a rule counts of the events it is shown (EB-26); its invocations are counted by [`super::super::target`].

#[derive(Clone, Debug, Default)]
pub struct Metrics {
    pub matched: u64,
    /// By the pattern; CloudWatch does not count these.
    pub refused: u64,
    pub triggered: u64,
}
