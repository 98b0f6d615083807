//! The clipboard, where the browser gives it: not in every frame, and not without https.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// Copies a text and says whether that went well.
pub fn copy(text: &str, done: impl FnOnce(bool) + 'static) {
    let asked = ask(text);
    spawn_local(async move {
        done(match asked {
            Some(promise) => JsFuture::from(promise).await.is_ok(),
            None => false,
        });
    });
}

fn ask(text: &str) -> Option<Promise> {
    let field = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).ok();
    let clipboard = field(&field(&js_sys::global(), "navigator")?, "clipboard")?;
    let write: Function = field(&clipboard, "writeText")?.dyn_into().ok()?;
    write.call1(&clipboard, &text.into()).ok()?.dyn_into().ok()
}
