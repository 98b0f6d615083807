//! When a sentence that is shown for a while is over before its time: when what it speaks of is.

use std::sync::Arc;

use super::command::Command;
use super::selection::Selection;
use super::state::{About, State};
use crate::engine::Micros;
use crate::scene::Scene;

/// What a hand can change, as it was before a command.
pub struct Before {
    scene: Arc<Scene>,
    selection: Selection,
    span: Option<(Micros, Micros)>,
    said: u64,
    moves_time: bool,
}

impl Before {
    pub fn of(state: &State, command: &Command) -> Option<Self> {
        let moves_time = matches!(
            command,
            Command::Play
                | Command::TogglePlay
                | Command::StepFact
                | Command::StepBack
                | Command::NextThatMatters
                | Command::Seek { .. }
                | Command::Restart
        );
        state.notice.as_ref().map(|_| Self {
            scene: Arc::clone(&state.scene),
            selection: state.selection.clone(),
            span: state.span,
            said: state.said,
            moves_time,
        })
    }

    /// Takes away what was said before the command and is over by it.
    #[inline(never)] // second part
    pub fn end_stale(self, state: &mut State) {
        let Some(notice) = state.notice.as_ref().filter(|_| state.said == self.said) else { return };
        let is_edited = !Arc::ptr_eq(&self.scene, &state.scene);
        let is_over = match notice.about {
            About::Hand => is_edited || self.selection != state.selection || self.span != state.span,
            About::Time => is_edited || self.moves_time,
            About::Future => {
                let is_here = |left: &Arc<Scene>| left.script == state.scene.script && left.plays_like(&state.scene);
                state.left.as_ref().is_none_or(is_here)
            }
            About::Page => false,
        };
        if is_over {
            state.notice = None;
        }
    }
}
