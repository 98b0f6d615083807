//! The whole scene small, with the part that is looked at; a press moves there. Beside it the zoom.

use decoupled::editor::{Command, State};
use decoupled::figure::Point;
use decoupled::view;
use web_sys::Element;
use yew::prelude::*;

use super::icon::{Icon, IconButton};
use crate::app::store::{Store, use_store};

const SIZE: (f32, f32) = (124.0, 92.0);
/// Around the nodes, so that the frame of the view is seen as well.
const MARGIN: f32 = 60.0;

/// Left, top, width, height of all cards, in the map's own proportions.
fn bounds(state: &State) -> Option<(f32, f32, f32, f32)> {
    let cards: Vec<_> = state.scene.nodes.iter().map(|node| view::card_rect(node)).collect();
    let least = |of: fn(&view::Rect) -> f32| cards.iter().map(of).fold(f32::MAX, f32::min);
    let most = |of: fn(&view::Rect) -> f32| cards.iter().map(of).fold(f32::MIN, f32::max);
    let (left, top) = (least(|card| card.x) - MARGIN, least(|card| card.y) - MARGIN);
    let (right, bottom) = (most(|card| card.x + card.width) + MARGIN, most(|card| card.y + card.height) + MARGIN);
    if cards.is_empty() {
        return None;
    }
    let (width, height) = (right - left, bottom - top);
    let scale = (width / SIZE.0).max(height / SIZE.1);
    let (wide, high) = (SIZE.0 * scale, SIZE.1 * scale);
    Some((left - (wide - width) / 2.0, top - (high - height) / 2.0, wide, high))
}

#[component(Minimap)]
pub fn minimap() -> Html {
    let store = use_store();
    let map = use_node_ref();
    let session = store.session();
    let state = &session.state;
    let Some((left, top, width, height)) = bounds(state) else { return html! {} };
    let onpointerdown = {
        let (store, map) = (store.clone(), map.clone());
        Callback::from(move |event: PointerEvent| {
            if let Some(element) = map.cast::<Element>() {
                look_at(&store, &element, &event, (left, top, width / SIZE.0));
            }
        })
    };
    html! {
        <div class="lookout" data-over="minimap">
            <div class="zoom" role="group" aria-label="Zoom">
                <IconButton icon={Icon::Minus} label="Zoom out (−)" testid="zoom-out" onclick={store.sends(Command::ZoomBy { factor: 0.8 })} />
                <button type="button" class="zoom-level" id="zoom-level" data-testid="zoom-level"
                    title="Back to 100 %" onclick={store.sends(Command::ZoomTo { zoom: 1.0 })}></button>
                <IconButton icon={Icon::Plus} label="Zoom in (+)" testid="zoom-in" onclick={store.sends(Command::ZoomBy { factor: 1.25 })} />
                <IconButton icon={Icon::Fit} label="Fit the scene (1)" testid="zoom-fit"
                    onclick={store.sends(Command::ZoomToFit)} />
            </div>
            <div class="minimap" aria-hidden="true" data-testid="minimap" {onpointerdown}>
                <svg ref={map} viewBox={format!("{left} {top} {width} {height}")}>
                    { for state.scene.nodes.iter().map(|node| mark(node)) }
                    <rect id="minimap-frame" rx="8" />
                </svg>
            </div>
        </div>
    }
}

fn mark(node: &decoupled::scene::SceneNode) -> Html {
    let card = view::card_rect(node);
    html! {
        <rect class="minimap-node" x={card.x.to_string()} y={card.y.to_string()} width={card.width.to_string()}
            height={card.height.to_string()} rx="14" />
    }
}

/// Brings the pressed place into the middle of the canvas.
fn look_at(store: &Store, map: &Element, event: &PointerEvent, place: (f32, f32, f32)) {
    let (left, top, scale) = place;
    let area = map.get_bounding_client_rect();
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
