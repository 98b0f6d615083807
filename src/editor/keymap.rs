//! Keys, for the app to look up and for the help to list.

use super::command::Command;
use super::overlay::Purpose;
use super::state::Panel;
use crate::figure::Point;

/// One line of the help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyHelp {
    pub group: &'static str,
    pub keys: &'static str,
    pub does: &'static str,
}

const fn line(group: &'static str, keys: &'static str, does: &'static str) -> KeyHelp {
    KeyHelp { group, keys, does }
}

/// What the help shows; a test holds it to [`command_for_key`].
pub const KEYS: &[KeyHelp] = &[
    line("Time", "Space", "play or pause"),
    line("Time", ".", "one fact further"),
    line("Time", ",", "one fact back"),
    line("Time", "N", "on to the next failure, refusal, expiry or loss"),
    line("Time", "R", "begin again at time 0"),
    line("Time", "L", "go round in the span that Shift marks out on the timeline"),
    line("View", "1", "show the whole scene"),
    line("View", "2", "show what is chosen"),
    line("View", "+", "zoom in"),
    line("View", "-", "zoom out"),
    line("View", "0", "own size"),
    line("View", "P", "the canvas alone, on the whole screen"),
    line("Edit", "Ctrl Z", "undo"),
    line("Edit", "Ctrl Shift Z", "redo"),
    line("Edit", "Ctrl A", "choose all nodes"),
    line("Edit", "/", "add a node"),
    line("Edit", "C", "connect what is chosen"),
    line("Edit", "Enter", "open what is chosen"),
    line("Edit", "F2", "rename what is chosen"),
    line("Edit", "Ctrl D", "duplicate"),
    line("Edit", "Shift T", "tidy up"),
    line("Edit", "Ctrl K", "all commands"),
    line("Edit", "Ctrl F", "find a node"),
    line("Edit", "Shift F10", "the menu of what is chosen"),
    line("Edit", "Ctrl G", "group what is chosen"),
    line("Edit", "Ctrl Shift G", "dissolve the group"),
    line("Edit", "Ctrl Shift L", "lock or unlock"),
    line("Edit", "Delete", "delete"),
    line("Edit", "ArrowLeft", "nudge; with Shift ten times as far"),
    line("Edit", "Escape", "leave, or choose nothing"),
    line("File", "Ctrl S", "save a file"),
    line("File", "Ctrl O", "open a file"),
    line("File", "?", "this help"),
];

const NUDGE: f32 = 4.0;
const NUDGE_FAR: f32 = 40.0;
const ZOOM_STEP: f32 = 1.25;

/// What a key asks for; `key` as the browser names it. `ctrl` stands for the command key too. The app asks
/// only while no text is being typed.
#[must_use]
pub fn command_for_key(key: &str, ctrl: bool, shift: bool, alt: bool) -> Option<Command> {
    if alt {
        return None;
    }
    if ctrl {
        return with_ctrl(&key.to_ascii_lowercase(), shift);
    }
    let step = if shift { NUDGE_FAR } else { NUDGE };
    let nudge = |x: f32, y: f32| Some(Command::Nudge { by: Point::new(x * step, y * step) });
    match key {
        "ArrowLeft" => nudge(-1.0, 0.0),
        "ArrowRight" => nudge(1.0, 0.0),
        "ArrowUp" => nudge(0.0, -1.0),
        "ArrowDown" => nudge(0.0, 1.0),
        "Delete" | "Backspace" => Some(Command::Delete),
        "Escape" => Some(Command::Escape),
        " " => Some(Command::TogglePlay),
        "." => Some(Command::StepFact),
        "," => Some(Command::StepBack),
        "n" | "N" => Some(Command::NextThatMatters),
        "r" | "R" => Some(Command::Restart),
        "l" | "L" => Some(Command::ToggleLoop),
        "p" | "P" => Some(Command::Present),
        "1" => Some(Command::ZoomToFit),
        "2" => Some(Command::ZoomToSelection),
        "0" => Some(Command::ZoomTo { zoom: 1.0 }),
        "+" | "=" => Some(Command::ZoomBy { factor: ZOOM_STEP }),
        "-" | "_" => Some(Command::ZoomBy { factor: 1.0 / ZOOM_STEP }),
        "?" => Some(Command::Toggle { panel: Panel::Help }),
        "/" => Some(Command::OpenChooser { at: None, purpose: Purpose::Add { at: None } }),
        "T" => Some(Command::TidyUp),
        "c" | "C" => Some(Command::ConnectChosen),
        "Enter" => Some(Command::EnterChosen),
        "F2" => Some(Command::RenameChosen),
        "ContextMenu" => Some(Command::OpenMenuOfChosen),
        "F10" if shift => Some(Command::OpenMenuOfChosen),
        _ => None,
    }
}

fn with_ctrl(key: &str, shift: bool) -> Option<Command> {
    match (key, shift) {
        ("z", false) => Some(Command::Undo),
        ("z", true) | ("y", false) => Some(Command::Redo),
        ("a", false) => Some(Command::SelectAll),
        ("d", false) => Some(Command::Duplicate),
        ("k", false) => Some(Command::OpenChooser { at: None, purpose: Purpose::Command }),
        ("f", false) => Some(Command::OpenChooser { at: None, purpose: Purpose::Find }),
        ("g", false) => Some(Command::Group),
        ("g", true) => Some(Command::Ungroup),
        ("l", true) => Some(Command::ToggleLock),
        ("s", false) => Some(Command::SaveFile),
        ("o", false) => Some(Command::PickFile),
        _ => None,
    }
}
