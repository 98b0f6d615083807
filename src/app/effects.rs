//! Carrying effects out: everything that is not pure.

use std::cell::RefCell;

use decoupled::editor::{Command, Effect, Theme};
use decoupled::engine::{Micros, clock_text};
use decoupled::figure::Point;
use decoupled::scene::limits::FILE_BYTES_MAX;
use decoupled::sim::{Sought, matters};
use decoupled::view;
use gloo_timers::callback::Timeout;
use js_sys::Array;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, BlobPropertyBag, File, FileReader, HtmlAnchorElement, HtmlInputElement, Url};

use super::store::Store;
use super::{clipboard, dom, keeping, presentation, scripting, storage};

/// A change is kept after so long, together with what followed it meanwhile.
const AUTOSAVE_AFTER_MS: u32 = 600;

thread_local! {
    /// The autosave that waits, if one does.
    static AUTOSAVE: RefCell<Option<Timeout>> = const { RefCell::new(None) };
}

pub fn carry_out(store: &Store, effect: Effect) {
    match effect {
        Effect::Reconcile => reconcile(store),
        Effect::Perform(entry) => scripting::perform(store, entry),
        Effect::Rescript(why) => scripting::rescript(store, why),
        Effect::Replay => scripting::replay(store),
        Effect::Restart => store.session_mut().begin_anew(),
        Effect::StepFact => {
            let session = &mut *store.session_mut();
            session.act();
            session.engine(|run, checkpoints| {
                run.step_fact();
                checkpoints.follow(run);
            });
            session.shown_at = session.run.now();
        }
        Effect::StepBack => {
            let session = &mut *store.session_mut();
            session.engine(|run, checkpoints| checkpoints.step_back(run));
            session.shown_at = session.run.now();
        }
        Effect::NextThatMatters => next_that_matters(store),
        Effect::Seek(at) => {
            let session = &mut *store.session_mut();
            session.engine(move |run, checkpoints| checkpoints.seek(run, at));
            session.shown_at = session.run.now();
        }
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
        Effect::FocusNode(id) => focus_node(id),
        Effect::Present => presentation::toggle(store),
    }
}

/// Looks for so long in one go.
const SEARCH_MS: f64 = 1_000.0;
/// Agenda entries between two looks at the watch.
const SEARCH_SLICE: u64 = 5_000;

fn next_that_matters(store: &Store) {
    let text = {
        let session = &mut *store.session_mut();
        session.act();
        let sought = session.engine(|run, checkpoints| {
            let began = dom::now_ms();
            loop {
                let sought = run.search(Micros::MAX, SEARCH_SLICE, |_, record| matters(record));
                checkpoints.follow(run);
                if sought != Sought::UnderWay || dom::now_ms() - began > SEARCH_MS {
                    break sought;
                }
            }
        });
        session.shown_at = session.run.now();
        match sought {
            Some(Sought::Found(seq)) => view::sentence(&session.run, seq),
            Some(Sought::End) => "Nothing more will happen.".to_owned(),
            Some(Sought::UnderWay) => {
                format!("Nothing that matters until {}: press again to look further.", clock_text(session.shown_at))
            }
            None => return,
        }
    };
    store.dispatch(Command::Say { text, bad: false });
}

fn reconcile(store: &Store) {
    let session = &mut *store.session_mut();
    let scene = std::sync::Arc::clone(&session.state.scene);
    let another = session.engine(move |run, checkpoints| {
        let another = !run.document().plays_like(&scene);
        run.reconcile(&scene);
        if another {
            checkpoints.edited(run);
        }
        another
    });
    if another == Some(true) {
        session.forget_future();
    }
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
