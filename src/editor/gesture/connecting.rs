//! Drawing a line out of a port. What is under the pointer says at once whether it may end there.

use super::node_of;
use crate::editor::command::PointerTarget;
use crate::editor::connect::{connect, connection};
use crate::editor::effect::Effect;
use crate::editor::state::{Gesture, State};
use crate::figure::{Point, Tone};

pub fn begin(state: &mut State, id: &str) {
    if state.scene.node(id).is_some() {
        let to = state.camera.canvas_from_view(state.press.view);
        state.gesture = Gesture::Connecting { from: id.to_owned(), to, over: None, refusal: None };
    }
}

pub fn moved(state: &mut State, view: Point, target: &PointerTarget) {
    let at = state.camera.canvas_from_view(view);
    let dragged = state.press.passes(view);
    let Gesture::Connecting { from, to, over, refusal } = &mut state.gesture else { return };
    *to = at;
    // The port itself lies under the pointer at first: no reason to complain yet.
    let now = node_of(target).filter(|id| dragged && state.scene.node(id).is_some());
    if over.as_deref() != now {
        *refusal = now.and_then(|id| connection(&state.scene, from, id).err());
        *over = now.map(str::to_owned);
    }
}

pub fn released(state: &mut State, from: &str, over: Option<&str>) -> Vec<Effect> {
    match over {
        Some(to) => connect(state, from, to),
        None if state.press.moved => hint(state, "Let go over a node to connect it."),
        None => hint(state, "Drag from here to the node it should reach."),
    }
}

fn hint(state: &mut State, text: &str) -> Vec<Effect> {
    state.say(text, Tone::Plain);
    Vec::new()
}
