//! Crowds: thousands of dots written as pixels into a buffer of our own, put on a canvas in one call. Without a
//! graphics card this is an order of magnitude faster than drawing them.
//!
//! `putImageData` replaces what it covers, so the buffer has a canvas of its own over the links.

use decoupled::editor::Camera;
use decoupled::view::Dot;
use wasm_bindgen::Clamped;
use web_sys::ImageData;

use super::super::dom;
use super::inks::Inks;
use super::surface::{Surface, pixel_ratio};

/// The buffer's bound: beyond it the picture is scaled up.
const PIXELS_MAX: f64 = 1_500_000.0;
/// The opacity of what hides everything below it.
const OPAQUE: u32 = 256;
/// Dots are placed to a quarter of a pixel.
const PHASES: usize = 4;

#[derive(Default)]
pub struct Dense {
    surface: Option<Surface>,
    size: (usize, usize),
    pixels: Vec<u8>,
    mask: Mask,
    /// The rows written last time, which have to be cleared.
    rows: Option<(usize, usize)>,
}

impl Dense {
    #[inline(never)] // hot loop
    pub fn paint(&mut self, dots: &[Dot], camera: &Camera, viewport: (f32, f32), inks: &Inks) {
        if dots.is_empty() && self.rows.is_none() {
            return;
        }
        if self.surface.as_ref().is_none_or(|surface| !surface.canvas.is_connected()) {
            self.surface = Surface::find("dense");
            self.size = (0, 0);
        }
        let Some(Surface { canvas, .. }) = &self.surface else { return };
        dom::set_hidden(canvas, dots.is_empty());
        let scale = self.fit(viewport);
        let cleared = self.clear();
        let radius = (6.0 * camera.zoom * scale).clamp(1.1, 7.0);
        self.mask.prepare(radius, self.size.0);
        for dot in dots {
            let x = (dot.x - camera.x) * camera.zoom * scale;
            let y = (dot.y - camera.y) * camera.zoom * scale;
            let alpha = (dot.opacity.clamp(0.0, 1.0) * OPAQUE as f32) as u32;
            self.dot(x, y, inks.hue_bytes[usize::from(dot.hue) % 8], alpha);
        }
        self.put(cleared);
    }

    /// Sizes buffer and canvas; gives buffer pixels a CSS pixel.
    fn fit(&mut self, viewport: (f32, f32)) -> f32 {
        let area = f64::from(viewport.0) * f64::from(viewport.1);
        let scale = pixel_ratio().min((PIXELS_MAX / area.max(1.0)).sqrt()) as f32;
        let size = ((viewport.0 * scale).max(1.0) as usize, (viewport.1 * scale).max(1.0) as usize);
        if self.size != size {
            self.size = size;
            self.pixels = vec![0; size.0 * size.1 * 4];
            self.rows = None;
            if let Some(Surface { canvas, .. }) = &self.surface {
                canvas.set_width(size.0 as u32);
                canvas.set_height(size.1 as u32);
                dom::set_style(canvas, "width", &format!("{}px", viewport.0));
                dom::set_style(canvas, "height", &format!("{}px", viewport.1));
            }
        }
        scale
    }

    /// Clears what was written last time; gives its rows, which must be put again.
    fn clear(&mut self) -> Option<(usize, usize)> {
        let rows = self.rows.take();
        if let Some((from, to)) = rows {
            self.pixels[from * self.size.0 * 4..to * self.size.0 * 4].fill(0);
        }
        rows
    }

    #[inline(never)] // hot loop
    fn dot(&mut self, x: f32, y: f32, colour: [u8; 3], alpha: u32) {
        let [red, green, blue] = colour;
        let (width, height) = self.size;
        let side = self.mask.side;
        let (left, top) = (x - side as f32 / 2.0, y - side as f32 / 2.0);
        if left < 0.0
            || top < 0.0
            || left + side as f32 + 1.0 >= width as f32
            || top + side as f32 + 1.0 >= height as f32
        {
            return;
        }
        let (column, row) = (left as usize, top as usize);
        let phase = |part: f32| ((part * PHASES as f32) as usize).min(PHASES - 1);
        let disc = &self.mask.discs[phase(top.fract()) * PHASES + phase(left.fract())];
        let (pixels, _) = self.pixels.as_chunks_mut::<4>();
        let start = row * width + column;
        let pixels = &mut pixels[start..start + disc.reach];
        if alpha == OPAQUE {
            for (from, to) in &disc.full {
                pixels[*from..*to].fill([red, green, blue, 255]);
            }
        } else {
            for (from, to) in &disc.full {
                pixels[*from..*to].iter_mut().for_each(|pixel| lay(pixel, colour, alpha - 1));
            }
        }
        for (at, covered) in &disc.edge {
            lay(&mut pixels[*at], colour, (covered * alpha) >> 8);
        }
        let (from, to) = self.rows.unwrap_or((row, row));
        self.rows = Some((from.min(row), to.max(row + side)));
    }

