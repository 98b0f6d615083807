//! What a scene's author says about it: a little Markdown, drawn as elements and never as HTML text.

use decoupled::scene::Scene;
use serde_json::Value;
use yew::prelude::*;

use crate::app::store::use_store;

#[component(Notes)]
pub fn notes() -> Html {
    let store = use_store();
    let session = store.session();
    let scene = &session.state.scene;
    html! {
        <div class="notes" data-testid="notes">
            if scene.notes.is_empty() {
                <p class="quiet">{ "This scene has no notes." }</p>
            } else {
                { notes_of(scene) }
            }
        </div>
    }
}

pub fn notes_of(scene: &Scene) -> Html {
    scene.notes.iter().filter_map(text_of).map(|text| html! { <article>{ markdown(text) }</article> }).collect()
}

/// A note is a text, or an object that holds one.
fn text_of(note: &Value) -> Option<&str> {
    note.as_str().or_else(|| note.get("text").or_else(|| note.get("markdown")).and_then(Value::as_str))
}

/// Paragraphs, headings and lists; lines that follow each other belong together.
fn markdown(text: &str) -> Html {
    text.split("\n\n")
        .map(|block| {
            let block = block.trim();
            if let Some(heading) = block.strip_prefix('#') {
                html! { <h4>{ inline(heading.trim_start_matches('#').trim()) }</h4> }
            } else if block.lines().all(|line| line.starts_with("- ") || line.starts_with("* ")) && !block.is_empty() {
                html! { <ul>{ for block.lines().map(|line| html! { <li>{ inline(&line[2..]) }</li> }) }</ul> }
            } else {
                html! { <p>{ inline(block) }</p> }
            }
        })
        .collect()
}

/// `code`, **strong** and *stressed* within a line.
fn inline(text: &str) -> Html {
    between(
        text,
        "`",
        |code| html! { <code>{ code }</code> },
        |rest| {
            between(
                rest,
                "**",
                |strong| html! { <strong>{ strong }</strong> },
                |rest| between(rest, "*", |stressed| html! { <em>{ stressed }</em> }, |rest| html! { { rest } }),
            )
        },
    )
}

/// What stands between two marks in one way, the rest in another.
fn between(text: &str, mark: &str, marked: impl Fn(&str) -> Html, rest: impl Fn(&str) -> Html) -> Html {
    let part = |(index, part): (usize, &str)| if index % 2 == 1 { marked(part) } else { rest(part) };
    text.split(mark).enumerate().map(part).collect()
}
