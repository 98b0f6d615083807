//! What the hand is doing, drawn on the canvas: a link in the making, a marquee.

use decoupled::editor::{Gesture, Overlay, Purpose, State};
use decoupled::figure::{Curve, Point};
use decoupled::view;
use yew::prelude::*;

use crate::app::store::use_moving_store;

#[component(GestureLayer)]
pub fn gesture_layer() -> Html {
    let store = use_moving_store();
    let session = store.session();
    let state = &session.state;
    let drawn = match &state.gesture {
        Gesture::Connecting { from, to, refusal, .. } => line(state, from, *to, refusal.is_some()),
        Gesture::Marquee { from, to } => {
            let (x, y) = (from.x.min(to.x), from.y.min(to.y));
            let (width, height) = ((to.x - from.x).abs(), (to.y - from.y).abs());
            Some(html! {
                <rect class="marquee" data-testid="marquee" x={x.to_string()} y={y.to_string()}
                    width={width.to_string()} height={height.to_string()} rx="3" />
            })
        }
        _ => match &state.overlay {
            // Until it is chosen what should stand there.
            Some(Overlay::Chooser { purpose: Purpose::After { from, at: Some(at) }, .. }) => {
                line(state, from, *at, false)
            }
            _ => None,
        },
    };
    html! { <g class="gestures">{ for drawn }</g> }
}

/// A line from a node's port.
fn line(state: &State, from: &str, to: Point, refused: bool) -> Option<Html> {
    let card = view::card_rect(state.scene.node(from)?);
    let port = Point::new(card.x + card.width, card.y + card.height / 2.0);
    let path = Curve::between_ports(port, to).svg_path();
    Some(html! {
        <g class={classes!("connecting", refused.then_some("refused"))}>
            <path d={path} />
            <circle cx={to.x.to_string()} cy={to.y.to_string()} r="4.5" />
        </g>
    })
}
