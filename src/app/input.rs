//! Pointers and wheel, as commands. What lies under the pointer is asked of the elements themselves.

use decoupled::editor::{Command, Gesture, Handle, LinkEnd, Mode, PointerTarget};
use decoupled::figure::Point;
use decoupled::services::Token;
use decoupled::view::{self, Sight};
use gloo_events::{EventListener, EventListenerOptions, EventListenerPhase};
use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, Element, Event, MouseEvent, PointerEvent, WheelEvent};

use super::store::Store;
use super::{dom, effects};

/// A press that moves less is a click.
const THRESHOLD_PX: f64 = 4.0;

/// Listens until the listeners are dropped.
pub fn listen(store: &Store) -> Vec<EventListener> {
    let Some(window) = dom::window() else { return Vec::new() };
    let mut listeners = Vec::new();
    let mut on = |name: &'static str, act: fn(&Store, &PointerEvent)| {
        let store = store.clone();
        listeners.push(EventListener::new(&window, name, move |event| {
            if let Some(event) = event.dyn_ref::<PointerEvent>() {
                act(&store, event);
            }
        }));
    };
    on("pointermove", moved);
    on("pointerup", up);
    on("pointercancel", cancel);
    if let Some(canvas) = dom::by_id("canvas") {
        let options = EventListenerOptions::enable_prevent_default();
        let pressing = store.clone();
        listeners.push(EventListener::new_with_options(&canvas, "pointerdown", options, move |event| {
            if let Some(event) = event.dyn_ref::<PointerEvent>() {
                down(&pressing, event);
            }
        }));
        let looking = store.clone();
        listeners.push(EventListener::new(&canvas, "dblclick", move |event| {
            let at = event.dyn_ref::<MouseEvent>().map(client);
            if let Some(PointerTarget::Node(node)) = at.map(|(x, y)| target_at(x, y)) {
                let (x, y) = at.unwrap_or_default();
                let way = {
                    let session = looking.session();
                    view::way_to(&session.state, session.run(), &node, view_point(x, y))
                };
                looking
                    .dispatch(way.map_or(Command::Enter { node: node.clone() }, |way| Command::LookInto { node, way }));
            }
        }));
        let asking = store.clone();
        listeners.push(EventListener::new_with_options(&canvas, "contextmenu", options, move |event| {
            if let Some(at) = event.dyn_ref::<MouseEvent>().filter(|event| !on_control(event)).map(client) {
                event.prevent_default();
                // Of a finger that stays the browser tells too, before or after us: one menu is enough.
                if asking.hands.long_press.take().is_some() {
                    asking.hands.stayed.set(true);
                } else if asking.hands.stayed.get() {
                    return;
                }
                open_menu(&asking, at);
            }
        }));
        let turning = store.clone();
        listeners.push(EventListener::new_with_options(&canvas, "wheel", options, move |event| wheel(&turning, event)));
        let taking = store.clone();
        // Without this the browser would leave the page to show the file.
        listeners.push(EventListener::new_with_options(&canvas, "dragover", options, |event| event.prevent_default()));
        listeners.push(EventListener::new_with_options(&canvas, "drop", options, move |event| dropped(&taking, event)));
    }
    for name in ["pointerdown", "touchend", "click"] {
        let (store, options) =
            (store.clone(), EventListenerOptions { phase: EventListenerPhase::Capture, passive: false });
        listeners.push(EventListener::new_with_options(&window, name, options, move |event| lifted(&store, event)));
    }
    let leaving = store.clone();
    listeners.push(EventListener::new(&window, "pagehide", move |_| effects::save_what_waits(&leaving)));
    for asked in ["(prefers-color-scheme: dark)", "(forced-colors: active)"] {
        let Some(list) = window.match_media(asked).ok().flatten() else { continue };
        let store = store.clone();
        listeners.push(EventListener::new(&list, "change", move |_| store.session_mut().theme_serial += 1));
    }
    listeners
}

