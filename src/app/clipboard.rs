//! The clipboard, where the browser gives it: not in every frame, and not without https.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// Copies a text and says whether that went well.
pub fn copy(text: &str, done: impl FnOnce(bool) + 'static) {
    let asked = ask("writeText", &[text.into()]);
    spawn_local(async move {
        done(match asked {
            Some(promise) => JsFuture::from(promise).await.is_ok(),
            None => false,
        });
    });
}

/// Reads its text, where the browser and the visitor allow it.
pub fn read(done: impl FnOnce(Option<String>) + 'static) {
    let asked = ask("readText", &[]);
    spawn_local(async move {
        let text = match asked {
            Some(promise) => JsFuture::from(promise).await.ok(),
            None => None,
        };
        done(text.and_then(|text| text.as_string()));
    });
}

fn ask(method: &str, arguments: &[JsValue]) -> Option<Promise> {
    let field = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).ok();
    let clipboard = field(&field(&js_sys::global(), "navigator")?, "clipboard")?;
    let method: Function = field(&clipboard, method)?.dyn_into().ok()?;
    method.apply(&clipboard, &arguments.iter().collect()).ok()?.dyn_into().ok()
}
