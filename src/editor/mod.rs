//! What the user is doing: state, command, reduce, effect, history, selection, gestures. Pure: a command goes
//! in, a changed state and a list of effects come out; the app carries the effects out and draws the state.

mod command;
mod effect;
mod state;

pub use command::{Axis, Command, PointerTarget};
pub use effect::Effect;
pub use state::{Camera, Drawer, Gesture, Notice, PaletteItem, Panel, Playback, Selection, State, Theme};
