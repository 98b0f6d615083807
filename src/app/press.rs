//! A press that nothing moves under, and what waits for its end.

use std::cell::{Cell, RefCell};

use gloo_timers::callback::Timeout;
use web_sys::EventTarget;

#[derive(Default)]
pub struct Press {
    pub(super) is_on: Cell<bool>,
    /// What is pressed answers at once.
    pub(super) answers: Cell<bool>,
    /// What was drawn last has changed meanwhile.
    pub(super) redraw: Cell<bool>,
    /// Fields that were typed in and left.
    pub(super) left: RefCell<Vec<EventTarget>>,
    pub(super) ends: RefCell<Option<Timeout>>,
    /// The focus was last moved by a pointer, not by a key: keys are the page's then.
    pub by_pointer: Cell<bool>,
}

impl Press {
    pub fn is_on(&self) -> bool {
        self.is_on.get()
    }

    /// Whether drawing waits for the release; it is remembered.
    pub fn defers(&self) -> bool {
        let waits = self.is_on.get() && !self.answers.get();
        self.redraw.set(self.redraw.get() || waits);
        waits
    }
}
