//! What the user is doing: state, command, reduce, effect, history, selection, gestures. Pure: a command goes
//! in, a changed state and a list of effects come out; the app carries the effects out and draws the state.
//!
//! *Architecture invariant:* a scene in the state is replaced, never changed in place, so its address tells
//! whether it changed; every replacement goes through `recording`, or lies inside one gesture that ends there.

mod actions;
mod address;
mod align;
mod boundary;
mod breakpoint;
mod camera;
mod change;
mod choosing;
mod chosen;
mod clip;
mod command;
mod connect;
mod duplicate;
mod effect;
mod embedding;
mod fresh;
mod gesture;
mod guides;
mod insert;
mod keymap;
mod layout;
mod looking;
mod note;
mod notice;
mod offers;
mod open;
mod opening;
mod overlay;
mod page;
mod place;
mod pointer;
mod reading;
mod reconnect;
mod recording;
mod rect;
mod reduce;
mod remake;
mod remedy;
mod script;
mod selection;
mod state;
mod steps;
mod tidy;
mod turn;
mod watch;

pub use actions::{Action, actions};
pub use address::{Address, Source};
pub use breakpoint::{Breakpoint, Comparison, Condition, Thousandths};
pub use camera::Camera;
pub use clip::text_of;
pub use command::{Axis, Command, Edge, Joint};
pub use connect::{Connection, connection};
pub use effect::{Effect, RunEffect, Why};
pub use embedding::Guard;
pub use fresh::placed_rect;
pub use guides::Guide;
pub use keymap::{KEYS, KeyHelp, command_for_key};
pub use layout::{
    CARD_EDGE, CARD_TEXT_X, FOLDED, HEADLINE_MAX, HEADLINE_SIZE, HEADLINE_USUAL, NAME_GAP, NAME_SIZE, bounds_of,
    camera_to_fit, card_rect, scene_bounds,
};
pub use note::{NoteLayout, NoteLine, note_layout, note_text, note_width};
pub use offers::{Offer, offers};
pub use open::file_name;
pub use overlay::{Overlay, Purpose, Subject};
pub use place::one_shard_more;
pub use pointer::{Handle, LinkEnd, PointerTarget};
pub use reconnect::reconnection;
pub use rect::Rect;
pub use reduce::reduce;
pub use remedy::{Remedy, remedy};
pub use script::{subject_text, what_of};
pub use selection::Selection;
pub use state::{About, Drawer, Gesture, Knobs, Mode, Notice, PaletteItem, Panel, Playback, Proposal, State, Theme};
pub use watch::Watch;
