//! What can be seen to happen in a table.

use crate::services::fact::facts;

facts! {
    ItemWritten { key: String } => Quiet, "{key}";
    ItemDeleted { key: String } => Plain, "{key}";
    ConditionFailed { key: String } => Warn, "{key} is not what the request expected";
    WriteThrottled { units: u64 } => Bad, "{units} write capacity units/s exceeded";
    ReadThrottled { units: u64 } => Bad, "{units} read capacity units/s exceeded";
    RequestRefused { code: &'static str } => Bad, "{code}";
}
