//! `window.decoupled`: what scripts of the page and tests can ask for. Every method answers with a promise.

use decoupled::editor::Command;
use decoupled::engine::MICROS_PER_MILLI;
use decoupled::lang::duration::parse_duration;
use decoupled::scene::{read_scene, write_scene};
use js_sys::{JSON, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;

use super::dom;
use super::store::Store;

/// Entries between two looks at whether the wanted time is reached.
const SLICE: u64 = 100_000;

pub fn publish(store: &Store) {
    let api = Object::new();
    let add = |name: &str, act: fn(&Store, JsValue) -> Result<JsValue, JsValue>| {
        let store = store.clone();
        let function = Closure::<dyn FnMut(JsValue) -> Promise>::new(move |argument| match act(&store, argument) {
            Ok(value) => Promise::resolve(&value),
            Err(error) => Promise::reject(&error),
        });
        // Lives as long as the page.
        let _ = Reflect::set(&api, &name.into(), &function.into_js_value());
    };
    add("load", load);
    add("scene", |store, _| JSON::parse(&write_scene(&store.session().state.scene)));
    add("play", |store, _| command(store, Command::Play));
    add("pause", |store, _| command(store, Command::Pause));
    add("step", |store, _| command(store, Command::StepFact));
    add("restart", |store, _| command(store, Command::Restart));
    add("runUntil", run_until);
    add("report", |store, _| {
        let session = store.session();
        JSON::parse(&decoupled::sim::report(&session.run, &session.state.problems).to_string())
    });
    add("digest", |store, _| Ok(store.session().run.digest().into()));
    add("now", |store, _| Ok((store.session().shown_at as f64 / MICROS_PER_MILLI as f64).into()));
    if let Some(window) = dom::window() {
        let _ = Reflect::set(&window, &"decoupled".into(), &api);
    }
}

fn command(store: &Store, command: Command) -> Result<JsValue, JsValue> {
    store.dispatch(command);
    Ok(JsValue::UNDEFINED)
}

/// A scene as text or as an object; rejects with its problems when nothing of it can be opened.
fn load(store: &Store, argument: JsValue) -> Result<JsValue, JsValue> {
    let text = match argument.as_string() {
        Some(text) => text,
        None => JSON::stringify(&argument)?.into(),
    };
    let (scene, problems) = read_scene(&text);
    if scene.nodes.is_empty() && !problems.is_empty() {
        let list: Vec<String> = problems.iter().map(ToString::to_string).collect();
        return Err(JsValue::from_str(&list.join("\n")));
    }
    command(store, Command::Open { scene: Box::new(scene), problems })
}

/// Runs at once to a time such as `"40s"`, paused.
fn run_until(store: &Store, argument: JsValue) -> Result<JsValue, JsValue> {
    let text = argument.as_string().ok_or("runUntil needs a time such as \"40s\"")?;
    let until = parse_duration(&text)?;
    store.dispatch(Command::Pause);
    let session = &mut *store.session_mut();
    while session.run.halt().is_none() && !session.run.advance(until, SLICE) {}
    session.shown_at = session.run.now();
    Ok(JsValue::UNDEFINED)
}
