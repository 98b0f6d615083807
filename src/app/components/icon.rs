//! The icons of the page itself: own strokes on a grid of 20 × 20.

use decoupled::editor::Command;
use yew::prelude::*;

use crate::app::store::Store;

#[derive(Clone, Copy, PartialEq)]
pub enum Icon {
    Undo,
    Redo,
    Restart,
    Step,
    StepBack,
    Next,
    Breakpoint,
    Play,
    Pause,
    Moon,
    Sun,
    Auto,
    Help,
    Close,
    Left,
    Right,
    Bottom,
    Fit,
    Screen,
    Plus,
    Minus,
    Trash,
    Copy,
    Out,
}

impl Icon {
    /// Path data, and whether it is filled instead of stroked.
    fn path(self) -> (&'static str, bool) {
        match self {
            Self::Undo => ("M7 4 3.5 7.5 7 11M3.5 7.5H12a4.5 4.5 0 0 1 0 9H8", false),
            Self::Redo => ("M13 4l3.5 3.5L13 11M16.5 7.5H8a4.5 4.5 0 0 0 0 9h4", false),
            Self::Restart => ("M3.5 4.5v11M10.5 5.2v9.6L5 10zM17 5.2v9.6L11.5 10z", true),
            Self::Step => ("M15.5 4.5v11M4.5 5.2v9.6l8-4.8z", true),
            Self::StepBack => ("M4.5 4.5v11M15.5 5.2v9.6l-8-4.8z", true),
            Self::Next => ("M16.5 4.5v11M3.5 5.2v9.6L9 10zM10 5.2v9.6l5.5-4.8z", true),
            Self::Breakpoint => ("M10 4.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11z", false),
            Self::Play => ("M6.5 4.2v11.6L16 10z", true),
            Self::Pause => ("M6 4.5h2.6v11H6zM11.4 4.5H14v11h-2.6z", true),
            Self::Moon => ("M15.8 12.2A6.5 6.5 0 0 1 7.8 4.2a6.5 6.5 0 1 0 8 8z", false),
            Self::Sun => (
                "M10 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM10 2v1.5M10 16.5V18M2 10h1.5M16.5 10H18M4.3 4.3l1.1 1.1M14.6 14.6l1.1 1.1M4.3 15.7l1.1-1.1M14.6 5.4l1.1-1.1",
                false,
            ),
            Self::Auto => ("M10 3a7 7 0 1 0 0 14zM10 3a7 7 0 0 1 0 14", false),
            Self::Help => ("M7.4 7.3a2.7 2.7 0 1 1 4 2.4c-.9.5-1.4 1-1.4 2.1M10 15.2v.1", false),
            Self::Close => ("M5 5l10 10M15 5 5 15", false),
            Self::Left => ("M3.5 4.5h13v11h-13zM8 4.5v11", false),
            Self::Right => ("M3.5 4.5h13v11h-13zM12 4.5v11", false),
            Self::Bottom => ("M3.5 4.5h13v11h-13zM3.5 11h13", false),
            Self::Fit => ("M4 7.5V4h3.5M12.5 4H16v3.5M16 12.5V16h-3.5M7.5 16H4v-3.5", false),
            Self::Screen => ("M3 4.5h14v9H3zM10 13.5v3M6.5 16.5h7M8.5 7l3 2-3 2z", false),
            Self::Plus => ("M10 4.5v11M4.5 10h11", false),
            Self::Minus => ("M4.5 10h11", false),
            Self::Trash => ("M4 6h12M8 6V4h4v2M5.5 6l.7 10h7.6l.7-10", false),
            Self::Out => ("M8.5 4.5h-4v11h11v-4M11.5 4.5h4v4M15.5 4.5 9 11", false),
            Self::Copy => ("M7.5 7.5h8v8h-8zM4.5 12.5v-8h8", false),
        }
    }

    pub fn html(self) -> Html {
        let (path, filled) = self.path();
        let class = if filled { "icon filled" } else { "icon" };
        html! {
            <svg {class} viewBox="0 0 20 20" aria-hidden="true"><path d={path} /></svg>
        }
    }
}

/// A button that shows an icon. What it does stands in its tooltip and is what a screen reader says.
pub struct IconButton {
    icon: Icon,
    label: AttrValue,
    testid: AttrValue,
    onclick: Callback<MouseEvent>,
    disabled: bool,
    pressed: Option<&'static str>,
    class: &'static str,
}

impl IconButton {
    /// A button that gives the editor a command.
    pub fn new(store: &Store, icon: Icon, label: AttrValue, testid: AttrValue, command: Command) -> Self {
        Self { icon, label, testid, onclick: store.sends(command), disabled: false, pressed: None, class: "" }
    }

    pub fn disabled(self, disabled: bool) -> Self {
        Self { disabled, ..self }
    }

    pub fn pressed(self, pressed: bool) -> Self {
        Self { pressed: Some(if pressed { "true" } else { "false" }), ..self }
    }

    pub fn class(self, class: &'static str) -> Self {
        Self { class, ..self }
    }

    pub fn html(self) -> Html {
        html! {
            <button type="button" class={classes!("icon-button", self.class)} title={&self.label} aria-label={&self.label}
                aria-pressed={self.pressed} data-testid={self.testid} disabled={self.disabled} onclick={self.onclick}>
                { self.icon.html() }
            </button>
        }
    }
}
