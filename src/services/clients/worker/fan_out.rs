//! A worker on a stream by enhanced fan-out: it registers itself as a consumer under its own name, subscribes to each
//! shard, and is pushed the records (KDS-10).

use super::model::Model;
use super::shards::Step;
use crate::services::kinesis::api::{self, ShardEvent};
use crate::services::{ApiError, Cx, Response, Route};

#[derive(Clone, Debug)]
pub struct FanOut {
    pub is_on: bool,
    is_registered: bool,
    /// The call that is answered by one event after the other.
    pub subscription: Option<u64>,
    /// What was not pushed yet.
    from: Option<u128>,
    at_end: bool,
}

impl FanOut {
    #[must_use]
    pub fn new(route: &Route) -> Self {
        let is_on = route.settings.boolean("EnhancedFanOut");
        Self { is_on, is_registered: false, subscription: None, from: None, at_end: false }
    }

    #[must_use]
    pub fn must_register(&self) -> bool {
        self.is_on && !self.is_registered
    }

    /// The connection is gone: where the batch does not say it, `resume` is what was not pushed yet.
    pub fn crash(&mut self, resume: &mut Option<u128>) {
        if self.is_on {
            self.subscription = None;
            self.at_end = false;
            *resume = resume.or(self.from);
        }
    }

    fn take(&mut self, event: &ShardEvent) {
        self.from = event.from.or(self.from);
        self.at_end = event.from.is_none();
        if event.is_last {
            self.subscription = None;
        }
    }
}

impl Model {
    /// An answer that only readers with enhanced fan-out get; false for any other.
    pub(super) fn pushed(&mut self, index: usize, result: &Result<Response, ApiError>, cx: &mut Cx<'_>) -> bool {
        let reader = &mut self.readers[index];
        match result {
            Ok(Response::Kinesis(api::Response::Event(event))) => {
                reader.fan_out.take(event);
                reader.batch.extend(event.records.iter().cloned());
                if matches!(reader.step, Step::Awaiting(_)) {
                    self.work_record(index, cx);
                }
                true
            }
            // Registered; or it was before, which is as good.
            Ok(Response::Kinesis(api::Response::Described(_))) => self.registered(index, cx),
            Err(error) if reader.shard.is_none() && error.code == "ResourceInUseException" => {
                self.registered(index, cx)
            }
            Err(_) if reader.shard.is_some() => {
                reader.fan_out.subscription = None;
                // While it works it learns of it when it is done.
                !matches!(reader.step, Step::Awaiting(_))
            }
            _ => false,
        }
    }

    fn registered(&mut self, index: usize, cx: &mut Cx<'_>) -> bool {
        let reader = &mut self.readers[index];
        reader.fan_out.is_registered = true;
        reader.step = Step::Resting;
        self.read(index, cx);
        true
    }

    /// All that was pushed is done.
    pub(super) fn await_push(&mut self, index: usize, cx: &mut Cx<'_>) {
        let reader = &mut self.readers[index];
        reader.resume = reader.fan_out.from;
        if reader.fan_out.at_end {
            reader.step = Step::Done;
            return self.relist(index, cx);
        }
        match reader.fan_out.subscription {
            Some(call) => reader.step = Step::Awaiting(call),
            None => {
                reader.step = Step::Resting;
                self.read(index, cx);
            }
        }
    }
}
