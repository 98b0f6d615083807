//! The engine behind a guard: a mistake in it stops the run, and nothing else.
//!
//! Built for the page, a panic ends in a trap: nothing unwinds, nothing can be caught. But a browser reports what a
//! listener throws and goes on with whoever dispatched the event, so the engine works inside a listener. What a trap left
//! half done is in nobody's hands any more: the run was given away for the time of the work.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::{Event, EventTarget};

/// What the engine works at. Nobody else dispatches it.
const EVENT: &str = "decoupled-engine";

type Work = Box<dyn FnOnce()>;

struct Guard {
    target: EventTarget,
    _listener: Closure<dyn Fn()>,
}

thread_local! {
    static GUARD: Option<Guard> = Guard::new();
    static WORK: RefCell<Option<Work>> = const { RefCell::new(None) };
    static AT_WORK: Cell<bool> = const { Cell::new(false) };
    static WHY: RefCell<Option<String>> = const { RefCell::new(None) };
}

impl Guard {
    fn new() -> Option<Self> {
        let target = EventTarget::new().ok()?;
        let listener = Closure::<dyn Fn()>::new(|| {
            if let Some(work) = WORK.take() {
                work();
            }
        });
        target.add_event_listener_with_callback(EVENT, listener.as_ref().unchecked_ref()).ok()?;
        Some(Self { target, _listener: listener })
    }
}

/// Does the work; gives why it broke instead of breaking. What the work owned is then gone.
pub fn guarded<T: 'static>(work: impl FnOnce() -> T + 'static) -> Result<T, String> {
    let result = Rc::new(Cell::new(None));
    let given = Rc::clone(&result);
    WORK.set(Some(Box::new(move || given.set(Some(work())))));
    AT_WORK.set(true);
    let begun = GUARD.with(|guard| {
        let (Some(guard), Ok(event)) = (guard, Event::new(EVENT)) else { return false };
        // What cannot be dispatched has not been done; the result says so.
        let _ = guard.target.dispatch_event(&event);
        true
    });
    if !begun && let Some(work) = WORK.take() {
        work();
    }
    AT_WORK.set(false);
    WORK.set(None);
    result.take().ok_or_else(|| WHY.take().unwrap_or_else(|| "the browser stopped it".to_owned()))
}

/// Takes a panic's words, when it is the engine's: the page goes on without it.
pub fn takes(what: &str) -> bool {
    if AT_WORK.get() {
        WHY.set(Some(what.to_owned()));
    }
    AT_WORK.get()
}
