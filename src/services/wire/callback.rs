//! Callbacks: who hands out a token can be called back with it, by whoever the token has reached. It travels in a message;
//! so a worker far down the line finds its way to whoever waits for it, over no line that a scene draws.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::engine::{ActorId, LinkId};

/// Who waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Callback {
    pub actor: ActorId,
    /// The link that a call back is seen on, if there is one.
    pub link: LinkId,
}

/// Tokens that were handed out and not taken back.
#[derive(Clone, Debug, Default)]
pub struct Callbacks(BTreeMap<Arc<str>, Callback>);

impl Callbacks {
    pub fn hand_out(&mut self, token: Arc<str>, callback: Callback) {
        self.0.insert(token, callback);
    }

    pub fn take_back(&mut self, token: &str) {
        self.0.remove(token);
    }

    #[must_use]
    pub fn find(&self, token: &str) -> Option<Callback> {
        self.0.get(token).copied()
    }

    /// Takes back all that an actor that is deleted has handed out.
    pub fn forget(&mut self, actor: ActorId) {
        self.0.retain(|_, callback| callback.actor != actor);
    }
}
