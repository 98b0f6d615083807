//! Time-outs of a client as AWS's SDKs have them: how long it waits to be connected, and for the answer.
//!
//! `[MODEL]`: the defaults are those of the AWS SDK for Java 2.x, 2 s and 30 s; Python's has 60 s for both.
//! <https://docs.aws.amazon.com/sdk-for-java/latest/developer-guide/best-practices.html>

use crate::engine::{MICROS_PER_SECOND, Micros};
use crate::services::{Deadline, Property, PropertyKind, Settings, knob};

const CONNECT: Micros = 2 * MICROS_PER_SECOND;
const READ: Micros = 30 * MICROS_PER_SECOND;

pub const CONNECT_TIMEOUT: Property = knob(
    "ConnectTimeout",
    "Connect time-out",
    PropertyKind::Duration,
    "\"2s\"",
    "How long it waits for a machine that does not answer at all.",
    "",
);

pub const READ_TIMEOUT: Property = knob(
    "ReadTimeout",
    "Read time-out",
    PropertyKind::Duration,
    "\"30s\"",
    "How long it waits for an answer; then it takes the call for failed, whatever came of it.",
    "",
);

impl Deadline {
    /// Of a client whose time-outs nobody sets.
    pub const SDK: Self = Self { connect: CONNECT, read: READ, code: "RequestTimeout" };

    /// A client's own time-outs.
    #[must_use]
    pub fn of_client(settings: &Settings) -> Self {
        let time = |name: &str, usual: Micros| settings.duration(name).filter(|time| *time > 0).unwrap_or(usual);
        Self { connect: time("ConnectTimeout", CONNECT), read: time("ReadTimeout", READ), ..Self::SDK }
    }
}
