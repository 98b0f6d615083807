//! What the user is doing: state, command, reduce, effect, history, selection, gestures. Pure: a command goes
//! in, a changed state and a list of effects come out; the app carries the effects out and draws the state.
//!
//! *Architecture invariant:* a scene in the state is replaced, never changed in place, so its address tells
//! whether it changed; every replacement goes through `history`, or lies inside one gesture that ends there.

mod actions;
mod address;
mod align;
mod breakpoint;
mod camera;
mod change;
mod clip;
mod command;
mod connect;
mod duplicate;
mod effect;
mod embedding;
mod frame;
mod gesture;
mod guides;
mod history;
mod insert;
mod keymap;
mod layout;
mod note;
mod offers;
mod open;
mod overlay;
mod page;
mod place;
mod reading;
mod reconnect;
mod reduce;
mod remedy;
mod script;
mod selection;
mod state;
mod tidy;
mod turn;
mod watch;

pub use crate::services::faults_of_link;
pub use actions::{Action, actions};
pub use address::{Address, Source};
pub use breakpoint::{Breakpoint, Comparison, Condition, Thousandths};
pub use clip::text_of;
pub use command::{Axis, Command, Edge, Handle, LinkEnd, PointerTarget};
pub use connect::{Connection, connection};
pub use effect::Effect;
pub use embedding::Guard;
pub use guides::Guide;
pub use insert::Joint;
pub use keymap::{KEYS, KeyHelp, command_for_key};
pub use layout::{FOLDED, Rect, bounds_of, camera_to_fit, card_rect, scene_bounds};
pub use note::{NoteLayout, NoteLine, note_layout, note_text, note_width};
pub use offers::{Offer, offers};
pub use open::file_name;
pub use overlay::{Overlay, Purpose, Subject};
pub use place::placed_rect;
pub use reconnect::reconnection;
pub use reduce::reduce;
pub use remedy::{Remedy, remedy};
pub use script::{subject_text, what_of};
pub use state::{Camera, Drawer, Gesture, Knobs, Mode, Notice, PaletteItem, Panel, Playback, Selection, State, Theme};
pub use watch::Watch;
