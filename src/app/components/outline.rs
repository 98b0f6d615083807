//! The scene as a list: each node with where its lines go. A click goes there.

use decoupled::editor::{Command, Panel};
use decoupled::view::{self, OutlineRow};
use yew::prelude::*;

use crate::app::store::{Store, use_store};

#[component(Outline)]
pub fn outline() -> Html {
    let store = use_store();
    let rows = view::outline(&store.session().state.scene);
    html! {
        <div class="outline" data-testid="outline">
            <button type="button" class="soft" aria-pressed={store.shows(Panel::Narration).to_string()} data-testid="narrate"
                onclick={store.sends(Command::Toggle { panel: Panel::Narration })}>
                { "Tell what happens" }
            </button>
            if rows.is_empty() {
                <p class="quiet">{ "The canvas is empty." }</p>
            }
            <ol>{ for rows.iter().map(|row| line(&store, row)) }</ol>
        </div>
    }
}

fn line(store: &Store, row: &OutlineRow) -> Html {
    let go = |node: &str| store.sends(Command::GoTo { node: node.to_owned() });
    html! {
        <li key={row.node.clone()} data-depth={row.depth.min(6).to_string()}>
            <button type="button" onclick={go(&row.node)}>
                <strong>{ &row.node }</strong><span>{ row.kind }</span>
            </button>
            { for row.goes.iter().map(|(label, to)| html! {
                <span class="outline-line">{ *label }<button type="button" onclick={go(to)}>{ to }</button></span>
            }) }
        </li>
    }
}