/// A scene file dropped on the canvas.
fn dropped(store: &Store, event: &Event) {
    event.prevent_default();
    let carried = event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer);
    if let Some(file) = carried.and_then(|carried| carried.files()).and_then(|files| files.get(0)) {
        effects::read_file(store, &file);
    }
}

/// A client point from the canvas's top left.
pub fn view_point(x: f64, y: f64) -> Point {
    let area = dom::by_id("canvas").map(|canvas| canvas.get_bounding_client_rect());
    area.map_or_else(Point::default, |area| Point::new((x - area.left()) as f32, (y - area.top()) as f32))
}

fn element_at(x: f64, y: f64) -> Option<Element> {
    dom::document()?.element_from_point(x as f32, y as f32)
}

/// What is under a client point.
fn target_at(x: f64, y: f64) -> PointerTarget {
    let found = element_at(x, y);
    let named = |attribute: &str| {
        let owner = found.as_ref()?.closest(&format!("[{attribute}]")).ok().flatten()?;
        owner.get_attribute(attribute)
    };
    let of = || found.as_ref()?.closest("[data-of]").ok().flatten()?.get_attribute("data-of");
    if let Some((handle, id)) = named("data-handle").and_then(|name| Handle::named(&name)).zip(of()) {
        PointerTarget::Handle(id, handle)
    } else if let Some((end, id)) = named("data-link-end").zip(of()) {
        PointerTarget::LinkEnd(id, if end == "from" { LinkEnd::From } else { LinkEnd::To })
    } else if let Some(id) = named("data-port") {
        PointerTarget::Port(id)
    } else if let Some(id) = named("data-node") {
        PointerTarget::Node(id)
    } else if let Some(id) = named("data-link") {
        PointerTarget::Link(id)
    } else {
        PointerTarget::Canvas
    }
}

/// What a link or a carried item would land on: there a port stands for its node.
fn landing_at(x: f64, y: f64) -> PointerTarget {
    match target_at(x, y) {
        PointerTarget::Port(id) => PointerTarget::Node(id),
        other => other,
    }
}

fn client(event: &MouseEvent) -> (f64, f64) {
    (f64::from(event.client_x()), f64::from(event.client_y()))
}

/// Whether an event belongs to something that lies over the canvas.
fn on_control(event: &Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|element| element.closest("[data-over]").ok().flatten().is_some())
}

/// A finger that stays so long asks for the menu.
const LONG_PRESS_MS: u32 = 500;

/// What the browser makes of a finger that lifts, where that had stayed and brought the menu up: the menu lies under it now,
/// and none of its lines is meant.
fn lifted(store: &Store, event: &Event) {
    if event.type_() == "pointerdown" {
        store.hands.stayed.set(false);
    } else if store.hands.stayed.get() {
        swallow(event);
    }
}

#[inline(never)] // second part
fn swallow(event: &Event) {
    // A key's click has no count.
    let by_key = event.type_() == "click" && event.dyn_ref::<MouseEvent>().is_some_and(|click| click.detail() == 0);
    if !by_key {
        event.prevent_default();
        event.stop_propagation();
    }
}

fn open_menu(store: &Store, (x, y): (f64, f64)) {
    store.hands.clicked.take();
    store.dispatch(Command::PointerCancel);
    store.dispatch(Command::OpenMenu { at: view_point(x, y), target: target_at(x, y) });
}

fn down(store: &Store, event: &PointerEvent) {
    if on_control(event) || event.button() > 1 {
        return;
    }
    let hands = &store.hands;
    let (x, y) = client(event);
    let view = view_point(x, y);
    if event.pointer_type() == "touch" {
        let mut fingers = hands.fingers.borrow_mut();
        fingers.retain(|(id, _)| *id != event.pointer_id());
        fingers.push((event.pointer_id(), view));
        if fingers.len() == 2 {
            drop(fingers);
            hands.long_press.take();
            return store.dispatch(Command::PointerCancel);
        }
    }
    if event.pointer_type() == "touch" {
        let pressing = store.clone();
        let waiting = Timeout::new(LONG_PRESS_MS, move || {
            pressing.hands.long_press.take();
            pressing.hands.stayed.set(true);
            open_menu(&pressing, (x, y));
        });
        hands.long_press.replace(Some(waiting));
    }
    let pan = hands.space.get() || event.button() == 1;
    if pan {
        hands.space_panned.set(true);
        event.prevent_default();
    }
    if let Some(glide) = dom::by_id("glide") {
        dom::set_hidden(&glide, true);
    }
    hands.clicked.set((!pan && !event.shift_key() && !event.alt_key()).then_some((x, y)));
    let target = target_at(x, y);
    hands.free.set(false);
    hands.hit.set(if hands.clicked.get().is_some() { message_at(store, view) } else { None });
    store.dispatch(Command::PointerDown { view, target, shift: event.shift_key(), alt: event.alt_key(), pan });
}

