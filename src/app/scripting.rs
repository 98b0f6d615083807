//! What hands do to the script, carried out on the run: it is always the run of what the document says.

use std::sync::Arc;

use decoupled::scene::ScriptEntry;
use decoupled::sim::{Rescripted, Why};

use super::store::{Session, Store};

/// What has happened is played again as long as a person may wait for it.
const WAIT_MS: f64 = 1_500.0;

/// An entry that joins the script: just after the time that is shown, or at any other.
pub fn perform(store: &Store, entry: ScriptEntry) {
    let session = &mut *store.session_mut();
    session.act();
    let at = entry.at;
    if at <= session.run.now() || at > session.shown_at + 1 {
        return go_by(session, Why::Act);
    }
    if session.engine(move |run, checkpoints| checkpoints.perform(run, entry)).is_some() {
        session.forget_future();
        session.shown_at = session.shown_at.max(at);
    }
}

pub fn rescript(store: &Store, why: Why) {
    go_by(&mut store.session_mut(), why);
}

fn go_by(session: &mut Session, why: Why) {
    let shown = session.shown_at;
    let scene = Arc::clone(&session.state.scene);
    let Some(done) = session.engine(move |run, checkpoints| checkpoints.rescript(run, &scene, why)) else { return };
    match done {
        Rescripted::Ahead if session.checkpoints.head().is_some() => {}
        Rescripted::Ahead => session.forget_future(),
        Rescripted::Back => {
            session.forget_future();
            session.play_to(shown, WAIT_MS);
        }
        Rescripted::Returned => returned(session, shown),
    }
}

/// The run is one that was left before: what is known of it is shown again.
fn returned(session: &mut Session, shown: u64) {
    session.forget_future();
    session.shown_at = session.run.now();
    match session.checkpoints.head() {
        Some(head) => session.recorder.follow_facts(head, session.shown_at),
        None if shown > session.shown_at => session.play_to(shown, WAIT_MS),
        None => {}
    }
}

/// The document from the beginning, up to the time that is shown.
pub fn replay(store: &Store) {
    let session = &mut *store.session_mut();
    let shown = session.shown_at;
    let scene = Arc::clone(&session.state.scene);
    if session.engine(move |run, checkpoints| checkpoints.begin_again(run, &scene)).is_some() {
        session.forget_future();
        session.play_to(shown, WAIT_MS);
    }
}
