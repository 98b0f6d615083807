//! The scene: the document a person makes. A list of nodes and links in AWS's own words, a seed, a network,
//! a script. Reading never fails: a bad file gives what can be opened, and its problems.

mod check;
mod check_frames;
mod document;
mod edit;
mod frames;
pub mod gallery;
pub mod limits;
mod own_checks;
mod problem;
mod read;
mod rename;
mod schema;
mod script;
mod share;
mod text;
mod write;

pub use check::check_property;
pub use document::{NetworkChoice, Scene, SceneLink, SceneNode};
pub use edit::{Edit, fresh_id};
pub use frames::Frames;
pub use own_checks::OwnCheck;
pub use problem::Problem;
pub use read::{read_file, read_scene, try_read_scene};
pub use schema::schema;
pub use script::{Act, FAULTS, LINK_FAULTS, ScriptEntry, Subject};
pub use share::{read_share, write_share};
pub use write::write_scene;
