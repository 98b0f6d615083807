//! Passing on: a consumer that has `Send` links emits what it has processed, as a message of its own.

use crate::engine::limits;
use crate::services::{Cx, Door, LinkKind, Message, Place};

/// Sends a new message with the body of `message` over every `Send` link that begins here. A lineage that has
/// passed too many links halts the run: it would go on for ever.
pub fn pass_on(message: &Message, cx: &mut Cx<'_>) {
    let routes = cx.routes();
    for route in routes.iter().filter(|route| route.kind == LinkKind::Send && route.outward) {
        let Some(request) = route.peer_kind.push_request(1) else { continue };
        let mut next = cx.produce(message.body.clone(), message.meta.clone(), message.hue);
        next.hops = message.hops + 1;
        next.born = message.born;
        if next.hops > limits::LINEAGE_HOPS_MAX {
            let (name, most) = (cx.name(), limits::LINEAGE_HOPS_MAX);
            cx.book(1, Place::Travelling, Place::Dropped("EndlessLoop"));
            cx.halt(format!(
                "A message and its followers passed {most} links without end: {name} feeds what feeds {name}. \
                 Take one link of the loop away, or filter what goes round."
            ));
            return;
        }
        cx.call(route, request, vec![next]);
    }
}
