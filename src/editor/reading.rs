//! A scene that is shown to be read: it can be looked at and played, but nobody's hand changes it. A page that may
//! drive this one can still open another ([`Command::Open`]).

use super::change;
use super::command::Command;
use super::effect::Effect;
use super::state::State;

/// Whether the command would change the document, or put another in its place.
pub fn refuses(command: &Command) -> bool {
    matches!(
        command,
        Command::PickUp { .. }
            | Command::Place { .. }
            | Command::PlaceAt { .. }
            | Command::Insert { .. }
            | Command::RenameChosen
            | Command::ConnectChosen
            | Command::Cut
            | Command::Paste { .. }
            | Command::PasteText { .. }
            | Command::TidyUp
            | Command::Delete
            | Command::Duplicate
            | Command::Nudge { .. }
            | Command::Connect { .. }
            | Command::SetProperty { .. }
            | Command::SetLinkProperty { .. }
            | Command::Remedy { .. }
            | Command::SetLatency { .. }
            | Command::Rename { .. }
            | Command::SetName { .. }
            | Command::SetSeed { .. }
            | Command::SetNetwork { .. }
            | Command::Call { .. }
            | Command::Turn { .. }
            | Command::AddFault { .. }
            | Command::MoveScriptEntry { .. }
            | Command::ChangeScriptEntry { .. }
            | Command::RemoveScriptEntry { .. }
            | Command::ReturnToFuture
            | Command::Group
            | Command::Ungroup
            | Command::ToggleCollapsed { .. }
            | Command::ToggleRoom { .. }
            | Command::ToggleLock
            | Command::Align { .. }
            | Command::Distribute { .. }
            | Command::Reconnect { .. }
            | Command::Write { .. }
            | Command::Undo
            | Command::Redo
            | Command::New
            | Command::OpenText { .. }
            | Command::OpenGallery { .. }
            | Command::PickFile
    )
}

/// A key that does nothing here says nothing; what was clearly meant gets an answer.
pub fn refuse(state: &mut State, command: &Command) -> Vec<Effect> {
    if matches!(command, Command::Call { .. } | Command::AddFault { .. } | Command::OpenText { .. }) {
        return change::refuse(
            state,
            "This scene can be played here, not changed. Open it in a tab of its own for that.",
        );
    }
    Vec::new()
}
