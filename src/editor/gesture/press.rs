//! What a gesture begins with.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::editor::camera::Camera;
use crate::editor::guides::Guides;
use crate::editor::selection::Selection;
use crate::figure::Point;
use crate::scene::Scene;

/// Pixels the pointer moves before a press is a drag: hands are not still.
const THRESHOLD_PX: f32 = 4.0;

/// Keys and buttons held down with the press.
#[derive(Clone, Copy, Debug, Default)]
pub struct Held {
    pub shift: bool,
    pub alt: bool,
    /// Space or the middle button: the camera moves whatever lies under the pointer.
    pub pan: bool,
}

/// What a gesture began with.
#[derive(Clone, Debug, Default)]
pub struct Press {
    pub(super) view: Point,
    pub(super) held: Held,
    /// The pointer has passed the threshold.
    pub(super) moved: bool,
    /// It is over, and what it began goes on until the next one: a line whose port was only tapped.
    pub(super) waits: bool,
    /// The node pressed on, and whether it was chosen before.
    pub(super) node: String,
    pub(super) was_chosen: bool,
    pub(super) selection: Selection,
    /// The document to record or to return to, and the one positions are reckoned from.
    pub(super) before: Option<Arc<Scene>>,
    pub(super) base: Option<Arc<Scene>>,
    /// What moves with the hand, and what it is reckoned against.
    pub(super) carried: BTreeSet<String>,
    pub(super) guides: Guides,
    /// Nothing draws what is dragged.
    pub(super) free: bool,
    /// Where the pointer was at the last move, and what was seen of the canvas then.
    pub(super) last: Option<(Point, Camera)>,
}

impl Press {
    /// Whether this is a drag by now.
    pub(super) fn passes(&mut self, view: Point) -> bool {
        let (x, y) = (view.x - self.view.x, view.y - self.view.y);
        self.moved |= x * x + y * y > THRESHOLD_PX * THRESHOLD_PX;
        self.moved
    }
}
