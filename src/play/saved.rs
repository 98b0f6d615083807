//! A saved moment of a run.

use std::sync::{Arc, OnceLock};

use crate::engine::Micros;
use crate::scene::Scene;
use crate::sim::Run;

pub struct Saved {
    /// Without the trace's records. That of the beginning is made when it is first needed, and nothing copied before.
    run: OnceLock<Run>,
    pub document: Arc<Scene>,
    pub now: Micros,
    pub handled: u64,
    /// Facts so far.
    pub total: u64,
    /// The scene was edited just before.
    pub edited: bool,
    pub weight: u64,
}

impl Saved {
    /// The beginning of a run, which can be made again at any time.
    pub fn of(run: &Run, edited: bool) -> Self {
        Self {
            run: OnceLock::new(),
            document: Arc::clone(run.shared_document()),
            now: run.now(),
            handled: run.handled(),
            total: run.trace().total(),
            edited,
            weight: run.weight(),
        }
    }

    /// Any other moment.
    pub fn kept(run: &Run, edited: bool) -> Self {
        Self { run: run.checkpoint().into(), ..Self::of(run, edited) }
    }

    pub fn run(&self) -> &Run {
        self.run.get_or_init(|| Run::new(&self.document))
    }
}
