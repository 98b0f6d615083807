//! A generic discrete-event kernel: time, agenda, random streams, actors, trace, faults, limits.
//!
//! *Architecture invariant:* nothing here knows AWS, a scene or a pixel. The kernel is generic over the
//! [`Actor`]; an actor acts only through [`Cx`]; time is whole microseconds; the same actors, seed and
//! script give the same trace on every platform, in any chunking.

mod actor;
mod agenda;
mod by_message;
mod cx;
mod digest;
mod fault;
pub mod limits;
mod log;
mod radix_heap;
mod rng;
mod sorting;
mod time;
mod trace;
mod world;

pub use actor::{Actor, ActorId, LinkId};
pub use agenda::{Agenda, Key, Lane};
pub use by_message::ByMessage;
pub use cx::Cx;
pub use digest::Digest;
pub use fault::{Fault, FaultKind, FaultScope, Faults, Outage, Verdict};
pub use log::Log;
pub use radix_heap::{Item, RadixHeap};
pub use rng::{Purpose, Stream};
pub use sorting::Sort;
pub use time::{MICROS_PER_MILLI, MICROS_PER_SECOND, Micros, clock_text, seconds};
pub use trace::{Trace, TraceRecord};
pub use world::{Halt, Stepped, Transfer, World};
