//! What is chosen: its name, its form, its live values, its links; with nothing chosen, the scene itself.

use std::rc::Rc;

use decoupled::editor::{Breakpoint, Command, Panel, State};
use decoupled::scene::{Scene, SceneLink, SceneNode, Subject};
use decoupled::services::{Property, PropertyKind, Strength};
use serde_json::{Map, Value};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::break_it::BreakIt;
use super::connections::Connections;
use super::field::Field;
use super::field_props::Nodes;
use super::icon::{Icon, IconButton};
use super::knobs;
use super::mark_form::mark_form;
use super::metrics::live_values;
use super::pause_when::PauseWhen;
use super::redraw::use_from_next_frame;
use super::scene_settings::SceneSettings;
use super::tile::tile;
use super::top_bar::blur_on_enter;
use super::{problems, provenance};
use crate::app::store::{Store, use_store};

/// Every link may have a latency of its own; the scene keeps it beside the properties.
static LATENCY: Property = Property {
    name: "latency",
    label: "Latency",
    kind: PropertyKind::Duration,
    default: "",
    unit: "",
    help: "How long a hop takes here; without it, what the network says. \"250ms\", or a distribution such as {\"exponential\":\"1s\"}.",
    fact: "",
    strength: Strength::Simplified,
    is_fixed: false,
    is_live: false,
};

#[component(Inspector)]
pub fn inspector() -> Html {
    let store = use_store();
    let session = store.session();
    let state = &session.state;
    let hidden = !store.shows(Panel::Inspector);
    html! {
        <aside class="inspector" aria-label="Inspector" data-testid="inspector" {hidden}>
            { IconButton::new(&store, Icon::Close, "Close the inspector".into(), "inspector-close".into(), Command::Toggle { panel: Panel::Inspector }).class("sheet-close").html() }
            if !hidden {
                { body(&store, state) }
            }
        </aside>
    }
}

fn body(store: &Store, state: &State) -> Html {
    let (nodes, links) = (&state.selection.nodes, &state.selection.links);
    if let Some(entry) = state.mark.and_then(|index| state.scene.script.get(index)) {
        return mark_form(store, state, state.mark.unwrap_or_default(), entry);
    }
    if nodes.len() + links.len() > 1 {
        return several(store, nodes.len(), links.len());
    }
    if let Some(node) = nodes.first().and_then(|id| state.scene.node(id)) {
        return html! { <div key={format!("node {}", node.first_id())}>{ node_form(store, state, node) }</div> };
    }
    if let Some(link) = links.first().and_then(|id| state.scene.drawn_link(id)) {
        return html! { <div key={format!("link {}", link.id)}>{ link_form(store, state, &link) }</div> };
    }
    html! { <SceneSettings /> }
}

#[derive(PartialEq, Properties)]
struct FromNextFrameProps {
    children: Html,
}

/// A form is the most that a click on a card draws: the card and the heading are not kept waiting for it, nor is the next
/// press for more than a part of it.
#[component(FromNextFrame)]
fn from_next_frame(props: &FromNextFrameProps) -> Html {
    if use_from_next_frame() { props.children.clone() } else { Html::default() }
}

