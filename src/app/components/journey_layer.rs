//! The way of the followed message over the canvas: the links it came along and the cards it was in.

use decoupled::editor::Rect;
use decoupled::view;
use yew::prelude::*;

use super::redraw::use_redraw_with_facts;
use crate::app::store::use_moving_store;

/// Canvas units between a card and the line around it.
const ROOM: f32 = 5.0;

#[component(JourneyLayer)]
pub fn journey_layer() -> Html {
    let store = use_moving_store();
    let facts = use_redraw_with_facts(&store);
    let followed = store.session().state.followed;
    // While a node is dragged the path is drawn every frame, and the trace need not be read for that.
    let stops = use_memo((facts, followed), |(_, followed)| {
        followed.map(|message| view::journey_stops(store.session().run(), message)).unwrap_or_default()
    });
    let path = stops.path(&store.session().state.scene);
    let card = |card: &Rect| {
        let text = |number: f32| number.to_string();
        html! {
            <rect x={text(card.x - ROOM)} y={text(card.y - ROOM)} width={text(card.width + 2.0 * ROOM)}
                height={text(card.height + 2.0 * ROOM)} rx="16" />
        }
    };
    html! {
        <g class="journey-way" data-testid="journey-way" aria-hidden="true">
            { for path.curves.iter().map(|curve| html! { <path d={curve.svg_path()} /> }) }
            { for path.cards.iter().map(card) }
        </g>
    }
}
