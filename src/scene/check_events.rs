//! What AWS refuses of event buses, rules, schedules and their targets, with its place in the file.

use serde_json::{Map, Value};

use super::document::{Scene, SceneLink, SceneNode};
use super::problem::Problem;
use crate::services::eventbridge::{bus_problems, pipe, rule_problems, schedule_problems, target_problems};
use crate::services::{Kind, LinkKind, is_true};

impl Scene {
    pub(super) fn check_events(&self, problems: &mut Vec<Problem>) {
        for (index, node) in self.nodes.iter().enumerate() {
            for (name, why) in self.problems_of_events(node) {
                let dot = if name.is_empty() { "" } else { "." };
                let place = format!("nodes[{index}].properties{dot}{name}");
                problems.push(Problem::new(place, why).about(&node.id));
            }
        }
        for (index, link) in self.links.iter().enumerate().filter(|(_, link)| link.kind == LinkKind::Target) {
            let (Some(from), Some(target)) = (self.node(&link.from), self.node(&link.to)) else { continue };
            if from.kind == Kind::Pipe && !link.properties.is_empty() {
                let text = "a pipe's target has none: the pipe's TargetParameters tell what it gets";
                problems.push(Problem::new(format!("links[{index}].properties"), text).about(&link.from));
            }
            let queue = link.properties.get("DeadLetterConfig").and_then(|config| config.get("Arn"));
            let queue = queue.and_then(|id| self.node(id.as_str()?)).filter(|queue| queue.kind == Kind::Queue);
            let dead_letter = queue.map(|queue| &queue.properties);
            for (name, why) in
                target_problems(from.kind, &link.properties, (target.kind, &target.properties), dead_letter)
            {
                let dot = if name.is_empty() { "" } else { "." };
                let place = format!("links[{index}].properties{dot}{name}");
                problems.push(Problem::new(place, why).about(&link.from));
            }
        }
    }

    fn problems_of_events(&self, node: &SceneNode) -> Vec<(&'static str, String)> {
        let settings = || node.kind.settings(node.properties.clone());
        match node.kind {
            Kind::EventBus => {
                let rules = self.buses_and_rules().filter(|(bus, _)| bus.id == node.id);
                let rules: Vec<&Map<String, Value>> = rules.map(|(_, rule)| &rule.properties).collect();
                bus_problems(&settings(), &rules)
            }
            Kind::Rule => {
                let bus = self.buses_and_rules().find(|(_, rule)| rule.id == node.id);
                let bus = bus.map(|(bus, _)| bus.kind.settings(bus.properties.clone()));
                rule_problems(&settings(), bus.as_ref())
            }
            Kind::Schedule => {
                let targets = self.links.iter().filter(|link| link.kind == LinkKind::Target && link.from == node.id);
                schedule_problems(&settings(), targets.count())
            }
            Kind::Pipe => {
                let end = |kind: LinkKind, outward: bool| {
                    let near = |link: &SceneLink| if outward { &link.from } else { &link.to } == &node.id;
                    let link = self.links.iter().find(|link| link.kind == kind && near(link))?;
                    self.node(if outward { &link.to } else { &link.from })
                };
                let source = end(LinkKind::Poll, false).map(|source| (source.kind, &source.properties));
                let target = end(LinkKind::Target, true).map(|target| (target.kind, &target.properties));
                let any = |id: &str| {
                    let node = self.node(id)?;
                    let is_fifo = |name: &str| node.properties.get(name).is_some_and(is_true);
                    Some((node.kind, is_fifo("FifoQueue") || is_fifo("FifoTopic")))
                };
                pipe::problems(&node.properties, source, target, &any)
            }
            _ => Vec::new(),
        }
    }

    /// Each rule with its bus, whether a link or a property says so.
    fn buses_and_rules(&self) -> impl Iterator<Item = (&SceneNode, &SceneNode)> {
        let drawn = self.links.iter().filter(|link| link.kind == LinkKind::Rule);
        let drawn = drawn.filter_map(|link| Some((&**self.node(&link.from)?, &**self.node(&link.to)?)));
        let named = self.nodes.iter().filter(|node| node.kind == Kind::Rule).filter_map(|rule| {
            let bus = rule.properties.get("EventBusName")?.as_str()?;
            let is_drawn = self.links.iter().any(|link| link.kind == LinkKind::Rule && link.to == rule.id);
            Some((&**self.node(bus)?, &**rule)).filter(|_| !is_drawn)
        });
        drawn.chain(named)
    }
}
