//! The primitives of a display list. Lengths are canvas units (CSS pixels at zoom 1), y grows downwards.

use super::measure::{Face, elided, of_parts, text_width};

/// Of the texts in a card.
pub const TEXT_SIZE: f32 = 11.0;
pub const CODE_SIZE: f32 = 10.5;

/// A colour by meaning; `static/theme/tokens.css` says which colour that is in each theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ink {
    Text,
    Muted,
    Faint,
    /// The ground of a lane or slot inside a card.
    Lane,
    Line,
    Card,
    Accent,
    Good,
    Warn,
    Danger,
    /// One of the eight message colours.
    Hue(u8),
    // What stands around the live insides, for pictures of a whole scene.
    Ground,
    Link,
    CardLine,
    CardShade,
    Port,
    /// Around a message, so that it stands out.
    Outline,
    /// On a coloured tile.
    Glyph,
    WarnSoft,
    DangerSoft,
    AccentSoft,
    /// The colours of the families of services, and of what takes failures.
    Source,
    Integration,
    Analytics,
    Compute,
    Failure,
}

/// How good or bad what happened is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tone {
    /// Bookkeeping: shown in full traces only.
    Quiet,
    Plain,
    Good,
    /// Something a person would want to notice.
    Warn,
    /// A loss, a refusal, a failure.
    Bad,
}

/// The shape of a message token: never colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// A queue message.
    Disc,
    /// A stream record.
    Square,
    /// An event.
    Diamond,
    /// A request without a message.
    Dash,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Primitive {
    Rect {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        radius: f32,
        fill: Option<Ink>,
        stroke: Option<Ink>,
    },
    Line {
        from: (f32, f32),
        to: (f32, f32),
        ink: Ink,
        width: f32,
        dashed: bool,
    },
    /// An arc around a centre, clockwise from twelve o'clock; `part` of a full turn in 0..=1.
    Arc {
        x: f32,
        y: f32,
        radius: f32,
        from: f32,
        part: f32,
        ink: Ink,
        width: f32,
    },
    Text {
        x: f32,
        y: f32,
        text: String,
        size: f32,
        ink: Ink,
        anchor: Anchor,
        mono: bool,
    },
    /// A message. `ring` is the part of its wait still left, drawn as a ring that runs down.
    Token {
        x: f32,
        y: f32,
        radius: f32,
        token: u64,
        hue: u8,
        shape: Shape,
        ring: Option<f32>,
        poisoned: bool,
    },
    /// A path in SVG's language, scaled and then moved.
    Path {
        d: String,
        x: f32,
        y: f32,
        scale: f32,
        fill: Option<Ink>,
        stroke: Option<Ink>,
        width: f32,
        dashed: bool,
    },
    /// A text in a weight of its own.
    Label {
        x: f32,
        y: f32,
        text: String,
        size: f32,
        weight: u16,
        ink: Ink,
        anchor: Anchor,
        mono: bool,
    },
}

/// What a node shows of its live state, in the coordinates of its own card.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figure {
    /// Beside the name: the one number that matters.
    pub headline: String,
    /// Under the name.
    pub subtitle: String,
    /// In one sentence for a screen reader.
    pub spoken: String,
    pub primitives: Vec<Primitive>,
}

impl Figure {
    pub fn rect(&mut self, x: f32, y: f32, width: f32, height: f32, radius: f32, fill: Ink) {
        let (fill, stroke) = (Some(fill), None);
        self.primitives.push(Primitive::Rect { x, y, width, height, radius, fill, stroke });
    }

    pub fn text(&mut self, x: f32, y: f32, text: impl Into<String>, ink: Ink) {
        let (text, size, anchor, mono) = (text.into(), TEXT_SIZE, Anchor::Start, false);
        self.primitives.push(Primitive::Text { x, y, text, size, ink, anchor, mono });
    }

    pub fn code(&mut self, x: f32, y: f32, text: impl Into<String>, ink: Ink) {
        let (text, size, anchor, mono) = (text.into(), CODE_SIZE, Anchor::Start, true);
        self.primitives.push(Primitive::Text { x, y, text, size, ink, anchor, mono });
    }

    /// Parts between dots, as many as have room.
    pub fn text_within(&mut self, x: f32, y: f32, room: f32, text: &str, ink: Ink) {
        self.text(x, y, of_parts(text, room, TEXT_SIZE), ink);
    }

    pub fn code_within(&mut self, x: f32, y: f32, room: f32, text: &str, ink: Ink) {
        self.code(x, y, elided(text, room, CODE_SIZE, Face::Mono), ink);
    }

    /// Two texts on a line, from its left end and to its right one, which comes first where there is no room for both.
    pub fn text_at_ends(&mut self, (left, right): (f32, f32), y: f32, first: (&str, Ink), last: (&str, Ink)) {
        const GAP: f32 = 8.0;
        let mut room = right - left;
        if !last.0.is_empty() {
            let text = of_parts(last.0, room, TEXT_SIZE);
            room -= text_width(&text, TEXT_SIZE, Face::Plain) + GAP;
            let (size, ink, anchor, mono) = (TEXT_SIZE, last.1, Anchor::End, false);
            self.primitives.push(Primitive::Text { x: right, y, text, size, ink, anchor, mono });
        }
        if !first.0.is_empty() && room > GAP {
            self.text_within(left, y, room, first.0, first.1);
        }
    }

    pub fn line(&mut self, from: (f32, f32), to: (f32, f32), ink: Ink) {
        self.primitives.push(Primitive::Line { from, to, ink, width: 1.0, dashed: false });
    }

    /// A message token: `(identity, hue, poisoned)` at a place, perhaps with a ring.
    pub fn token(&mut self, x: f32, y: f32, who: (u64, u8, bool), shape: Shape, ring: Option<f32>) {
        let (token, hue, poisoned) = who;
        self.primitives.push(Primitive::Token { x, y, radius: 5.0, token, hue, shape, ring, poisoned });
    }
}
