//! Changes of an execution's status as events of `aws.states` on the default bus (SFN-24).
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html>

use serde_json::json;

use super::fact::Fact;
use super::model::Model;
use crate::engine::LinkId;
use crate::lang::asl::execution::Status;
use crate::services::{Cx, Deadline, Door, Kind, LinkKind, Meta, Route};

impl Model {
    /// Standard executions alone tell of themselves, and only where there is a bus of that name.
    pub(super) fn publish_change(&mut self, number: u64, status: Status, cx: &mut Cx<'_>) {
        if self.config.is_express {
            return;
        }
        let Some(held) = self.executions.get(number) else { return };
        let Some(route) = default_bus(cx) else { return };
        let execution = &held.execution;
        let ended = execution.ended().filter(|_| status != Status::Running);
        let millis = |at: u64| 1_767_225_600_000_u64 + at / 1_000;
        let succeeded = execution.output().filter(|_| status == Status::Succeeded);
        let detail = json!({ "executionArn": execution.identity().id, "stateMachineArn": self.arn,
            "name": execution.identity().name, "status": status.name(), "startDate": millis(execution.started()),
            "stopDate": ended.map(millis), "input": execution.input().to_string(),
            "inputDetails": { "included": true }, "output": succeeded.map(|output| output.to_string()),
            "outputDetails": succeeded.map(|_| json!({ "included": true })), "error": execution.error().error,
            "cause": execution.error().cause, "redriveCount": execution.redrives() });
        let id = execution.identity().id.clone();
        let meta = Meta {
            source: Some("aws.states".to_owned()),
            detail_type: Some("Step Functions Execution Status Change".to_owned()),
            resources: vec![id],
            ..Meta::default()
        };
        let Some(request) = route.peer_kind.push_request(1) else { return };
        let from = self.root_message(number);
        let mut message =
            cx.produce(detail.to_string().into(), Some(meta.into()), from.as_ref().map_or(0, |from| from.hue));
        cx.shared().followers += 1;
        if let Some(from) = &from {
            cx.follows(&mut message, from);
            cx.descend(message.token, from.token);
        }
        cx.fact(Fact::StateChangePublished { status: status.name().to_owned() }, Some(message.token));
        let _call = cx.call_within(&route, request, vec![message], Deadline::SERVICE);
    }
}

fn default_bus(cx: &Cx<'_>) -> Option<Route> {
    let shared = cx.shared_ref();
    let is_default = |actor: crate::engine::ActorId| {
        shared.kinds[actor.index()] == Kind::EventBus
            && shared.settings[actor.index()].text("Name").as_deref() == Some("default")
            && !shared.deleted.contains(&actor)
    };
    let (name, actor) = shared.by_name.iter().find(|(_, actor)| is_default(**actor))?;
    let routes = cx.routes();
    let linked = routes.iter().find(|route| route.peer == *actor && route.outward);
    Some(linked.cloned().unwrap_or_else(|| Route {
        link: LinkId::NONE,
        kind: LinkKind::Integration,
        peer: *actor,
        peer_kind: Kind::EventBus,
        peer_name: name.as_str().into(),
        outward: true,
        settings: shared.settings[actor.index()].clone(),
    }))
}
