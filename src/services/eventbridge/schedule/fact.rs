//! What can be seen to happen at a schedule; what happens to its invocations are facts of a rule's kind.

use crate::services::contract::fact::facts;

facts! {
    ScheduleFired => Good, "it is time";
    WindowOpened { wait_s: u64 } => Plain, "it fires within its window: in {wait_s} s";
    ScheduleCompleted => Plain, "it fires no more";
    ScheduleDeleted => Plain, "it has done its work and is deleted";
    RequestRefused { code: &'static str } => Bad, "{code}";
}
