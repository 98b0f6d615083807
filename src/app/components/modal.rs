//! A native dialog: the browser keeps the focus inside, closes it with Escape, and gives the focus back.

use decoupled::editor::{Command, Panel};
use web_sys::Element;
use yew::prelude::*;

use super::icon::{Icon, IconButton};
use crate::app::dom;
use crate::app::store::use_store;

#[derive(Properties, PartialEq)]
pub struct ModalProps {
    pub panel: Panel,
    pub title: AttrValue,
    pub testid: AttrValue,
    pub children: Children,
}

#[component(Modal)]
pub fn modal(props: &ModalProps) -> Html {
    let store = use_store();
    let dialog = use_node_ref();
    {
        let dialog = dialog.clone();
        use_effect_with((), move |()| {
            if let Some(element) = dialog.cast::<Element>() {
                dom::call(&element, "showModal");
            }
        });
    }
    let panel = props.panel;
    let close = {
        let store = store.clone();
        Callback::from(move |()| {
            if store.shows(panel) {
                store.dispatch(Command::Toggle { panel });
            }
        })
    };
    let onclose = close.reform(|_: Event| ());
    // A press beside the dialog's content hits the dialog itself: its backdrop.
    let onclick = {
        let (close, dialog) = (close.clone(), dialog.clone());
        Callback::from(move |event: MouseEvent| {
            let hit = event.target_dyn_into::<Element>();
            if hit.is_some() && hit == dialog.cast::<Element>() {
                close.emit(());
            }
        })
    };
    html! {
        <dialog ref={dialog} class="modal" aria-label={props.title.clone()} data-testid={props.testid.clone()} {onclose} {onclick}>
            <div class="modal-body">
                <header>
                    <h2>{ &props.title }</h2>
                    { IconButton::new(&store, Icon::Close, "Close".into(), format!("{}-close", props.testid).into(), Command::Toggle { panel }).html() }
                </header>
                { for props.children.iter() }
            </div>
        </dialog>
    }
}
