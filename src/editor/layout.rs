//! Where cards lie on the canvas, and the camera that shows them.

use super::note::note_layout;
use super::state::Camera;
use crate::figure::Point;
use crate::scene::{Frames, Scene, SceneNode};
use crate::services::canvas::boundary;
use crate::services::{Kind, whole_number};

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub height: f32,
}

impl Rect {
    /// The rectangle with these two corners, whichever they are.
    #[must_use]
    pub fn between(a: Point, b: Point) -> Self {
        let (x, y) = (a.x.min(b.x), a.y.min(b.y));
        Self { x, y, width: (a.x - b.x).abs(), height: (a.y - b.y).abs() }
    }

    #[must_use]
    pub fn right(&self) -> f32 {
        self.x + self.width
    }

    #[must_use]
    pub fn bottom(&self) -> f32 {
        self.y + self.height
    }

    #[must_use]
    pub fn middle(&self) -> Point {
        Point::new(self.x + self.width / 2.0, self.y + self.height / 2.0)
    }

    #[must_use]
    pub fn contains(&self, point: Point) -> bool {
        point.x >= self.x && point.x <= self.right() && point.y >= self.y && point.y <= self.bottom()
    }

    /// Whether all of the other lies within.
    #[must_use]
    pub fn holds(&self, other: &Self) -> bool {
        other.x >= self.x && other.y >= self.y && other.right() <= self.right() && other.bottom() <= self.bottom()
    }

    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        self.x < other.right() && other.x < self.right() && self.y < other.bottom() && other.y < self.bottom()
    }

    /// Wider by `margin` on each side.
    #[must_use]
    pub fn grown(&self, margin: f32) -> Self {
        let (width, height) = (self.width + 2.0 * margin, self.height + 2.0 * margin);
        Self { x: self.x - margin, y: self.y - margin, width, height }
    }

    #[must_use]
    pub fn joined(&self, other: &Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let (right, bottom) = (self.right().max(other.right()), self.bottom().max(other.bottom()));
        Self { x, y, width: right - x, height: bottom - y }
    }
}

/// A collapsed boundary's card.
pub const FOLDED: (f32, f32) = (184.0, 92.0);

/// A node's card, paper or frame.
#[must_use]
pub fn card_rect(node: &SceneNode) -> Rect {
    let (width, height) = match node.kind {
        Kind::Note | Kind::Boundary => still_size(node),
        kind => kind.spec().size,
    };
    Rect { x: node.at.0 as f32, y: node.at.1 as f32, width, height }
}

#[inline(never)] // second part
fn still_size(node: &SceneNode) -> (f32, f32) {
    if node.kind == Kind::Note {
        let layout = note_layout(node);
        return (layout.width, layout.height);
    }
    if node.is_collapsed() {
        return FOLDED;
    }
    let side = |name, default: f32| {
        let given = node.properties.get(name).and_then(whole_number);
        given.map_or(default, |side| side as f32).clamp(boundary::SIDE_MIN, boundary::SIDE_MAX)
    };
    (side("Width", boundary::SIZE.0), side("Height", boundary::SIZE.1))
}

/// The rectangle around these cards; `None` for none.
#[must_use]
pub fn bounds_of<'a>(nodes: impl IntoIterator<Item = &'a SceneNode>) -> Option<Rect> {
    nodes.into_iter().map(card_rect).reduce(|all, card| all.joined(&card))
}

#[must_use]
pub fn scene_bounds(scene: &Scene) -> Option<Rect> {
    let frames = Frames::of(scene);
    bounds_of(scene.nodes.iter().filter(|node| !frames.hides(&node.id)).map(|node| &**node))
}

/// Fitting never enlarges: a small scene is shown at its own size.
const FIT_ZOOM_MAX: f32 = 1.0;

/// The camera that shows `bounds` in the middle of the view with `padding` pixels around it.
#[must_use]
pub fn camera_to_fit(bounds: Rect, viewport: (f32, f32), padding: f32) -> Camera {
    let room = |length: f32| (length - 2.0 * padding).max(1.0);
    let across = room(viewport.0) / bounds.width.max(1.0);
    let down = room(viewport.1) / bounds.height.max(1.0);
    let zoom = across.min(down).clamp(Camera::ZOOM_MIN, FIT_ZOOM_MAX);
    let middle = bounds.middle();
    Camera { x: middle.x - viewport.0 / 2.0 / zoom, y: middle.y - viewport.1 / 2.0 / zoom, zoom }
}
