//! The canvas: links and nodes as SVG elements, and over them the canvas elements the painter fills.

use std::collections::BTreeSet;
use std::sync::Arc;

use decoupled::editor::{Command, Gesture, Mode, Panel, State};
use decoupled::figure::Point;
use decoupled::scene::{Frames, SceneLink, SceneNode};
use decoupled::services::LinkKind;
use decoupled::view::{self, LinkCurves, Look};
use wasm_bindgen::prelude::*;
use web_sys::{Element, ResizeObserver};
use yew::prelude::*;

use super::boundary::{BoundaryProps, FrameBox};
use super::empty::Empty;
use super::gesture_layer::GestureLayer;
use super::groups::{self, Standing};
use super::handles::Handles;
use super::journey_layer::JourneyLayer;
use super::link_path::LinkPathProps;
use super::minimap::Minimap;
use super::node_card::NodeCardProps;
use super::note_card::NoteCardProps;
use super::shared_note::SharedNote;
use super::styled::use_styles;
use crate::app::place::Place;
use crate::app::session::Session;
use crate::app::store::{Store, use_moving_store};

const REFUSAL_WIDTH: f32 = 260.0;

#[component(Canvas)]
pub fn canvas() -> Html {
    let store = use_moving_store();
    let host = use_node_ref();
    {
        let (store, host) = (store.clone(), host.clone());
        use_effect_with((), move |()| {
            let watching = host.cast::<Element>().and_then(|element| watch_size(store, element));
            move || drop(watching)
        });
    }
    let session = store.session();
    let state = &session.state;
    let beside_pointer = use_styles(refusal_place(state));
    let drawn = state.scene.drawn_links();
    let class = classes!("canvas", gesture_class(&state.gesture));
    html! {
        <main {class} id="canvas" ref={host} data-testid="canvas" aria-label="Canvas">
            <svg class="scene" id="world" role="group" aria-label="Scene">
                <g class="frames">{ frames(state) }</g>
                <g class="links">{ links(&session, &drawn) }</g>
                if state.followed.is_some() {
                    <JourneyLayer />
                }
                <g class="nodes" id="nodes">{ nodes(&session, &drawn) }</g>
            </svg>
            <svg class="scene hands">
                <g id="hands">
                    <Handles />
                    <GestureLayer />
                </g>
            </svg>
            <canvas id="dense" class="dense" aria-hidden="true" hidden={true}></canvas>
            <canvas id="dots" class="dots" aria-hidden="true"></canvas>
            <span id="ink-probe" hidden={true}></span>
            if state.scene.nodes.is_empty() {
                <Empty />
            } else if state.shows(Panel::Narration) {
                <p class="hint" id="narration" role="status" data-testid="narration"></p>
            } else if state.mode == Mode::Edit && !state.can_undo() {
                <p class="hint" data-testid="hint">{ "Drag something in, connect it, press play." }</p>
            }
            { refusal(state, beside_pointer) }
            if session.place != Place::Own {
                <SharedNote />
            }
            <Minimap />
            // Over everything while nodes are dragged, so that the browser need not look for what lies below, nor style it
            // anew. The same while the camera moves over a large scene: there the clock shows and hides it.
            <div class="glide" id="glide" hidden={true}></div>
        </main>
    }
}

fn nodes(session: &Session, drawn: &[Arc<SceneLink>]) -> Html {
    let Session { state, sight, .. } = session;
    let mut dead_letters = BTreeSet::<&str>::new();
    dead_letters.extend(drawn.iter().filter(|link| link.kind == LinkKind::Redrive).map(|link| &*link.to));
    let mut faulty = BTreeSet::<&str>::new();
    faulty.extend(state.problems.iter().filter_map(|problem| problem.subject.as_deref()));
    let mut stops = BTreeSet::<&str>::new();
    stops.extend(state.breakpoints.iter().map(|breakpoint| &*breakpoint.node));
    let lit = |node: &SceneNode| match &state.gesture {
        Gesture::Connecting { from, .. } if *from == node.id => None,
        Gesture::Connecting { legal, .. } | Gesture::Reconnecting { legal, .. } => Some(legal.contains(&node.id)),
        _ => None,
    };
    let frames = Frames::of(&state.scene);
    let standing = |shared: &Arc<SceneNode>| {
        let (node, id) = (Arc::clone(shared), &*shared.id);
        let (selected, faulty) = (state.selection.nodes.contains(id), faulty.contains(id));
        match view::look_of(shared) {
            Look::Note => {
                Standing::Note(NoteCardProps { node, selected, writing: state.writing.as_deref() == Some(id) })
            }
            Look::Folded => {
                let summary = view::folded_summary(&frames, id);
                Standing::Folded(BoundaryProps { node, selected, faulty, summary })
            }
            Look::Card | Look::Frame => Standing::Card(NodeCardProps {
                node,
                selected,
                lit: lit(shared),
                failure: dead_letters.contains(id),
                faulty,
                stops: stops.contains(id),
                full: sight.reads(&view::card_rect(shared)),
            }),
        }
    };
    let seen = state.scene.nodes.iter().filter(|node| !node.is_frame() && !frames.hides(&node.id));
    groups::cards(seen.map(standing).collect())
}

