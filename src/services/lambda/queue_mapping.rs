//! A mapping of a queue: as many lanes as its scaling allows, each with one batch at a time (SQS-44 … SQS-48).

use super::lane::{Doing, Lane};
use super::mapping_config::MappingConfig;
use super::model::{Model, Timer};
use super::scaling::Scaling;
use super::{fact::Fact, mapping::PAUSE};
use crate::engine::{LinkId, Micros, seconds};
use crate::services::sqs::api::{Request, Response};
use crate::services::{self, ApiError, Cx, Deadline, Door, Route, whole_number};

#[derive(Clone, Debug)]
pub struct QueueMapping {
    pub route: Route,
    pub config: MappingConfig,
    pub lanes: Vec<Lane>,
    pub scaling: Scaling,
    /// The question for the queue's attributes, under way.
    pub asked: Option<u64>,
    /// The queue's own visibility timeout, once it has been asked for.
    visibility: Option<Micros>,
    pub is_fifo: bool,
}

impl QueueMapping {
    #[must_use]
    pub fn new(route: Route) -> Self {
        let config = MappingConfig::read(&route.settings);
        let scaling = Scaling::new(&config);
        Self { route, config, lanes: Vec::new(), scaling, asked: None, visibility: None, is_fifo: false }
    }

    pub fn configure(&mut self, route: Route) {
        self.config = MappingConfig::read(&route.settings);
        self.scaling.configure(&self.config);
        self.route = route;
    }

    /// The lane that waits for this answer.
    #[must_use]
    pub fn awaits(&self, call: u64) -> Option<(LinkId, usize)> {
        self.lanes.iter().position(|lane| lane.awaits(call)).map(|lane| (self.route.link, lane))
    }

    /// Lanes open, which may for a while be more than are allowed.
    #[must_use]
    pub fn open(&self) -> u64 {
        self.lanes.iter().filter(|lane| lane.is_open()).count() as u64
    }

    /// For how long what it receives stays hidden, as far as it knows.
    #[must_use]
    pub fn hidden(&self, function_timeout: Micros) -> Option<Micros> {
        self.own_visibility(function_timeout).or(self.visibility)
    }

    #[must_use]
    pub fn own_visibility(&self, function_timeout: Micros) -> Option<Micros> {
        self.config.visibility(function_timeout, self.visibility)
    }

    /// Before it polls it must know the visibility timeout if it may have to stretch it, and whether the queue is
    /// FIFO if that changes what failures mean.
    fn must_ask_first(&self) -> bool {
        self.visibility.is_none() && (self.config.window > 0 || self.config.reports_failures)
    }

    fn ask(&mut self, cx: &mut Cx<'_>) {
        if self.asked.is_none() {
            self.asked =
                Some(cx.call_within(&self.route, Request::GetQueueAttributes.into(), Vec::new(), Deadline::SERVICE));
        }
    }

    /// Forgets all that is under way; what was received comes back in the queue.
    pub fn pause(&mut self, cx: &mut Cx<'_>) {
        self.asked = None;
        self.scaling.is_waiting = false;
        let keys = self.lanes.iter_mut().filter_map(Lane::stop);
        keys.chain(self.scaling.key.take()).for_each(|key| cx.cancel(key));
    }

    /// Opens lanes up to what is allowed; those that are more close themselves when they would poll.
    fn open_lanes(&mut self) {
        let missing = self.scaling.allowed.saturating_sub(self.open());
        for _ in 0..missing {
            match self.lanes.iter_mut().find(|lane| !lane.is_open()) {
                Some(lane) => lane.doing = Doing::Idle,
                None => self.lanes.push(Lane::new()),
            }
        }
    }
}

impl Model {
    pub(super) fn queue(&mut self, link: LinkId) -> Option<&mut QueueMapping> {
        self.queues.iter_mut().find(|mapping| mapping.route.link == link)
    }

    /// Sets the lanes of a mapping off: at its start, after an outage, when more are allowed.
    pub(super) fn start_lanes(&mut self, link: LinkId, cx: &mut Cx<'_>) {
        let is_down = cx.is_down();
        let Some(mapping) = self.queue(link) else { return };
        if is_down {
            return;
        }
        if mapping.must_ask_first() {
            return mapping.ask(cx);
        }
        mapping.open_lanes();
        for lane in 0..mapping.lanes.len() {
            // Two outages may end at one instant.
            if self.queue(link).is_some_and(|mapping| matches!(mapping.lanes[lane].doing, Doing::Idle)) {
                self.poll(link, lane, cx);
            }
        }
    }

    pub(super) fn attributes_learned(
        &mut self,
        link: LinkId,
        result: Result<services::Response, ApiError>,
        cx: &mut Cx<'_>,
    ) {
        let Some(mapping) = self.queue(link) else { return };
        mapping.asked = None;
        match result {
            Ok(services::Response::Sqs(Response::Attributes(attributes))) => {
                let number = |name: &str| attributes.get(name).and_then(whole_number);
                mapping.visibility = number("VisibilityTimeout").map(seconds);
                mapping.is_fifo = attributes.get("FifoQueue").is_some_and(|value| value == "true");
                mapping.scaling.is_waiting = number("ApproximateNumberOfMessages").is_some_and(|count| count > 0);
            }
            result => {
                let code = result.err().map_or("UnexpectedAnswer", |error| error.code);
                cx.fact(Fact::PollFailed { code }, None);
                if mapping.must_ask_first() && mapping.scaling.key.is_none() {
                    mapping.scaling.key = Some(cx.wake_in(PAUSE, Timer::MappingScales { link }));
                }
                return;
            }
        }
        self.start_lanes(link, cx);
    }

    /// Messages came: from now on it looks once an interval whether more are waiting (SQS-47).
    pub(super) fn note_work(&mut self, link: LinkId, cx: &mut Cx<'_>) {
        let Some(mapping) = self.queue(link) else { return };
        mapping.scaling.has_worked = true;
        if mapping.scaling.key.is_none() {
            mapping.scaling.key = Some(cx.wake_in(mapping.scaling.interval, Timer::MappingScales { link }));
            mapping.ask(cx);
        }
    }

    pub(super) fn mapping_scales(&mut self, link: LinkId, cx: &mut Cx<'_>) {
        let Some(mapping) = self.queue(link) else { return };
        mapping.scaling.key = None;
        let before = mapping.scaling.allowed;
        if mapping.scaling.end_interval() {
            mapping.scaling.key = Some(cx.wake_in(mapping.scaling.interval, Timer::MappingScales { link }));
            mapping.ask(cx);
        }
        let batches = mapping.scaling.allowed;
        if batches > before {
            cx.fact(Fact::MappingScaled { batches }, None);
        }
        self.start_lanes(link, cx);
    }
}
