//! `window.decoupled`: what scripts of the page and tests can ask for, as `INTERFACE.md` lists it. `speed` is a number to read and to set, `on`
//! gives a function that ends the subscription, every other method answers with a promise. What is refused is an
//! `Error` with `problems`, each with its place.

use decoupled::editor::Command;
use decoupled::engine::{MICROS_PER_MILLI, Micros};
use decoupled::lang::duration::parse_duration;
use decoupled::scene::{Problem, try_read_scene, write_scene};
use decoupled::sim::{record_json, report};
use js_sys::{Error, Function, JSON, Object, Promise, Reflect};
use serde_json::json;
use wasm_bindgen::prelude::*;

use super::json::js;
use super::store::Store;
use super::{dom, running, telling};

pub fn publish(store: &Store) {
    let api = Object::new();
    let add = |name: &str, act: fn(&Store, JsValue) -> Result<JsValue, JsValue>| {
        let store = store.clone();
        let method = Closure::<dyn FnMut(JsValue) -> Promise>::new(move |argument| match act(&store, argument) {
            Ok(value) => Promise::resolve(&value),
            Err(error) => Promise::reject(&error),
        });
        // Lives as long as the page.
        set(&api, name, &method.into_js_value());
    };
    add("load", load);
    add("scene", |store, _| JSON::parse(&write_scene(&store.session().state.scene)));
    add("play", |store, _| command(store, Command::Play));
    add("pause", |store, _| {
        store.set_goal();
        command(store, Command::Pause)
    });
    add("step", |store, _| command(store, Command::StepFact));
    add("restart", |store, _| command(store, Command::Restart));
    add("next", |store, _| command(store, Command::NextThatMatters));
    add("stepBack", |store, _| command(store, Command::StepBack));
    add("seek", seek);
    add("runUntil", run_until);
    add("report", |store, _| Ok(js(&report(store.session().run(), &store.session().state.problems))));
    add("trace", trace);
    add("digest", |store, _| Ok(store.session().run().digest().into()));
    add("now", |store, _| Ok((store.session().shown_at() as f64 / MICROS_PER_MILLI as f64).into()));
    publish_speed(&api, store);
    let subscribe = {
        let store = store.clone();
        Closure::<dyn FnMut(JsValue, JsValue) -> Result<JsValue, JsValue>>::new(
            move |name: JsValue, callback: JsValue| {
                let name = name.as_string().unwrap_or_default();
                let callback = callback.dyn_into::<Function>().map_err(|_| "on needs a name and a function".to_owned());
                let told = callback.and_then(|callback| telling::on(&store, &name, callback));
                told.map_err(|message| refused(&[Problem::new("", message)]))
            },
        )
    };
    set(&api, "on", &subscribe.into_js_value());
    if let Some(window) = dom::window() {
        set(&window, "decoupled", &api);
    }
}

fn publish_speed(api: &Object, store: &Store) {
    let property = Object::new();
    let (reader, writer) = (store.clone(), store.clone());
    let read = Closure::<dyn FnMut() -> f32>::new(move || reader.session().state.playback.speed);
    // What is no number changes nothing.
    let write = Closure::<dyn FnMut(JsValue)>::new(move |speed: JsValue| {
        if let Some(speed) = speed.as_f64() {
            writer.dispatch(Command::SetSpeed { speed: speed as f32 });
        }
    });
    set(&property, "get", &read.into_js_value());
    set(&property, "set", &write.into_js_value());
    Object::define_property(api, &"speed".into(), &property);
}

fn set(object: &Object, name: &str, value: &JsValue) {
    // Only a frozen object refuses.
    let _ = Reflect::set(object, &name.into(), value);
}

/// What a promise is rejected with.
fn refused(problems: &[Problem]) -> JsValue {
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let error = Error::new(&lines.join("\n"));
    set(&error, "problems", &js(&json!(problems)));
    error.into()
}

fn command(store: &Store, command: Command) -> Result<JsValue, JsValue> {
    store.dispatch(command);
    Ok(JsValue::UNDEFINED)
}

/// A scene as text or as an object; rejects with its problems when nothing of it can be opened.
fn load(store: &Store, argument: JsValue) -> Result<JsValue, JsValue> {
    let text = match argument.as_string() {
        Some(text) => text,
        None => text_of(&argument)?,
    };
    let (scene, problems) = try_read_scene(&text).map_err(|problem| refused(&[problem]))?;
    if scene.nodes.is_empty() && !scene.unopened.is_empty() {
        return Err(refused(&problems));
    }
    command(store, Command::Open { scene: Box::new(scene), problems })
}

/// An object as JSON. What is none, or holds what has no JSON, is refused as any other text that is no scene.
fn text_of(argument: &JsValue) -> Result<String, JsValue> {
    let wrong = |what: &str| {
        refused(&[Problem::new("", format!("load needs a scene, as an object or as text, and got {what}."))])
    };
    if !argument.is_object() {
        let what = match argument {
            nothing if nothing.is_undefined() => "nothing".to_owned(),
            other => format!("{other:?}"),
        };
        return Err(wrong(&what));
    }
    // A function has no JSON, and what goes round in a circle has none either.
    let text = JSON::stringify(argument).map_err(|_| wrong("what cannot be written as JSON"))?;
    JsValue::from(text).as_string().ok_or_else(|| wrong("what cannot be written as JSON"))
}

/// Runs at once to a time such as `"40s"`, paused.
fn time_of(argument: &JsValue, method: &str) -> Result<Micros, JsValue> {
    let text = argument.as_string().ok_or_else(|| format!("{method} needs a time such as \"40s\""));
    text.and_then(|text| parse_duration(&text)).map_err(|message| refused(&[Problem::new("", message)]))
}

/// Back or forth to a moment; beyond the furthest that was reached it is played.
fn seek(store: &Store, argument: JsValue) -> Result<JsValue, JsValue> {
    let at = time_of(&argument, "seek")?;
    if at > store.session().player.reach().1 {
        return Ok(running::run_until(store, at).into());
    }
    store.dispatch(Command::Pause);
    command(store, Command::Seek { at })
}

fn run_until(store: &Store, argument: JsValue) -> Result<JsValue, JsValue> {
    Ok(running::run_until(store, time_of(&argument, "runUntil")?).into())
}

fn nothing(value: &JsValue) -> bool {
    value.is_undefined() || value.is_null()
}

/// The records that are still held, oldest first: those after `since` (a `seq`) and of `node`, where they are given.
fn trace(store: &Store, argument: JsValue) -> Result<JsValue, JsValue> {
    let asked = |name: &str| Reflect::get(&argument, &name.into()).ok().filter(|value| !nothing(value));
    let wrong = |message: &str| Err(refused(&[Problem::new("", message)]));
    if !nothing(&argument) && !argument.is_object() {
        return wrong("trace takes { node, since }, or nothing");
    }
    let (since, node) = (asked("since"), asked("node"));
    if since.as_ref().is_some_and(|since| since.as_f64().is_none_or(f64::is_nan)) {
        return wrong("since is the number of a fact, such as 17");
    }
    if node.as_ref().is_some_and(|node| !node.is_string()) {
        return wrong("node is the id of a node, as text");
    }
    let since = since.and_then(|since| since.as_f64()).map_or(0, |seq| seq as u64);
    let node = node.and_then(|node| node.as_string());
    let session = store.session();
    let run = session.run();
    let wanted = run.trace().since(since).filter(|record| node.as_deref().is_none_or(|id| run.node_of(record) == id));
    Ok(js(&wanted.map(|record| record_json(run, record)).collect()))
}
