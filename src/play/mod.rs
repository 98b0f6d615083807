//! The player: a run, its checkpoints, what is shown of it, and what hands do to it. The rules of time are here; the page
//! and the tests drive the same player. It reads no clock: how long it may work, whoever calls it says.

mod checkpoints;
mod future;
mod judging;
mod pace;
mod player;
mod playing;
mod saved;

pub use player::{Forgotten, Player, Stop, TimeLeft};
pub use playing::Playing;
