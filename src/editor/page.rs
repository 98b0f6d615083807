//! Time, panels, notices, the double click that goes into something, and the key that leaves whatever one is in.

use super::effect::{Effect, RunEffect};
use super::selection::Selection;
use super::state::{About, Drawer, Gesture, Mode, Panel, Proposal, State, Theme};
use super::{boundary, gesture};
use crate::engine::Micros;
use crate::figure::Tone;
use crate::services::{Still, Token};

const SPEED_MIN: f32 = 0.1;
const SPEED_MAX: f32 = 1_000.0;

pub fn set_speed(state: &mut State, speed: f32) {
    if !speed.is_nan() {
        state.playback.speed = speed.clamp(SPEED_MIN, SPEED_MAX);
    }
}

pub fn halted(state: &mut State, why: String) {
    state.playback.playing = false;
    state.say_about(About::Time, why, Tone::Bad);
}

/// One fact at a time makes sense only while nothing else moves time.
pub fn step(state: &mut State, step: RunEffect) -> Vec<Effect> {
    state.playback.playing = false;
    vec![Effect::Run(step)]
}

/// Says how a search ended, with the way back to where the first of several in a row began.
pub fn looked(state: &mut State, text: String, from: Micros, further: bool) {
    let before = state.notice.as_ref().map(|notice| &*notice.offers);
    let from = match before {
        Some([Proposal::LookOn, Proposal::Back(first)]) => *first,
        _ => from,
    };
    state.say(text, Tone::Plain);
    if let Some(notice) = &mut state.notice {
        notice.offers.extend(further.then_some(Proposal::LookOn));
        notice.offers.push(Proposal::Back(from));
    }
}

/// Gallery, help and share are dialogs: one at a time.
pub fn toggle(state: &mut State, panel: Panel) {
    if state.panels.remove(panel.name()) {
        return;
    }
    let dialogs = [Panel::Gallery, Panel::Help, Panel::Share];
    if dialogs.contains(&panel) {
        for dialog in dialogs {
            state.panels.remove(dialog.name());
        }
    }
    state.panels.insert(panel.name());
}

pub fn show_drawer(state: &mut State, drawer: Drawer) {
    state.drawer = drawer;
    state.panels.insert(Panel::Drawer.name());
}

/// Further in than [`look_inside`].
#[inline(never)] // second part
pub fn look_into(state: &mut State, node: String, way: Vec<String>) {
    look_inside(state, node.clone());
    state.look = Some((node, way));
}

pub fn look_inside(state: &mut State, node: String) {
    if state.scene.node(&node).is_some() {
        state.look = None;
        state.selection = Selection::of_node(&node);
        show_drawer(state, Drawer::Messages);
    }
}

pub fn set_theme(state: &mut State, theme: Theme) -> Vec<Effect> {
    state.theme = theme;
    vec![Effect::ApplyTheme(theme)]
}

pub fn trace_only(state: &mut State, node: Option<String>) {
    state.trace_node = node.filter(|id| state.scene.node(id).is_some());
    if state.trace_node.is_some() {
        show_drawer(state, Drawer::Trace);
    }
}

pub fn follow(state: &mut State, message: Option<Token>) {
    state.followed = message;
    if message.is_some() {
        show_drawer(state, Drawer::Journey);
    }
}

/// What a double click means: a note is written in, a group entered, a card of a boundary unfolded; else one looks inside.
pub fn enter(state: &mut State, id: &str) -> Vec<Effect> {
    let Some(node) = state.scene.node(id).cloned() else { return Vec::new() };
    let edits = state.mode == Mode::Edit;
    match node.kind.still() {
        Some(_) if !edits => {}
        None if !edits => look_inside(state, id.to_owned()),
        Some(Still::Note) => {
            state.selection = Selection::of_node(id);
            state.writing = Some(id.to_owned());
        }
        Some(Still::Boundary) if node.is_collapsed() => return boundary::toggle_collapsed(state, id),
        Some(Still::Boundary) => state.selection = Selection::of_node(id),
        None if !state.selection.nodes.contains(id) => state.selection = Selection::of_node(id),
        None => look_inside(state, id.to_owned()),
    }
    Vec::new()
}

/// Leaves one thing at a time: the gesture, else a dialog, else the notice, else the journey, else what is chosen.
pub fn escape(state: &mut State) {
    if state.gesture != Gesture::Idle {
        return gesture::cancel(state);
    }
    if state.overlay.take().is_some() {
        return;
    }
    for dialog in [Panel::Help, Panel::Gallery, Panel::Share] {
        if state.panels.remove(dialog.name()) {
            return;
        }
    }
    if state.writing.take().is_some() {
        return;
    }
    if state.notice.take().is_some() || state.mark.take().is_some() || state.followed.take().is_some() {
        return;
    }
    if state.span.take().is_some() {
        state.looping = false;
    } else {
        state.selection = Selection::default();
    }
}
