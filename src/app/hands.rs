//! What the hands are doing, as far as the editor need not know.

use std::cell::{Cell, RefCell};

use decoupled::editor::PaletteItem;
use decoupled::figure::Point;
use decoupled::services::Token;
use gloo_timers::callback::Timeout;
use web_sys::{Element, PointerEvent};

use super::press::Press;

#[derive(Default)]
pub struct Hands {
    /// Pressed on a palette item, not yet moved: item and place.
    pub pressed: RefCell<Option<(PaletteItem, f64, f64)>>,
    /// The last press on the palette became a drag, so its click means nothing.
    pub dragged: Cell<bool>,
    /// Where the canvas was pressed, until the press is a drag.
    pub clicked: Cell<Option<(f64, f64)>>,
    /// The message that was pressed: it has moved on when the hand lets go.
    pub hit: Cell<Option<Token>>,
    /// Fingers on the canvas, by pointer id.
    pub fingers: RefCell<Vec<(i32, Point)>>,
    /// The newest move, dispatched once a frame.
    pub moved: RefCell<Option<(f64, f64)>>,
    /// The menu that a finger brings up by staying where it is.
    pub long_press: RefCell<Option<Timeout>>,
    /// A finger that stayed has brought the menu up and is still down: neither its going nor what the browser makes of it
    /// means anything more.
    pub stayed: Cell<bool>,
    /// What was copied last, for where the browser gives no clipboard.
    pub clip: RefCell<Option<String>>,
    /// The press that nothing moves under.
    pub press: Press,
    /// What had the keyboard's focus last, and what had it before something lay over the page.
    pub holder: RefCell<Option<Element>>,
    pub below: RefCell<Option<Element>>,
    pub space: Cell<bool>,
    /// Ctrl is held while something is dragged, and the editor knows.
    pub free: Cell<bool>,
    /// The space bar was used for panning: letting it go does not toggle play.
    pub space_panned: Cell<bool>,
}

impl Hands {
    pub fn press_item(&self, item: PaletteItem, event: &PointerEvent) {
        self.dragged.set(false);
        let at = (item, f64::from(event.client_x()), f64::from(event.client_y()));
        *self.pressed.borrow_mut() = (event.button() == 0).then_some(at);
    }
}
