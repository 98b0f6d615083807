//! Pictures of the scene as files. SVG is written from the display list, PNG painted from the same.

use decoupled::editor::{Rect, file_name};
use decoupled::view::{Picture, badge_figure, picture};
use wasm_bindgen::prelude::*;
use web_sys::{Blob, CanvasRenderingContext2d as Context, ContextAttributes2d, HtmlCanvasElement};

use super::painter::{ground, inks::Inks, sprites::Sprites};
use super::store::Store;
use super::{dom, effects};

/// Pixels a canvas unit, as long as the whole has no more pixels than every browser makes.
const SCALE: f32 = 2.0;
const PIXELS_MAX: f32 = 16_000_000.0;

fn drawn(store: &Store) -> Option<(Picture, Inks, String)> {
    let session = store.session();
    let inks = Inks::of_picture(session.theme_serial)?;
    let scene = &session.state.scene;
    let name = file_name(scene, "");
    Some((picture(scene, session.run(), session.shown_at()), inks, name))
}

pub fn save_svg(store: &Store) {
    if let Some((picture, inks, name)) = drawn(store) {
        let svg = picture.svg(&|ink| inks.css(ink).to_owned());
        effects::download(store, &format!("{name}svg"), &svg, "image/svg+xml");
    }
}

pub fn save_png(store: &Store) {
    let Some((picture, inks, name)) = drawn(store) else { return };
    let Some(canvas) = painted(&picture, &inks) else { return };
    let store = store.clone();
    let done = Closure::once_into_js(move |blob: Option<Blob>| {
        effects::download_blob(&store, &format!("{name}png"), blob.as_ref());
    });
    let _ = canvas.to_blob(done.unchecked_ref());
}

fn painted(picture: &Picture, inks: &Inks) -> Option<HtmlCanvasElement> {
    let area = picture.reach();
    let scale = SCALE.min((PIXELS_MAX / (area.width * area.height)).sqrt());
    let (canvas, context) = canvas_of(area, scale)?;
    paint_on(&context, picture, inks, area, scale, &mut Sprites::default());
    Some(canvas)
}

/// A canvas for a part of the scene.
pub fn canvas_of(area: Rect, scale: f32) -> Option<(HtmlCanvasElement, Context)> {
    let canvas: HtmlCanvasElement = dom::document()?.create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width((area.width * scale) as u32);
    canvas.set_height((area.height * scale) as u32);
    // What is painted here is read again, of a film every picture: in memory of its own that costs nothing.
    let options = ContextAttributes2d::new();
    options.set_will_read_frequently(true);
    let context = canvas.get_context_with_context_options("2d", &options).ok()??.dyn_into().ok()?;
    Some((canvas, context))
}

/// Paints a picture's part on a canvas made for it.
pub fn paint_on(context: &Context, picture: &Picture, inks: &Inks, area: Rect, scale: f32, sprites: &mut Sprites) {
    let Rect { x, y, width, height } = area;
    let _ = context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0);
    context.set_fill_style_str(inks.css(decoupled::figure::Ink::Ground));
    context.fill_rect(0.0, 0.0, f64::from(width * scale), f64::from(height * scale));
    let scale = f64::from(scale);
    let _ = context.set_transform(scale, 0.0, 0.0, scale, -f64::from(x) * scale, -f64::from(y) * scale);
    // In a file everything can be read, from near.
    let paint = |primitives: &[_]| ground::paint(context, primitives, inks, f32::MAX);
    picture.frames.iter().for_each(|(_, frame)| paint(frame));
    paint(&picture.links);
    picture.cards.iter().for_each(|(_, card)| paint(card));
    paint(&picture.frame.grounds);
    sprites.prepare(scale);
    picture.frame.dots.iter().for_each(|dot| sprites.paint(context, dot, inks));
    for badge in &picture.frame.badges {
        paint(&badge_figure(badge));
    }
}
