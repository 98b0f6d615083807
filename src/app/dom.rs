//! Small helpers around the document. All of them give `None` instead of failing.

use gloo_timers::callback::Timeout;
use js_sys::Reflect;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, HtmlElement, Window};

pub fn window() -> Option<Window> {
    web_sys::window()
}

pub fn document() -> Option<Document> {
    window()?.document()
}

pub fn by_id(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}

pub fn query(selector: &str) -> Option<Element> {
    document()?.query_selector(selector).ok().flatten()
}

/// The elements a selector finds, in document order.
pub fn query_all(selector: &str) -> Vec<Element> {
    let Some(found) = document().and_then(|document| document.query_selector_all(selector).ok()) else {
        return Vec::new();
    };
    (0..found.length()).filter_map(|index| found.item(index)?.dyn_into().ok()).collect()
}

/// Milliseconds since the page began.
pub fn now_ms() -> f64 {
    window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now())
}

pub fn matches_media(query: &str) -> bool {
    window().and_then(|window| window.match_media(query).ok().flatten()).is_some_and(|list| list.matches())
}

/// A number as a person or a browser writes it.
pub fn number(text: &str) -> Option<f64> {
    // The browser's own reading: Rust's brings a table of ten kilobytes. All of the text, and not where it begins.
    let read = || JsValue::from_str(text).unchecked_into_f64();
    (!text.trim().is_empty()).then(read).filter(|number| number.is_finite())
}

/// Writes a text only when it differs: an unchanged one costs no layout. Gives whether it did.
pub fn set_text(element: &Element, text: &str) -> bool {
    let differs = element.text_content().as_deref() != Some(text);
    if differs {
        element.set_text_content(Some(text));
    }
    differs
}

pub fn set_attribute(element: &Element, name: &str, value: &str) {
    if element.get_attribute(name).as_deref() != Some(value) {
        // Only a malformed name is refused, and ours are literals.
        let _ = element.set_attribute(name, value);
    }
}

pub fn set_style(element: &Element, name: &str, value: &str) {
    // The elements of SVG have `style` too.
    let _ = element.unchecked_ref::<HtmlElement>().style().set_property(name, value);
}

/// Whether the element itself, and no sheet, has this style.
pub fn has_style(element: &Element, name: &str) -> bool {
    let style = element.unchecked_ref::<HtmlElement>().style();
    style.get_property_value(name).is_ok_and(|value| !value.is_empty())
}

pub fn set_hidden(element: &Element, hidden: bool) {
    let element = element.unchecked_ref::<HtmlElement>();
    if element.hidden() != hidden {
        element.set_hidden(hidden);
    }
}

/// Focuses an HTML or SVG element alike; the second kind has no binding of its own here.
pub fn focus(element: &Element) {
    call(element, "focus");
}

/// Calls a method without arguments that has no binding here; gives its answer, if it is there and does not throw.
pub fn call(on: &JsValue, method: &str) -> Option<JsValue> {
    let function = Reflect::get(on, &JsValue::from_str(method)).ok()?;
    function.dyn_into::<js_sys::Function>().ok()?.call0(on).ok()
}

/// The same with one argument.
pub fn call_with(on: &JsValue, method: &str, argument: &JsValue) -> Option<JsValue> {
    let function = Reflect::get(on, &JsValue::from_str(method)).ok()?;
    function.dyn_into::<js_sys::Function>().ok()?.call1(on, argument).ok()
}

/// An id as part of an attribute selector.
pub fn quoted(id: &str) -> String {
    format!("\"{}\"", id.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Calls once what the browser does next is done: the frame that is due is drawn by then.
pub fn after_paint(work: impl FnOnce() + 'static) {
    let framed = Closure::once_into_js(move || Timeout::new(0, work).forget());
    if let Some(window) = window() {
        let _ = window.request_animation_frame(framed.unchecked_ref());
    }
}
