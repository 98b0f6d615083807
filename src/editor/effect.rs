//! What is to be done after a command: everything that is not pure.

use super::state::Theme;
use crate::engine::Micros;
use crate::figure::Point;
use crate::scene::{Edit, ScriptEntry};

#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// On the run and its time: the player's (`play::Player::carry_out`). All else is the page's.
    Run(RunEffect),
    /// Keep the document in the browser, soon.
    Autosave,
    /// Offer a file for download.
    Download {
        name: String,
        text: String,
    },
    /// Put a text into the clipboard.
    Copy(String),
    /// Ask for the clipboard's text and paste it with its middle at a canvas point (`Command::PasteText`).
    ReadClipboard(Option<Point>),
    /// Open the system's file picker.
    PickFile,
    ApplyTheme(Theme),
    /// Give a stream one shard more ([`super::one_shard_more`]).
    AddShard(String),
    /// Move the keyboard's focus to a node's element.
    FocusNode(String),
    /// Fill the screen with the canvas, or go back.
    Present,
}

/// What becomes of the run.
#[derive(Clone, Debug, PartialEq)]
pub enum RunEffect {
    /// The document changed: bring the running run in line with it.
    Reconcile,
    /// The document changed in nothing that a run goes by, such as where a card lies.
    Retouch,
    /// Play to the entry that a hand added to the script, and show that time.
    Perform(ScriptEntry),
    /// The script changed: make the run the one that goes by it, and show the time that is shown.
    Rescript(Why),
    /// Play the document from the beginning to the time that is shown.
    Replay,
    /// The document was so from the beginning: play it again with these edits at each of its moments.
    Remake(Vec<Edit>, Why),
    /// Begin a new run of the document at time 0.
    Restart,
    /// Handle entries until one more fact is recorded.
    StepFact,
    /// Go back to where the run was before its last fact.
    StepBack,
    /// Play to the next fact that matters.
    NextThatMatters,
    /// Go to a moment that was reached before.
    Seek(Micros),
}

/// Why a script was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// By a hand; what is left can be returned to.
    Act,
    /// The same hand goes on: what it has just done gives way.
    Typing,
    /// To be what it was before, which may be known.
    Undo,
}
