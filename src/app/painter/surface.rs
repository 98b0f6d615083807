//! A canvas that is painted on.

use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d as Context, Element, HtmlCanvasElement};

use super::super::dom;

/// More device pixels are not seen, but paid for.
const RATIO_MAX: f64 = 2.0;

pub struct Surface {
    pub canvas: HtmlCanvasElement,
    pub context: Context,
}

impl Surface {
    pub fn find(id: &str) -> Option<Self> {
        Self::of(dom::by_id(id)?)
    }

    /// One that is not on the page.
    pub fn new() -> Option<Self> {
        Self::of(dom::document()?.create_element("canvas").ok()?)
    }

    pub fn of(element: Element) -> Option<Self> {
        let canvas: HtmlCanvasElement = element.dyn_into().ok()?;
        let context = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        Some(Self { canvas, context })
    }
}

/// Device pixels a CSS pixel.
pub fn pixel_ratio() -> f64 {
    dom::window().map_or(1.0, |window| window.device_pixel_ratio()).clamp(1.0, RATIO_MAX)
}
