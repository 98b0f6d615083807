//! A producer: whatever in one's own system makes messages and pushes them, at a rate.
//!
//! It knows nothing of who consumes: that is the point. It sends to everything it is linked to by `Send`, with
//! the call that service takes.
//!
//! With more than one attempt its SDK sends again what was throttled, lost or left without an answer. What fails for
//! good is dropped under the error's code.

mod arrivals;
mod fact;
mod figure;
mod form;
mod model;
mod refused;
mod retry;

pub use arrivals::{ARRIVALS, Arrivals};
pub use fact::Fact;
pub use form::SPEC;
pub use model::{Model, Timer};
