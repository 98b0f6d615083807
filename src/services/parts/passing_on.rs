//! Passing on: a consumer that has `Send` links emits what it has processed, as a message of its own.

use std::sync::Arc;

use crate::engine::limits;
use crate::services::{Cx, Deadline, Door, LinkKind, Message, Meta, Place, Route};

/// Sends a new message with the body of `message` over every `Send` link that begins here.
pub fn pass_on(message: &Message, deadline: Deadline, cx: &mut Cx<'_>) {
    let routes = cx.routes();
    for route in routes.iter().filter(|route| route.kind == LinkKind::Send && route.outward) {
        follow(message, route, (message.body.clone(), message.meta.clone()), deadline, cx);
    }
}

/// Sends a new message that follows from `message`; the number of its call. A lineage that has passed too many links
/// halts the run: it would go on for ever.
pub fn follow(
    message: &Message,
    route: &Route,
    (body, meta): (Arc<str>, Option<Arc<Meta>>),
    deadline: Deadline,
    cx: &mut Cx<'_>,
) -> Option<u64> {
    let request = route.peer_kind.push_request(1)?;
    let mut next = cx.produce(body, meta, message.hue);
    cx.shared().followers += 1;
    cx.follows(&mut next, message);
    if next.hops > limits::LINEAGE_HOPS_MAX {
        let (name, most) = (cx.name(), limits::LINEAGE_HOPS_MAX);
        cx.book(1, Place::Travelling, Place::Dropped("EndlessLoop"));
        cx.halt(format!(
            "A message and its followers passed {most} links without end: {name} feeds what feeds {name}. \
             Take one link of the loop away, or filter what goes round."
        ));
        return None;
    }
    Some(cx.call_within(route, request, vec![next], deadline))
}
