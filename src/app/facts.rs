//! What is known of a fact: `facts.json` beside the page, asked for when somebody first wants to know. The program does
//! not carry it.

use std::cell::RefCell;

use js_sys::{Array, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::dom;

thread_local! {
    static FACTS: RefCell<Option<JsValue>> = const { RefCell::new(None) };
}

#[derive(Clone, PartialEq)]
pub struct Fact {
    pub sentence: String,
    pub strength: String,
    pub is_modelled: bool,
    /// How it is modelled, or why it is not.
    pub how: String,
    /// What a source is called, and its address if it has one.
    pub sources: Vec<(String, Option<String>)>,
}

/// Looks a fact up, and tells it; nothing where the facts cannot be had.
pub fn look_up(number: &'static str, tell: impl FnOnce(Option<Fact>) + 'static) {
    let kept = FACTS.with_borrow(Clone::clone);
    if kept.is_some() {
        return tell(kept.and_then(|facts| read(&facts, number)));
    }
    spawn_local(async move {
        let facts = fetch().await;
        FACTS.set(facts.clone());
        tell(facts.and_then(|facts| read(&facts, number)));
    });
}

async fn fetch() -> Option<JsValue> {
    let answer = JsFuture::from(dom::window()?.fetch_with_str("facts.json")).await.ok()?;
    if !field(&answer, "ok")?.is_truthy() {
        return None;
    }
    let facts: Promise = dom::call(&answer, "json")?.dyn_into().ok()?;
    JsFuture::from(facts).await.ok()
}

fn field(of: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(of, &name.into()).ok().filter(|value| !value.is_null_or_undefined())
}

fn text(of: &JsValue, name: &str) -> Option<String> {
    field(of, name)?.as_string()
}

fn read(facts: &JsValue, number: &str) -> Option<Fact> {
    let fact = field(facts, number)?;
    let modelled = text(&fact, "modelled");
    let sources: Array = field(&fact, "sources")?.dyn_into().ok()?;
    let source = |source: JsValue| Some((text(&source, "name")?, text(&source, "address")));
    Some(Fact {
        sentence: text(&fact, "sentence")?,
        strength: text(&fact, "strength")?,
        is_modelled: modelled.is_some(),
        how: modelled.or_else(|| text(&fact, "not_modelled"))?,
        sources: sources.iter().filter_map(source).collect(),
    })
}
