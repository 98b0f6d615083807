//! The empty canvas: how to begin.

use decoupled::editor::{Command, Panel};
use yew::prelude::*;

use crate::app::store::use_store;

#[component(Empty)]
pub fn empty() -> Html {
    let store = use_store();
    html! {
        <div class="empty" data-testid="empty">
            <svg class="empty-mark" viewBox="0 0 132 44" aria-hidden="true">
                <rect x="1" y="8" width="40" height="28" rx="8" />
                <path d="M41 22h50" />
                <circle class="first" cx="58" cy="22" r="5" />
                <circle class="second" cx="74" cy="22" r="5" />
                <rect x="91" y="8" width="40" height="28" rx="8" />
            </svg>
            <h2>{ "Drag something in, connect it, press play." }</h2>
            <ol>
                <li>{ "Drag a source and a queue here from the palette, or press " }<kbd>{ "/" }</kbd>{ " and type." }</li>
                <li>{ "Drag from the dot on the right of one card to another." }</li>
                <li>{ "Press " }<kbd>{ "Space" }</kbd>{ " and watch every message move." }</li>
            </ol>
            <div class="empty-actions" data-over="empty">
                <button type="button" class="primary" data-testid="empty-gallery"
                    onclick={store.sends(Command::Toggle { panel: Panel::Gallery })}>{ "Open the gallery" }</button>
                <button type="button" class="word" data-testid="empty-open"
                    onclick={store.sends(Command::PickFile)}>{ "Open a file" }</button>
            </div>
        </div>
    }
}
