//! The links of a node, and the way to make one without a pointer.

use decoupled::editor::Command;
use decoupled::services::LinkKind;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::app::store::use_store;

#[derive(Properties, PartialEq)]
pub struct ConnectionsProps {
    pub id: AttrValue,
}

#[component(Connections)]
pub fn connections(props: &ConnectionsProps) -> Html {
    let store = use_store();
    let session = store.session();
    let scene = &session.state.scene;
    let id = &*props.id;
    let Some(node) = scene.node(id) else { return html! {} };
    let entry = |link: &std::sync::Arc<decoupled::scene::SceneLink>| {
        let (arrow, other) = if link.from == id { ("→", &link.to) } else { ("←", &link.from) };
        let onclick = store.sends(Command::Select { nodes: Vec::new(), links: vec![link.id.clone()], add: false });
        html! {
            <li key={link.id.clone()}>
                <button type="button" class="connection" data-testid={format!("connection-{}", link.id)}
                    title={link.kind.spec().name} {onclick}>
                    <span aria-hidden="true">{ arrow }</span>{ other }
                </button>
            </li>
        }
    };
    let own = scene.drawn_links().into_iter().filter(|link| link.from == id || link.to == id);
    let legal = |other: &str, kind| {
        other != id
            && LinkKind::between(node.kind, kind).is_some()
            && !scene.links.iter().any(|link| link.from == id && link.to == other)
    };
    let targets: Vec<String> =
        scene.nodes.iter().filter(|other| legal(&other.id, other.kind)).map(|other| other.id.clone()).collect();
    let (connecting, from) = (store.clone(), id.to_owned());
    let onchange = Callback::from(move |event: Event| {
        let select = event.target_unchecked_into::<HtmlSelectElement>();
        let to = select.value();
        select.set_selected_index(0);
        if !to.is_empty() {
            connecting.dispatch(Command::Connect { from: from.clone(), to });
        }
    });
    html! {
        <section class="connections" aria-label="Links">
            <h3>{ "Links" }</h3>
            <ul>{ for own.map(|link| entry(&link)) }</ul>
            if !targets.is_empty() {
                <span class="select-box">
                    <select aria-label="Connect to" data-testid="connect-to" {onchange}>
                        <option value="" selected={true}>{ "Connect to…" }</option>
                        { for targets.into_iter().map(|id| html! { <option key={id.clone()} value={id.clone()}>{ id }</option> }) }
                    </select>
                </span>
            }
        </section>
    }
}
