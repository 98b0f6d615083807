//! Opening what lies over the canvas: menus, choosers, a name to be typed; and going to a node.

use super::effect::Effect;
use super::layout::card_rect;
use super::overlay::{Overlay, Purpose, Subject};
use super::pointer::PointerTarget;
use super::selection::Selection;
use super::state::State;
use super::{choosing, gesture, looking};
use crate::figure::{Point, Tone};

/// From a card's left edge to the menu that a key opens under it, in units of the canvas.
const MENU_X: f32 = 24.0;

/// Opens the menu of what lies under a viewport point. It is chosen, unless it is among what was chosen.
pub fn open_menu(state: &mut State, at: Point, target: &PointerTarget) {
    gesture::cancel(state);
    let subject = match target {
        PointerTarget::Node(id) | PointerTarget::Port(id) if state.scene.node(id).is_some() => {
            if !state.selection.nodes.contains(id) {
                state.selection = Selection::of_node(id);
            }
            Subject::Node(id.clone())
        }
        PointerTarget::Link(id) if choosing::knows_link(&state.scene, id) => {
            if !state.selection.links.contains(id) {
                state.selection = Selection::of_link(id);
            }
            Subject::Link(id.clone())
        }
        _ => Subject::Canvas,
    };
    let several = state.selection.nodes.len() + state.selection.links.len() > 1;
    let subject = if several && subject != Subject::Canvas { Subject::Chosen } else { subject };
    state.overlay = Some(Overlay::Menu { at, subject });
}

/// The menu of what is chosen, for the key that asks for it.
pub fn open_menu_of_chosen(state: &mut State) {
    let target = match (state.selection.single_node(), state.selection.single_link()) {
        (Some(node), _) => PointerTarget::Node(node.to_owned()),
        (_, Some(link)) => PointerTarget::Link(link.to_owned()),
        _ => match state.selection.nodes.first() {
            Some(node) => PointerTarget::Node(node.clone()),
            None => PointerTarget::Canvas,
        },
    };
    let corner = match &target {
        PointerTarget::Node(id) => state.scene.node(id).map(|node| {
            let card = card_rect(node);
            state.camera.view_from_canvas(Point::new(card.x + MENU_X, card.bottom()))
        }),
        _ => None,
    };
    let at = corner.unwrap_or_else(|| looking::middle_of_view(state));
    open_menu(state, at, &target);
}

pub fn choose(state: &mut State, at: Option<Point>, purpose: Purpose) {
    gesture::cancel(state);
    let known = match &purpose {
        Purpose::After { from, .. } => state.scene.node(from).is_some(),
        Purpose::Into { link } => state.scene.link(link).is_some(),
        _ => true,
    };
    if known {
        state.overlay = Some(Overlay::Chooser { at, purpose });
    }
}

/// Opens something for the only chosen node; says so if there is none.
pub fn of_chosen(state: &mut State, open: impl FnOnce(String) -> Overlay) {
    match state.selection.single_node().map(str::to_owned) {
        Some(node) => {
            looking::reveal(state, &node);
            state.overlay = Some(open(node));
        }
        None => state.say("Choose one node first.", Tone::Plain),
    }
}

/// Chooses a node and brings it into the middle of the view if it is out of sight.
pub fn go_to(state: &mut State, node: &str) -> Vec<Effect> {
    if state.scene.node(node).is_none() {
        return Vec::new();
    }
    state.selection = Selection::of_node(node);
    looking::reveal(state, node);
    vec![Effect::FocusNode(node.to_owned())]
}
