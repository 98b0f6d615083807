//! Where the document of this visit is kept. A shared scene never takes the place of the visitor's own: as long as it
//! is only looked at it is kept nowhere, and what the visitor makes of it lies beside their own work. So does what a tab
//! makes of a document that another tab has changed meanwhile.

use std::cell::Cell;

use decoupled::editor::{Address, Command, Source};
use decoupled::scene::write_scene;
use gloo_events::EventListener;
use web_sys::Event;

use super::place::Place;
use super::store::Store;
use super::{address, dom, storage};

/// Copies of shared scenes that are kept, at most.
pub const COPIES_MAX: u32 = 20;

/// What came of keeping.
enum Kept {
    Yes,
    /// The first change of a shared scene made a copy of it.
    AsCopy,
    /// Another tab keeps the same document: this one made a copy.
    Beside,
    NoRoom,
    Refused,
}

/// Keeps the document in its place, and says what a visitor should know.
pub fn keep(store: &Store) {
    let text = write_scene(&store.session().state.scene);
    let place = store.session().place;
    let kept = match place {
        Place::Nowhere => return,
        Place::Own | Place::Copy(_) if is_anothers(store, place, &text) => match keep_first(store, &text) {
            Kept::AsCopy => Kept::Beside,
            other => other,
        },
        Place::Own => written(storage::write_scene(&text)),
        Place::Copy(number) => written(storage::write_copy(number, &text)),
        Place::Shared => keep_first(store, &text),
    };
    if matches!(kept, Kept::Yes | Kept::AsCopy | Kept::Beside) {
        let session = &mut *store.session_mut();
        (session.known, session.unkept) = (Some(print_of(&text)), false);
    }
    match kept {
        Kept::Yes => {}
        Kept::Beside => say(
            store,
            "Another tab keeps this scene: yours is a copy of its own from here on. The gallery lists both.",
            false,
        ),
        Kept::AsCopy => {
            say(
                store,
                "This is your copy now, kept in this browser beside your own work: the gallery lists both.",
                false,
            );
        }
        Kept::NoRoom => once(
            store,
            &format!(
                "{COPIES_MAX} copies of shared scenes are kept here, and no more: remove one in the gallery, or save this one as a file."
            ),
        ),
        Kept::Refused => {
            once(store, "This browser keeps nothing for this page, or has no room left: save your work as a file.");
        }
    }
}

/// The text at a place.
fn read(place: Place) -> Option<String> {
    match place {
        Place::Own => storage::read_scene(),
        Place::Copy(number) => storage::read_copy(number),
        Place::Shared | Place::Nowhere => None,
    }
}

fn key_of(place: Place) -> Option<String> {
    match place {
        Place::Own => Some(storage::SCENE.to_owned()),
        Place::Copy(number) => Some(storage::copy(number)),
        Place::Shared | Place::Nowhere => None,
    }
}

/// A fingerprint: what this tab wrote or read last is known again without being held.
fn print_of(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |print, byte| (print ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// What lies at a place when a visit begins.
pub fn known_at(place: Place) -> Option<u64> {
    read(place).as_deref().map(print_of)
}

/// Whether what lies there is neither what this tab left nor what it is about to leave: another tab has been here.
fn is_anothers(store: &Store, place: Place, text: &str) -> bool {
    let known = store.session().known;
    read(place).is_some_and(|there| Some(print_of(&there)) != known && there != text)
}

/// Puts what cannot be read aside; the sentence to say, and whether the place is free now.
pub fn put_aside(place: Place, text: &str, why: &str) -> (String, bool) {
    let free = key_of(place).is_some_and(|key| storage::put_aside(&key, text));
    let then = if free {
        "It was put aside as it is: the gallery lists it, to be downloaded."
    } else {
        "There is no room to put it aside, so it stays where it is and this visit is not kept: save your work as a file."
    };
    (format!("Your saved work could not be read. {why} {then}"), free)
}

/// Says so when another tab changes the document of this one.
pub fn listen(store: &Store) -> Option<EventListener> {
    let store = store.clone();
    let text = |event: &Event, name: &str| js_sys::Reflect::get(event, &name.into()).ok()?.as_string();
    let said = Cell::new(false);
    let window = dom::window()?;
    Some(EventListener::new(&window, "storage", move |event| {
        let (place, known) = {
            let session = store.session();
            (session.place, session.known)
        };
        let is_ours = key_of(place).is_some_and(|key| text(event, "key") == Some(key));
        let Some(new) = text(event, "newValue").filter(|_| is_ours) else { return };
        if Some(print_of(&new)) != known && !said.replace(true) {
            let text = "Another tab has just changed this scene. Reload to go on with that; whatever you change here is kept as a copy of its own.";
            say(&store, text, false);
        }
    }))
}

fn written(done: bool) -> Kept {
    if done { Kept::Yes } else { Kept::Refused }
}

/// Finds a number that is free and names it in the address, so that a reload finds the copy.
fn keep_first(store: &Store, text: &str) -> Kept {
    let Some(number) = (1..=COPIES_MAX).find(|number| storage::read_copy(*number).is_none()) else {
        return Kept::NoRoom;
    };
    if !storage::write_copy(number, text) {
        return Kept::Refused;
    }
    store.session_mut().place = Place::Copy(number);
    address::replace(&Address { source: Some(Source::Kept(number)), ..Address::default() });
    Kept::AsCopy
}

/// What is being said, such as what a file holds, is not talked over.
fn say(store: &Store, text: &str, bad: bool) {
    let said = store.session().state.notice.as_ref().map(|notice| format!("{} ", notice.text));
    store.dispatch(Command::Say { text: said.unwrap_or_default() + text, bad });
}

/// Said once, not at every change.
fn once(store: &Store, text: &str) {
    let said = std::mem::replace(&mut store.session_mut().unkept, true);
    if !said {
        say(store, text, true);
    }
}
