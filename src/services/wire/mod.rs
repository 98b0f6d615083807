//! What travels between nodes: messages and their identity, calls and answers within their deadlines, pushes on connections,
//! calls back; the door they leave by, the ledger of where each copy is, and how long a hop takes.

mod callback;
mod change;
pub(super) mod connection;
pub(super) mod deadline;
pub(super) mod door;
mod ledger;
mod message;
mod network;
mod signal;

pub use change::Change;
pub use connection::{Acknowledgement, ConnectionId, Push};
pub use deadline::{Calls, Deadline, Stranded};
pub use door::{Cx, Door, MESSAGE_BYTES, Route, Shared};
pub use ledger::{Ledger, Place};
pub(super) use message::fnv_1a;
pub use message::{Attribute, Message, Meta, Token, hue_of, token_text};
pub use network::{Network, Preset};
pub use signal::{Answer, ApiError, Call, Caller, Signal};
