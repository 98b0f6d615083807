//! Values of ours as JavaScript has them.

use js_sys::JSON;
use serde_json::Value;
use wasm_bindgen::JsValue;

/// A value of ours as one of JavaScript's.
pub fn js(value: &Value) -> JsValue {
    JSON::parse(&value.to_string()).unwrap_or_default()
}