    /// Puts the rows that were written or cleared.
    fn put(&self, cleared: Option<(usize, usize)>) {
        let Some(Surface { context, .. }) = &self.surface else { return };
        let rows = match (self.rows, cleared) {
            (Some((a, b)), Some((c, d))) => (a.min(c), b.max(d)),
            (Some(rows), None) | (None, Some(rows)) => rows,
            (None, None) => return,
        };
        let stride = self.size.0 * 4;
        let part = &self.pixels[rows.0 * stride..rows.1 * stride];
        let (width, height) = (self.size.0 as u32, (rows.1 - rows.0) as u32);
        // Wraps the program's own memory: nothing is copied before the canvas takes it.
        if let Ok(image) = ImageData::new_with_u8_clamped_array_and_sh(Clamped(part), width, height) {
            let _ = context.put_image_data(&image, 0.0, rows.0 as f64);
        }
    }
}

/// Lays a colour over a pixel, so far as it is covered (0…255). What is faint below gives way.
fn lay(pixel: &mut [u8; 4], [red, green, blue]: [u8; 3], part: u32) {
    let mix = |new: u8, old: u8| ((u32::from(new) * part + u32::from(old) * (255 - part)) >> 8) as u8;
    *pixel = match *pixel {
        [.., 0] => [red, green, blue, part as u8],
        [r, g, b, a] => [mix(red, r), mix(green, g), mix(blue, b), a.max(part as u8)],
    };
}

/// An anti-aliased disc, once for each placement within a pixel.
#[derive(Default)]
struct Mask {
    radius: f32,
    /// Pixels a row of the buffer.
    stride: usize,
    side: usize,
    discs: Vec<Disc>,
}

/// A disc as places in the buffer, counted from the one at its top left.
#[derive(Default)]
struct Disc {
    /// Pixels from the first to behind the last.
    reach: usize,
    /// Runs of pixels that are covered in full.
    full: Vec<(usize, usize)>,
    /// Pixels that are covered in part, and how far (1…254).
    edge: Vec<(usize, u32)>,
}

impl Mask {
    fn prepare(&mut self, radius: f32, stride: usize) {
        if (self.radius - radius).abs() < 0.01 && self.stride == stride {
            return;
        }
        self.radius = radius;
        self.stride = stride;
        self.side = (2.0 * radius).ceil() as usize + 3;
        let offset = |phase: usize| (phase as f32 + 0.5) / PHASES as f32 + self.side as f32 / 2.0;
        let disc =
            |phase: usize| Disc::new(radius, self.side, stride, (offset(phase % PHASES), offset(phase / PHASES)));
        self.discs = (0..PHASES * PHASES).map(disc).collect();
    }
}

impl Disc {
    fn new(radius: f32, side: usize, stride: usize, centre: (f32, f32)) -> Self {
        let mut disc = Self { reach: (side - 1) * stride + side, ..Self::default() };
        for (row, column) in (0..side).flat_map(|row| (0..side).map(move |column| (row, column))) {
            let (dx, dy) = (column as f32 + 0.5 - centre.0, row as f32 + 0.5 - centre.1);
            let covered = ((radius - (dx * dx + dy * dy).sqrt() + 0.5).clamp(0.0, 1.0) * 255.0) as u32;
            let at = row * stride + column;
            match (covered, disc.full.last_mut()) {
                (0, _) => {}
                (255, Some((_, to))) if *to == at => *to += 1,
                (255, _) => disc.full.push((at, at + 1)),
                _ => disc.edge.push((at, covered)),
            }
        }
        disc
    }
}
