//! Moving the camera. It is never undone.

use super::camera::Camera;
use super::layout::{bounds_of, camera_to_fit, card_rect, scene_bounds};
use super::rect::Rect;
use super::state::{Mode, State};
use crate::figure::Point;

/// Pixels around a fitted scene; on a phone and in a frame room is scarce.
const PADDING_PX: f32 = 48.0;
const PADDING_WHERE_SCARCE_PX: f32 = 20.0;
const NARROW_PX: f32 = 640.0;
/// As far as a file's positions may lie, so that the camera cannot get lost.
const FAR: f32 = 1e6;

pub fn fit(state: &mut State) {
    state.fit_due = !has_size(state);
    state.part_due = None;
    if !state.fit_due {
        show(state, scene_bounds(&state.scene));
    }
}

/// Shows a part of the canvas as large as the view allows, as soon as the view has a size.
pub fn show_part(state: &mut State, part: Rect) {
    if !has_size(state) {
        state.part_due = Some(part);
        return;
    }
    let zoom = (state.viewport.0 / part.width).min(state.viewport.1 / part.height);
    let zoom = zoom.clamp(Camera::ZOOM_MIN, Camera::ZOOM_MAX);
    let middle = part.middle();
    let (x, y) = (middle.x - state.viewport.0 / 2.0 / zoom, middle.y - state.viewport.1 / 2.0 / zoom);
    state.camera = Camera { x, y, zoom };
    state.fit_due = false;
}

pub fn fit_selection(state: &mut State) {
    let (scene, chosen) = (&state.scene, &state.selection);
    let linked = |id: &str| {
        let mut links = scene.links.iter().filter(|link| chosen.links.contains(&link.id));
        links.any(|link| link.from == id || link.to == id)
    };
    let nodes = scene.nodes.iter().filter(|node| chosen.nodes.contains(&node.id) || linked(&node.id));
    match bounds_of(nodes.map(|node| &**node)) {
        Some(bounds) if has_size(state) => show(state, Some(bounds)),
        _ => fit(state),
    }
}

fn has_size(state: &State) -> bool {
    state.viewport.0 > 1.0 && state.viewport.1 > 1.0
}

fn show(state: &mut State, bounds: Option<Rect>) {
    state.camera = fitted(state, bounds);
}

fn fitted(state: &State, bounds: Option<Rect>) -> Camera {
    let is_scarce = state.mode == Mode::Embed || state.viewport.0 < NARROW_PX;
    let padding = if is_scarce { PADDING_WHERE_SCARCE_PX } else { PADDING_PX };
    bounds.map_or_else(Camera::default, |bounds| camera_to_fit(bounds, state.viewport, padding))
}

/// A canvas that gets another size (a panel opens, a phone is turned) goes on to show the whole scene, as long as nobody
/// has looked elsewhere.
fn goes_on_fitted(state: &State) -> bool {
    has_size(state) && state.camera == fitted(state, scene_bounds(&state.scene))
}

pub fn resize(state: &mut State, width: f32, height: f32) {
    state.fit_due |= goes_on_fitted(state);
    if width.is_finite() && height.is_finite() {
        state.viewport = (width.max(0.0), height.max(0.0));
    }
    match state.part_due.take() {
        Some(part) => show_part(state, part),
        None if state.fit_due => fit(state),
        None => {}
    }
}

/// Moves the camera by pixels of the view.
pub fn pan(state: &mut State, by: Point) {
    let camera = &mut state.camera;
    camera.x = (camera.x + by.x / camera.zoom).clamp(-FAR, FAR);
    camera.y = (camera.y + by.y / camera.zoom).clamp(-FAR, FAR);
}

/// Zooms so that the canvas point under `view` stays there.
pub fn zoom(state: &mut State, view: Point, zoom: f32) {
    if !zoom.is_finite() {
        return;
    }
    let still = state.camera.canvas_from_view(view);
    state.camera.zoom = zoom.clamp(Camera::ZOOM_MIN, Camera::ZOOM_MAX);
    let camera = &mut state.camera;
    camera.x = (still.x - view.x / camera.zoom).clamp(-FAR, FAR);
    camera.y = (still.y - view.y / camera.zoom).clamp(-FAR, FAR);
}

pub fn middle_of_view(state: &State) -> Point {
    Point::new(state.viewport.0 / 2.0, state.viewport.1 / 2.0)
}

/// Brings a node into view if it lies outside, as far as needed and no further.
pub fn reveal(state: &mut State, id: &str) {
    let Some(card) = state.scene.node(id).map(|node| card_rect(node)) else { return };
    let view = state.camera.seen(state.viewport);
    let shift = |low: f32, high: f32, from: f32, to: f32| {
        if low < from {
            low - from
        } else if high > to {
            (high - to).min(low - from)
        } else {
            0.0
        }
    };
    if has_size(state) {
        state.camera.x += shift(card.x, card.right(), view.x, view.right());
        state.camera.y += shift(card.y, card.bottom(), view.y, view.bottom());
    }
}
