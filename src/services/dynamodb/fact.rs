//! What can be seen to happen in a table.

use crate::services::contract::fact::facts;

facts! {
    ItemWritten { key: String } => Quiet, "{key}";
    ItemDeleted { key: String } => Plain, "{key}";
    ConditionFailed { key: String } => Warn, "{key} is not what the request expected";
    WriteThrottled { units: u64 } => Bad, "{units} write capacity units/s exceeded";
    ReadThrottled { units: u64 } => Bad, "{units} read capacity units/s exceeded";
    RequestRefused { code: &'static str } => Bad, "{code}";
    ChangeRecorded { event: &'static str, key: String } => Plain, "{event} of {key}";
    ChangeExpired => Quiet, "left the table's stream after 24 h";
}
