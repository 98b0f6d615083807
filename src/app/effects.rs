//! Carrying effects out: everything that is not pure.

use std::cell::RefCell;
use std::sync::Arc;

use decoupled::editor::{Command, Effect, RunEffect, Theme, one_shard_more};
use decoupled::engine::{Micros, clock_text};
use decoupled::figure::Point;
use decoupled::scene::limits::FILE_BYTES_MAX;
use decoupled::sim::Sought;
use decoupled::view;
use gloo_timers::callback::Timeout;
use js_sys::Array;
use serde_json::Value;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, BlobPropertyBag, File, FileReader, HtmlAnchorElement, HtmlInputElement, Url};

use super::session::Session;
use super::store::Store;
use super::watch::within;
use super::{clipboard, dom, keeping, presentation, storage};

/// A change is kept after so long, together with what followed it meanwhile.
const AUTOSAVE_AFTER_MS: u32 = 600;

thread_local! {
    /// The autosave that waits, if one does.
    static AUTOSAVE: RefCell<Option<Timeout>> = const { RefCell::new(None) };
}

pub fn carry_out(store: &Store, effect: Effect) {
    match effect {
        Effect::Run(effect) => on_run(store, effect),
        Effect::Autosave => autosave(store),
        Effect::Download { name, text } => download(store, &name, &text, "application/json"),
        Effect::Copy(text) => copy(store, text),
        Effect::ReadClipboard(at) => paste(store, at),
        Effect::PickFile => {
            if let Some(picker) = dom::by_id("file-picker") {
                dom::call(&picker, "click");
            }
        }
        Effect::ApplyTheme(theme) => apply_theme(store, theme),
        Effect::AddShard(stream) => add_shard(store, &stream),
        Effect::FocusNode(id) => focus_node(id),
        Effect::Present => presentation::toggle(store),
    }
}

/// What has happened is played again as long as a person may wait for it.
const WAIT_MS: f64 = 1_500.0;
/// What matters is looked for so long in one go.
const SEARCH_MS: f64 = 1_000.0;

fn on_run(store: &Store, effect: RunEffect) {
    let searches = effect == RunEffect::NextThatMatters;
    let from = store.session().shown_at();
    let sought = {
        let session = &mut *store.session_mut();
        let scene = Arc::clone(&session.state.scene);
        let wait_ms = if searches { SEARCH_MS } else { WAIT_MS };
        session.engine(move |player| player.carry_out(effect, &scene, &mut within(wait_ms))).flatten()
    };
    if let Some(sought) = sought {
        found(store, sought, from);
    }
}

/// Says what AWS would say if it does not take one more.
#[inline(never)] // second part
fn add_shard(store: &Store, stream: &str) {
    let (command, answered) = {
        let Session { state, player, .. } = &*store.session();
        let run = player.run();
        (one_shard_more(state, run.scene_now(), stream, player.hand_at()), run.replies().len())
    };
    store.dispatch(command);
    let refusal = {
        let session = store.session();
        let reply = session.run().replies().get(answered);
        reply.and_then(|reply| reply.result.as_ref()?.as_ref().err()).map(|error| {
            let part = |name: &str| error.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            format!("{}: {}", part("Code"), part("Message"))
        })
    };
    if let Some(text) = refusal {
        store.dispatch(Command::Say { text, bad: true });
    }
}

/// Says what the search for what matters has come to.
#[inline(never)] // second part
fn found(store: &Store, sought: Sought, from: Micros) {
    let text = {
        let player = &store.session().player;
        let until = clock_text(player.shown_at());
        match sought {
            Sought::Found(seq) => view::sentence(player.run(), seq),
            Sought::End => "Looked for a failure, a refusal, an expiry or a loss: nothing more will happen.".to_owned(),
            Sought::UnderWay => {
                format!("Looked for a failure, a refusal, an expiry or a loss: nothing ahead until {until}. Go on?")
            }
        }
    };
    store.dispatch(Command::Looked { text, from, further: sought == Sought::UnderWay });
}

fn autosave(store: &Store) {
    AUTOSAVE.with_borrow_mut(|waiting| {
        waiting.get_or_insert_with(|| {
            let store = store.clone();
            Timeout::new(AUTOSAVE_AFTER_MS, move || save_what_waits(&store))
        });
    });
}

