//! What can be done with something, each with its name and key: menus and the command palette show the same list.

use super::breakpoint::Breakpoint;
use super::command::{Axis, Command, Edge};
use super::overlay::{Purpose, Subject};
use super::reading;
use super::state::{Drawer, Mode, Panel, State, Theme};
use crate::engine::Micros;
use crate::figure::Point;
use crate::scene;
use crate::services::Still;
use crate::services::canvas::boundary::GROUP;

/// One thing that can be done.
#[derive(Clone, Debug, PartialEq)]
pub struct Action {
    pub title: &'static str,
    /// As the help writes it; empty for none.
    pub keys: &'static str,
    pub command: Command,
    /// It takes something away.
    pub danger: bool,
}

fn action(title: &'static str, keys: &'static str, command: Command) -> Action {
    Action { title, keys, command, danger: false }
}

fn danger(title: &'static str, keys: &'static str, command: Command) -> Action {
    Action { danger: true, ..action(title, keys, command) }
}

/// What can be done with the subject, in groups. `at` is the viewport point where it was asked for, if one was; `now` is just
/// after the time that is shown.
#[must_use]
pub fn actions(state: &State, subject: &Subject, at: Option<Point>, now: Micros) -> Vec<Vec<Action>> {
    let groups = match subject {
        Subject::Canvas => of_canvas(state, at),
        Subject::Node(id) => of_node(state, id, at, now),
        Subject::Link(id) => of_link(state, id, at, now),
        Subject::Chosen => of_chosen(state),
    };
    allowed(state, groups)
}

/// What can be done at any time.
#[must_use]
pub fn actions_of_page(state: &State) -> Vec<Vec<Action>> {
    allowed(state, vec![of_time(state), of_view(), of_document(), of_page()])
}

/// Without what the page refuses, since the scene is shown to be read.
fn allowed(state: &State, groups: Vec<Vec<Action>>) -> Vec<Vec<Action>> {
    let may = |action: &Action| state.mode == Mode::Edit || !reading::refuses(&action.command);
    let groups = groups.into_iter().map(|group| group.into_iter().filter(may).collect::<Vec<_>>());
    groups.filter(|group| !group.is_empty()).collect()
}

fn of_canvas(state: &State, at: Option<Point>) -> Vec<Vec<Action>> {
    let there = at.map(|at| state.camera.canvas_from_view(at));
    let add = Command::OpenChooser { at, purpose: Purpose::Add { at: there } };
    let mut groups = vec![
        vec![action("Add…", "/", add), action("Paste", "Ctrl V", Command::Paste { at: there })],
        vec![
            action("Choose all", "Ctrl A", Command::SelectAll),
            action("Tidy up", "Shift T", Command::TidyUp),
            action("Find a node…", "Ctrl F", Command::OpenChooser { at, purpose: Purpose::Find }),
        ],
        vec![action("Show the whole scene", "1", Command::ZoomToFit)],
    ];
    if state.scene.nodes.is_empty() {
        groups.drain(1..);
    }
    groups
}

fn of_node(state: &State, id: &str, at: Option<Point>, now: Micros) -> Vec<Vec<Action>> {
    let Some(node) = state.scene.node(id) else { return Vec::new() };
    let named = || id.to_owned();
    let own = match node.kind.still() {
        Some(Still::Note) => vec![action("Write", "", Command::Write { note: Some(named()) })],
        Some(Still::Boundary) => vec![action("Fold or unfold", "", Command::ToggleCollapsed { id: named() })],
        None => of_service(state, id, at),
    };
    let mut second = vec![action("Rename", "F2", Command::RenameChosen)];
    if !node.kind.spec().frailty.faults.is_empty() {
        second.push(breaks(scene::Subject::Node(named()), at, now));
    }
    let lock = if node.locked { "Unlock" } else { "Lock" };
    second.push(action(lock, "Ctrl Shift L", Command::ToggleLock));
    if node.properties.get("Type").is_some_and(|kind| kind == GROUP) {
        second.push(action("Dissolve", "Ctrl Shift G", Command::Ungroup));
    }
    vec![own, second, of_pieces(), vec![danger("Delete", "Delete", Command::Delete)]]
}

fn of_service(state: &State, id: &str, at: Option<Point>) -> Vec<Action> {
    let node = || id.to_owned();
    let breakpoint = Breakpoint { node: node(), fact: None, when: None };
    let stops = if state.breakpoints.contains(&breakpoint) { "Pause here no more" } else { "Pause here" };
    let connect = Command::OpenChooser { at, purpose: Purpose::After { from: node(), at: None } };
    let room = scene_node_room(state, id);
    let mut actions = vec![
        action("Connect to…", "C", connect),
        action("Look inside", "", Command::LookInside { node: node() }),
        action("Show its trace", "", Command::TraceOnly { node: Some(node()) }),
        action(stops, "", Command::ToggleBreakpoint { breakpoint }),
    ];
    if let Some(label) = room {
        actions.insert(1, action(label, "", Command::ToggleRoom { id: node() }));
    }
    actions
}

