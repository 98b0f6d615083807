//! What lies over the canvas for a moment: a menu, a chooser, a name that is being typed.

use super::command::PointerTarget;
use super::effect::Effect;
use super::state::{Selection, State};
use super::{gesture, selection};
use crate::engine::Micros;
use crate::figure::Point;

/// Places are viewport points: CSS pixels from the canvas's top left.
#[derive(Clone, Debug, PartialEq)]
pub enum Overlay {
    /// What can be done with the subject.
    Menu { at: Point, subject: Subject },
    /// A list that typing narrows; without a place, in the middle.
    Chooser { at: Option<Point>, purpose: Purpose },
    /// The name of a node, typed where it stands.
    Renaming { node: String },
}

/// What a menu is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    Canvas,
    Node(String),
    Link(String),
    /// All that is chosen.
    Chosen,
}

/// What is chosen from, and what for.
#[derive(Clone, Debug, PartialEq)]
pub enum Purpose {
    /// Everything that can be done.
    Command,
    /// What the palette holds, to be placed at a canvas point.
    Add { at: Option<Point> },
    /// What a node can reach: one that is there, or a new one at a canvas point.
    After { from: String, at: Option<Point> },
    /// What fits into a link.
    Into { link: String },
    /// How something breaks, just after a time.
    Break { subject: crate::scene::Subject, at: Micros },
    /// A node, to go there.
    Find,
}

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
        PointerTarget::Link(id) if selection::knows_link(&state.scene, id) => {
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
            let card = super::layout::card_rect(node);
            state.camera.view_from_canvas(Point::new(card.x + 24.0, card.bottom()))
        }),
        _ => None,
    };
    let at = corner.unwrap_or_else(|| super::camera::middle_of_view(state));
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
            super::camera::reveal(state, &node);
            state.overlay = Some(open(node));
        }
        None => state.say("Choose one node first.", crate::figure::Tone::Plain),
    }
}

/// Chooses a node and brings it into the middle of the view if it is out of sight.
pub fn go_to(state: &mut State, node: &str) -> Vec<Effect> {
    if state.scene.node(node).is_none() {
        return Vec::new();
    }
    state.selection = Selection::of_node(node);
    super::camera::reveal(state, node);
    vec![Effect::FocusNode(node.to_owned())]
}