/// Keeps a change that waits to be kept. Without one nothing is written: another tab's work may lie there.
pub fn save_what_waits(store: &Store) {
    if AUTOSAVE.take().is_some() {
        keeping::keep(store);
    }
}

/// Offers a text as a file of that name and type.
pub fn download(store: &Store, name: &str, text: &str, media: &str) {
    let options = BlobPropertyBag::new();
    options.set_type(media);
    let parts = Array::of1(&JsValue::from_str(text));
    let blob = Blob::new_with_str_sequence_and_options(&parts, &options).ok();
    download_blob(store, name, blob.as_ref());
}

pub fn download_blob(store: &Store, name: &str, blob: Option<&Blob>) {
    if blob.and_then(|blob| offer(name, blob)).is_none() {
        let text = "This page may not offer downloads here. Open it in a tab of its own to save.".to_owned();
        store.dispatch(Command::Say { text, bad: true });
    }
}

fn offer(name: &str, blob: &Blob) -> Option<()> {
    let url = Url::create_object_url_with_blob(blob).ok()?;
    let anchor: HtmlAnchorElement = dom::document()?.create_element("a").ok()?.dyn_into().ok()?;
    anchor.set_href(&url);
    anchor.set_download(name);
    anchor.click();
    // The browser has to read the address before it is forgotten.
    Timeout::new(10_000, move || drop(Url::revoke_object_url(&url))).forget();
    Some(())
}

/// Where the browser gives no clipboard, this page keeps one for itself.
fn copy(store: &Store, text: String) {
    clipboard::copy(&text, |_| ());
    store.hands.clip.replace(Some(text));
}

fn paste(store: &Store, at: Option<Point>) {
    let store = store.clone();
    clipboard::read(move |text| {
        let text = text.filter(|text| text.trim_start().starts_with('{')).or_else(|| store.hands.clip.borrow().clone());
        match text {
            Some(text) => store.dispatch(Command::PasteText { text, at }),
            None => {
                let text = "The clipboard holds no nodes, or this page may not read it: try Ctrl V.".to_owned();
                store.dispatch(Command::Say { text, bad: false });
            }
        }
    });
}

fn apply_theme(store: &Store, theme: Theme) {
    if let Some(root) = dom::document().and_then(|document| document.document_element()) {
        dom::set_attribute(&root, "data-theme", theme.name());
    }
    store.session_mut().theme_serial += 1;
    // What an address asks for is for this visit alone.
    if store.session().asked.theme != Some(theme) {
        let _ = storage::write_theme(theme.name());
    }
}

/// The node may be drawn only after this: wait until Yew has done so. A menu or chooser that was opened in the
/// meantime keeps the focus.
pub fn focus_node(id: String) {
    Timeout::new(0, move || {
        if dom::query(".over:focus-within").is_some() {
            return;
        }
        if let Some(element) = dom::query(&format!("[data-node={}]", dom::quoted(&id))) {
            dom::focus(&element);
        }
    })
    .forget();
}

/// Opens the picked file.
pub fn read_picked(store: &Store, input: &HtmlInputElement) {
    let file = input.files().and_then(|files| files.get(0));
    // The same file may be picked again.
    input.set_value("");
    if let Some(file) = file {
        read_file(store, &file);
    }
}

/// Reads a file and opens it.
pub fn read_file(store: &Store, file: &File) {
    let name = file.name();
    if file.size() > FILE_BYTES_MAX as f64 {
        let most = FILE_BYTES_MAX / (1024 * 1024);
        let text = format!("{name} is too large: a scene file has at most {most} MiB.");
        return store.dispatch(Command::Say { text, bad: true });
    }
    let Ok(reader) = FileReader::new() else { return };
    let (store, source) = (store.clone(), reader.clone());
    let done = Closure::once_into_js(move || match source.result().ok().and_then(|result| result.as_string()) {
        Some(text) => store.dispatch(Command::OpenText { name, text }),
        None => store.dispatch(Command::Say { text: format!("{name} could not be read."), bad: true }),
    });
    reader.set_onloadend(Some(done.unchecked_ref()));
    let _ = reader.read_as_text(file);
}