/// What it is called to draw a card large, or small again; nothing of cards without room inside.
fn scene_node_room(state: &State, id: &str) -> Option<&'static str> {
    let node = state.scene.node(id).filter(|node| node.kind.spec().room.is_some())?;
    Some(if node.properties.contains_key("Height") { "Fold its graph" } else { "Open its graph" })
}

fn breaks(subject: scene::Subject, at: Option<Point>, now: Micros) -> Action {
    action("Break it…", "", Command::OpenChooser { at, purpose: Purpose::Break { subject, at: now } })
}

fn of_link(state: &State, id: &str, at: Option<Point>, now: Micros) -> Vec<Vec<Action>> {
    let mut own = Vec::new();
    if let Some(link) = state.scene.link(id) {
        let insert = Command::OpenChooser { at, purpose: Purpose::Into { link: id.to_owned() } };
        own.push(action("Insert a node…", "", insert));
        if !link.kind.spec().faults.is_empty() {
            own.push(breaks(scene::Subject::Link(id.to_owned()), at, now));
        }
    }
    vec![own, vec![danger("Delete", "Delete", Command::Delete)]]
}

fn of_chosen(state: &State) -> Vec<Vec<Action>> {
    let edges = [
        ("Align left", Edge::Left),
        ("Align centres", Edge::Centre),
        ("Align right", Edge::Right),
        ("Align tops", Edge::Top),
        ("Align middles", Edge::Middle),
        ("Align bottoms", Edge::Bottom),
    ];
    let mut places: Vec<Action> = edges.map(|(title, edge)| action(title, "", Command::Align { edge })).into();
    if state.selection.nodes.len() > 2 {
        places.push(action("Space evenly across", "", Command::Distribute { axis: Axis::Horizontal }));
        places.push(action("Space evenly down", "", Command::Distribute { axis: Axis::Vertical }));
    }
    vec![
        of_pieces(),
        places,
        vec![
            action("Group", "Ctrl G", Command::Group),
            action("Lock or unlock", "Ctrl Shift L", Command::ToggleLock),
            action("Tidy up", "Shift T", Command::TidyUp),
            action("Show it", "2", Command::ZoomToSelection),
        ],
        vec![danger("Delete", "Delete", Command::Delete)],
    ]
}

fn of_pieces() -> Vec<Action> {
    vec![
        action("Cut", "Ctrl X", Command::Cut),
        action("Copy", "Ctrl C", Command::Copy),
        action("Duplicate", "Ctrl D", Command::Duplicate),
    ]
}

fn of_time(state: &State) -> Vec<Action> {
    let mut actions = vec![
        action(if state.playback.playing { "Pause" } else { "Play" }, "Space", Command::TogglePlay),
        action("One fact further", ".", Command::StepFact),
        action("One fact back", ",", Command::StepBack),
        action("On to the next thing that matters", "N", Command::NextThatMatters),
        action("Begin again at time 0", "R", Command::Restart),
    ];
    let speeds = [("Speed 0.1×", 0.1), ("Speed 1×", 1.0), ("Speed 10×", 10.0), ("Speed 100×", 100.0)];
    actions.extend(speeds.map(|(title, speed)| action(title, "", Command::SetSpeed { speed })));
    actions
}

fn of_view() -> Vec<Action> {
    let toggle = |title, panel| action(title, "", Command::Toggle { panel });
    let show = |title, drawer| action(title, "", Command::ShowDrawer { drawer });
    vec![
        action("Show the whole scene", "1", Command::ZoomToFit),
        action("Own size", "0", Command::ZoomTo { zoom: 1.0 }),
        action("The canvas alone, on the whole screen", "P", Command::Present),
        toggle("Show or hide the palette", Panel::Palette),
        toggle("Show or hide the inspector", Panel::Inspector),
        toggle("Show or hide the drawer", Panel::Drawer),
        show("Show the metrics", Drawer::Metrics),
        show("Show the trace", Drawer::Trace),
        show("Show the messages", Drawer::Messages),
        show("Show the outline", Drawer::Outline),
        toggle("Tell what happens, as it happens", Panel::Narration),
        show("Show the problems", Drawer::Problems),
        action("Light theme", "", Command::SetTheme { theme: Theme::Light }),
        action("Dark theme", "", Command::SetTheme { theme: Theme::Dark }),
        action("The system's theme", "", Command::SetTheme { theme: Theme::System }),
    ]
}

fn of_document() -> Vec<Action> {
    vec![
        action("Undo", "Ctrl Z", Command::Undo),
        action("Redo", "Ctrl Shift Z", Command::Redo),
        action("Choose all", "Ctrl A", Command::SelectAll),
        action("Paste", "Ctrl V", Command::Paste { at: None }),
        action("Tidy up", "Shift T", Command::TidyUp),
        action("New scene", "", Command::New),
        action("Open a file…", "Ctrl O", Command::PickFile),
        action("Save a file", "Ctrl S", Command::SaveFile),
    ]
}

fn of_page() -> Vec<Action> {
    let toggle = |title, keys, panel| action(title, keys, Command::Toggle { panel });
    vec![
        toggle("Gallery…", "", Panel::Gallery),
        toggle("Share…", "", Panel::Share),
        toggle("Keys and help…", "?", Panel::Help),
    ]
}
