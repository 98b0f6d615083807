//! The browser's small storage. In a foreign frame or a private window every access may be refused: then the
//! page works without a memory.

use web_sys::Storage;

const SCENE: &str = "decoupled.scene";
const THEME: &str = "decoupled.theme";

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

fn read(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

fn write(key: &str, value: &str) -> bool {
    storage().is_some_and(|storage| storage.set_item(key, value).is_ok())
}

pub fn read_scene() -> Option<String> {
    read(SCENE)
}

fn copy(number: u32) -> String {
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
    if let Some(storage) = storage() {
        let _ = storage.remove_item(&copy(number));
    }
}

/// Whether it could be kept.
pub fn write_scene(text: &str) -> bool {
    write(SCENE, text)
}

pub fn read_theme() -> Option<String> {
    read(THEME)
}

pub fn write_theme(theme: &str) -> bool {
    write(THEME, theme)
}
