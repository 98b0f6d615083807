//! Carrying something from the palette to the canvas.

use crate::editor::effect::Effect;
use crate::editor::place::{drop_at, receives};
use crate::editor::pointer::PointerTarget;
use crate::editor::state::{Gesture, PaletteItem, State};
use crate::figure::Point;

pub fn begin(state: &mut State, kind: PaletteItem) {
    state.gesture = Gesture::Placing { kind, at: None, into: None };
}

pub fn moved(state: &mut State, view: Point, over: &PointerTarget) {
    let place = state.camera.canvas_from_view(view);
    // Over a panel it is still in hand: letting go there puts it back.
    let inside = view.x >= 0.0 && view.y >= 0.0 && view.x <= state.viewport.0 && view.y <= state.viewport.1;
    if let Gesture::Placing { kind, at, into } = &mut state.gesture {
        *at = inside.then_some(place);
        *into = match over {
            PointerTarget::Link(link) if receives(&state.scene, link, *kind) => Some(link.clone()),
            _ => None,
        };
    }
}

pub fn released(state: &mut State, kind: PaletteItem, at: Option<Point>, over: &PointerTarget) -> Vec<Effect> {
    match at {
        Some(at) => drop_at(state, kind, at, over),
        None => Vec::new(),
    }
}
