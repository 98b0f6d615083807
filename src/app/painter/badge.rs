//! Why something failed, written at the place where it did.

use decoupled::figure::Tone;
use decoupled::view::Badge;
use web_sys::CanvasRenderingContext2d as Context;

use super::inks::Inks;

/// Where the first base line is.
const FIRST: f64 = 17.0;
const LINE_HEIGHT: f64 = 14.0;
const PADDING: f64 = 10.0;

pub fn paint(context: &Context, badge: &Badge, inks: &Inks) {
    let scale = f64::from(badge.scale);
    let (ground, line, text_ink) = inks.badge(badge.tone);
    context.save();
    let weight = if badge.tone == Tone::Bad { 500 } else { 450 };
    context.set_font(&format!("{weight} 11px {}", inks.font));
    context.set_text_align("start");
    let _ = context.translate(f64::from(badge.x), f64::from(badge.y));
    let _ = context.scale(scale, scale);
    context.set_global_alpha(f64::from(badge.opacity.clamp(0.0, 1.0)));
    context.begin_path();
    let _ = context.round_rect_with_f64(0.0, 0.0, f64::from(badge.width) / scale, f64::from(badge.height) / scale, 7.0);
    context.set_fill_style_str(ground);
    context.fill();
    context.set_stroke_style_str(line);
    context.set_line_width(1.0);
    context.stroke();
    context.set_fill_style_str(text_ink);
    for (index, line) in badge.lines.iter().enumerate() {
        let _ = context.fill_text(line, PADDING, FIRST + LINE_HEIGHT * index as f64);
    }
    context.restore();
}
