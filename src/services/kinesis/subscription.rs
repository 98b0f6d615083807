//! `SubscribeToShard` (KDS-10): a shard's records are pushed as they come, for five minutes; then the reader subscribes
//! anew from where it was. Each consumer has 2 MB/s of each shard, whatever the others read.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_SubscribeToShard.html>
//!
//! `[MODEL]`: a record is pushed 70 ms after it was put (KDS-11), at once on an instant network. A record larger than
//! 2 MB goes alone, and nothing follows for as long as it takes on the average. A script holds no connection: it is
//! answered with the first event.

use std::sync::Arc;

use super::api::{IteratorKind, Response, ShardEvent};
use super::consumers::{Flow, busy};
use super::control::{in_use, limited};
use super::fact::Fact;
use super::model::{Model, Timer};
use super::shard::Reading;
use super::throughput::READ_SIZE_MAX;
use crate::engine::{ActorId, Key, LinkId, MICROS_PER_SECOND, Micros, seconds};
use crate::services::{ApiError, Caller, ConnectionId, Cx, Door, Window};

const LIFE: Micros = seconds(300);
/// Within this a second subscription of a consumer to a shard is refused; later it takes over.
const HOLD: Micros = seconds(5);

/// Who is pushed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Listener {
    On {
        connection: ConnectionId,
        actor: ActorId,
        link: LinkId,
    },
    /// It takes the first event for its answer.
    Script(Caller),
}

#[derive(Clone, Debug)]
pub struct Subscription {
    pub consumer: Arc<str>,
    pub shard: u32,
    to: Listener,
    from: u128,
    until: Micros,
    next: Option<(Micros, Key)>,
    ends: Key,
}

impl Model {
    pub(super) fn subscribe(
        &mut self,
        caller: Caller,
        (consumer, shard): (&str, u32),
        kind: IteratorKind,
        cx: &mut Cx<'_>,
    ) {
        match self.admit_subscription((consumer, shard), kind, cx) {
            Ok(from) => self.connect(caller, (consumer, shard), from, cx),
            Err(error) => {
                self.metrics.subscriptions_refused += 1;
                cx.fact(Fact::RequestRefused { code: error.code }, None);
                cx.answer(caller, Err(error), Vec::new());
            }
        }
    }

    fn admit_subscription(
        &mut self,
        (name, shard): (&str, u32),
        kind: IteratorKind,
        cx: &Cx<'_>,
    ) -> Result<u128, ApiError> {
        let (now, place) = (cx.now(), self.consumer(name)?);
        let consumer = &self.consumers[place];
        if consumer.active_from > now {
            return Err(in_use(format!("Consumer {name} is CREATING.")));
        }
        if let Some(Flow { since, .. }) = consumer.subscribed.get(&shard) {
            if now < since + MICROS_PER_SECOND {
                return Err(limited("SubscribeToShard is allowed once a second for a consumer and a shard."));
            }
            let holds = |one: &Subscription| *one.consumer == *name && one.shard == shard;
            if now < since + HOLD && self.subscriptions.iter().any(holds) {
                return Err(busy(name, shard));
            }
        }
        let from = self.iterator(shard, kind, now)?.from;
        let fresh = || Flow { since: now, passed: Window::default(), rests_until: 0 };
        self.consumers[place].subscribed.entry(shard).or_insert_with(fresh).since = now;
        Ok(from)
    }

    fn connect(&mut self, caller: Caller, (consumer, shard): (&str, u32), from: u128, cx: &mut Cx<'_>) {
        self.metrics.subscribed += 1;
        self.end_subscriptions("another took over", |one| *one.consumer == *consumer && one.shard == shard, cx);
        cx.fact(Fact::ShardSubscribed { shard }, None);
        self.next_subscription += 1;
        let number = self.next_subscription;
        let until = cx.now() + LIFE;
        let ends = cx.wake_at(until, Timer::SubscriptionEnds { number });
        let is_script = caller.actor == ActorId::OUTSIDE;
        let to = if is_script {
            Listener::Script(caller)
        } else {
            let connection = cx.accept(caller, Response::Subscribed.into());
            Listener::On { connection, actor: caller.actor, link: caller.link }
        };
        let subscription = Subscription { consumer: Arc::from(consumer), shard, to, from, until, next: None, ends };
        self.subscriptions.insert(number, subscription);
        self.push(number, is_script, cx);
    }

    /// Sees to it that the subscribers of a shard are pushed what came, `delay` after now at the latest.
    pub(super) fn push_soon(&mut self, shard: u32, delay: Micros, cx: &mut Cx<'_>) {
        let at = cx.now() + delay;
        for (number, subscription) in self.subscriptions.numbered_mut().filter(|(_, one)| one.shard == shard) {
            if subscription.next.is_none_or(|(next, _)| next > at) {
                subscription.next.take().into_iter().for_each(|(_, key)| cx.cancel(key));
                let key = cx.wake_at(at, Timer::Push { number });
                subscription.next = Some((at, key));
            }
        }
    }

