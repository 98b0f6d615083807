//! What a scene says of boundaries and notes that cannot be.

use std::collections::BTreeSet;

use super::document::Scene;
use super::frames::Frames;
use super::problem::Problem;
use super::script::Act;
use crate::services::{Kind, Still};

impl Scene {
    pub(super) fn check_frames(&self, problems: &mut Vec<Problem>) {
        let frames = Frames::of(self);
        for (index, node) in self.nodes.iter().enumerate().filter(|(_, node)| node.kind == Kind::Boundary) {
            let mut seen = BTreeSet::new();
            for member in node.members() {
                let place = format!("nodes[{index}].properties.Members");
                let text = match frames.holder(member) {
                    _ if !seen.insert(member) => format!("lists \"{member}\" twice"),
                    Some(holder) if holder.id == node.id => continue,
                    Some(holder) => {
                        format!("\"{member}\" is a member of {} already; a node has one boundary", holder.id)
                    }
                    None => format!("\"{member}\" is around this boundary; nothing is inside itself"),
                };
                problems.push(Problem::new(place, text).about(&node.id));
            }
        }
        for (index, entry) in self.script.iter().enumerate() {
            let text = match (self.node(&entry.node).and_then(|node| node.kind.still()), &entry.act) {
                (Some(Still::Note), _) => "a note takes no part in a run; nothing happens",
                (Some(Still::Boundary), Act::Call { .. } | Act::Set { .. }) => {
                    "a boundary takes faults alone; call or set its members"
                }
                (Some(Still::Boundary), Act::Fault { .. }) | (None, _) => continue,
            };
            problems.push(Problem::new(format!("script[{index}].node"), text).about(&entry.node));
        }
    }
}
