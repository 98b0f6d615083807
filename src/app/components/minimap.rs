//! The whole scene small, with the part that is looked at; a press moves there. Beside it the zoom.

use decoupled::editor::{Command, Rect, State, scene_bounds};
use decoupled::figure::Point;
use decoupled::scene::Frames;
use decoupled::view::card_rect;
use web_sys::Element;
use yew::prelude::*;

use super::icon::{Icon, IconButton};
use crate::app::dom;
use crate::app::store::{Store, use_store};

const SIZE: (f32, f32) = (124.0, 92.0);
const MARGIN: f32 = 60.0;
/// What it takes of the canvas beside its own size.
const CORNER: f32 = 22.0;

/// Moves the map's frame to where the canvas is looked at, and widens the map so that it holds scene and frame.
/// Called by the clock, since camera moves draw no component again.
pub fn follow(state: &State) {
    let (Some(map), Some(frame)) = (dom::by_id("minimap-map"), dom::by_id("minimap-frame")) else { return };
    let (view, zoom) = (state.camera.seen(state.viewport), state.camera.zoom);
    for (name, value) in [("x", view.x), ("y", view.y), ("width", view.width), ("height", view.height)] {
        dom::set_attribute(&frame, name, &format!("{value:.0}"));
    }
    let bounds = scene_bounds(&state.scene).unwrap_or(view);
    // Where everything is in view anyway, the map does not lie upon a card.
    let (width, height) = ((SIZE.0 + CORNER) / zoom, (SIZE.1 + CORNER) / zoom);
    let covered = Rect { x: view.right() - width, y: view.bottom() - height, width, height };
    let idle = view.contains(Point::new(bounds.x, bounds.y))
        && view.contains(Point::new(bounds.right(), bounds.bottom()))
        && state.scene.nodes.iter().any(|node| !node.is_frame() && card_rect(node).meets(&covered));
    dom::set_attribute(&map, "data-idle", if idle { "true" } else { "false" });
    let whole = bounds.joined(&view).grown(MARGIN);
    let scale = (whole.width / SIZE.0).max(whole.height / SIZE.1);
    let (width, height) = (SIZE.0 * scale, SIZE.1 * scale);
    let (left, top) = (whole.x - (width - whole.width) / 2.0, whole.y - (height - whole.height) / 2.0);
    dom::set_attribute(&map, "viewBox", &format!("{left:.0} {top:.0} {width:.0} {height:.0}"));
}

#[component(Minimap)]
pub fn minimap() -> Html {
    let store = use_store();
    let map = use_node_ref();
    let session = store.session();
    let state = &session.state;
    if state.scene.nodes.is_empty() {
        return html! {};
    }
    let frames = Frames::of(&state.scene);
    let seen = || state.scene.nodes.iter().filter(|node| !frames.hides(&node.id));
    let outlines = seen().filter(|node| node.is_frame()).map(|node| card_rect(node));
    let cards = seen().filter(|node| !node.is_frame()).map(|node| mark(&card_rect(node)));
    let onpointerdown = {
        let (store, map) = (store.clone(), map.clone());
        Callback::from(move |event: PointerEvent| {
            if let Some(element) = map.cast::<Element>() {
                look_at(&store, &element, &event);
            }
        })
    };
    html! {
        <div class="lookout" data-over="minimap">
            <div class="zoom" role="group" aria-label="Zoom">
                { IconButton::new(&store, Icon::Minus, "Zoom out (−)".into(), "zoom-out".into(), Command::ZoomBy { factor: 0.8 }).html() }
                <button type="button" class="zoom-level" id="zoom-level" data-testid="zoom-level"
                    title="Back to 100 %" onclick={store.sends(Command::ZoomTo { zoom: 1.0 })}></button>
                { IconButton::new(&store, Icon::Plus, "Zoom in (+)".into(), "zoom-in".into(), Command::ZoomBy { factor: 1.25 }).html() }
                { IconButton::new(&store, Icon::Fit, "Fit the scene (1)".into(), "zoom-fit".into(), Command::ZoomToFit).html() }
            </div>
            <div class="minimap" aria-hidden="true" data-testid="minimap" {onpointerdown}>
                <svg ref={map} id="minimap-map">
                    { for outlines.map(|card| outline(&card)) }
                    <path class="minimap-node" d={cards.collect::<String>()} />
                    <rect id="minimap-frame" rx="8" />
                </svg>
            </div>
        </div>
    }
}

/// Part of one path, since nobody points at a single card here.
fn mark(card: &Rect) -> String {
    // Half of the stroke, which rounds the corners.
    const INSET: f32 = 14.0;
    let (left, top) = (card.x + INSET, card.y + INSET);
    let (width, height) = ((card.width - 2.0 * INSET).max(0.0), (card.height - 2.0 * INSET).max(0.0));
    format!("M{left} {top}h{width}v{height}h-{width}z")
}

fn outline(card: &Rect) -> Html {
    html! {
        <rect class="minimap-frame" x={card.x.to_string()} y={card.y.to_string()} width={card.width.to_string()}
            height={card.height.to_string()} rx="14" />
    }
}

/// Brings the pressed place into the middle of the canvas.
fn look_at(store: &Store, map: &Element, event: &PointerEvent) {
    let area = map.get_bounding_client_rect();
    let shown: Vec<f64> = map.get_attribute("viewBox").unwrap_or_default().split(' ').filter_map(dom::number).collect();
    let [left, top, width, _] = shown[..] else { return };
    let [left, top, width] = [left, top, width].map(|length| length as f32);
    let scale = width / SIZE.0;
    let x = left + (f64::from(event.client_x()) - area.left()) as f32 * scale;
    let y = top + (f64::from(event.client_y()) - area.top()) as f32 * scale;
    let by = {
        let session = store.session();
        let (camera, (width, height)) = (session.state.camera, session.state.viewport);
        let at = camera.view_from_canvas(Point::new(x, y));
        Point::new(at.x - width / 2.0, at.y - height / 2.0)
    };
    store.dispatch(Command::Pan { by });
}
