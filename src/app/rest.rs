//! The parts of the program that a first visit does not need.
//!
//! `cargo xtask build` takes every function out of the program that does not run during a first visit, and puts a stub
//! in its place; what only JSONata's interpreter calls is a part of its own. `static/boot.js` joins the rest once the first
//! scene moves, and JSONata where a scene has expressions. A stub that is called before that calls [`load_rest`] or
//! [`load_jsonata`], and goes on when it returns.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Joins the rest, given this part's exports; throws where it cannot be had.
    #[wasm_bindgen(js_name = decoupledJoinRest)]
    fn join_rest(exports: &JsValue);

    /// Joins JSONata's interpreter likewise.
    #[wasm_bindgen(js_name = decoupledJoinJsonata)]
    fn join_jsonata(exports: &JsValue);
}

/// Called by stubs. All that it reaches stays in the first part.
#[wasm_bindgen(js_name = loadRest)]
pub fn load_rest() {
    join_rest(&wasm_bindgen::exports());
}

/// Called by stubs. All that it reaches stays in the first part.
#[wasm_bindgen(js_name = loadJsonata)]
pub fn load_jsonata() {
    join_jsonata(&wasm_bindgen::exports());
}
