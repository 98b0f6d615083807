//! What several services are built of, and none of them owns.

mod alarm;
pub mod arns;
mod batch;
mod deliveries;
mod distribution;
mod effects;
mod latency;

mod page;
mod passing_on;
mod pending;
mod recent_ids;
mod returns;
mod sdk;
pub(super) mod shard_lane;
pub(super) mod shard_reader;
mod task_token;
mod token_bucket;
mod window;

pub(super) use alarm::Alarm;
pub use batch::{EntryIds, batch_json};
pub use deliveries::{Deliveries, Delivery, Outcome};
pub use distribution::Distribution;
pub use effects::{Effect, Effects, Idempotency};
pub use latency::{Latencies, Percentiles};
pub use page::Page;
pub use passing_on::{follow, pass_on};
pub use pending::Pending;
pub(super) use recent_ids::{RecentIds, deduplication_key};
pub use returns::Returns;
pub(super) use sdk::{CONNECT_TIMEOUT, READ_TIMEOUT};
pub use task_token::TaskToken;
pub use token_bucket::{Limit, TokenBucket};
pub(super) use window::{Window, is_past};
