//! The bar on top: whose page this is, what the scene is called, and what can be done with it as a whole.

use decoupled::editor::{Command, Mode, Panel, Theme};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::icon::{Icon, IconButton};
use super::styled::use_styles;
use crate::app::dom;
use crate::app::store::{Store, use_store};

#[component(TopBar)]
pub fn top_bar() -> Html {
    let store = use_store();
    let session = store.session();
    let state = &session.state;
    let edits = state.mode == Mode::Edit;
    let (can_undo, can_redo) = (state.can_undo(), state.can_redo());
    // As wide as the name, so that it reads like a title and not like a form.
    let width = format!("{}ch", state.scene.name.chars().count().clamp(6, 44) + 2);
    let named = use_styles(vec![("width", width)]);
    let skip = Callback::from(|event: MouseEvent| {
        // The address stays what it is: its end says which scene this is.
        event.prevent_default();
        if let Some(first) = dom::query("#nodes [data-node]").or_else(|| dom::query("#canvas button")) {
            dom::focus(&first);
        }
    });
    html! {
        <header class="top-bar">
            <a class="skip" href="#canvas" data-testid="skip" onclick={skip}>{ "Skip to the canvas" }</a>
            <span class="brand-mark" aria-hidden="true">
                <svg viewBox="0 0 26 12"><circle cx="6" cy="6" r="5" /><circle class="hollow" cx="20" cy="6" r="4.2" /></svg>
            </span>
            <h1 class="brand">{ "Decoupled" }</h1>
            <span class="slash" aria-hidden="true">{ "/" }</span>
            { scene_name(&store, &state.scene.name, named, !edits) }
            <div class="bar-group" role="group" aria-label="History" hidden={!edits}>
                { IconButton::new(&store, Icon::Undo, "Undo (Ctrl Z)".into(), "undo".into(), Command::Undo).disabled(!can_undo).html() }
                { IconButton::new(&store, Icon::Redo, "Redo (Ctrl Shift Z)".into(), "redo".into(), Command::Redo).disabled(!can_redo).html() }
            </div>
            <span class="spring"></span>
            <nav class="bar-group files" aria-label="Scene">
                if edits {
                    { word(&store, "Gallery", "gallery", Command::Toggle { panel: Panel::Gallery }) }
                    <a class="word roomy" href="course.html" target="_blank" data-testid="lesson" title="A lesson with running scenes in it, as a course page has them">{ "Lesson" }</a>
                    { word(&store, "New", "new", Command::New) }
                    { word(&store, "Open", "open", Command::PickFile) }
                }
                { word(&store, "Share", "share", Command::Toggle { panel: Panel::Share }) }
                <button type="button" class="word roomy" data-testid="export" title="As a picture, a film, or a file" onclick={export(&store)}>{ "Export" }</button>
                <button type="button" class="primary" data-testid="save" title="Save as a file (Ctrl S)"
                    onclick={store.sends(Command::SaveFile)}>{ "Save" }</button>
            </nav>
            <div class="bar-group folds" role="group" aria-label="Panels">
                if edits {
                    { fold(&store, Icon::Left, "Palette", "fold-palette", Panel::Palette) }
                }
                { fold(&store, Icon::Bottom, "Drawer", "fold-drawer", Panel::Drawer) }
                if edits {
                    { fold(&store, Icon::Right, "Inspector", "fold-inspector", Panel::Inspector) }
                }
            </div>
            <div class="bar-group">
                { IconButton::new(&store, Icon::Screen, "Present (P)".into(), "present".into(), Command::Present).html() }
                { theme_button(&store, state.theme) }
                { IconButton::new(&store, Icon::Help, "Help and keys (?)".into(), "help".into(), Command::Toggle { panel: Panel::Help }).html() }
            </div>
        </header>
    }
}

fn word(store: &Store, label: &'static str, testid: &'static str, command: Command) -> Html {
    html! {
        <button type="button" class="word" data-testid={testid} onclick={store.sends(command)}>{ label }</button>
    }
}

/// The part of the Share dialog that makes files.
fn export(store: &Store) -> Callback<MouseEvent> {
    let store = store.clone();
    Callback::from(move |_| {
        store.dispatch(Command::Toggle { panel: Panel::Share });
        dom::after_paint(|| {
            if let Some(files) = dom::by_id("share-files") {
                files.scroll_into_view();
            }
        });
    })
}

fn fold(store: &Store, icon: Icon, name: &'static str, testid: &'static str, panel: Panel) -> Html {
    let shown = store.shows(panel);
    let label = if shown {
        format!("Fold the {} away", name.to_ascii_lowercase())
    } else {
        format!("Show the {}", name.to_ascii_lowercase())
    };
    html! {
        { IconButton::new(store, icon, label.into(), testid.into(), Command::Toggle { panel }).pressed(shown).html() }
    }
}

fn theme_button(store: &Store, theme: Theme) -> Html {
    let (icon, label, next) = match theme {
        Theme::System => (Icon::Auto, "Theme: as the system. Switch to light", Theme::Light),
        Theme::Light => (Icon::Sun, "Theme: light. Switch to dark", Theme::Dark),
        Theme::Dark => (Icon::Moon, "Theme: dark. Switch to the system's", Theme::System),
    };
    html! {
        { IconButton::new(store, icon, label.into(), "theme".into(), Command::SetTheme { theme: next }).html() }
    }
}

fn scene_name(store: &Store, name: &str, named: NodeRef, readonly: bool) -> Html {
    let renaming = store.clone();
    let onchange = Callback::from(move |event: Event| {
        let name = event.target_unchecked_into::<HtmlInputElement>().value().trim().to_owned();
        if !name.is_empty() {
            renaming.dispatch(Command::SetName { name });
        }
    });
    html! {
        <input ref={named} class="scene-name" data-testid="scene-name" aria-label="Name of the scene" maxlength="120"
            value={name.to_owned()} {readonly} {onchange} onkeydown={blur_on_enter()} />
    }
}

/// Enter means "done" in a field that commits when it is left.
pub fn blur_on_enter() -> Callback<KeyboardEvent> {
    Callback::from(|event: KeyboardEvent| {
        if event.key() == "Enter" {
            let _ = event.target_unchecked_into::<web_sys::HtmlElement>().blur();
        }
    })
}
