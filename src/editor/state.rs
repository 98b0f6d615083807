//! Everything the page shows but the run itself.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::breakpoint::Breakpoint;
use super::camera::Camera;
use super::gesture::Press;
use super::guides::Guide;
use super::overlay::Overlay;
use super::pointer::{Handle, LinkEnd};
use super::rect::Rect;
use super::selection::Selection;
use super::steps::Steps;
use crate::engine::Micros;
use crate::figure::{Point, Tone};
use crate::scene::{Problem, Scene};
use crate::services::{Kind, Token};

/// What the pointer is in the middle of. Coordinates are canvas points.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Gesture {
    #[default]
    Idle,
    /// Pressed on a node, not yet moved past the threshold.
    PointingNode {
        id: String,
        from: Point,
    },
    /// Moving the selected nodes; `moved` is the way so far.
    DraggingNodes {
        from: Point,
        moved: Point,
        guides: Vec<Guide>,
    },
    /// Pulling a frame or a note by a handle.
    Resizing {
        id: String,
        handle: Handle,
        from: Point,
    },
    /// Carrying one end of a line; see [`Gesture::Connecting`].
    Reconnecting {
        link: String,
        end: LinkEnd,
        legal: Arc<BTreeSet<String>>,
        to: Point,
        over: Option<String>,
        refusal: Option<String>,
    },
    /// Moving the camera; `view` is the last viewport point.
    Panning {
        view: Point,
    },
    Marquee {
        from: Point,
        to: Point,
    },
    /// Drawing a link out of a node's port; `legal` are the nodes it may reach, `over` is the node under the pointer,
    /// `refusal` why it is not legal.
    Connecting {
        from: String,
        legal: Arc<BTreeSet<String>>,
        to: Point,
        over: Option<String>,
        refusal: Option<String>,
    },
    /// Carrying a kind from the palette; `at` is `None` while not over the canvas, `into` the link it would be put into.
    Placing {
        kind: PaletteItem,
        at: Option<Point>,
        into: Option<String>,
    },
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
    /// 0.1 to 1000.
    pub speed: f32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Panel {
    Palette,
    Inspector,
    Drawer,
    Gallery,
    Help,
    Share,
    /// What happens, told as it happens.
    Narration,
}

impl Panel {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Palette => "palette",
            Self::Inspector => "inspector",
            Self::Drawer => "drawer",
            Self::Gallery => "gallery",
            Self::Help => "help",
            Self::Share => "share",
            Self::Narration => "narration",
        }
    }
}

/// The tabs under the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drawer {
    Metrics,
    Trace,
    Messages,
    Journey,
    Outline,
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

impl Theme {
    /// As addresses and the stylesheet call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// What a visitor may do, and how much of the page stands around the canvas.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    #[default]
    Edit,
    /// Everything can be looked at and played, nothing changed.
    Play,
    /// The same, with the canvas and the hands on time alone.
    Embed,
}

impl Mode {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Edit => "edit",
            Self::Play => "play",
            Self::Embed => "embed",
        }
    }

    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Edit, Self::Play, Self::Embed].into_iter().find(|mode| mode.name() == name)
    }
}

/// What a sentence is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// What a hand has just tried: until it does something else.
    Hand,
    /// Where time stands: until a hand moves it, or what it plays is changed.
    Time,
    /// The future that was left: until that is found again, or is nobody's any more.
    Future,
    /// What no hand changes, such as where the browser keeps the scene.
    Page,
}

/// A sentence shown for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub text: String,
    pub tone: Tone,
    /// Counts up, so that the same sentence said twice is shown twice.
    pub serial: u64,
    pub about: About,
    pub offers: Vec<Proposal>,
}

/// What a notice proposes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proposal {
    /// The way back to the future that was left.
    Future,
    /// To look further for what matters.
    LookOn,
    /// The way back to a moment.
    Back(Micros),
}

