//! Push with retries: calls whose answer is awaited, and copies held until their next attempt.
//!
//! What a target refused for a while is stored here (booked as such); whoever owns a [`Deliveries`] decides how
//! long to wait and when to give up. A lost answer is a failed attempt: the next one sends another copy, which is
//! where duplicates of at-least-once delivery come from.

use crate::engine::{Key, LinkId, Micros};
use crate::figure::{Figure, Ink, Shape, brief, part_left};
use crate::services::{
    Answer, ApiError, Cx, Deadline, Door, Message, Pending, Place, Request, Response, Route, Timer, Token,
};

/// One copy on its way over one link, whatever number of attempts that takes. `note` is its owner's.
#[derive(Clone, Debug)]
pub struct Delivery<N = ()> {
    pub link: LinkId,
    /// The message it is a copy of.
    pub of: Token,
    pub message: Message,
    /// Attempts after the first.
    pub retries: u32,
    pub first_attempt: Micros,
    pub note: N,
}

#[derive(Clone, Debug)]
struct Held<N> {
    delivery: Delivery<N>,
    since: Micros,
    until: Micros,
    key: Key,
}

/// How an attempt ended.
#[derive(Clone, Debug)]
pub enum Outcome<N = ()> {
    Accepted {
        delivery: Delivery<N>,
        response: Response,
    },
    /// The delivery's message travels: retry it or drop it in this turn.
    Failed {
        delivery: Delivery<N>,
        error: ApiError,
    },
}

#[derive(Clone, Debug)]
pub struct Deliveries<N = ()> {
    /// By call.
    under_way: Pending<Delivery<N>>,
    /// In the order in which they were held.
    held: Pending<Held<N>>,
    next_held: u64,
}

impl<N> Default for Deliveries<N> {
    fn default() -> Self {
        Self { under_way: Pending::default(), held: Pending::default(), next_held: 0 }
    }
}

impl Delivery {
    #[must_use]
    pub fn new(route: &Route, of: Token, message: Message, now: Micros) -> Self {
        Self { link: route.link, of, message, retries: 0, first_attempt: now, note: () }
    }
}

impl<N: Clone> Deliveries<N> {
    /// Copies held here.
    #[must_use]
    pub fn stored(&self) -> u64 {
        self.held.len() as u64
    }

    pub fn each_held(&self, see: &mut dyn FnMut(&Message)) {
        self.held.iter().for_each(|held| see(&held.delivery.message));
    }

    /// Whether nothing is under way or held.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.under_way.is_empty() && self.held.is_empty()
    }

    /// Makes one attempt.
    pub fn send(
        &mut self,
        route: &Route,
        request: Request,
        delivery: Delivery<N>,
        deadline: Deadline,
        cx: &mut Cx<'_>,
    ) {
        let call = cx.call_within(route, request, vec![delivery.message.clone()], deadline);
        self.under_way.insert(call, delivery);
    }

    /// Ends the attempt that is answered; `None` for an answer nobody awaits, whose messages are dropped. Where none came, the
    /// copy that was sent may be the target's: the delivery goes on with another one, which travels.
    pub fn settle(&mut self, answer: Answer, cx: &mut Cx<'_>) -> Option<Outcome<N>> {
        let Answer { call, result, mut messages, .. } = answer;
        let Some(mut delivery) = self.under_way.remove(call) else {
            // Its owner was deleted meanwhile.
            for _ in messages {
                cx.book(1, Place::Travelling, Place::Dropped("AnswerNotAwaited"));
            }
            return None;
        };
        let returned = messages.pop();
        let error = match result {
            Ok(response) if returned.is_none() => return Some(Outcome::Accepted { delivery, response }),
            Ok(_) => ApiError::client("NotAccepted", "The target gave the message back."),
            Err(error) => error,
        };
        delivery.message = match returned {
            Some(message) => message,
            None => cx.copy(&delivery.message),
        };
        Some(Outcome::Failed { delivery, error })
    }

    /// Holds a delivery that failed until its next attempt; `timer` gets the number by which to find it again.
    pub fn hold<T: Into<Timer>>(
        &mut self,
        mut delivery: Delivery<N>,
        wait: Micros,
        timer: impl FnOnce(u64) -> T,
        cx: &mut Cx<'_>,
    ) {
        delivery.retries += 1;
        self.defer(delivery, wait, timer, cx);
    }

    /// Holds a delivery whose attempt is not made yet.
    pub fn defer<T: Into<Timer>>(
        &mut self,
        delivery: Delivery<N>,
        wait: Micros,
        timer: impl FnOnce(u64) -> T,
        cx: &mut Cx<'_>,
    ) {
        self.next_held += 1;
        let number = self.next_held;
        cx.book(1, Place::Travelling, Place::Stored);
        let key = cx.wake_in(wait, timer(number));
        let (since, until) = (cx.now(), cx.now().saturating_add(wait));
        self.held.insert(number, Held { delivery, since, until, key });
    }

    /// The delivery whose wait is over, travelling again.
    pub fn due(&mut self, number: u64, cx: &mut Cx<'_>) -> Option<Delivery<N>> {
        let held = self.held.remove(number)?;
        cx.book(1, Place::Stored, Place::Travelling);
        Some(held.delivery)
    }

    /// Drops what is held for links that are gone; returns the messages whose copies those were.
    pub fn keep_links(&mut self, exists: impl Fn(LinkId) -> bool, reason: &'static str, cx: &mut Cx<'_>) -> Vec<Token> {
        let mut dropped = Vec::new();
        self.held.retain(|held| {
            let stays = exists(held.delivery.link);
            if !stays {
                cx.cancel(held.key);
                cx.book(1, Place::Stored, Place::Dropped(reason));
                dropped.push(held.delivery.of);
            }
            stays
        });
        dropped
    }

    /// The owner is deleted.
    pub fn retire(&mut self, cx: &mut Cx<'_>) {
        self.keep_links(|_| false, "ResourceDeleted", cx);
        self.under_way = Pending::default();
    }

    /// Copies held for one link.
    #[must_use]
    pub fn held_for(&self, link: LinkId) -> usize {
        self.held.iter().filter(|held| held.delivery.link == link).count()
    }

    /// Draws the copies held as a row of ringed tokens, and how many more there are.
    pub fn draw(&self, figure: &mut Figure, at: (f32, f32), shape: Shape, now: Micros) {
        const SHOWN_MAX: usize = 6;
        const STEP: f32 = 17.0;
        let (x, y) = at;
        for (place, held) in self.held.iter().take(SHOWN_MAX).enumerate() {
            let message = &held.delivery.message;
            let ring = part_left(held.since, held.until, now);
            let who = (message.token, message.hue, message.poisoned);
            figure.token(x + place as f32 * STEP, y, who, shape, Some(ring));
        }
        if self.held.len() > SHOWN_MAX {
            let more = format!("+{} held", brief((self.held.len() - SHOWN_MAX) as u64));
            figure.text(x + SHOWN_MAX as f32 * STEP - 6.0, y + 4.0, more, Ink::Muted);
        }
    }
}
