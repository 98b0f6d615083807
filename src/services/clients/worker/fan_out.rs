//! A worker on a stream by enhanced fan-out: it registers itself as a consumer under its own name, subscribes to each
//! shard, and is pushed the records (KDS-10).

use super::model::Model;
use super::shards::Step;
use crate::services::{ApiError, ConnectionId, Cx, Push, Response, Route};

#[derive(Clone, Debug)]
pub struct FanOut {
    pub is_on: bool,
    is_registered: bool,
}

impl FanOut {
    #[must_use]
    pub fn new(route: &Route) -> Self {
        Self { is_on: route.settings.boolean("EnhancedFanOut"), is_registered: false }
    }

    #[must_use]
    pub fn must_register(&self) -> bool {
        self.is_on && !self.is_registered
    }
}

impl Model {
    /// The answer to its registration. One that was registered before is as good.
    pub(super) fn registration_answered(&mut self, index: usize, result: &Result<Response, ApiError>, cx: &mut Cx<'_>) {
        let reader = &mut self.readers[index];
        match result {
            Err(error) if error.code != "ResourceInUseException" => self.read_failed(index, error.code, cx),
            _ => {
                reader.fan_out.is_registered = true;
                reader.step = Step::Resting;
                self.read(index, cx);
            }
        }
    }

    pub(super) fn records_pushed(&mut self, push: Push, cx: &mut Cx<'_>) {
        let Some(index) = self.readers.iter().position(|reader| reader.listens_on(push.connection)) else { return };
        let reader = &mut self.readers[index];
        let Some(shard) = &mut reader.shard else { return };
        let records = shard.pushed(push);
        reader.batch.extend(records);
        if matches!(reader.step, Step::Listening) {
            self.work_record(index, cx);
        }
    }

    /// While it works, it learns of it when it is done.
    pub(super) fn connection_closed(&mut self, connection: ConnectionId, cx: &mut Cx<'_>) {
        let Some(index) = self.readers.iter().position(|reader| reader.listens_on(connection)) else { return };
        let reader = &mut self.readers[index];
        reader.shard.iter_mut().for_each(|shard| shard.closed());
        if matches!(reader.step, Step::Listening) {
            self.await_push(index, cx);
        }
    }

    /// All that was pushed is done.
    pub(super) fn await_push(&mut self, index: usize, cx: &mut Cx<'_>) {
        let reader = &mut self.readers[index];
        let Some(shard) = &reader.shard else { return };
        if shard.is_at_end() {
            reader.step = Step::Done;
            return self.relist(index, cx);
        }
        if shard.is_listening() {
            reader.step = Step::Listening;
            return;
        }
        reader.step = Step::Resting;
        self.read(index, cx);
    }
}
