//! The browser's small storage. In a foreign frame or a private window every access may be refused: then the
//! page works without a memory.

use web_sys::Storage;

use super::dom;

pub const SCENE: &str = "decoupled.scene";
const THEME: &str = "decoupled.theme";
const DRAWER_HEIGHT: &str = "decoupled.drawer";

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

fn read(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

fn write(key: &str, value: &str) -> bool {
    storage().is_some_and(|storage| storage.set_item(key, value).is_ok())
}

fn remove(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(key);
    }
}

pub fn read_scene() -> Option<String> {
    read(SCENE)
}

pub fn copy(number: u32) -> String {
    format!("decoupled.copy.{number}")
}

/// The visitor's copy of a shared scene.
pub fn read_copy(number: u32) -> Option<String> {
    read(&copy(number))
}

pub fn write_copy(number: u32, text: &str) -> bool {
    write(&copy(number), text)
}

pub fn remove_copy(number: u32) {
    remove(&copy(number));
}

/// Whether it could be kept.
pub fn write_scene(text: &str) -> bool {
    write(SCENE, text)
}

/// What could not be read, kept as it was.
pub const ASIDE_MAX: u32 = 20;

fn aside(number: u32) -> String {
    format!("decoupled.aside.{number}")
}

pub fn read_aside(number: u32) -> Option<String> {
    read(&aside(number))
}

pub fn remove_aside(number: u32) {
    remove(&aside(number));
}

/// Moves a text that lies under `key` to a place of its own; false when that cannot be: then it lies where it was.
pub fn put_aside(key: &str, text: &str) -> bool {
    let Some(number) = (1..=ASIDE_MAX).find(|number| read_aside(*number).is_none()) else { return false };
    // First away: there may be no room for two.
    remove(key);
    let moved = write(&aside(number), text);
    if !moved {
        write(key, text);
    }
    moved
}

pub fn read_theme() -> Option<String> {
    read(THEME)
}

pub fn write_theme(theme: &str) -> bool {
    write(THEME, theme)
}

/// In pixels, if the visitor has chosen one.
pub fn read_drawer_height() -> Option<f64> {
    dom::number(&read(DRAWER_HEIGHT)?)
}

pub fn write_drawer_height(height: f64) {
    write(DRAWER_HEIGHT, &height.to_string());
}

pub fn forget_drawer_height() {
    remove(DRAWER_HEIGHT);
}
