//! Passing the scene on: as an address, as a frame in a page, as a file, as a picture.

use decoupled::editor::{Address, Command, Mode, Panel, Source, State};
use decoupled::engine::{Micros, clock_text};
use decoupled::scene::write_share;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::film_maker::FilmMaker;
use super::icon::Icon;
use super::modal::Modal;
use super::top_bar::blur_on_enter;
use crate::app::store::{Store, use_store};
use crate::app::{address, clipboard, picture, store};

/// What the link takes along beside the scene.
#[derive(Clone, Copy, Default, PartialEq)]
struct Choices {
    moment: bool,
    view: bool,
    plays: bool,
    mode: Mode,
}

const MODES: [(Mode, &str); 3] = [
    (Mode::Edit, "change it, as a copy of their own"),
    (Mode::Play, "play it, and look into everything"),
    (Mode::Embed, "play it: the canvas alone"),
];

#[component(Share)]
pub fn share() -> Html {
    let store = use_store();
    let choices = use_state(Choices::default);
    // The moment at which the dialog was opened: the run may go on behind it.
    let at = use_memo((), |()| store.session().shown_at());
    let written = {
        let scene = store.session().state.scene.clone();
        use_memo(store::address(&scene), move |_| write_share(&scene))
    };
    let body = match &*written {
        Err(problem) => too_long(&store, &problem.message),
        Ok(share) => {
            let address = address_of(&store.session().state, share, *choices, *at);
            let link = address::of(&address);
            let frame = frame_code(&address);
            html! {
                <>
                    { choose(&choices, *at) }
                    <CopyField label="Link" testid="share-link" text={link} />
                    <CopyField label="For a page of yours" testid="share-frame" text={frame} />
                </>
            }
        }
    };
    html! {
        <Modal panel={Panel::Share} title="Share" testid="share-dialog">
            <p class="lead">{ "The whole scene stands in the address itself: nothing is uploaded." }</p>
            { body }
            { files(&store) }
            <FilmMaker />
        </Modal>
    }
}

fn address_of(state: &State, share: &str, choices: Choices, at: Micros) -> Address {
    Address {
        source: Some(Source::Shared(share.to_owned())),
        at: choices.moment.then_some(at),
        view: choices.view.then(|| state.camera.seen(state.viewport)),
        mode: choices.mode,
        autoplay: choices.plays,
        ..Address::default()
    }
}

/// A frame that needs no script. A reader of a course changes nothing unless they open it in a tab.
fn frame_code(address: &Address) -> String {
    let mode = if address.mode == Mode::Edit { Mode::Embed } else { address.mode };
    let src = address::of(&Address { mode, ..address.clone() }).replace('&', "&amp;");
    format!("<iframe src=\"{src}\" title=\"Decoupled\" width=\"100%\" height=\"480\" loading=\"lazy\"></iframe>")
}

fn choose(choices: &UseStateHandle<Choices>, at: Micros) -> Html {
    let now = **choices;
    let set = |change: fn(&mut Choices, bool)| {
        let choices = choices.clone();
        Callback::from(move |event: Event| {
            let mut next = *choices;
            change(&mut next, event.target_unchecked_into::<HtmlInputElement>().checked());
            choices.set(next);
        })
    };
    let onmode = {
        let choices = choices.clone();
        Callback::from(move |event: Event| {
            let name = event.target_unchecked_into::<HtmlSelectElement>().value();
            choices.set(Choices { mode: Mode::named(&name).unwrap_or_default(), ..*choices });
        })
    };
    let check = |label: String, testid: &'static str, checked: bool, onchange: Callback<Event>| {
        html! {
            <label class="check"><input type="checkbox" data-testid={testid} {checked} {onchange} />{ label }</label>
        }
    };
    html! {
        <fieldset class="share-choices">
            <legend>{ "Opens" }</legend>
            { check(format!("at this moment, {}", clock_text(at)), "share-moment", now.moment, set(|to, on| to.moment = on)) }
            { check("with this view of the canvas".into(), "share-view", now.view, set(|to, on| to.view = on)) }
            { check("playing".into(), "share-plays", now.plays, set(|to, on| to.plays = on)) }
            <label class="share-mode">
                <span>{ "Whoever opens it can" }</span>
                <span class="select-box">
                    <select data-testid="share-mode" onchange={onmode}>
                        { for MODES.iter().map(|(mode, label)| html! {
                            <option value={mode.name()} selected={*mode == now.mode}>{ *label }</option>
                        }) }
                    </select>
                </span>
            </label>
        </fieldset>
    }
}

fn too_long(store: &Store, message: &str) -> Html {
    html! {
        <div class="callout share-too-long" role="alert" data-testid="share-too-long">
            <p>{ message.to_owned() }</p>
            <button type="button" class="primary" onclick={store.sends(Command::SaveFile)}>{ "Save as a file" }</button>
        </div>
    }
}

fn files(store: &Store) -> Html {
    let picture = |save: fn(&Store)| {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| save(&store))
    };
    let button = |testid: &'static str, name: &'static str, what: &'static str, onclick: Callback<MouseEvent>| {
        html! {
            <button type="button" class="gallery-card" data-testid={testid} {onclick}>
                <strong>{ name }</strong><span>{ what }</span>
            </button>
        }
    };
    html! {
        <>
            <h3 id="share-files">{ "As a file" }</h3>
            <div class="share-files">
                { button("share-file", "Scene", "To go on with, to keep, to check in", store.sends(Command::SaveFile)) }
                { button("share-svg", "SVG", "As it looks now, sharp at any size", picture(picture::save_svg)) }
                { button("share-png", "PNG", "As it looks now, for slides", picture(picture::save_png)) }
            </div>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct CopyFieldProps {
    label: &'static str,
    testid: &'static str,
    text: String,
}

/// A text to take away: by the button, or by hand where the browser refuses the clipboard.
#[component(CopyField)]
fn copy_field(props: &CopyFieldProps) -> Html {
    let field = use_node_ref();
    // What came of copying which text.
    let said = use_state(|| (String::new(), ""));
    let onclick = {
        let (text, field, said) = (props.text.clone(), field.clone(), said.setter());
        Callback::from(move |_: MouseEvent| {
            let (copied, said, field) = (text.clone(), said.clone(), field.clone());
            clipboard::copy(&text, move |done| {
                if !done && let Some(input) = field.cast::<HtmlInputElement>() {
                    input.select();
                }
                said.set((copied, if done { "Copied" } else { "Press Ctrl C" }));
            });
        })
    };
    let says = if said.0 == props.text { said.1 } else { "" };
    let button = if says.is_empty() { "Copy" } else { says };
    html! {
        <div class="copy-field">
            <label for={props.testid}>{ props.label }</label>
            <div class="copy-row">
                <input ref={field} id={props.testid} readonly={true} data-testid={props.testid} value={props.text.clone()}
                    spellcheck="false" onkeydown={blur_on_enter()} />
                <button type="button" class="primary" data-testid={format!("{}-copy", props.testid)} {onclick}
                    aria-label={format!("Copy: {}", props.label)}>{ Icon::Copy.html() }{ button }</button>
                <span class="copy-said" role="status" data-testid={format!("{}-said", props.testid)}>{ says }</span>
            </div>
        </div>
    }
}
