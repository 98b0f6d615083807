//! The address of this page: what it asks for, and the addresses that lead back to it.

use decoupled::editor::Address;
use decoupled::scene::Problem;

use super::dom;

/// What the visit was asked for.
pub fn asked() -> (Address, Vec<Problem>) {
    match hash() {
        Some(hash) if hash.len() > 1 => Address::read(&hash),
        _ => (Address::default(), Vec::new()),
    }
}

fn hash() -> Option<String> {
    dom::window()?.location().hash().ok()
}

/// The page without what was asked of it, such as `https://a.example/decoupled/`.
pub fn page() -> String {
    let whole = dom::window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    whole.split(['#', '?']).next().unwrap_or_default().to_owned()
}

pub fn of(address: &Address) -> String {
    format!("{}#{}", page(), address.write())
}

/// Names the present state in the address bar, without a step in the browser's history.
pub fn replace(address: &Address) {
    let history = dom::window().and_then(|window| window.history().ok());
    if let Some(history) = history {
        let to = of(address);
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&to));
    }
}

/// Whether this page stands in a frame of another.
pub fn is_framed() -> bool {
    dom::window().is_some_and(|window| match window.parent() {
        Ok(Some(parent)) => parent != window,
        _ => true,
    })
}