fn moved(store: &Store, event: &PointerEvent) {
    let (x, y) = client(event);
    let stays = store.hands.clicked.get().is_some_and(|from| is_click(from, (x, y)));
    if !stays {
        store.hands.long_press.take();
    }
    if pinched(store, event) {
        return;
    }
    let pressed = *store.hands.pressed.borrow();
    if let Some((item, from_x, from_y)) = pressed
        && !is_click((from_x, from_y), (x, y))
    {
        store.hands.pressed.borrow_mut().take();
        store.hands.dragged.set(true);
        store.dispatch(Command::PickUp { item });
    }
    let gesture_under_way = store.session().state.gesture != Gesture::Idle;
    if gesture_under_way {
        *store.hands.moved.borrow_mut() = Some((x, y));
    }
    let free = event.ctrl_key() || event.meta_key();
    if gesture_under_way && store.hands.free.replace(free) != free {
        store.dispatch(Command::DragFree { free });
    }
}

/// Dispatches the newest move: once a frame is enough for the eye.
pub fn flush(store: &Store) {
    let Some((x, y)) = store.hands.moved.borrow_mut().take() else { return };
    place_ghost(x, y);
    // Who drags nodes goes over all; to ask what lies there would cost the browser a layout.
    let drags = matches!(store.session().state.gesture, Gesture::DraggingNodes { .. } | Gesture::Resizing { .. });
    let over = if drags { PointerTarget::Canvas } else { landing_at(x, y) };
    store.dispatch(Command::PointerMove { view: view_point(x, y), over });
}

fn place_ghost(x: f64, y: f64) {
    if let Some(ghost) = dom::by_id("ghost") {
        dom::set_style(&ghost, "translate", &format!("{x}px {y}px"));
    }
}

fn up(store: &Store, event: &PointerEvent) {
    store.hands.long_press.take();
    store.hands.pressed.borrow_mut().take();
    let was_pinch = release(store, event);
    // A gesture that ends here makes its last move by that.
    if was_pinch {
        flush(store);
    } else {
        store.hands.moved.borrow_mut().take();
    }
    let (x, y) = client(event);
    let clicked = store.hands.clicked.take().is_some_and(|from| is_click(from, (x, y))) && !was_pinch;
    let gesture = store.session().state.gesture.clone();
    if gesture != Gesture::Idle && !was_pinch {
        end(store, &gesture, (x, y));
    }
    if clicked {
        choose_at(store, (x, y));
    }
}

/// Whether a press from here to there is a click.
fn is_click(from: (f64, f64), to: (f64, f64)) -> bool {
    (to.0 - from.0).abs().max((to.1 - from.1).abs()) <= THRESHOLD_PX
}

/// The end of a gesture, at a client point.
fn end(store: &Store, gesture: &Gesture, (x, y): (f64, f64)) {
    let on_canvas = || element_at(x, y).is_some_and(|element| element.closest("#canvas").ok().flatten().is_some());
    if matches!(gesture, Gesture::Placing { .. }) && !on_canvas() {
        return store.dispatch(Command::PointerCancel);
    }
    store.dispatch(Command::PointerUp { view: view_point(x, y), over: landing_at(x, y) });
}

/// From far a line is too thin to be hit: so many pixels beside it are meant for it.
const LINE_REACH_PX: f32 = 6.0;