/// From when on a changed property holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Knobs {
    /// From the time that is shown: the change becomes a part of the script.
    #[default]
    FromNow,
    /// As if it had been so from the beginning.
    FromStart,
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
    /// What the gesture began with.
    pub(super) press: Press,
    pub(super) steps: Steps,
    /// The scene is to be fitted into the view as soon as the view has a size.
    pub(super) fit_due: bool,
    /// Instead of the whole scene, this part of it.
    pub(super) part_due: Option<Rect>,
    /// Notices so far.
    pub(super) said: u64,
    pub playback: Playback,
    /// The names of the open ones.
    pub panels: BTreeSet<&'static str>,
    pub drawer: Drawer,
    pub theme: Theme,
    pub mode: Mode,
    pub notice: Option<Notice>,
    /// How far in one looks, and of which node: the rows that were opened.
    pub look: Option<(String, Vec<String>)>,
    /// The trace shows this node alone.
    pub trace_node: Option<String>,
    /// Where the run pauses by itself.
    pub breakpoints: BTreeSet<Breakpoint>,
    /// The message whose journey is shown.
    pub followed: Option<Token>,
    /// What lies over the canvas for a moment.
    pub overlay: Option<Overlay>,
    pub knobs: Knobs,
    /// A hand is on a slider: all it says is one change.
    pub holds_knob: bool,
    /// When it lets go, the run is played again from the beginning.
    pub(super) replay_due: bool,
    /// The chosen entry of the script, by its place in it.
    pub mark: Option<usize>,
    /// A part of time that was marked out.
    pub span: Option<(Micros, Micros)>,
    /// Playing goes round in the span.
    pub looping: bool,
    /// The scene of the future that was left last.
    pub(super) left: Option<Arc<Scene>>,
    /// The note whose text is being written on the canvas.
    pub writing: Option<String>,
}

impl State {
    /// The state of a page that was just opened. `read` are the problems that reading the file found; the
    /// scene's own are added here, as after every change.
    #[must_use]
    pub fn new(scene: Scene, read: Vec<Problem>) -> Self {
        let steps = Steps::of(read);
        let problems = steps.problems(&scene);
        Self::with(scene, steps, problems)
    }

    /// Of a scene of the gallery: none of them has a problem.
    #[must_use]
    pub fn of_gallery(scene: Scene) -> Self {
        Self::with(scene, Steps::of(Vec::new()), Arc::default())
    }

    fn with(scene: Scene, steps: Steps, problems: Arc<[Problem]>) -> Self {
        Self {
            scene: Arc::new(scene),
            problems,
            selection: Selection::default(),
            camera: Camera::default(),
            viewport: (0.0, 0.0),
            gesture: Gesture::Idle,
            press: Press::default(),
            steps,
            fit_due: true,
            part_due: None,
            said: 0,
            playback: Playback { playing: false, speed: 1.0 },
            panels: [Panel::Palette, Panel::Inspector, Panel::Drawer].map(Panel::name).into(),
            drawer: Drawer::Trace,
            theme: Theme::System,
            mode: Mode::Edit,
            notice: None,
            look: None,
            trace_node: None,
            breakpoints: BTreeSet::new(),
            followed: None,
            overlay: None,
            knobs: Knobs::default(),
            holds_knob: false,
            replay_due: false,
            mark: None,
            span: None,
            looping: false,
            left: None,
            writing: None,
        }
    }

    #[must_use]
    pub fn shows(&self, panel: Panel) -> bool {
        self.panels.contains(panel.name())
    }

    #[must_use]
    pub fn can_undo(&self) -> bool {
        self.steps.can_undo()
    }

    #[must_use]
    pub fn can_redo(&self) -> bool {
        self.steps.can_redo()
    }

    /// Shows a sentence on what a hand has just tried, also one that is shown already.
    pub(super) fn say(&mut self, text: impl Into<String>, tone: Tone) {
        self.say_about(About::Hand, text, tone);
    }

    pub(super) fn say_about(&mut self, about: About, text: impl Into<String>, tone: Tone) {
        self.said += 1;
        self.notice = Some(Notice { text: text.into(), tone, serial: self.said, about, offers: Vec::new() });
    }
}
