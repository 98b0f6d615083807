//! The part of the program that a first visit does not need.
//!
//! `cargo xtask build` takes every function out of the program that does not run during a first visit, and puts a stub
//! in its place. `static/boot.js` joins the two parts once the first scene moves. A stub that is called before that
//! calls [`load_rest`], and goes on when it returns.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Joins the other part, given this one's exports; throws where it cannot be had.
    #[wasm_bindgen(js_name = decoupledJoinRest)]
    fn join_rest(exports: &JsValue);
}

/// Called by stubs. All that it reaches stays in the first part.
#[wasm_bindgen(js_name = loadRest)]
pub fn load_rest() {
    join_rest(&wasm_bindgen::exports());
}
