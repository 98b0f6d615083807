//! Ready scenes to begin from.

use decoupled::editor::{Command, Panel};
use decoupled::scene::gallery::{ALL, GalleryScene};
use yew::functional::UseForceUpdateHandle;
use yew::prelude::*;

use super::icon::Icon;
use super::modal::Modal;
use crate::app::keeping::COPIES_MAX;
use crate::app::place::Place;
use crate::app::store::{Store, use_store};
use crate::app::{effects, storage};

#[component(Gallery)]
pub fn gallery() -> Html {
    let store = use_store();
    let redraw = use_force_update();
    html! {
        <Modal panel={Panel::Gallery} title="Gallery" testid="gallery-dialog">
            <p class="lead">{ "Scenes that run as they are. Open one, change it, break it: undo brings yours back." }</p>
            { copies(&store, &redraw) }
            { aside(&store, &redraw) }
            <ul class="gallery">{ for ALL.iter().map(|scene| entry(&store, scene)) }</ul>
        </Modal>
    }
}

/// What else this browser keeps of the visitor's, and the way back to it.
fn copies(store: &Store, redraw: &UseForceUpdateHandle) -> Html {
    let place = store.session().place;
    let named = |text: &str| decoupled::scene::read_scene(text).0.name;
    let other = |number: &u32| place != Place::Copy(*number);
    let name_of = |number| Some((number, named(&storage::read_copy(number)?)));
    let kept: Vec<(u32, String)> = (1..=COPIES_MAX).filter(other).filter_map(name_of).collect();
    let own = if place == Place::Own { None } else { storage::read_scene() };
    if kept.is_empty() && own.is_none() {
        return html! {};
    }
    let card = |hash: &str, name: &str, what: &'static str| {
        html! {
            <a class="gallery-card" data-testid={format!("yours-{hash}")} href={format!("#{hash}")}>
                <strong>{ name.to_owned() }</strong>
                <span>{ what }</span>
            </a>
        }
    };
    let copy = |(number, name): &(u32, String)| {
        let (number, redraw) = (*number, redraw.clone());
        let onclick = Callback::from(move |_| {
            storage::remove_copy(number);
            redraw.force_update();
        });
        html! {
            <li key={number}>
                { card(&format!("kept={number}"), name, "Your copy of a shared scene") }
                <button type="button" class="icon-button" aria-label={format!("Remove the copy {name}")}
                    title="Remove this copy" data-testid={format!("remove-{number}")} {onclick}>{ Icon::Trash.html() }</button>
            </li>
        }
    };
    html! {
        <>
            <h3>{ "Yours, in this browser" }</h3>
            <ul class="gallery yours">
                { for own.map(|text| html! { <li>{ card("", &named(&text), "Your own work") }</li> }) }
                { for kept.iter().map(copy) }
            </ul>
            <h3>{ "Ready scenes" }</h3>
        </>
    }
}

/// Saved work that this page cannot read, as it was: to be downloaded, and removed by nobody but the visitor.
fn aside(store: &Store, redraw: &UseForceUpdateHandle) -> Html {
    let kept: Vec<u32> = (1..=storage::ASIDE_MAX).filter(|number| storage::read_aside(*number).is_some()).collect();
    if kept.is_empty() {
        return html! {};
    }
    let entry = |number: u32| {
        let download = {
            let store = store.clone();
            Callback::from(move |_: MouseEvent| {
                if let Some(text) = storage::read_aside(number) {
                    effects::download(&store, &format!("put-aside-{number}.json"), &text, "application/json");
                }
            })
        };
        let remove = {
            let redraw = redraw.clone();
            Callback::from(move |_: MouseEvent| {
                storage::remove_aside(number);
                redraw.force_update();
            })
        };
        html! {
            <li key={number}>
                <button type="button" class="gallery-card" data-testid={format!("aside-{number}")} onclick={download}>
                    <strong>{ format!("Put aside, {number}") }</strong>
                    <span>{ "This page cannot read it: download it as it is" }</span>
                </button>
                <button type="button" class="icon-button" aria-label={format!("Remove what was put aside, {number}")}
                    title="Remove it for good" data-testid={format!("remove-aside-{number}")} onclick={remove}>{ Icon::Trash.html() }</button>
            </li>
        }
    };
    html! {
        <>
            <h3>{ "Saved work that could not be read" }</h3>
            <ul class="gallery yours">{ for kept.into_iter().map(entry) }</ul>
        </>
    }
}

fn entry(store: &Store, scene: &'static GalleryScene) -> Html {
    let opening = store.clone();
    let onclick = Callback::from(move |_| {
        opening.dispatch(Command::OpenGallery { id: scene.id.to_owned() });
        if opening.shows(Panel::Gallery) {
            opening.dispatch(Command::Toggle { panel: Panel::Gallery });
        }
    });
    html! {
        <li key={scene.id}>
            <button type="button" class="gallery-card" data-testid={format!("gallery-{}", scene.id)} {onclick}>
                <strong>{ scene.title }</strong>
                <span>{ scene.summary }</span>
            </button>
        </li>
    }
}
