//! What AWS refuses of topics and their subscriptions, with its place in the file.

use super::document::{Scene, SceneNode};
use super::problem::Problem;
use crate::services::sns::{FIFO_SUBSCRIPTIONS_MAX, subscription_problems, topic_problems};
use crate::services::{Kind, LinkKind, Settings};

impl Scene {
    pub(super) fn check_topics(&self, problems: &mut Vec<Problem>) {
        let topics = self.nodes.iter().enumerate().filter(|(_, node)| node.kind == Kind::Topic);
        for (index, node) in topics {
            for (name, why) in topic_problems(&settings_of(node)) {
                problems.push(Problem::new(format!("nodes[{index}].properties.{name}"), why).about(&node.id));
            }
        }
        for index in 0..self.links.len() {
            self.check_subscription(index, problems);
        }
    }

    fn check_subscription(&self, index: usize, problems: &mut Vec<Problem>) {
        let link = &self.links[index];
        let ends = (self.node(&link.from), self.node(&link.to));
        let (LinkKind::Subscription, (Some(topic), Some(subscriber))) = (link.kind, ends) else { return };
        let (of_topic, of_subscriber) = (settings_of(topic), settings_of(subscriber));
        let subscription = Settings::new(link.properties.clone(), link.kind.spec().properties);
        let queue = link.properties.get("RedrivePolicy").and_then(|policy| policy.get("deadLetterTargetArn"));
        let queue = queue.and_then(|id| self.node(id.as_str()?)).filter(|queue| queue.kind == Kind::Queue);
        let of_queue = queue.map(|queue| (queue.kind, settings_of(queue)));
        let dead_letters = of_queue.as_ref().map(|(kind, settings)| (*kind, settings));
        let subscriber = (subscriber.kind, &of_subscriber);
        for (name, why) in subscription_problems(&of_topic, subscriber, &subscription, dead_letters) {
            let place = if name == "Endpoint" {
                format!("links[{index}].to")
            } else {
                format!("links[{index}].properties.{name}")
            };
            problems.push(Problem::new(place, why).about(&link.id));
        }
        let same =
            |other: usize| self.links[other].kind == LinkKind::Subscription && self.links[other].from == link.from;
        if of_topic.boolean("FifoTopic") && (0..index).filter(|other| same(*other)).count() >= FIFO_SUBSCRIPTIONS_MAX {
            let text =
                format!("a FIFO topic has at most {FIFO_SUBSCRIPTIONS_MAX} subscriptions (SubscriptionLimitExceeded)");
            problems.push(Problem::new(format!("links[{index}]"), text).about(&link.id));
        }
    }
}

fn settings_of(node: &SceneNode) -> Settings {
    node.kind.settings(node.properties.clone())
}
