//! Handles of what is chosen: eight around a frame, two beside a note, one at each end of a line. They keep their size
//! on screen at any zoom: each is the cap of a line without length.

use decoupled::editor::{Gesture, Handle, Mode, State};
use decoupled::figure::{Curve, Point};
use decoupled::view::{self, Look};
use yew::prelude::*;

use crate::app::store::use_moving_store;

#[component(Handles)]
pub fn handles() -> Html {
    let store = use_moving_store();
    let session = store.session();
    let state = &session.state;
    if state.mode != Mode::Edit || !matches!(state.gesture, Gesture::Idle | Gesture::Resizing { .. }) {
        return html! {};
    }
    let around = state.selection.single_node().and_then(|id| around(state, id));
    let ends = state.selection.single_link().and_then(|id| ends(state, id));
    html! { <g class="handles">{ for around }{ for ends }</g> }
}

fn around(state: &State, id: &str) -> Option<Html> {
    let node = state.scene.node(id).filter(|node| !node.locked && state.writing.is_none())?;
    let both = match view::look_of(node) {
        Look::Frame => true,
        Look::Note => false,
        Look::Card if node.kind.spec().room.is_some() => true,
        Look::Card | Look::Folded => return None,
    };
    let card = view::card_rect(node);
    let handle = |(name, handle): (&'static str, Handle)| {
        let x = card.x + card.width * (f32::from(handle.x) + 1.0) / 2.0;
        let y = card.y + card.height * (f32::from(handle.y) + 1.0) / 2.0;
        html! {
            <g class="handle" data-handle={name} data-of={id.to_owned()} data-testid={format!("handle-{name}")}>
                { cap(Point::new(x, y)) }
            </g>
        }
    };
    Some(Handle::ALL.into_iter().filter(|(_, handle)| both || handle.y == 0).map(handle).collect())
}

fn ends(state: &State, id: &str) -> Option<Html> {
    let link = state.scene.drawn_link(id)?;
    let curve = view::link_curve(&state.scene, &link)?;
    let end = |name: &'static str, at: Point| {
        html! {
            <g class="handle round" data-link-end={name} data-of={id.to_owned()} data-testid={format!("end-{name}")}>
                <title>{ "Drag to another node" }</title>
                { cap(at) }
            </g>
        }
    };
    Some(html! { <>{ end("from", beside_port(&curve, 0.0)) }{ end("to", beside_port(&curve, 1.0)) }</> })
}

/// On the line, so far from its end that the port there can still be pulled.
const FROM_PORT: f32 = 26.0;
/// Of a short line, no more than so many of these parts.
const PART: f32 = 0.03;
const PARTS: u8 = 10;

fn beside_port(curve: &Curve, end: f32) -> Point {
    let port = curve.at(end);
    let along = |step: u8| curve.at((end - f32::from(step) * PART).abs());
    let far = |at: &Point| (at.x - port.x).abs().max((at.y - port.y).abs()) >= FROM_PORT;
    (1..PARTS).map(along).find(far).unwrap_or_else(|| along(PARTS))
}

fn cap(at: Point) -> Html {
    let d = format!("M{} {}h0", at.x, at.y);
    html! {
        <>
            <path class="handle-reach" d={d.clone()} />
            <path class="handle-line" d={d.clone()} />
            <path class="handle-face" {d} />
        </>
    }
}
