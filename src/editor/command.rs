//! What a user can ask for, in the user's words.

use serde_json::{Map, Value};

use super::breakpoint::Breakpoint;
use super::overlay::Purpose;
use super::pointer::{LinkEnd, PointerTarget};
use super::rect::Rect;
use super::state::{Drawer, Knobs, PaletteItem, Panel, Theme};
use crate::engine::Micros;
use crate::figure::Point;
use crate::scene::{NetworkChoice, Scene, ScriptEntry, Subject};
use crate::services::Token;

/// What chosen cards are brought in line by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    Left,
    Centre,
    Right,
    Top,
    Middle,
    Bottom,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    Horizontal,
    Vertical,
}

/// What a new node is connected to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Joint {
    After(String),
    Into(String),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    // The pointer. Points are viewport points (CSS pixels from the canvas's top left).
    PointerDown {
        view: Point,
        target: PointerTarget,
        shift: bool,
        alt: bool,
        pan: bool,
    },
    PointerMove {
        view: Point,
        over: PointerTarget,
    },
    PointerUp {
        view: Point,
        over: PointerTarget,
    },
    PointerCancel,
    /// A wheel turn or pinch: `factor` zooms around `view`, else the camera moves by `by` pixels.
    Zoom {
        view: Point,
        factor: f32,
    },
    Pan {
        by: Point,
    },
    ZoomToFit,
    ZoomToSelection,
    ZoomTo {
        zoom: f32,
    },
    /// Zooms around the middle of the view.
    ZoomBy {
        factor: f32,
    },
    Viewport {
        width: f32,
        height: f32,
    },
    /// Shows a part of the canvas, as an address asks for it.
    ShowPart {
        part: Rect,
    },
    // The palette.
    PickUp {
        item: PaletteItem,
    },
    /// Places an item without dragging: in the middle of the view, connected to nothing.
    Place {
        item: PaletteItem,
    },
    /// Places an item with its middle at a canvas point.
    PlaceAt {
        item: PaletteItem,
        at: Point,
    },
    /// Places an item and connects it, in one step.
    Insert {
        item: PaletteItem,
        at: Option<Point>,
        joint: Joint,
    },
    // What lies over the canvas for a moment.
    /// The menu of what lies under a viewport point.
    OpenMenu {
        at: Point,
        target: PointerTarget,
    },
    /// The menu of what is chosen.
    OpenMenuOfChosen,
    /// `at` is a viewport point.
    OpenChooser {
        at: Option<Point>,
        purpose: Purpose,
    },
    /// Opens the only chosen node, as a double click does.
    EnterChosen,
    /// Types the chosen node's name where it stands.
    RenameChosen,
    /// Asks what the chosen node is to be connected to.
    ConnectChosen,
    CloseOverlay,
    /// Chooses a node and brings it into view.
    GoTo {
        node: String,
    },
    // The document.
    Select {
        nodes: Vec<String>,
        links: Vec<String>,
        add: bool,
    },
    SelectAll,
    ClearSelection,
    Delete,
    Duplicate,
    /// What is chosen goes to the clipboard, as text.
    Copy,
    Cut,
    /// What the clipboard holds comes to lie with its middle at a canvas point, or beside where it came from.
    Paste {
        at: Option<Point>,
    },
    PasteText {
        text: String,
        at: Option<Point>,
    },
    /// Lays out what is chosen, or everything, as messages flow.
    TidyUp,
    Nudge {
        by: Point,
    },
    Connect {
        from: String,
        to: String,
    },
    SetProperty {
        id: String,
        name: String,
        value: Option<Value>,
    },
    SetLinkProperty {
        id: String,
        name: String,
        value: Option<Value>,
    },
    /// Does what one click can about the problem at this place.
    Remedy {
        place: String,
    },
    SetLatency {
        id: String,
        latency: Option<Value>,
    },
    Rename {
        from: String,
        to: String,
    },
    SetName {
        name: String,
    },
    SetSeed {
        seed: u64,
    },
    SetNetwork {
        network: NetworkChoice,
    },
    /// A call of a node's API by hand, just after the time that is shown. It joins the script.
    Call {
        node: String,
        action: String,
        input: Value,
        at: Micros,
    },
    /// A property changed while it runs, just after the time that is shown. Where [`Knobs`] say so it joins the script.
    Turn {
        subject: Subject,
        name: String,
        value: Option<Value>,
        at: Micros,
    },
    /// A hand is on a slider, or lets go of it.
    HoldKnob {
        held: bool,
    },
    TurnKnobs {
        from: Knobs,
    },
    /// Something breaks. It joins the script.
    AddFault {
        subject: Subject,
        fault: String,
        /// 0 for ever.
        lasting: Micros,
        at: Micros,
        settings: Map<String, Value>,
    },
    MoveScriptEntry {
        index: usize,
        at: Micros,
    },
    ChangeScriptEntry {
        index: usize,
        entry: ScriptEntry,
    },
    RemoveScriptEntry {
        index: usize,
    },
    /// The future that was left last becomes the document's again.
    ReturnToFuture,
    /// Puts what is chosen into a group.
    Group,
    /// Dissolves the chosen groups.
    Ungroup,
    /// Draws a card so large that all in it can be read, or as small as usual.
    ToggleRoom {
        id: String,
    },
    /// Folds a boundary to a card, or unfolds it.
    ToggleCollapsed {
        id: String,
    },
    /// Locks what is chosen, or unlocks it.
    ToggleLock,
    Align {
        edge: Edge,
    },
    /// Makes the gaps between chosen cards equal.
    Distribute {
        axis: Axis,
    },
    /// Carries one end of a line to another node.
    Reconnect {
        link: String,
        end: LinkEnd,
        node: String,
    },
    /// While nodes are dragged: whether neither guides nor grid draw them.
    DragFree {
        free: bool,
    },
    /// What a double click on a node means.
    Enter {
        node: String,
    },
    /// Begins or ends writing in a note on the canvas.
    Write {
        note: Option<String>,
    },
    Undo,
    Redo,
    // Files.
    New,
    /// Opens a scene that was read; it becomes one undoable step.
    Open {
        scene: Box<Scene>,
        problems: Vec<crate::scene::Problem>,
    },
    /// A text from a file or the clipboard.
    OpenText {
        name: String,
        text: String,
    },
    OpenGallery {
        id: String,
    },
    SaveFile,
    PickFile,
    // Time.
    Play,
    Pause,
    TogglePlay,
    StepFact,
    /// To where it was before the last fact.
    StepBack,
    /// On to the next failure, refusal, expiry or loss.
    NextThatMatters,
    /// Sets a breakpoint, or takes it away.
    ToggleBreakpoint {
        breakpoint: Breakpoint,
    },
    /// To a moment that was reached before.
    Seek {
        at: Micros,
    },
    Restart,
    /// The run was behind this future, and goes another way.
    FutureLeft {
        reached: Micros,
        scene: Box<Scene>,
    },
    /// Marks a part of time out, or none.
    SetSpan {
        span: Option<(Micros, Micros)>,
    },
    ToggleLoop,
    /// Chooses an entry of the script.
    ChooseMark {
        index: Option<usize>,
    },
    SetSpeed {
        speed: f32,
    },
    /// The run stopped by itself; the sentence says why.
    Halted {
        why: String,
    },
    // The page.
    Toggle {
        panel: Panel,
    },
    ShowDrawer {
        drawer: Drawer,
    },
    SetTheme {
        theme: Theme,
    },
    /// Chooses a node and shows what lies inside.
    LookInside {
        node: String,
    },
    /// Shows what lies further in: the rows that were opened, one in another.
    LookInto {
        node: String,
        way: Vec<String>,
    },
    TraceOnly {
        node: Option<String>,
    },
    /// Shows the journey of a message, or of none.
    Follow {
        message: Option<Token>,
    },
    Say {
        text: String,
        bad: bool,
    },
    /// How a search for what matters ended that began at a moment; it may be that there is more to look through.
    Looked {
        text: String,
        from: Micros,
        further: bool,
    },
    DismissNotice,
    Escape,
    /// The canvas alone on the whole screen, or back.
    Present,
}
