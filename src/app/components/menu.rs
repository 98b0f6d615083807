//! The menu of what was pressed.

use decoupled::editor::{self, Action, Subject};
use decoupled::figure::Point;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use super::over::{leave, use_closed_by_press, use_place};
use crate::app::dom;
use crate::app::store::{Store, use_store};

#[derive(Properties, PartialEq)]
pub struct MenuProps {
    /// From the canvas's top left, in pixels.
    pub at: Point,
    pub subject: Subject,
}

#[component(Menu)]
pub fn menu(props: &MenuProps) -> Html {
    let store = use_store();
    let node = use_place(Some(props.at));
    use_closed_by_press(&node);
    {
        let node = node.clone();
        use_effect_with(props.subject.clone(), move |_| {
            if let Some(first) = node.cast::<Element>().and_then(|menu| menu.query_selector("button").ok().flatten()) {
                dom::focus(&first);
            }
        });
    }
    let owner = match &props.subject {
        Subject::Node(id) => Some(id.clone()),
        _ => None,
    };
    let groups =
        editor::actions(&store.session().state, &props.subject, Some(props.at), store.session().player.hand_at());
    let onkeydown = {
        let (store, node, owner) = (store.clone(), node.clone(), owner.clone());
        Callback::from(move |event: KeyboardEvent| {
            let key = event.key();
            event.stop_propagation();
            match &*key {
                "Escape" | "Tab" => {
                    event.prevent_default();
                    leave(&store, owner.as_deref());
                }
                "ArrowDown" | "ArrowUp" | "Home" | "End" => {
                    event.prevent_default();
                    walk(&node, &key);
                }
                _ => {}
            }
        })
    };
    // The browser's own menu has no business on this one.
    let oncontextmenu = Callback::from(|event: MouseEvent| event.prevent_default());
    html! {
        // A landmark, as all that the page shows stands in one.
        <section class="menu-region" aria-label="Menu">
            <div class="menu over" ref={node} role="menu" aria-label={about(&props.subject)} data-testid="menu" {onkeydown}
                {oncontextmenu}>
                { for groups.iter().map(|group| html! {
                    <div role="group">{ for group.iter().map(|action| item(&store, action, owner.as_deref())) }</div>
                }) }
            </div>
        </section>
    }
}

fn about(subject: &Subject) -> String {
    match subject {
        Subject::Canvas => "Canvas".to_owned(),
        Subject::Node(id) => id.clone(),
        Subject::Link(_) => "Link".to_owned(),
        Subject::Chosen => "What is chosen".to_owned(),
    }
}

fn item(store: &Store, action: &Action, owner: Option<&str>) -> Html {
    let onclick = {
        let (store, command, owner) = (store.clone(), action.command.clone(), owner.map(str::to_owned));
        Callback::from(move |_| {
            leave(&store, owner.as_deref());
            store.dispatch(command.clone());
        })
    };
    let slug = action.title.trim_end_matches('…').to_lowercase().replace(' ', "-");
    html! {
        <button type="button" role="menuitem" tabindex="-1" class={action.danger.then_some("danger")}
            data-testid={format!("menu-{slug}")} {onclick}>
            <span>{ action.title }</span>
            if !action.keys.is_empty() {
                <kbd aria-hidden="true">{ action.keys }</kbd>
            }
        </button>
    }
}

/// Moves the focus among the items, round and round.
fn walk(menu: &NodeRef, key: &str) {
    let Some(menu) = menu.cast::<Element>() else { return };
    let Ok(items) = menu.query_selector_all("button") else { return };
    let items: Vec<HtmlElement> = (0..items.length()).filter_map(|at| items.item(at)?.dyn_into().ok()).collect();
    let focused = dom::document().and_then(|document| document.active_element());
    let now = items.iter().position(|item| focused.as_ref().is_some_and(|focused| item.is_same_node(Some(focused))));
    let count = items.len();
    let next = match (key, now) {
        ("Home", _) | ("ArrowDown", None) => 0,
        ("End", _) | ("ArrowUp", None) => count.saturating_sub(1),
        ("ArrowDown", Some(now)) => (now + 1) % count,
        (_, Some(now)) => (now + count - 1) % count,
        _ => 0,
    };
    if let Some(item) = items.get(next) {
        let _ = item.focus();
    }
}