/// An inner one lies over the outer one, so that it can be taken.
fn frames(state: &State) -> Html {
    let frames = Frames::of(&state.scene);
    if frames.is_empty() {
        return html! {};
    }
    let faulty = |id: &str| state.problems.iter().any(|problem| problem.subject.as_deref() == Some(id));
    view::frames_of(&state.scene, &frames)
        .into_iter()
        .map(|node| {
            html! {
                <FrameBox key={node.id.clone()} node={Arc::clone(node)} selected={state.selection.nodes.contains(&node.id)}
                    faulty={faulty(&node.id)} summary={view::folded_summary(&frames, &node.id)} />
            }
        })
        .collect()
}

fn links(session: &Session, drawn: &[Arc<SceneLink>]) -> Html {
    let Session { state, sight, .. } = session;
    let curves = LinkCurves::of(&state.scene);
    let line = |link: &Arc<SceneLink>| {
        let ends = curves.ends(&link.from, &link.to)?;
        Some(LinkPathProps {
            link: Arc::clone(link),
            ends,
            selected: state.selection.links.contains(&link.id),
            takes: matches!(&state.gesture, Gesture::Placing { into: Some(id), .. } if *id == link.id),
            full: sight.reads(&ends.0.joined(&ends.1)),
        })
    };
    groups::lines(drawn.iter().filter_map(line).collect())
}

/// Why what is under the pointer cannot be connected, beside the pointer.
fn refusal(state: &State, place: NodeRef) -> Html {
    let Some((_, sentence)) = refused(state) else { return html! {} };
    html! { <p class="refusal" role="status" data-testid="refusal" ref={place}>{ sentence }</p> }
}

fn refused(state: &State) -> Option<(Point, &str)> {
    match &state.gesture {
        Gesture::Connecting { to, refusal, .. } | Gesture::Reconnecting { to, refusal, .. } => {
            refusal.as_deref().map(|sentence| (*to, sentence))
        }
        _ => None,
    }
}

fn refusal_place(state: &State) -> Vec<(&'static str, String)> {
    let Some((to, _)) = refused(state) else { return Vec::new() };
    let at = state.camera.view_from_canvas(to);
    // Kept inside the canvas, also where the pointer is near its edge.
    let left = (at.x + 14.0).min(state.viewport.0 - REFUSAL_WIDTH).max(0.0);
    let pixels = |length: f32| format!("{length:.0}px");
    vec![("left", pixels(left)), ("top", pixels(at.y + 14.0)), ("width", pixels(REFUSAL_WIDTH))]
}

fn gesture_class(gesture: &Gesture) -> Option<&'static str> {
    match gesture {
        Gesture::Idle | Gesture::PointingNode { .. } => None,
        Gesture::DraggingNodes { .. } => Some("is-dragging"),
        Gesture::Panning { .. } => Some("is-panning"),
        Gesture::Marquee { .. } => Some("is-marquee"),
        Gesture::Connecting { .. } | Gesture::Reconnecting { .. } => Some("is-connecting"),
        Gesture::Resizing { .. } => Some("is-resizing"),
        Gesture::Placing { .. } => Some("is-placing"),
    }
}

/// Tells the editor how large the canvas is.
fn watch_size(store: Store, element: Element) -> Option<SizeWatch> {
    let observed = element.clone();
    let callback = Closure::<dyn FnMut()>::new(move || {
        let area = observed.get_bounding_client_rect();
        let (width, height) = (area.width() as f32, area.height() as f32);
        if width > 0.0 && height > 0.0 {
            store.dispatch(Command::Viewport { width, height });
        }
    });
    let observer = ResizeObserver::new(callback.as_ref().unchecked_ref()).ok()?;
    observer.observe(&element);
    Some(SizeWatch { observer, _callback: callback })
}

/// Watches until dropped.
struct SizeWatch {
    observer: ResizeObserver,
    _callback: Closure<dyn FnMut()>,
}

impl Drop for SizeWatch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
