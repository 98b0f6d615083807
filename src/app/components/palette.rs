//! What can be put on the canvas: dragged with any pointer, or placed in the middle by a click or Enter.

use decoupled::editor::{Command, Gesture, Panel};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::styled::use_styles;
use super::tile::{Item, tile};
use crate::app::store::{Store, use_store};

#[component(Palette)]
pub fn palette() -> Html {
    let store = use_store();
    let search = use_state(String::new);
    let wanted = search.trim().to_ascii_lowercase();
    let fits = |item: &Item| {
        let words = format!("{} {} {}", item.name, item.summary, item.group.title()).to_ascii_lowercase();
        wanted.split_whitespace().all(|word| words.contains(word))
    };
    let items: Vec<Item> = Item::all().into_iter().filter(fits).collect();
    let oninput = {
        let search = search.clone();
        Callback::from(move |event: InputEvent| search.set(event.target_unchecked_into::<HtmlInputElement>().value()))
    };
    // Enter in the search places the first that fits: a scene can be built without the pointer.
    let onkeydown = {
        let (store, first) = (store.clone(), items.first().map(|item| item.item));
        Callback::from(move |event: KeyboardEvent| {
            if let (true, Some(item)) = (event.key() == "Enter", first) {
                store.dispatch(Command::Place { item });
            }
        })
    };
    let hidden = !store.shows(Panel::Palette);
    html! {
        <aside class="palette" aria-label="Palette" data-testid="palette" {hidden}>
            <div class="search">
                <input id="palette-search" type="search" placeholder="Search" aria-label="Search the palette"
                    autocomplete="off" data-testid="palette-search" value={(*search).clone()}
                    {oninput} {onkeydown} />
            </div>
            <div class="palette-list">
                { groups(&store, &items) }
                if items.is_empty() {
                    <p class="quiet">{ "Nothing here is called that." }</p>
                }
            </div>
        </aside>
    }
}

fn groups(store: &Store, items: &[Item]) -> Html {
    items
        .chunk_by(|a, b| a.group == b.group)
        .map(|group| {
            let title = group[0].group.title();
            html! {
                <section key={title} aria-label={title}>
                    <h2>{ title }</h2>
                    { for group.iter().map(|item| entry(store, *item)) }
                </section>
            }
        })
        .collect()
}

fn entry(store: &Store, item: Item) -> Html {
    let pressing = store.clone();
    let onpointerdown = Callback::from(move |event: PointerEvent| pressing.hands.press_item(item.item, &event));
    let placing = store.clone();
    let onclick = Callback::from(move |_| {
        if !placing.hands.dragged.take() {
            placing.dispatch(Command::Place { item: item.item });
        }
    });
    html! {
        <button type="button" class="palette-item" key={item.name} title={item.summary}
            data-testid={format!("palette-{}", item.slug())} {onpointerdown} {onclick}>
            { tile(item.family, item.glyph) }
            <span>{ item.name }</span>
        </button>
    }
}

/// What is carried from the palette, at the pointer (which `input` moves).
#[component(Ghost)]
pub fn ghost() -> Html {
    let store = use_store();
    let session = store.session();
    let carried = match &session.state.gesture {
        Gesture::Placing { kind, .. } => Some(Item::of(*kind)),
        _ => None,
    };
    let styles = carried.map(|item| {
        let pixels = |length: f32| format!("{length}px");
        let zoom = session.state.camera.zoom.to_string();
        vec![("--ghost-width", pixels(item.size.0)), ("--ghost-height", pixels(item.size.1)), ("--ghost-zoom", zoom)]
    });
    let card = use_styles(styles.unwrap_or_default());
    let Some(item) = carried else {
        return html! { <div id="ghost" class="ghost" aria-hidden="true" hidden={true}></div> };
    };
    html! {
        <div id="ghost" class="ghost" aria-hidden="true" hidden={false}>
            <div class="ghost-card" ref={card} data-family={item.family.css()}>{ tile(item.family, item.glyph) }<strong>{ item.name }</strong></div>
        </div>
    }
}
