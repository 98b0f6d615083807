//! The camera: which part of the canvas is seen, and how large.

use super::rect::Rect;
use crate::figure::Point;

/// Where the canvas is looked at: canvas point (x, y) lies at the viewport's top left; `zoom` pixels a unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    pub x: f32,
    pub y: f32,
    pub zoom: f32,
}

impl Default for Camera {
    fn default() -> Self {
        Self { x: 0.0, y: 0.0, zoom: 1.0 }
    }
}

impl Camera {
    pub const ZOOM_MIN: f32 = 0.1;
    pub const ZOOM_MAX: f32 = 4.0;

    /// A viewport point (CSS pixels from the canvas's top left) as a canvas point.
    #[must_use]
    pub fn canvas_from_view(&self, view: Point) -> Point {
        Point::new(self.x + view.x / self.zoom, self.y + view.y / self.zoom)
    }

    /// The part of the canvas that is looked at; the viewport is in pixels.
    #[must_use]
    pub fn seen(&self, viewport: (f32, f32)) -> Rect {
        let corner = Point::new(viewport.0, viewport.1);
        Rect::between(self.canvas_from_view(Point::default()), self.canvas_from_view(corner))
    }

    #[must_use]
    pub fn view_from_canvas(&self, point: Point) -> Point {
        Point::new((point.x - self.x) * self.zoom, (point.y - self.y) * self.zoom)
    }
}
