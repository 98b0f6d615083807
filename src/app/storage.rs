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
