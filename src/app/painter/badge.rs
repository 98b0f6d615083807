//! Why something failed, written at the place where it did.

use decoupled::figure::Tone;
use decoupled::view::{Badge, badge_lines};
use web_sys::CanvasRenderingContext2d as Context;

use super::inks::Inks;

/// Above and below the lines.
const INSET: f64 = 6.0;
const LINE_HEIGHT: f64 = 14.0;
const PADDING: f64 = 10.0;
/// Kept free at the right edge of the view.
const MARGIN: f64 = 8.0;

/// `edge` is the right edge of what is in view: a badge moves left rather than being cut off there.
pub fn paint(context: &Context, badge: &Badge, inks: &Inks, zoom: f32, edge: f64) {
    // Readable from afar without hiding the neighbours, calm from near.
    let scale = f64::from((0.8 / zoom).clamp(0.7, 1.7)).max(1.0);
    let (ground, line, text_ink) = inks.badge(badge.tone);
    let lines = badge_lines(&badge.text);
    context.save();
    let weight = if badge.tone == Tone::Bad { 500 } else { 450 };
    context.set_font(&format!("{weight} 11px {}", inks.font));
    context.set_text_align("start");
    let widths = lines.iter().filter_map(|line| context.measure_text(line).ok());
    let width = widths.map(|size| size.width()).fold(0.0, f64::max) + 2.0 * PADDING;
    let height = LINE_HEIGHT * lines.len() as f64 + 2.0 * INSET;
    let x = f64::from(badge.x).min(edge - scale * (width + MARGIN));
    let _ = context.translate(x, f64::from(badge.y));
    let _ = context.scale(scale, scale);
    context.set_global_alpha(f64::from(badge.opacity.clamp(0.0, 1.0)));
    context.begin_path();
    let _ = context.round_rect_with_f64(0.0, 0.0, width, height, 7.0);
    context.set_fill_style_str(ground);
    context.fill();
    context.set_stroke_style_str(line);
    context.set_line_width(1.0);
    context.stroke();
    context.set_fill_style_str(text_ink);
    for (index, line) in lines.iter().enumerate() {
        let _ = context.fill_text(line, PADDING, INSET + 11.0 + LINE_HEIGHT * index as f64);
    }
    context.restore();
}
