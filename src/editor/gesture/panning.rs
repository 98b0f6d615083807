//! Moving the camera with the pointer. A press that does not move is a click on the ground: nothing is chosen.

use crate::editor::effect::Effect;
use crate::editor::looking;
use crate::editor::selection::Selection;
use crate::editor::state::{Gesture, State};
use crate::figure::Point;

pub fn begin(state: &mut State) {
    state.gesture = Gesture::Panning { view: state.press.view };
}

pub fn moved(state: &mut State, to: Point) {
    let Gesture::Panning { view } = state.gesture else { return };
    if state.press.passes(to) {
        looking::pan(state, Point::new(view.x - to.x, view.y - to.y));
        state.gesture = Gesture::Panning { view: to };
    }
}

pub fn released(state: &mut State) -> Vec<Effect> {
    if !state.press.moved && !state.press.held.pan {
        state.selection = Selection::default();
    }
    Vec::new()
}
