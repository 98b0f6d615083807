//! Consumers with enhanced fan-out (KDS-10): registered by name, each with 2 MB/s of each shard for itself.
//!
//! <https://docs.aws.amazon.com/streams/latest/dev/enhanced-consumers.html>

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::api::{Response, shard_id};
use super::control::{in_use, limited};
use super::fact::Fact;
use super::model::Model;
use crate::engine::{Micros, seconds};
use crate::services::{ApiError, Cx, Door, Preset, Window};

/// Consumers of a stream; with On-demand Advantage, on an on-demand stream.
const CONSUMERS_MAX: usize = 20;
const CONSUMERS_OF_ADVANTAGE_MAX: usize = 50;
/// Consumers being registered at a time.
const CREATING_MAX: usize = 5;
/// How long it takes until a consumer is ACTIVE `[MODEL]`; on an instant network no time.
const CREATION_TIME: Micros = seconds(5);

#[derive(Clone, Debug)]
pub struct Consumer {
    pub name: Arc<str>,
    pub active_from: Micros,
    pub(super) created: Micros,
    /// By shard.
    pub subscribed: BTreeMap<u32, Flow>,
}

/// What a consumer gets of a shard, over all its subscriptions.
#[derive(Clone, Debug)]
pub struct Flow {
    /// When the last subscription began.
    pub since: Micros,
    pub passed: Window,
    /// Before that nothing is pushed: a large record was.
    pub rests_until: Micros,
}

impl Model {
    /// The place of a consumer, by its name or the end of its ARN.
    pub(super) fn consumer(&self, name: &str) -> Result<usize, ApiError> {
        let place = self.consumers.iter().position(|consumer| *consumer.name == *name);
        place.ok_or_else(|| ApiError::client("ResourceNotFoundException", format!("Consumer {name} not found.")))
    }

    pub(super) fn register(&mut self, name: &str, cx: &mut Cx<'_>) -> Result<Response, ApiError> {
        let now = cx.now();
        if self.consumer(name).is_ok() {
            return Err(in_use(format!("Consumer {name} exists already.")));
        }
        let advantage = self.config.on_demand && cx.shared_ref().accounts.streams.is_committed();
        let most = if advantage { CONSUMERS_OF_ADVANTAGE_MAX } else { CONSUMERS_MAX };
        if self.consumers.len() >= most {
            return Err(limited(format!("A stream has {most} consumers at most.")));
        }
        if self.consumers.iter().filter(|consumer| consumer.active_from > now).count() >= CREATING_MAX {
            return Err(limited(format!("{CREATING_MAX} consumers at most can be CREATING.")));
        }
        let takes = if cx.shared_ref().network.preset == Preset::Instant { 0 } else { CREATION_TIME };
        self.consumers.push(Consumer {
            name: Arc::from(name),
            active_from: now + takes,
            created: now,
            subscribed: BTreeMap::new(),
        });
        cx.fact(Fact::ConsumerRegistered { name: name.to_owned() }, None);
        Ok(Response::Described(json!({ "Consumer": self.consumer_json(self.consumers.len() - 1, cx) })))
    }

    pub(super) fn deregister(&mut self, name: &str, cx: &mut Cx<'_>) -> Result<(), ApiError> {
        let place = self.consumer(name)?;
        self.metrics.past_consumer_time += self.consumer_time(&self.consumers[place], cx.now());
        let name = self.consumers.remove(place).name;
        cx.fact(Fact::ConsumerDeregistered { name: name.to_string() }, None);
        self.end_subscriptions("its consumer is gone", |subscription| subscription.consumer == name, cx);
        Ok(())
    }

    pub(super) fn describe_consumer(&self, name: &str, cx: &Cx<'_>) -> Result<Value, ApiError> {
        let place = self.consumer(name)?;
        Ok(json!({ "ConsumerDescription": self.consumer_json(place, cx) }))
    }

    pub(super) fn list_consumers(&self, cx: &Cx<'_>) -> Value {
        let all = (0..self.consumers.len()).map(|place| self.consumer_json(place, cx));
        json!({ "Consumers": all.collect::<Vec<_>>() })
    }

    fn consumer_json(&self, place: usize, cx: &Cx<'_>) -> Value {
        let consumer = &self.consumers[place];
        let arn = format!(
            "arn:aws:kinesis:us-east-1:000000000000:stream/{}/consumer/{}:{}",
            cx.name(),
            consumer.name,
            consumer.created / 1_000_000
        );
        let status = if consumer.active_from > cx.now() { "CREATING" } else { "ACTIVE" };
        json!({ "ConsumerName": &*consumer.name, "ConsumerARN": arn, "ConsumerStatus": status,
            "ConsumerCreationTimestamp": consumer.created / 1_000_000 })
    }
}

/// The consumer's name in an ARN, or a name as it is.
#[must_use]
pub fn name_of_arn(arn: &str) -> &str {
    arn.rsplit_once("/consumer/").map_or(arn, |(_, rest)| rest.split(':').next().unwrap_or(rest))
}

/// What a shard is called in a refusal.
pub(super) fn busy(consumer: &str, shard: u32) -> ApiError {
    in_use(format!("Consumer {consumer} subscribed to {} less than 5 seconds ago.", shard_id(shard)))
}
