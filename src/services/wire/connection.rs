//! Connections: two nodes that keep in touch, and push to each other. A connection begins with a call that is accepted. Both
//! ends learn of its end: the other side closed it, its process crashed, or nothing has been heard for too long.
//!
//! What is pushed rides on TCP: it comes once and in order, or the connection is broken.

use std::collections::BTreeMap;

use super::ledger::Place;
use super::message::Message;
use super::signal::{ApiError, Signal};
use super::{Cx, Door};
use crate::engine::{ActorId, LinkId, Micros, seconds};
use crate::services::Response;

pub type ConnectionId = u64;

/// After so long without a sign of life an end takes the other for gone `[MODEL]`.
pub const SILENCE_MAX: Micros = seconds(30);

/// How far one end of a connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// The answer that it was accepted is on its way.
    Opening,
    Open,
    Shut,
}

/// One end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct End {
    actor: ActorId,
    stage: Stage,
    /// When the last of what was sent to it arrives: nothing overtakes it.
    hears_until: Micros,
}

#[derive(Clone, Debug)]
pub struct Connection {
    link: LinkId,
    /// Who asked for it, and who accepted.
    client: End,
    server: End,
}

impl Connection {
    #[must_use]
    pub fn new(client: ActorId, server: ActorId, link: LinkId) -> Self {
        let end = |actor, stage| End { actor, stage, hears_until: 0 };
        Self { link, client: end(client, Stage::Opening), server: end(server, Stage::Open) }
    }

    #[must_use]
    pub fn link(&self) -> LinkId {
        self.link
    }

    /// The other end, if this one belongs to the actor.
    #[must_use]
    pub fn peer(&self, of: ActorId) -> Option<ActorId> {
        match of {
            of if of == self.server.actor => Some(self.client.actor),
            of if of == self.client.actor => Some(self.server.actor),
            _ => None,
        }
    }

    /// When the last of what was sent to this end arrives.
    #[must_use]
    pub fn hears_until(&self, of: ActorId) -> Micros {
        if of == self.server.actor { self.server.hears_until } else { self.client.hears_until }
    }

    pub fn heard_by(&mut self, of: ActorId, at: Micros) {
        self.end(of).hears_until = at;
    }

    fn end(&mut self, of: ActorId) -> &mut End {
        if of == self.server.actor { &mut self.server } else { &mut self.client }
    }

    fn is_open_at(&self, actor: ActorId) -> bool {
        [self.client, self.server].iter().any(|end| end.actor == actor && end.stage == Stage::Open)
    }
}

/// All that stand, by number.
pub type Connections = BTreeMap<ConnectionId, Connection>;

/// What one end tells the other.
#[derive(Clone, Debug)]
pub struct Push {
    pub connection: ConnectionId,
    /// Counts up; an acknowledgement names it.
    pub number: u64,
    pub event: Response,
    /// Messages that travel with it.
    pub messages: Vec<Message>,
}

#[derive(Clone, Debug)]
pub struct Acknowledgement {
    pub connection: ConnectionId,
    pub number: u64,
    pub result: Result<(), ApiError>,
    /// Those of the push that were not accepted: they travel back.
    pub messages: Vec<Message>,
}

/// The client has got the answer that its call was accepted: its end is open.
pub fn opened(connection: ConnectionId, cx: &mut Cx<'_>) {
    let me = cx.me();
    if let Some(known) = cx.shared().connections.get_mut(&connection)
        && (known.client.actor, known.client.stage) == (me, Stage::Opening)
    {
        known.client.stage = Stage::Open;
    }
}

/// Whether the line it uses is there.
#[must_use]
pub fn has_line(connection: ConnectionId, cx: &Cx<'_>) -> bool {
    let link = cx.shared_ref().connections.get(&connection).map(|known| known.link);
    link.is_none_or(|link| link == LinkId::NONE || cx.routes().iter().any(|route| route.link == link))
}

/// Whether this end of it is open.
#[must_use]
pub fn is_open(connection: ConnectionId, cx: &Cx<'_>) -> bool {
    let me = cx.me();
    cx.shared_ref().connections.get(&connection).is_some_and(|known| known.is_open_at(me))
}

/// Shuts this end; true if it was open. When both are shut it is forgotten.
pub fn shut(connection: ConnectionId, cx: &mut Cx<'_>) -> bool {
    let me = cx.me();
    let connections = &mut cx.shared().connections;
    let Some(known) = connections.get_mut(&connection) else { return false };
    let was_open = std::mem::replace(&mut known.end(me).stage, Stage::Shut) == Stage::Open;
    if [known.client.stage, known.server.stage] == [Stage::Shut; 2] {
        connections.remove(&connection);
    }
    was_open
}

/// What was to cross it did not: it is broken, and each end will notice.
pub fn broke(connection: ConnectionId, why: &'static str, cx: &mut Cx<'_>) {
    let Some(known) = cx.shared_ref().connections.get(&connection) else { return };
    for End { actor, .. } in [known.client, known.server] {
        cx.send(actor, LinkId::NONE, SILENCE_MAX, Signal::Closed { connection, why });
    }
}

/// This actor's process is gone, and with it its ends. The others learn of it at once, or by the silence.
pub fn crashed(is_silent: bool, why: &'static str, cx: &mut Cx<'_>) {
    for connection in of_actor(cx, |_| true) {
        let peer = cx.shared_ref().connections.get(&connection).and_then(|known| known.peer(cx.me()));
        if is_silent {
            broke(connection, why, cx);
        } else if let Some(peer) = peer {
            cx.send_on(connection, peer, Signal::Closed { connection, why });
        }
        shut(connection, cx);
    }
}

/// The connections of this actor whose link fits.
#[must_use]
pub fn of_actor(cx: &Cx<'_>, fits: impl Fn(LinkId) -> bool) -> Vec<ConnectionId> {
    let (me, connections) = (cx.me(), &cx.shared_ref().connections);
    let own = connections.iter().filter(|(_, known)| known.is_open_at(me) && fits(known.link));
    own.map(|(number, _)| *number).collect()
}

/// A signal on a connection was lost: what it carried is gone.
pub fn lost(connection: ConnectionId, carried: usize, why: &'static str, cx: &mut Cx<'_>) {
    cx.book(carried as u64, Place::Travelling, Place::Dropped(why));
    broke(connection, why, cx);
}
