//! The tabs under the timeline.

use decoupled::editor::{Command, Drawer as Tab};
use web_sys::KeyboardEvent;
use yew::prelude::*;

use super::journey::Journey;
use super::messages::Messages;
use super::notes::Notes;
use super::numbers::NumbersPanel;
use super::outline::Outline;
use super::problems::Problems;
use super::splitter::use_splitter;
use super::trace::Trace;
use crate::app::dom;
use crate::app::store::{Store, use_store};

const TABS: [(Tab, &str, &str); 7] = [
    (Tab::Metrics, "Metrics", "tab-metrics"),
    (Tab::Trace, "Trace", "tab-trace"),
    (Tab::Messages, "Messages", "tab-messages"),
    (Tab::Journey, "Journey", "tab-journey"),
    (Tab::Outline, "Outline", "tab-outline"),
    (Tab::Problems, "Problems", "tab-problems"),
    (Tab::Notes, "Notes", "tab-notes"),
];

#[component(Drawer)]
pub fn drawer() -> Html {
    let store = use_store();
    let edge = use_splitter();
    let session = store.session();
    let open = session.state.drawer;
    let count = session.state.problems.len();
    let onkeydown = walk(&store, open);
    let body = match open {
        Tab::Metrics => html! { <NumbersPanel /> },
        Tab::Trace => html! { <Trace /> },
        Tab::Messages => html! { <Messages /> },
        Tab::Journey => html! { <Journey /> },
        Tab::Outline => html! { <Outline /> },
        Tab::Problems => html! { <Problems /> },
        Tab::Notes => html! { <Notes /> },
    };
    html! {
        <section class="drawer" aria-label="Details" data-testid="drawer">
            <div class="splitter" ref={edge} role="separator" tabindex="0" aria-orientation="horizontal"
                data-testid="splitter" aria-label="Height of the details, in percent of the window" aria-valuenow="0"
                title="Pull to change the height; double-click for the usual one" />
            <h2 class="out-of-sight">{ "Details" }</h2>
            <div class="tabs" role="tablist" aria-label="Details" {onkeydown}>
                { for TABS.iter().map(|(tab, label, id)| {
                    let chosen = *tab == open;
                    html! {
                        <button type="button" role="tab" key={*id} id={*id} data-testid={*id} aria-selected={chosen.to_string()}
                            aria-controls="drawer-body" tabindex={if chosen { "0" } else { "-1" }}
                            onclick={store.sends(Command::ShowDrawer { drawer: *tab })}>
                            { label }
                            if *tab == Tab::Problems && count > 0 {
                                <span class="count">{ count }</span>
                            }
                        </button>
                    }
                }) }
            </div>
            <div class="drawer-body" id="drawer-body" role="tabpanel" tabindex="0"
                aria-labelledby={TABS.iter().find(|(tab, ..)| *tab == open).map(|(.., id)| *id)}>
                { body }
            </div>
        </section>
    }
}

/// Arrows walk along the tabs, as everywhere.
fn walk(store: &Store, open: Tab) -> Callback<KeyboardEvent> {
    let store = store.clone();
    Callback::from(move |event: KeyboardEvent| {
        let at = TABS.iter().position(|(tab, ..)| *tab == open).unwrap_or(0);
        let to = match event.key().as_str() {
            "ArrowRight" => (at + 1) % TABS.len(),
            "ArrowLeft" => (at + TABS.len() - 1) % TABS.len(),
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        store.dispatch(Command::ShowDrawer { drawer: TABS[to].0 });
        if let Some(tab) = dom::by_id(TABS[to].2) {
            dom::focus(&tab);
        }
    })
}
