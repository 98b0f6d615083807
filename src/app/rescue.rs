//! When the program breaks: a screen that says so and offers the autosaved scene, never a dead canvas. `static/boot.js` draws it,
//! which needs no program. A mistake of the engine is no such case: `guard` keeps it from the rest.

use std::panic;

use js_sys::Reflect;
use wasm_bindgen::JsValue;

use super::{dom, guard};

pub fn install() {
    panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        let what = info.to_string();
        let Some(window) = dom::window() else { return };
        if guard::takes(&what) {
            // The trap that follows is told to the page as well; nobody else needs to do anything.
            let _ = Reflect::set(&window, &"decoupledTakes".into(), &JsValue::TRUE);
        } else {
            dom::call_with(&window, "decoupledRescue", &what.into());
        }
    }));
}

/// Whether this very address ended in the middle of a run the last time.
pub fn ended_badly() -> bool {
    dom::window()
        .is_some_and(|window| Reflect::get(&window, &"decoupledBroke".into()).is_ok_and(|broke| broke.is_truthy()))
}
