//! Opening and saving. What is opened replaces the scene as one step, so that work is never lost to it.

use super::change::refuse;
use super::effect::Effect;
use super::recording::replace;
use super::state::{Drawer, Panel, State};
use crate::figure::Tone;
use crate::scene::{Problem, Scene, gallery, read_scene, try_read_scene, write_scene};

/// Opens a scene that was read.
pub fn open(state: &mut State, scene: Scene, problems: Vec<Problem>) -> Vec<Effect> {
    let effects = replace(state, scene, problems);
    // On an empty canvas nothing plays.
    state.playback.playing &= !state.scene.nodes.is_empty();
    state.panels.remove(Panel::Gallery.name());
    match state.problems.len() {
        0 => {}
        count => {
            state.drawer = Drawer::Problems;
            let things = if count == 1 { "1 problem".to_owned() } else { format!("{count} problems") };
            state.say(
                format!("{} is open, with {things}: they are listed under Problems.", state.scene.name),
                Tone::Warn,
            );
        }
    }
    effects
}

/// Opens a text, if it is a scene at all.
pub fn open_text(state: &mut State, name: &str, text: &str) -> Vec<Effect> {
    match try_read_scene(text) {
        Err(problem) => {
            let place = if problem.place.is_empty() { String::new() } else { format!(" at {}", problem.place) };
            let message = problem.message.trim_end_matches('.');
            refuse(
                state,
                format!(
                    "{name} was not opened{place}: {message}. Your scene is as it was; choose a file that was saved here (….scene.json)."
                ),
            )
        }
        Ok((scene, problems)) => open(state, scene, problems),
    }
}

pub fn open_gallery(state: &mut State, id: &str) -> Vec<Effect> {
    match gallery::find(id) {
        Some(text) => {
            let (scene, problems) = read_scene(text);
            open(state, scene, problems)
        }
        None => refuse(state, format!("The gallery has no scene called {id}.")),
    }
}

pub fn save(state: &State) -> Vec<Effect> {
    let name = file_name(&state.scene, "scene.json");
    vec![Effect::Download { name, text: write_scene(&state.scene) }]
}

/// What a file of the scene is called: by its name.
#[must_use]
pub fn file_name(scene: &Scene, ending: &str) -> String {
    format!("{}.{ending}", slug(&scene.name))
}

const SLUG_CHARS_MAX: usize = 60;

/// A name that every file system takes.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for character in name.chars().flat_map(char::to_lowercase).take(SLUG_CHARS_MAX) {
        if character.is_alphanumeric() {
            slug.push(character);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "scene".to_owned() } else { slug.to_owned() }
}
