//! How a visit begins: with the autosaved scene, else with the first of the gallery, already moving.

use decoupled::editor::{Command, Panel, State, Theme};
use decoupled::scene::{gallery, read_scene};
use decoupled::sim::{Checkpoints, Run};

use super::recorder::Recorder;
use super::store::{Session, Store};
use super::subscribers::Subscribers;
use super::{dom, storage};

/// The state before anything was done.
pub fn session() -> Session {
    let fresh =
        dom::window().and_then(|window| window.location().search().ok()).is_some_and(|search| search == "?fresh");
    let kept = if fresh { None } else { storage::read_scene() };
    let first = gallery::ALL[0].text();
    let (scene, problems) = read_scene(kept.as_deref().unwrap_or(first));
    let mut run = Run::new(&scene);
    let checkpoints = Checkpoints::of(&mut run);
    let mut state = State::new(scene, problems);
    // Before anything is drawn: the scene is fitted into the room that the canvas keeps.
    for panel in folded() {
        state.panels.remove(panel.name());
    }
    Session {
        state,
        run,
        checkpoints,
        shown_at: 0,
        held_back: None,
        recorder: Recorder::default(),
        theme_serial: 0,
        run_serial: 0,
        calm_serial: 0,
        subscribers: Subscribers::default(),
    }
}

/// What is done once the page stands.
pub fn begin(store: &Store) {
    let theme = match storage::read_theme().as_deref() {
        Some("light") => Theme::Light,
        Some("dark") => Theme::Dark,
        _ => Theme::System,
    };
    store.dispatch(Command::SetTheme { theme });
    let still = dom::matches_media("(prefers-reduced-motion: reduce)");
    store.dispatch(if still { Command::Pause } else { Command::Play });
}

/// Sheets would hide the canvas of a small screen at once.
fn folded() -> &'static [Panel] {
    if dom::matches_media("(max-width: 640px)") {
        &[Panel::Palette, Panel::Inspector, Panel::Drawer]
    } else if dom::matches_media("(max-width: 1100px)") {
        &[Panel::Inspector]
    } else {
        &[]
    }
}
