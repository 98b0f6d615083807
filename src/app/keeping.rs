//! Where the document of this visit is kept. A shared scene never takes the place of the visitor's own: as long as it
//! is only looked at it is kept nowhere, and what the visitor makes of it lies beside their own work.

use decoupled::editor::{Address, Command, Source};
use decoupled::scene::write_scene;

use super::store::Store;
use super::{address, storage};

/// Copies of shared scenes that are kept, at most.
pub const COPIES_MAX: u32 = 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The visitor's own work.
    Own,
    /// Somebody else's scene, not touched yet.
    Shared,
    /// The visitor's copy of a shared scene, by its number.
    Copy(u32),
    /// A frame that only shows something.
    Nowhere,
}

/// What came of keeping.
enum Kept {
    Yes,
    /// The first change of a shared scene made a copy of it.
    AsCopy,
    NoRoom,
    Refused,
}

/// Keeps the document in its place, and says what a visitor should know.
pub fn keep(store: &Store) {
    let text = write_scene(&store.session().state.scene);
    let place = store.session().place;
    let kept = match place {
        Place::Nowhere => return,
        Place::Own => written(storage::write_scene(&text)),
        Place::Copy(number) => written(storage::write_copy(number, &text)),
        Place::Shared => keep_first(store, &text),
    };
    match kept {
        Kept::Yes => {}
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
