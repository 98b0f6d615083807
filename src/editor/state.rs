//! Everything the page shows but the run itself.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::figure::{Point, Tone};
use crate::scene::{Problem, Scene};
use crate::services::Kind;

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

    #[must_use]
    pub fn view_from_canvas(&self, point: Point) -> Point {
        Point::new((point.x - self.x) * self.zoom, (point.y - self.y) * self.zoom)
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    pub nodes: BTreeSet<String>,
    pub links: BTreeSet<String>,
}

/// What the pointer is in the middle of. Coordinates are canvas points.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Gesture {
    #[default]
    Idle,
    /// Pressed on a node, not yet moved past the threshold.
    PointingNode { id: String, from: Point },
    /// Moving the selected nodes; `moved` is the way so far.
    DraggingNodes { from: Point, moved: Point },
    /// Moving the camera; `view` is the last viewport point.
    Panning { view: Point },
    Marquee { from: Point, to: Point },
    /// Drawing a link out of a node's port; `over` is the node under the pointer, `refusal` why it is not legal.
    Connecting { from: String, to: Point, over: Option<String>, refusal: Option<String> },
    /// Carrying a kind from the palette; `at` is `None` while not over the canvas.
    Placing { kind: PaletteItem, at: Option<Point> },
}

/// What the palette holds: the kinds of node, and a shard (which joins a stream or makes one).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaletteItem {
    Node(Kind),
    Shard,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Playback {
    pub playing: bool,
    /// 0.1 to 100.
    pub speed: f32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Panel {
    Palette,
    Inspector,
    Drawer,
    Gallery,
    Help,
}

/// The tabs under the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drawer {
    Metrics,
    Trace,
    Messages,
    Problems,
    Notes,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

/// A sentence shown for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub text: String,
    pub tone: Tone,
    /// Counts up, so that the same sentence said twice is shown twice.
    pub serial: u64,
}

#[derive(Clone, Debug)]
pub struct State {
    pub scene: Arc<Scene>,
    /// What reading the file and checking the scene found.
    pub problems: Arc<[Problem]>,
    pub selection: Selection,
    pub camera: Camera,
    /// The canvas's size in CSS pixels.
    pub viewport: (f32, f32),
    pub gesture: Gesture,
    pub(super) past: Vec<Arc<Scene>>,
    pub(super) future: Vec<Arc<Scene>>,
    /// What the last recorded change was, so that one gesture or one field's typing is one entry.
    pub(super) coalesce: Option<String>,
    pub playback: Playback,
    pub panels: BTreeSet<&'static str>,
    pub drawer: Drawer,
    pub theme: Theme,
    pub notice: Option<Notice>,
    /// The trace shows this node alone.
    pub trace_node: Option<String>,
}
