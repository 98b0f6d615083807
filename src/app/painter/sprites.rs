//! Dots drawn once per hue, shape and scale, then copied: thousands of copies cost less than hundreds of paths.

use decoupled::figure::Shape;
use decoupled::view::Dot;
use web_sys::CanvasRenderingContext2d as Context;

use super::ground;
use super::inks::Inks;
use super::surface::Surface;

/// The radius a sprite is drawn for, in canvas units.
const RADIUS: f64 = 5.0;
/// Half a sprite's side, in canvas units: the radius, the wider diamond and the outline.
const HALF: f64 = 8.0;
const SHAPES: [Shape; 4] = [Shape::Disc, Shape::Square, Shape::Diamond, Shape::Dash];
const TURN: f64 = std::f64::consts::TAU;

#[derive(Default)]
pub struct Sprites {
    /// Hues across, shapes down, poisoned ones below.
    atlas: Option<Surface>,
    /// A bit for each sprite that is in the atlas.
    drawn: u64,
    /// Device pixels a canvas unit it was drawn for.
    scale: f64,
    /// Side of one sprite in device pixels.
    side: f64,
}

impl Sprites {
    pub fn forget(&mut self) {
        self.scale = 0.0;
    }

    /// Empties the atlas if the colours or the scale changed.
    pub fn prepare(&mut self, scale: f64) {
        if (self.scale - scale).abs() < 1e-6 {
            return;
        }
        if self.atlas.is_none() {
            self.atlas = Surface::new();
        }
        let Some(Surface { canvas, .. }) = &self.atlas else { return };
        self.scale = scale;
        self.side = (2.0 * HALF * scale).ceil();
        self.drawn = 0;
        canvas.set_width((8.0 * self.side) as u32);
        canvas.set_height((8.0 * self.side) as u32);
    }

    /// Draws the dot's sprite into the atlas unless it is there. While the scale changes that is every frame, so none is
    /// drawn that nobody needs.
    fn draw_once(&mut self, hue: u8, row: usize, inks: &Inks) {
        let bit = 1 << (row * 8 + usize::from(hue));
        let Some(Surface { context, .. }) = self.atlas.as_ref().filter(|_| self.drawn & bit == 0) else { return };
        self.drawn |= bit;
        let centre = (self.side * (f64::from(hue) + 0.5), self.side * (row as f64 + 0.5));
        let _ = context.set_transform(self.scale, 0.0, 0.0, self.scale, centre.0, centre.1);
        draw(context, SHAPES[row % SHAPES.len()], inks.hue(hue), &inks.outline, row >= SHAPES.len());
    }

    pub fn paint(&mut self, context: &Context, dot: &Dot, inks: &Inks) {
        let shape = SHAPES.iter().position(|shape| *shape == dot.shape).unwrap_or(0);
        let (hue, row) = (dot.hue % 8, shape + if dot.poisoned { SHAPES.len() } else { 0 });
        self.draw_once(hue, row, inks);
        let Some(Surface { canvas, .. }) = &self.atlas else { return };
        let half = self.side / 2.0 / self.scale * f64::from(dot.radius) / RADIUS;
        let (x, y) = (f64::from(dot.x), f64::from(dot.y));
        if dot.opacity < 1.0 {
            context.set_global_alpha(f64::from(dot.opacity.clamp(0.0, 1.0)));
        }
        if let Some(left) = dot.ring {
            ring(context, dot, left, inks);
        }
        let _ = context.draw_image_with_html_canvas_element_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
            canvas,
            f64::from(hue) * self.side,
            row as f64 * self.side,
            self.side,
            self.side,
            x - half,
            y - half,
            2.0 * half,
            2.0 * half,
        );
        if dot.opacity < 1.0 {
            context.set_global_alpha(1.0);
        }
    }
}

/// The ring that runs down around a message that waits, over its own faint track.
fn ring(context: &Context, dot: &Dot, left: f32, inks: &Inks) {
    let alpha = context.global_alpha();
    let radius = dot.radius + 3.6;
    context.set_line_width(2.0);
    context.set_stroke_style_str(inks.hue(dot.hue));
    context.set_global_alpha(alpha * 0.28);
    ground::arc(context, (dot.x, dot.y), radius, 0.0, 1.0);
    context.set_global_alpha(alpha);
    if left > 0.0 {
        ground::arc(context, (dot.x, dot.y), radius, 0.0, left);
    }
}

/// One sprite around the origin.
fn draw(context: &Context, shape: Shape, hue: &str, outline: &str, poisoned: bool) {
    context.begin_path();
    match shape {
        Shape::Disc => {
            let _ = context.arc(0.0, 0.0, RADIUS, 0.0, TURN);
        }
        Shape::Square => {
            let half = RADIUS * 0.9;
            let _ = context.round_rect_with_f64(-half, -half, 2.0 * half, 2.0 * half, 2.0);
        }
        Shape::Diamond => {
            let half = RADIUS * 1.22;
            for (index, (x, y)) in [(0.0, -half), (half, 0.0), (0.0, half), (-half, 0.0)].into_iter().enumerate() {
                if index == 0 { context.move_to(x, y) } else { context.line_to(x, y) }
            }
            context.close_path();
        }
        Shape::Dash => {
            let _ = context.round_rect_with_f64(-RADIUS, -RADIUS * 0.32, 2.0 * RADIUS, RADIUS * 0.64, RADIUS * 0.32);
        }
    }
    context.set_line_join("round");
    context.set_line_width(2.4);
    context.set_stroke_style_str(outline);
    context.stroke();
    context.set_fill_style_str(hue);
    context.fill();
    if poisoned {
        context.set_line_width(1.5);
        context.set_line_cap("round");
        let arm = RADIUS * 0.42;
        context.begin_path();
        context.move_to(-arm, -arm);
        context.line_to(arm, arm);
        context.move_to(arm, -arm);
        context.line_to(-arm, arm);
        context.stroke();
        context.set_line_cap("butt");
    }
}