    /// Pushes what can be read now and is within the 2 MB of this second; a first event may be empty.
    pub(super) fn push(&mut self, number: u64, is_first: bool, cx: &mut Cx<'_>) {
        let (now, delay) = (cx.now(), cx.shared_ref().network.record_pushed());
        let Some(subscription) = self.subscriptions.get_mut(number) else { return };
        subscription.next = None;
        let shard = subscription.shard;
        let Ok(place) = self.shards.binary_search_by_key(&shard, |held| held.id) else {
            return self.end(number, "the shard has expired", cx);
        };
        let mut consumers = self.consumers.iter_mut().filter(|one| one.name == subscription.consumer);
        let Some(flow) = consumers.find_map(|one| one.subscribed.get_mut(&shard)) else {
            return self.end(number, "its consumer is gone", cx);
        };
        let rests = now < flow.rests_until;
        let (passed, held) = (&mut flow.passed, &self.shards[place]);
        let alone = passed.spent(now) == 0;
        let fits = |count, size| !rests && (passed.has_room(size, READ_SIZE_MAX, now) || alone && count == 0);
        let reading = held.read(subscription.from, now.checked_sub(delay), fits);
        subscription.from = reading.from;
        flow.passed.spend(reading.size, now);
        if reading.size > READ_SIZE_MAX {
            flow.rests_until = now + reading.size * MICROS_PER_SECOND / READ_SIZE_MAX;
        }
        let waiting = held.records.get(held.place_of(reading.from)).map(|record| record.arrived + delay);
        let at_end = reading.at_end;
        let room = flow.passed.next_room(now).max(flow.rests_until);
        let (to, until, consumer) = (subscription.to, subscription.until, Arc::clone(&subscription.consumer));
        if at_end || is_first || !reading.records.is_empty() {
            self.send_event((to, &consumer), shard, reading, delay, cx);
        }
        if at_end {
            cx.fact(Fact::ShardEndReached { shard }, None);
            return self.forget(number, "the shard has ended", cx);
        }
        if matches!(to, Listener::Script(_)) {
            return self.forget(number, "answered", cx);
        }
        if let Some(readable) = waiting {
            let at = if readable > now { readable } else { room.max(now + 1) };
            if at < until {
                let key = cx.wake_at(at, Timer::Push { number });
                if let Some(subscription) = self.subscriptions.get_mut(number) {
                    subscription.next = Some((at, key));
                }
            }
        }
    }

    fn send_event(
        &mut self,
        (to, consumer): (Listener, &str),
        shard: u32,
        reading: Reading,
        delay: Micros,
        cx: &mut Cx<'_>,
    ) {
        let lag = reading.lag(cx.now());
        let Reading { records, from, size, behind, at_end } = reading;
        let behind = if behind > 0 { behind + delay } else { 0 };
        let count = records.len() as u64;
        self.metrics.events += 1;
        self.metrics.records_pushed += count;
        self.metrics.bytes_pushed += size;
        self.metrics.pushed_behind = behind;
        self.note_delivery(shard, &records, size, cx.now());
        if count > 0 {
            let only = records.first().filter(|_| count == 1).map(|record| record.message.token);
            let consumer = consumer.to_string();
            cx.fact(Fact::RecordsPushed { shard, count, behind_ms: behind / 1_000, consumer }, only);
        }
        if let Listener::On { actor, link, .. } = to
            && let Ok(place) = self.shards.binary_search_by_key(&shard, |held| held.id)
        {
            self.shards[place].note_reader(actor, link, from, lag);
        }
        let children = if at_end { self.children(shard) } else { Vec::new() };
        let shown = records.iter().map(|record| record.message.clone()).collect();
        let from = (!at_end).then_some(from);
        let event = Response::Event(ShardEvent { records, from, behind, children, shown });
        match to {
            Listener::On { connection, .. } => drop(cx.push(connection, event.into(), Vec::new())),
            Listener::Script(caller) => cx.answer(caller, Ok(event.into()), Vec::new()),
        }
    }

    pub(super) fn subscription_ends(&mut self, number: u64, cx: &mut Cx<'_>) {
        self.end(number, "five minutes are over", cx);
    }

    /// The connection closes: its reader may subscribe anew.
    fn end(&mut self, number: u64, why: &'static str, cx: &mut Cx<'_>) {
        let Some(subscription) = self.subscriptions.get_mut(number) else { return };
        let shard = subscription.shard;
        cx.fact(Fact::SubscriptionEnded { shard, why }, None);
        self.forget(number, why, cx);
    }

    fn forget(&mut self, number: u64, why: &'static str, cx: &mut Cx<'_>) {
        let Some(subscription) = self.subscriptions.remove(number) else { return };
        cx.cancel(subscription.ends);
        subscription.next.into_iter().for_each(|(_, key)| cx.cancel(key));
        if let Listener::On { connection, .. } = subscription.to {
            cx.close(connection, why);
        }
    }

    /// The other end is gone.
    pub(super) fn listener_gone(&mut self, gone: ConnectionId, why: &'static str, cx: &mut Cx<'_>) {
        let is_its = |one: &Subscription| matches!(one.to, Listener::On { connection, .. } if connection == gone);
        self.end_subscriptions(why, is_its, cx);
    }

    pub(super) fn end_subscriptions(
        &mut self,
        why: &'static str,
        ends: impl Fn(&Subscription) -> bool,
        cx: &mut Cx<'_>,
    ) {
        let ended: Vec<u64> = self.subscriptions.numbered().filter(|(_, one)| ends(one)).map(|(n, _)| n).collect();
        ended.into_iter().for_each(|number| self.end(number, why, cx));
    }
}
