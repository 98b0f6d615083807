//! What AWS refuses of event buses, rules, schedules, pipes and their targets, of a whole scene.

use serde_json::{Map, Value};

use super::pipe;
use super::refusals::{bus_problems, rule_problems, schedule_problems};
use super::target::problems as target_problems;
use crate::services::limits::TARGETS_PER_RULE_MAX;
use crate::services::{Kind, LinkKind, NodeView, SceneView, Wrong, is_true};

pub fn of_buses(scene: &SceneView<'_>) -> Vec<Wrong> {
    let of = |bus: &NodeView<'_>| {
        let rules: Vec<&Map<String, Value>> =
            buses_and_rules(scene).filter(|(own, _)| own.id == bus.id).map(|(_, rule)| rule.properties).collect();
        named(bus, bus_problems(&bus.settings(), &rules))
    };
    scene.nodes_of(Kind::EventBus).flat_map(of).collect()
}

/// Of rules, and of the targets of rules, schedules and pipes.
pub fn of_rules(scene: &SceneView<'_>) -> Vec<Wrong> {
    let of = |rule: &NodeView<'_>| {
        let bus = buses_and_rules(scene).find(|(_, own)| own.id == rule.id).map(|(bus, _)| bus.settings());
        named(rule, rule_problems(&rule.settings(), bus.as_ref()))
    };
    let mut found: Vec<Wrong> = scene.nodes_of(Kind::Rule).flat_map(of).collect();
    for link in scene.links_of(LinkKind::Target) {
        let earlier = scene.links_of(LinkKind::Target).filter(|other| other.place < link.place);
        if earlier.filter(|other| other.from.id == link.from.id).count() >= TARGETS_PER_RULE_MAX {
            let most = TARGETS_PER_RULE_MAX;
            let text = format!("a rule has at most {most} targets (LimitExceededException); make a second rule");
            found.push(link.wrong("", text, link.from.id));
        }
        if link.from.kind == Kind::Pipe && !link.properties.is_empty() {
            let text = "a pipe's target has none: the pipe's TargetParameters tell what it gets";
            found.push(link.wrong_property("", text, link.from.id));
        }
        let queue = link.properties.get("DeadLetterConfig").and_then(|config| config.get("Arn"));
        let dead_letter = scene.named(queue, Kind::Queue).map(|queue| queue.properties);
        let target = (link.to.kind, link.to.properties);
        let refusals = target_problems(link.from.kind, link.properties, target, dead_letter);
        found.extend(refusals.into_iter().map(|(name, why)| link.wrong_property(name, why, link.from.id)));
    }
    found
}

pub fn of_schedules(scene: &SceneView<'_>) -> Vec<Wrong> {
    let of = |schedule: &NodeView<'_>| {
        let targets = scene.links_of(LinkKind::Target).filter(|link| link.from.id == schedule.id);
        named(schedule, schedule_problems(&schedule.settings(), targets.count()))
    };
    scene.nodes_of(Kind::Schedule).flat_map(of).collect()
}

pub fn of_pipes(scene: &SceneView<'_>) -> Vec<Wrong> {
    let of = |pipe: &NodeView<'_>| {
        let source = scene
            .links_of(LinkKind::Poll)
            .find(|link| link.to.id == pipe.id)
            .map(|link| (link.from.kind, link.from.properties));
        let target = scene
            .links_of(LinkKind::Target)
            .find(|link| link.from.id == pipe.id)
            .map(|link| (link.to.kind, link.to.properties));
        let any = |id: &str| {
            let node = scene.node(id)?;
            let is_fifo = |name: &str| node.properties.get(name).is_some_and(is_true);
            Some((node.kind, is_fifo("FifoQueue") || is_fifo("FifoTopic")))
        };
        named(pipe, pipe::problems(pipe.properties, source, target, &any))
    };
    scene.nodes_of(Kind::Pipe).flat_map(of).collect()
}

fn named(node: &NodeView<'_>, found: Vec<(&'static str, String)>) -> Vec<Wrong> {
    found.into_iter().map(|(name, why)| node.wrong(name, why)).collect()
}

/// Each rule with its bus, whether a link or a property says so.
fn buses_and_rules<'s, 'a>(scene: &'s SceneView<'a>) -> impl Iterator<Item = (&'s NodeView<'a>, &'s NodeView<'a>)> {
    let drawn = scene.links_of(LinkKind::Rule).map(|link| (&link.from, &link.to));
    let named = scene.nodes_of(Kind::Rule).filter_map(|rule| {
        let bus = rule.properties.get("EventBusName")?.as_str()?;
        let is_drawn = scene.links_of(LinkKind::Rule).any(|link| link.to.id == rule.id);
        Some((scene.node(bus)?, rule)).filter(|_| !is_drawn)
    });
    drawn.chain(named)
}
