//! What lies over the canvas for a moment: the menu, the chooser, the field of a name. One at a time; a press anywhere
//! else closes it.

use decoupled::editor::Overlay as What;
use yew::prelude::*;

use super::chooser::Chooser;
use super::menu::Menu;
use super::name_field::NameField;
use crate::app::store::use_store;

#[component(Overlay)]
pub fn overlay() -> Html {
    let store = use_store();
    let overlay = store.session().state.overlay.clone();
    match overlay {
        None => html! {},
        Some(What::Menu { at, subject }) => html! { <Menu {at} {subject} /> },
        Some(What::Chooser { at, purpose }) => html! { <Chooser {at} {purpose} /> },
        Some(What::Renaming { node }) => html! { <NameField {node} /> },
    }
}