fn several(store: &Store, nodes: usize, links: usize) -> Html {
    let count = |number: usize, noun: &str| {
        (number > 0).then(|| if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") })
    };
    let parts: Vec<String> = [count(nodes, "node"), count(links, "link")].into_iter().flatten().collect();
    html! {
        <div>
            <h2 class="inspector-title">{ format!("{} chosen", parts.join(" and ")) }</h2>
            { actions(store, nodes > 0) }
        </div>
    }
}

fn actions(store: &Store, duplicates: bool) -> Html {
    html! {
        <div class="inspector-actions">
            if duplicates {
                <button type="button" class="soft" data-testid="duplicate" onclick={store.sends(Command::Duplicate)}>
                    { Icon::Copy.html() }{ "Duplicate" }
                </button>
            }
            if duplicates {
                <button type="button" class="soft" data-testid="lock" title="Locked, a hand neither moves nor deletes it (Ctrl Shift L)"
                    onclick={store.sends(Command::ToggleLock)}>{ "Lock" }</button>
            }
            <button type="button" class="soft danger" data-testid="delete" onclick={store.sends(Command::Delete)}>
                { Icon::Trash.html() }{ "Delete" }
            </button>
        </div>
    }
}

/// A breakpoint at whatever happens at a node.
fn pause_here(store: &Store, state: &State, id: &str) -> Html {
    let breakpoint = Breakpoint { node: id.to_owned(), fact: None, when: None };
    let set = state.breakpoints.contains(&breakpoint);
    html! {
        <div class="inspector-actions">
            <button type="button" class="soft" data-testid="breakpoint" aria-pressed={set.to_string()}
                title="The run pauses whenever something happens at this node"
                onclick={store.sends(Command::ToggleBreakpoint { breakpoint })}>
                { Icon::Breakpoint.html() }{ "Pause here" }
            </button>
        </div>
    }
}

fn node_form(store: &Store, state: &State, node: &SceneNode) -> Html {
    let values =
        knobs::values(store, state, &Subject::Node(node.id.clone())).unwrap_or_else(|| node.properties.clone());
    let spec = node.kind.spec();
    html! {
        <>
            <header class="inspector-head">
                { tile(spec.family, spec.glyph) }
                <div>
                    // To be seen in the field, and to be found among the headings.
                    <h2 class="out-of-sight">{ &node.id }</h2>
                    { name_field(store, node) }
                    <p title={spec.summary}>{ spec.name }</p>
                </div>
            </header>
            <FromNextFrame>
                { own_problems(store, state, &node.id) }
                if node.locked {
                    <p class="callout" data-testid="locked">{ "Locked: a hand neither moves nor deletes it." }</p>
                }
                if node.kind.runs() {
                    { knobs::scope(store, state) }
                }
                { form(store, Form { id: &node.id, properties: spec.properties, values: &values, link: spec.link, of_link: false }, &state.scene) }
                <FromNextFrame>
                    { live_values(store, &node.id, spec.charts, "Live") }
                    if node.kind.runs() {
                        <Connections id={node.id.clone()} />
                    }
                    <BreakIt subject={Subject::Node(node.id.clone())} faults={node.kind.spec().frailty.faults} />
                    if node.kind.runs() {
                        { pause_here(store, state, &node.id) }
                        <PauseWhen node={node.id.clone()} />
                    }
                    { actions(store, true) }
                    { provenance::of_form(spec.properties, spec.link) }
                    { provenance::not_modelled(spec.not_modelled) }
                </FromNextFrame>
            </FromNextFrame>
        </>
    }
}

fn name_field(store: &Store, node: &SceneNode) -> Html {
    let (store, from) = (store.clone(), node.id.clone());
    let onchange = Callback::from(move |event: Event| {
        let input = event.target_unchecked_into::<HtmlInputElement>();
        let to = input.value().trim().to_owned();
        store.dispatch(Command::Rename { from: from.clone(), to });
        // A refused name gives way to the one it has.
        if store.session().state.scene.node(&from).is_some() {
            input.set_value(&from);
        }
    });
    html! {
        <input class="node-title" aria-label="Name" data-testid="node-name" value={node.id.clone()} maxlength="80"
            autocomplete="off" spellcheck="false" {onchange} onkeydown={blur_on_enter()} />
    }
}

/// What the scene's check says about it.
fn own_problems(store: &Store, state: &State, id: &str) -> Html {
    let own = state.problems.iter().filter(|problem| problem.subject.as_deref() == Some(id));
    own.map(|problem| {
        // Deep in a property, such as a definition, the last name alone says too little.
        let inner = problem.place.split_once("properties.").and_then(|(_, inner)| inner.split_once('.'));
        let inner = inner.map(|(_, inner)| inner).filter(|inner| inner.contains('.'));
        let place = inner.unwrap_or_else(|| problem.place.rsplit(['.', ']']).next().unwrap_or_default());
        let text = if place.is_empty() { problem.message.clone() } else { format!("{place}: {}", problem.message) };
        html! { <div class="callout"><p>{ text }</p>{ problems::remedy(store, problem) }</div> }
    })
    .collect()
}

fn link_form(store: &Store, state: &State, link: &SceneLink) -> Html {
    let spec = link.kind.spec();
    let values =
        knobs::values(store, state, &Subject::Link(link.id.clone())).unwrap_or_else(|| link.properties.clone());
    // A link that a property stands for is changed where the property is.
    let reference = state.scene.reference_of(&link.id);
    html! {
        <>
            <header class="inspector-head">
                <div>
                    <h2 class="inspector-title">{ &link.from }{ " → " }{ &link.to }</h2>
                    <p>{ spec.name }</p>
                </div>
            </header>
            <FromNextFrame>
                { own_problems(store, state, &link.id) }
                if let Some((reference, owner)) = reference {
                    <p class="quiet">{ format!("This line stands for the property {} of {owner}.", reference.property()) }</p>
                } else {
                    { knobs::scope(store, state) }
                    { form(store, Form { id: &link.id, properties: state.scene.form_of(link), values: &values, link: "", of_link: true }, &state.scene) }
                    { latency(store, link) }
                }
                <BreakIt subject={Subject::Link(link.id.clone())} faults={link.kind.spec().faults} />
                { actions(store, false) }
                { provenance::of_form(state.scene.form_of(link), "") }
                { provenance::not_modelled(spec.not_modelled) }
            </FromNextFrame>
        </>
    }
}

fn latency(store: &Store, link: &SceneLink) -> Html {
    let (store, id) = (store.clone(), link.id.clone());
    let onchange = Callback::from(move |latency| store.dispatch(Command::SetLatency { id: id.clone(), latency }));
    html! {
        <Field property={&LATENCY} value={link.latency.clone()} nodes={Nodes::default()} path="latency" link="" {onchange} />
    }
}

/// What a form is drawn from.
struct Form<'a> {
    id: &'a str,
    properties: &'static [Property],
    values: &'a Map<String, Value>,
    link: &'static str,
    of_link: bool,
}

