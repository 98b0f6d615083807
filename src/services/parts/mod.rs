//! What several services are built of, and none of them owns.

mod alarm;
mod batch;
mod deliveries;
mod distribution;
mod effects;
mod latency;
mod pace;
mod page;
mod pending;
mod recent_ids;
mod returns;
mod sdk;
pub(super) mod shard_lane;
pub(super) mod shard_reader;
mod window;

pub(super) use alarm::Alarm;
pub use batch::{EntryIds, batch_json};
pub use deliveries::{Deliveries, Delivery, Outcome};
pub use distribution::Distribution;
pub use effects::{Effect, Effects, Idempotency};
pub use latency::{Latencies, Percentiles};
pub use pace::Pace;
pub use page::Page;
pub use pending::Pending;
pub(super) use recent_ids::{RecentIds, deduplication_key};
pub use returns::Returns;
pub(super) use sdk::{CONNECT_TIMEOUT, READ_TIMEOUT};
pub(super) use window::{Window, is_past};
