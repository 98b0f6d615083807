//! What the expressions of a state see: variables, input, and the context object (SFN-15).

use serde_json::{Value, json};

use super::Execution;
use super::scope::{Scope, World};
use super::thread::{Item, Thread, ThreadId};
use crate::lang::asl::machine::StateKind;
use crate::lang::instant::instant_text;

impl Execution {
    /// Evaluates something in the scope of a thread's state.
    pub(super) fn in_scope<R>(
        &self,
        id: ThreadId,
        world: &mut dyn World,
        evaluate: impl FnOnce(&Scope<'_>, &mut dyn World) -> R,
    ) -> R {
        let thread = &self.threads[&id];
        let reads = self.machine.states[thread.state].reads_context;
        let context = if reads { self.context(thread, thread.item.as_deref()) } else { Value::Null };
        evaluate(&Scope { input: &thread.input, context: &context, variables: &thread.variables }, world)
    }

    /// The context object (SFN-15).
    pub(super) fn context(&self, thread: &Thread, item: Option<&Item>) -> Value {
        let identity = &self.identity;
        let state = &self.machine.states[thread.state];
        let mut context = json!({
            "Execution": { "Id": identity.id, "Input": *self.input, "StartTime": instant_text(self.started),
                "Name": identity.name, "RoleArn": identity.role, "RedriveCount": self.redrives },
            "StateMachine": { "Id": identity.machine_id, "Name": identity.machine_name },
            "State": { "Name": state.name, "EnteredTime": instant_text(thread.entered_at) },
        });
        if matches!(state.kind, StateKind::Task(_) | StateKind::Parallel { .. } | StateKind::Map(_)) {
            context["State"]["RetryCount"] = thread.retries.into();
        }
        if let Some(token) = thread.task().and_then(|run| run.token.as_deref()) {
            context["Task"] = json!({ "Token": token });
        }
        if let Some(item) = item {
            context["Map"] = json!({ "Item": { "Index": item.index, "Value": item.value } });
            if let Some(key) = &item.key {
                context["Map"]["Item"]["Key"] = key.clone().into();
            }
        }
        context
    }
}
