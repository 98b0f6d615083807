//! A Markdown note on the canvas. Its height follows from its text and its width.

use crate::lang::markdown::CHARS_MAX;
use crate::services::{Family, Group, Property, PropertyKind, Spec, frailty, knob};

/// What a note may be coloured.
pub const COLOURS: [&str; 4] = ["Yellow", "Blue", "Red", "Plain"];
/// Its width where none is given.
pub const WIDTH: f32 = 200.0;
pub const WIDTH_MIN: f32 = 96.0;
pub const WIDTH_MAX: f32 = 800.0;

static PROPERTIES: &[Property] = &[
    knob(
        "Text",
        "Text",
        PropertyKind::Markdown { max: CHARS_MAX },
        "\"\"",
        "Markdown: # heading, **bold**, lists.",
        "",
    ),
    knob("Colour", "Colour", PropertyKind::Choice(&COLOURS), "\"Yellow\"", "The colour of its paper.", ""),
    knob(
        "Width",
        "Width",
        PropertyKind::Integer { min: WIDTH_MIN as i64, max: WIDTH_MAX as i64 },
        "200",
        "In units of the canvas; the height follows the text.",
        "",
    ),
];

pub static SPEC: Spec = Spec {
    kind: "Decoupled::Note",
    name: "Note",
    summary: "Markdown on the canvas",
    stem: "note",
    group: Group::Canvas,
    family: Family::Canvas,
    size: (WIDTH, 64.0),
    glyph: "M5 4h14v10l-5 6H5zM14 20v-6h5M8.5 8.5h7M8.5 12h4",
    properties: PROPERTIES,
    not_modelled: &[],
    charts: &[],
    link: "",
    frailty: &frailty::NOTHING,
    ..Spec::BLANK
};
