//! What AWS refuses of topics and their subscriptions, of a whole scene.

use super::FIFO_SUBSCRIPTIONS_MAX;
use super::rules::{subscription_problems, topic_problems};
use crate::services::{Kind, LinkKind, LinkView, SceneView, Wrong};

pub fn problems(scene: &SceneView<'_>) -> Vec<Wrong> {
    let mut found = Vec::new();
    for node in scene.nodes_of(Kind::Topic) {
        found.extend(topic_problems(&node.settings()).into_iter().map(|(name, why)| node.wrong(name, why)));
    }
    for link in scene.links_of(LinkKind::Subscription) {
        of_subscription(link, scene, &mut found);
    }
    found
}

fn of_subscription(link: &LinkView<'_>, scene: &SceneView<'_>, found: &mut Vec<Wrong>) {
    let (of_topic, of_subscriber) = (link.from.settings(), link.to.settings());
    let queue = link.properties.get("RedrivePolicy").and_then(|policy| policy.get("deadLetterTargetArn"));
    let of_queue = scene.named(queue, Kind::Queue).map(|queue| (queue.kind, queue.settings()));
    let dead_letters = of_queue.as_ref().map(|(kind, settings)| (*kind, settings));
    let subscriber = (link.to.kind, &of_subscriber);
    for (name, why) in subscription_problems(&of_topic, subscriber, &link.settings(), dead_letters) {
        found.push(match name {
            "Endpoint" => link.wrong("to", why, link.id),
            name => link.wrong_property(name, why, link.id),
        });
    }
    let earlier = scene.links_of(LinkKind::Subscription).filter(|other| other.place < link.place);
    let same = earlier.filter(|other| other.from.id == link.from.id).count();
    if of_topic.boolean("FifoTopic") && same >= FIFO_SUBSCRIPTIONS_MAX {
        let text =
            format!("a FIFO topic has at most {FIFO_SUBSCRIPTIONS_MAX} subscriptions (SubscriptionLimitExceeded)");
        found.push(link.wrong("", text, link.id));
    }
}
