//! What the hand is doing, drawn on the canvas: a link in the making, a marquee.

use decoupled::editor::{Gesture, Guide, LinkEnd, Overlay, Purpose, State};
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
        Gesture::Reconnecting { link, end, to, refusal, .. } => carried_end(state, link, *end, *to, refusal.is_some()),
        Gesture::DraggingNodes { guides, .. } => {
            Some(guides.iter().map(|guide| drawn_guide(*guide, state.camera.zoom)).collect())
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
    let curves = view::LinkCurves::of(&state.scene);
    let curve = Curve::between_ports(view::output_port(&view::card_rect(curves.shown(from)?)), to);
    Some(pending(curve, to, refused))
}

/// A line of which one end is in the hand.
fn carried_end(state: &State, link: &str, end: LinkEnd, to: Point, refused: bool) -> Option<Html> {
    let link = state.scene.drawn_link(link)?;
    let curves = view::LinkCurves::of(&state.scene);
    let curve = match end {
        LinkEnd::From => Curve::between_ports(to, view::input_port(&view::card_rect(curves.shown(&link.to)?))),
        LinkEnd::To => Curve::between_ports(view::output_port(&view::card_rect(curves.shown(&link.from)?)), to),
    };
    Some(pending(curve, to, refused))
}

fn pending(curve: Curve, to: Point, refused: bool) -> Html {
    html! {
        <g class={classes!("connecting", refused.then_some("refused"))}>
            <path d={curve.svg_path()} />
            <circle cx={to.x.to_string()} cy={to.y.to_string()} r="4.5" />
        </g>
    }
}

/// What is in line, as a line; what is equally far, as a line with an end at each card.
fn drawn_guide(guide: Guide, zoom: f32) -> Html {
    let (from, to) = match guide {
        Guide::Line { from, to } | Guide::Gap { from, to } => (from, to),
    };
    let mut path = format!("M{} {}L{} {}", from.x, from.y, to.x, to.y);
    if let Guide::Gap { .. } = guide {
        let tick = 5.0 / zoom;
        for end in [from, to] {
            path.push_str(&match from.y == to.y {
                true => format!("M{} {}v{}", end.x, end.y - tick, 2.0 * tick),
                false => format!("M{} {}h{}", end.x - tick, end.y, 2.0 * tick),
            });
        }
    }
    html! { <path class="guide" data-testid="guide" d={path} /> }
}
