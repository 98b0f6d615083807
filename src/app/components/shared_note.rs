//! Whose scene this is, when it is not the visitor's own, and the way back to theirs; in a frame, the way out of it.

use decoupled::editor::{Address, Mode, Source};
use decoupled::scene::write_share;
use yew::prelude::*;

use super::icon::Icon;
use crate::app::keeping::COPIES_MAX;
use crate::app::place::Place;
use crate::app::store::{Store, use_store};
use crate::app::{address, storage};

#[component(SharedNote)]
pub fn shared_note() -> Html {
    let store = use_store();
    let closed = use_state(|| None::<Place>);
    let place = store.session().place;
    if place == Place::Nowhere {
        return way_out(&store);
    }
    if *closed == Some(place) {
        return html! {};
    }
    let says = match place {
        Place::Copy(number) if number <= COPIES_MAX => "Your copy of a shared scene.",
        _ => "A shared scene. Change it, and it is your copy.",
    };
    let onclick = {
        let closed = closed.setter();
        Callback::from(move |_| closed.set(Some(place)))
    };
    html! {
        <p class="shared-note" data-over="shared" data-testid="shared-note">
            <span>{ says }</span>
            if storage::read_scene().is_some() {
                // An address without a scene is the visitor's own.
                <a href="#" data-testid="own-work">{ "Back to your work" }</a>
            }
            <button type="button" class="icon-button" aria-label="Close this note" data-testid="shared-note-close"
                {onclick}>{ Icon::Close.html() }</button>
        </p>
    }
}

/// The scene of a frame, in a tab of its own, to be changed there.
fn way_out(store: &Store) -> Html {
    let session = store.session();
    if session.state.mode == Mode::Edit {
        return html! {};
    }
    // As it was asked for; what was loaded from outside has no other address than its own text.
    let asked = session.asked.source.clone();
    let source = asked.or_else(|| write_share(&session.state.scene).ok().map(Source::Shared));
    let href = address::of(&Address { source, ..Address::default() });
    html! {
        <a class="way-out" data-over="way-out" data-testid="way-out" {href} target="_blank" rel="noopener"
            title="Open this scene in a tab of its own, to change it">
            <span>{ "Open in Decoupled" }</span>
            { Icon::Out.html() }
        </a>
    }
}