/// The message that is drawn at a point of the view now.
fn message_at(store: &Store, view: Point) -> Option<Token> {
    let session = store.session();
    let state = &session.state;
    view::message_at(&state.scene, session.run(), &state.camera, state.viewport, session.shown_at(), view)
}

/// Shows the journey of the message that was pressed; chooses the line, where lines are too thin to be pressed.
fn choose_at(store: &Store, (x, y): (f64, f64)) {
    let hit = store.hands.hit.take();
    let line = {
        let session = store.session();
        let (state, view) = (&session.state, view_point(x, y));
        let far = hit.is_none() && session.sight == Sight::Far && state.mode == Mode::Edit;
        let far = far && target_at(x, y) == PointerTarget::Canvas;
        let near =
            || view::line_near(&state.scene, state.camera.canvas_from_view(view), LINE_REACH_PX / state.camera.zoom);
        if far { near() } else { None }
    };
    if hit.is_some() {
        store.dispatch(Command::Follow { message: hit });
    }
    if let Some(line) = line {
        store.dispatch(Command::Select { nodes: Vec::new(), links: vec![line], add: false });
    }
}

fn cancel(store: &Store, event: &PointerEvent) {
    store.hands.long_press.take();
    store.hands.pressed.borrow_mut().take();
    store.hands.moved.borrow_mut().take();
    release(store, event);
    let under_way = store.session().state.gesture != Gesture::Idle;
    if under_way {
        store.dispatch(Command::PointerCancel);
    }
}

/// Forgets a finger; true if it was one of two.
fn release(store: &Store, event: &PointerEvent) -> bool {
    let mut fingers = store.hands.fingers.borrow_mut();
    let before = fingers.len();
    fingers.retain(|(id, _)| *id != event.pointer_id());
    before > 1
}

/// Two fingers move and scale the canvas together.
fn pinched(store: &Store, event: &PointerEvent) -> bool {
    let mut fingers = store.hands.fingers.borrow_mut();
    let (x, y) = client(event);
    let two = fingers.len() >= 2;
    let before = fingers.clone();
    if let Some(finger) = fingers.iter_mut().find(|(id, _)| *id == event.pointer_id()) {
        finger.1 = view_point(x, y);
    }
    let after = fingers.clone();
    drop(fingers);
    if two {
        let ((from, from_reach), (to, reach)) = (span(&before), span(&after));
        store.dispatch(Command::Pan { by: Point::new(from.x - to.x, from.y - to.y) });
        store.dispatch(Command::Zoom { view: to, factor: reach / from_reach.max(1.0) });
    }
    two
}

/// The middle of the first two fingers and their distance.
fn span(fingers: &[(i32, Point)]) -> (Point, f32) {
    let (a, b) = (fingers[0].1, fingers[1].1);
    let (dx, dy) = (a.x - b.x, a.y - b.y);
    (Point::new((a.x + b.x) / 2.0, (a.y + b.y) / 2.0), (dx * dx + dy * dy).sqrt())
}

/// A mouse's wheel zooms, as does a pinch on a pad (which comes with Ctrl); two fingers on a pad pan.
fn wheel(store: &Store, event: &Event) {
    let Some(event) = event.dyn_ref::<WheelEvent>() else { return };
    event.prevent_default();
    let (dx, dy) = (event.delta_x(), event.delta_y());
    let notched = event.delta_mode() != 0 || (dx == 0.0 && dy.abs() >= 50.0 && dy.fract() == 0.0);
    let (x, y) = client(event);
    if event.ctrl_key() || event.meta_key() || notched {
        let pixels = if event.delta_mode() == 0 { dy } else { dy * 32.0 };
        let speed = if notched { 0.0015 } else { 0.01 };
        let factor = libm::exp(-pixels.clamp(-400.0, 400.0) * speed) as f32;
        store.dispatch(Command::Zoom { view: view_point(x, y), factor });
    } else {
        store.dispatch(Command::Pan { by: Point::new(dx as f32, dy as f32) });
    }
}
