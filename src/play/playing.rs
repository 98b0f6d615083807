//! How a run is played: what of the editor's state a player goes by from frame to frame.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::editor::{Breakpoint, State};
use crate::engine::Micros;
use crate::scene::Scene;

#[derive(Clone, Debug)]
pub struct Playing {
    pub(super) scene: Arc<Scene>,
    /// Virtual seconds a second.
    pub(super) speed: f64,
    /// The span of time that is gone round in.
    pub(super) round: Option<(Micros, Micros)>,
    pub(super) breakpoints: BTreeSet<Breakpoint>,
}

impl Playing {
    /// `None` while time stands still.
    #[must_use]
    pub fn of(state: &State) -> Option<Self> {
        state.playback.playing.then(|| Self {
            scene: Arc::clone(&state.scene),
            speed: f64::from(state.playback.speed),
            round: state.span.filter(|_| state.looping),
            breakpoints: state.breakpoints.clone(),
        })
    }
}
