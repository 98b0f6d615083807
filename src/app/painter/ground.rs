//! Lanes, slots, dials and small texts inside the cards, and the names of messages.

use decoupled::figure::{Anchor, Face, Ink, Primitive, Shape, text_width};
use decoupled::services::token_text;
use decoupled::view::Dot;
use js_sys::Array;
use web_sys::{CanvasRenderingContext2d as Context, Path2d};

use super::inks::Inks;

/// Texts smaller than this on screen are a blur: left out.
const READABLE: f32 = 4.5;
const TURN: f64 = std::f64::consts::TAU;

pub fn paint(context: &Context, primitives: &[Primitive], inks: &Inks, zoom: f32) {
    for primitive in primitives {
        match primitive {
            Primitive::Rect { x, y, width, height, radius, fill, stroke } => {
                let area = [*x, *y, *width, *height].map(f64::from);
                rect(context, area, f64::from(*radius), (*fill, *stroke), inks);
            }
            Primitive::Line { from, to, ink, width, dashed } => {
                context.set_stroke_style_str(inks.css(*ink));
                context.set_line_width(f64::from(*width));
                dash(context, *dashed);
                context.begin_path();
                context.move_to(f64::from(from.0), f64::from(from.1));
                context.line_to(f64::from(to.0), f64::from(to.1));
                context.stroke();
                dash(context, false);
            }
            Primitive::Arc { x, y, radius, from, part, ink, width } => {
                context.set_stroke_style_str(inks.css(*ink));
                context.set_line_width(f64::from(*width));
                arc(context, (*x, *y), *radius, *from, *part);
            }
            Primitive::Text { x, y, text, size, ink, anchor, mono } if size * zoom >= READABLE => {
                let family = if *mono { &inks.mono } else { &inks.font };
                context.set_font(&format!("{size}px {family}"));
                context.set_fill_style_str(inks.css(*ink));
                context.set_text_align(align(*anchor));
                let _ = context.fill_text(text, f64::from(*x), f64::from(*y));
            }
            Primitive::Path { .. } | Primitive::Label { .. } => still(context, primitive, inks),
            // Tokens come as dots.
            Primitive::Text { .. } | Primitive::Token { .. } => {}
        }
    }
}

/// What only a picture of the whole scene has: on the page it is an element.
#[inline(never)] // second part
fn still(context: &Context, primitive: &Primitive, inks: &Inks) {
    match primitive {
        Primitive::Path { d, x, y, scale, fill, stroke, width, dashed } => {
            let Ok(path) = Path2d::new_with_path_string(d) else { return };
            context.save();
            let _ = context.translate(f64::from(*x), f64::from(*y));
            let _ = context.scale(f64::from(*scale), f64::from(*scale));
            if let Some(fill) = fill {
                context.set_fill_style_str(inks.css(*fill));
                context.fill_with_path_2d(&path);
            }
            if let Some(stroke) = stroke {
                context.set_stroke_style_str(inks.css(*stroke));
                context.set_line_width(f64::from(*width));
                context.set_line_cap("round");
                context.set_line_join("round");
                dash(context, *dashed);
                context.stroke_with_path(&path);
            }
            context.restore();
        }
        Primitive::Label { x, y, text, size, weight, ink, anchor, mono } => {
            let family = if *mono { &inks.mono } else { &inks.font };
            context.set_font(&format!("{weight} {size}px {family}"));
            context.set_fill_style_str(inks.css(*ink));
            context.set_text_align(align(*anchor));
            let _ = context.fill_text(text, f64::from(*x), f64::from(*y));
        }
        _ => {}
    }
}

fn rect(context: &Context, area: [f64; 4], radius: f64, inks_of: (Option<Ink>, Option<Ink>), inks: &Inks) {
    let [x, y, width, height] = area;
    context.begin_path();
    let _ = context.round_rect_with_f64(x, y, width, height, radius);
    if let Some(fill) = inks_of.0 {
        context.set_fill_style_str(inks.css(fill));
        context.fill();
    }
    if let Some(stroke) = inks_of.1.or(inks.forced.then_some(Ink::Line)) {
        context.set_stroke_style_str(inks.css(stroke));
        context.set_line_width(1.0);
        context.stroke();
    }
}

/// A part of a turn, clockwise, where 0 is twelve o'clock.
pub fn arc(context: &Context, centre: (f32, f32), radius: f32, from: f32, part: f32) {
    let start = (f64::from(from) - 0.25) * TURN;
    context.begin_path();
    context.set_line_cap("round");
    let _ = context.arc(
        f64::from(centre.0),
        f64::from(centre.1),
        f64::from(radius),
        start,
        start + f64::from(part.clamp(0.0, 1.0)) * TURN,
    );
    context.stroke();
    context.set_line_cap("butt");
}

/// What tells the followed message from all others.
pub fn halo(context: &Context, dot: &Dot, inks: &Inks) {
    context.set_stroke_style_str(inks.css(Ink::Accent));
    context.set_line_width(2.0);
    arc(context, (dot.x, dot.y), dot.radius + 6.5, 0.0, 1.0);
}

/// The short names of messages; requests without one have none, and where they stand close those that have room.
#[inline(never)] // second part
pub fn names<'a>(context: &Context, dots: impl Iterator<Item = &'a Dot>, inks: &Inks) {
    context.set_font(&format!("4.5px {}", inks.mono));
    context.set_fill_style_str(inks.css(Ink::Muted));
    context.set_text_align("center");
    let mut before: Option<(f32, f32)> = None;
    for dot in dots.filter(|dot| dot.token != 0 && dot.shape != Shape::Dash) {
        let below = dot.y + dot.radius + if dot.ring.is_some() { 9.0 } else { 6.0 };
        let text = token_text(dot.token);
        let half = text_width(&text, 4.5, Face::Mono) / 2.0 + 0.5;
        if before.is_some_and(|(x, y)| (y - below).abs() < 5.0 && (x - dot.x).abs() < 2.0 * half) {
            continue;
        }
        before = Some((dot.x, below));
        let _ = context.fill_text(&text, f64::from(dot.x), f64::from(below));
    }
}

fn dash(context: &Context, dashed: bool) {
    let pattern = if dashed { Array::of2(&4.into(), &4.into()) } else { Array::new() };
    let _ = context.set_line_dash(&pattern);
}

fn align(anchor: Anchor) -> &'static str {
    match anchor {
        Anchor::Start => "start",
        Anchor::Middle => "center",
        Anchor::End => "end",
    }
}
