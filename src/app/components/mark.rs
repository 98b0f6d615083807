//! One entry of the script on the timeline: a hand moves it in time, and a fault's end by itself.

use std::rc::Rc;

use decoupled::editor::{Command, Mode};
use decoupled::engine::{MICROS_PER_MILLI, Micros, clock_text};
use decoupled::scene::{Act, ScriptEntry};
use web_sys::Element;
use yew::prelude::*;

use super::styled::use_styles;
use crate::app::dom;
use crate::app::store::{Store, use_store};

/// What a key moves a mark by; ten times as far with Shift.
const KEY_STEP: Micros = 100 * MICROS_PER_MILLI;
/// A press that moves less is a click.
const CLICK_PX: f64 = 3.0;
/// At its right end a fault is made longer or shorter.
const END_PX: f64 = 9.0;

#[derive(Clone, Copy, PartialEq)]
pub enum Shape {
    Call,
    Set,
    Fault,
}

impl Shape {
    fn class(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Set => "set",
            Self::Fault => "fault",
        }
    }
}

#[derive(Properties, PartialEq)]
pub struct MarkProps {
    pub index: usize,
    pub shape: Shape,
    pub at: Micros,
    pub ends: Micros,
    pub what: AttrValue,
    pub chosen: bool,
    pub row: usize,
}

/// What the pointer has hold of.
struct Held {
    from_x: f64,
    /// A fault's end rather than all of it.
    end: bool,
    /// How far it has moved, once that is more than a click.
    moved: Option<i64>,
}

#[component(Mark)]
pub fn mark(props: &MarkProps) -> Html {
    let store = use_store();
    let held = use_mut_ref(|| None::<Held>);
    let dragged = use_mut_ref(|| false);
    let &MarkProps { index, at, ends, shape, row, .. } = props;
    let node = use_styles(places(at, ends, row));
    let edits = store.session().state.mode == Mode::Edit;
    let onpointerdown = {
        let (held, dragged, node) = (Rc::clone(&held), Rc::clone(&dragged), node.clone());
        Callback::from(move |event: PointerEvent| {
            let Some(element) = node.cast::<Element>().filter(|_| edits && event.button() == 0) else { return };
            event.stop_propagation();
            let _ = element.set_pointer_capture(event.pointer_id());
            let (area, x) = (element.get_bounding_client_rect(), f64::from(event.client_x()));
            let end = shape == Shape::Fault && area.width() > 2.0 * END_PX && x > area.right() - END_PX;
            *dragged.borrow_mut() = false;
            *held.borrow_mut() = Some(Held { from_x: x, end, moved: None });
        })
    };
    let onpointermove = {
        let (store, held, node) = (store.clone(), Rc::clone(&held), node.clone());
        Callback::from(move |event: PointerEvent| {
            let mut held = held.borrow_mut();
            let (Some(held), Some(element)) = (held.as_mut(), node.cast::<Element>()) else { return };
            let by = f64::from(event.client_x()) - held.from_x;
            if held.moved.is_none() && by.abs() < CLICK_PX {
                return;
            }
            let moved = micros_of(&store, by);
            held.moved = Some(moved);
            let (at, ends) = moved_to(at, ends, moved, held.end);
            places(at, ends, row).iter().for_each(|(name, value)| dom::set_style(&element, name, value));
            dom::set_attribute(&element, "data-time", &clock_text(if held.end { ends } else { at }));
        })
    };
    let let_go = {
        let (store, held, dragged, node) = (store.clone(), Rc::clone(&held), Rc::clone(&dragged), node.clone());
        Callback::from(move |event: PointerEvent| {
            let Some(Held { end, moved: Some(moved), .. }) = held.borrow_mut().take() else { return };
            *dragged.borrow_mut() = true;
            if let Some(element) = node.cast::<Element>() {
                let _ = element.remove_attribute("data-time");
                places(at, ends, row).iter().for_each(|(name, value)| dom::set_style(&element, name, value));
            }
            if event.type_() == "pointerup" {
                shift(&store, index, moved, end);
            }
        })
    };
    let onclick = {
        let store = store.clone();
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            if !std::mem::take(&mut *dragged.borrow_mut()) && edits {
                store.dispatch(Command::ChooseMark { index: Some(index) });
            }
        })
    };
    let onkeydown = Callback::from(move |event: KeyboardEvent| on_key(&store, index, &event));
    let title = AttrValue::from(format!("{} · {}", clock_text(at), props.what));
    html! {
        <li>
            <button ref={node} type="button" class={classes!("mark", shape.class())} title={title.clone()}
                aria-label={title}
                aria-pressed={props.chosen.to_string()} aria-keyshortcuts="ArrowLeft ArrowRight Delete"
                data-testid={format!("mark-{index}")} {onpointerdown} {onpointermove} onpointerup={let_go.clone()}
                onpointercancel={let_go} {onclick} {onkeydown} />
        </li>
    }
}

fn places(at: Micros, ends: Micros, row: usize) -> Vec<(&'static str, String)> {
    vec![("--at", at.to_string()), ("--lasts", (ends - at).to_string()), ("--row", row.to_string())]
}

/// A way in pixels as time.
fn micros_of(store: &Store, by: f64) -> i64 {
    let width = dom::by_id("timeline").map_or(1.0, |strip| strip.get_bounding_client_rect().width().max(1.0));
    (by / width * store.session().recorder.density.span() as f64) as i64
}

fn moved_to(at: Micros, ends: Micros, by: i64, end: bool) -> (Micros, Micros) {
    if end {
        return (at, ends.saturating_add_signed(by).max(at + MICROS_PER_MILLI));
    }
    let to = at.saturating_add_signed(by);
    (to, if ends == Micros::MAX { ends } else { to + (ends - at) })
}

/// Moves a mark, or a fault's end, as one step. Milliseconds are fine enough for a hand.
fn shift(store: &Store, index: usize, by: i64, end: bool) {
    let Some(entry) = store.session().state.scene.script.get(index).cloned() else { return };
    let whole = |time: Micros| time / MICROS_PER_MILLI * MICROS_PER_MILLI;
    let (at, ends) = moved_to(entry.at, entry.ends(), by, end);
    if !end {
        return store.dispatch(Command::MoveScriptEntry { index, at: whole(at) });
    }
    if let Act::Fault { name, settings, .. } = entry.act {
        let act = Act::Fault { name, settings, lasting: whole(ends - at).max(MICROS_PER_MILLI) };
        store.dispatch(Command::ChangeScriptEntry { index, entry: ScriptEntry { act, ..entry } });
    }
}

fn on_key(store: &Store, index: usize, event: &KeyboardEvent) {
    if store.session().state.mode != Mode::Edit {
        return;
    }
    let step = KEY_STEP as i64 * if event.shift_key() { 10 } else { 1 };
    match event.key().as_str() {
        "ArrowLeft" => shift(store, index, -step, event.alt_key()),
        "ArrowRight" => shift(store, index, step, event.alt_key()),
        "Delete" | "Backspace" => store.dispatch(Command::RemoveScriptEntry { index }),
        _ => return,
    }
    // Elsewhere these keys are for what is chosen on the canvas.
    event.stop_propagation();
    event.prevent_default();
}