fn form(store: &Store, form: Form<'_>, scene: &Scene) -> Html {
    let others = scene.nodes.iter().filter(|node| node.id != form.id);
    let nodes: Nodes = Rc::new(others.map(|node| (node.id.clone(), node.kind.spec().kind)).collect());
    let field = |property: &'static Property| {
        let (store, id, of_link) = (store.clone(), form.id.to_owned(), form.of_link);
        let onchange = Callback::from(move |value| {
            let subject = if of_link { Subject::Link(id.clone()) } else { Subject::Node(id.clone()) };
            knobs::turn(&store, subject, property.name, value);
        });
        html! {
            <Field key={property.name} {property} value={form.values.get(property.name).cloned()} nodes={Rc::clone(&nodes)}
                path={property.name} link={form.link} {onchange} />
        }
    };
    html! { <div class="form">{ for form.properties.iter().map(field) }</div> }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::app::stage::Stage;

    #[wasm_bindgen_test]
    async fn the_chosen_node_is_shown_and_changed() {
        let stage = Stage::with(|| html! { <Inspector /> }).await;
        let select = Command::Select { nodes: vec!["tasks".to_owned()], links: Vec::new(), add: false };
        stage.store.dispatch(select);
        stage.types("[data-testid=field-VisibilityTimeout]", "45").await;
        let property = |stage: &Stage| {
            let session = stage.store.session();
            session.state.scene.node("tasks").and_then(|node| node.properties.get("VisibilityTimeout").cloned())
        };
        assert_eq!(property(&stage), Some(45.into()));
        stage.types("[data-testid=field-VisibilityTimeout]", "-1").await;
        stage.sees("[role=alert]").await;
        assert_eq!(property(&stage), Some(45.into()), "what cannot be taken is not");
        stage.types("[data-testid=node-name]", "inbox").await;
        assert!(stage.store.session().state.scene.node("inbox").is_some());
        stage.clicks("[data-testid=delete]").await;
        assert!(stage.store.session().state.scene.node("inbox").is_none());
    }
}
