//! Paints a frame: everything that moves, on one canvas over the SVG; crowds of dots on a second one.

mod badge;
mod dense;
pub mod ground;
pub mod inks;
pub mod sprites;
mod surface;

use decoupled::editor::Camera;
use decoupled::services::Token;
use decoupled::view::Frame;
use web_sys::HtmlCanvasElement;

use super::dom;
use dense::Dense;
use inks::Inks;
use sprites::Sprites;
use surface::Surface;
pub use surface::pixel_ratio;

/// From so many travelling dots on they are written as pixels instead of drawn one by one.
const CROWD: usize = 2_000;
/// From this zoom on a message has its short name under it.
const NAMES_FROM: f32 = 1.75;

#[derive(Default)]
pub struct Painter {
    surface: Option<Surface>,
    inks: Option<Inks>,
    sprites: Sprites,
    dense: Dense,
}

impl Painter {
    /// Whether the canvas is absent or of the wrong size for this screen.
    pub fn is_stale(&self) -> bool {
        self.surface.as_ref().is_none_or(|surface| !surface.canvas.is_connected())
    }

    /// `followed` is the message with a halo.
    pub fn paint(
        &mut self,
        frame: &Frame,
        camera: &Camera,
        viewport: (f32, f32),
        theme_serial: u32,
        followed: Option<Token>,
    ) {
        if self.is_stale() {
            self.surface = Surface::find("dots");
        }
        let Some(Surface { canvas, context }) = &self.surface else { return };
        if self.inks.as_ref().is_none_or(|inks| inks.serial != theme_serial) {
            self.inks = Inks::read(theme_serial);
            self.sprites.forget();
        }
        let Some(inks) = &self.inks else { return };
        // Of no use to anybody, but the browser would still lay it over the whole canvas.
        let nothing = frame.grounds.is_empty() && frame.dots.is_empty() && frame.badges.is_empty();
        dom::set_hidden(canvas, nothing);
        if nothing {
            return self.dense.paint(&[], camera, viewport, inks);
        }
        let ratio = pixel_ratio();
        fit(canvas, viewport, ratio);
        let (width, height) = (f64::from(canvas.width()), f64::from(canvas.height()));
        let _ = context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0);
        context.clear_rect(0.0, 0.0, width, height);
        let scale = ratio * f64::from(camera.zoom);
        let _ =
            context.set_transform(scale, 0.0, 0.0, scale, -f64::from(camera.x) * scale, -f64::from(camera.y) * scale);
        ground::paint(context, &frame.grounds, inks, camera.zoom);
        // The crowd lies below the lanes, so what waits in them stays with the sprites.
        let (inside, travelling) = frame.dots.split_at(frame.inside);
        let crowd = travelling.len() > CROWD;
        let (dense, single) = if crowd { (travelling, [].as_slice()) } else { ([].as_slice(), travelling) };
        self.dense.paint(dense, camera, viewport, inks);
        self.sprites.prepare(scale);
        for dot in inside.iter().chain(single) {
            self.sprites.paint(context, dot, inks);
        }
        if let Some(dot) = followed.and_then(|token| frame.dots.iter().rfind(|dot| dot.token == token)) {
            ground::halo(context, dot, inks);
        }
        if camera.zoom >= NAMES_FROM {
            ground::names(context, inside.iter().chain(single), inks);
        }
        for badge in &frame.badges {
            badge::paint(context, badge, inks);
        }
    }
}

/// Setting a size clears the canvas and costs memory, so only when it differs.
fn fit(canvas: &HtmlCanvasElement, viewport: (f32, f32), ratio: f64) {
    let width = (f64::from(viewport.0) * ratio).max(1.0) as u32;
    let height = (f64::from(viewport.1) * ratio).max(1.0) as u32;
    if canvas.width() != width || canvas.height() != height {
        canvas.set_width(width);
        canvas.set_height(height);
    }
}
