//! Event source mappings: which there are, and whose question an answer answers.

use super::fact::Fact;
use super::filter::Filter;
use super::invocation::Origin;
use super::model::Model;
use super::queue_mapping::QueueMapping;
use super::stream_mapping::StreamMapping;
use crate::engine::{LinkId, MICROS_PER_SECOND, Micros};
use crate::services::{Answer, Cx, Door, Kind, LinkKind, Place, Route};

/// Before a poll, or a batch that failed or was throttled, is tried again `[MODEL]`.
pub const PAUSE: Micros = MICROS_PER_SECOND;

impl Model {
    /// Makes the mappings that are missing and ends those whose link is gone or disabled.
    pub(super) fn connect(&mut self, cx: &mut Cx<'_>) {
        let routes = cx.routes();
        let is_mapping = |route: &&Route| {
            route.kind == LinkKind::EventSourceMapping
                && !route.outward
                && route.settings.boolean("Enabled")
                && Filter::read(route.settings.get("FilterCriteria").as_ref()).is_valid()
        };
        let wanted: Vec<Route> = routes.iter().filter(is_mapping).cloned().collect();
        let queues = self.queues.iter().map(|mapping| mapping.route.link);
        let streams = self.streams.iter().map(|mapping| mapping.route.link);
        let is_unwanted = |link: &LinkId| !wanted.iter().any(|route| route.link == *link);
        let ended: Vec<LinkId> = queues.chain(streams).filter(is_unwanted).collect();
        ended.into_iter().for_each(|link| self.end_mapping(link, cx));
        for route in wanted {
            let link = route.link;
            if let Some(mapping) = self.queues.iter_mut().find(|mapping| mapping.route.link == link) {
                mapping.configure(route);
            } else if let Some(mapping) = self.streams.iter_mut().find(|mapping| mapping.route.link == link) {
                mapping.configure(route);
            } else if route.peer_kind == Kind::Queue {
                self.queues.push(QueueMapping::new(route));
                self.start_lanes(link, cx);
            } else {
                self.streams.push(StreamMapping::new(route));
                self.list_shards(link, cx);
            }
        }
    }

    /// What it runs ends, and nobody hears of it: batches of a queue come back there.
    fn end_mapping(&mut self, link: LinkId, cx: &mut Cx<'_>) {
        self.queues.iter_mut().filter(|mapping| mapping.route.link == link).for_each(|mapping| mapping.pause(cx));
        self.queues.retain(|mapping| mapping.route.link != link);
        self.streams.iter_mut().filter(|mapping| mapping.route.link == link).for_each(|mapping| mapping.pause(cx));
        self.streams.retain(|mapping| mapping.route.link != link);
        let orphans = self.running.iter_mut().filter(|invocation| invocation.origin.is_of(link));
        orphans.for_each(|invocation| invocation.origin = Origin::Nobody);
    }

    pub(super) fn disconnect(&mut self, cx: &mut Cx<'_>) {
        self.pause_mappings(cx);
        self.queues.clear();
        self.streams.clear();
    }

    pub(super) fn pause_mappings(&mut self, cx: &mut Cx<'_>) {
        self.queues.iter_mut().for_each(|mapping| mapping.pause(cx));
        self.streams.iter_mut().for_each(|mapping| mapping.pause(cx));
    }

    /// Polls again after an outage, streams from where their last batch succeeded.
    pub(super) fn resume(&mut self, cx: &mut Cx<'_>) {
        let queues: Vec<LinkId> = self.queues.iter().map(|mapping| mapping.route.link).collect();
        let streams: Vec<LinkId> = self.streams.iter().map(|mapping| mapping.route.link).collect();
        queues.into_iter().for_each(|link| self.start_lanes(link, cx));
        for link in streams {
            self.list_shards(link, cx);
            self.start_shards(link, cx);
        }
    }

    /// An answer to a question that nobody asks any more changes nothing. Messages come back only from sends
    /// downstream: what was not taken there is lost, with the error's code as the reason.
    pub(super) fn answered(&mut self, answer: Answer, cx: &mut Cx<'_>) {
        let call = answer.call;
        let error = answer.result.as_ref().err();
        let code = error.map_or("PartialFailure", |error| error.code);
        let reason = error.map_or("some of the batch was refused", |error| &error.message);
        self.delivered(call, error.is_some() || !answer.messages.is_empty());
        for message in &answer.messages {
            cx.fact(Fact::SendFailed { code, reason: reason.to_owned() }, Some(message.token));
            cx.book(1, Place::Travelling, Place::Dropped(code));
        }
        if let Some((link, lane)) = self.queues.iter().find_map(|mapping| mapping.awaits(call)) {
            self.lane_answered(link, lane, call, answer.result, cx);
        } else if let Some(mapping) = self.queues.iter().find(|mapping| mapping.asked == Some(call)) {
            let link = mapping.route.link;
            self.attributes_learned(link, answer.result, cx);
        } else if let Some(mapping) = self.streams.iter().find(|mapping| mapping.listing == Some(call)) {
            let link = mapping.route.link;
            self.shards_listed(link, answer.result, cx);
        } else if let Some(mapping) = self.streams.iter_mut().find(|mapping| mapping.registering == Some(call)) {
            let link = mapping.route.link;
            self.consumer_registered(link, &answer.result, cx);
        } else if let Some((link, shard)) = self.streams.iter().find_map(|mapping| mapping.awaits(call)) {
            self.shard_answered(link, shard, answer, cx);
        }
    }

    /// The age of the oldest record that a mapping has read and not yet processed.
    pub(super) fn iterator_age(&self, now: Micros) -> Micros {
        let pollers = self.streams.iter().flat_map(|mapping| &mapping.shards);
        let ages = pollers.filter_map(|poller| poller.oldest()).map(|record| now.saturating_sub(record.arrived));
        ages.max().unwrap_or(0)
    }
}
