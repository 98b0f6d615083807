//! A fault at a boundary: it strikes what is inside at that moment, members of members too.

use std::collections::BTreeSet;

use super::run::Run;
use crate::engine::{Fault, FaultKind, FaultScope};
use crate::scene::Frames;
use crate::services::canvas::boundary::lives_in_one_zone;

/// Strikes in the order of the members' names, so that a run does not hang on who was listed first.
///
/// The loss of a Zone takes only what lives in one. A partition cuts what crosses the frame: inside, all still speak
/// with each other.
pub fn strike(run: &mut Run, boundary: &str, fault: &Fault) {
    let frames = Frames::of(run.scene_now());
    let members: BTreeSet<String> = frames.inside(boundary).into_iter().map(str::to_owned).collect();
    if fault.kind == FaultKind::Partition {
        let crosses = |from: &String, to: &String| members.contains(from) != members.contains(to);
        for (link, number) in run.numbered_links() {
            if crosses(&link.from, &link.to) {
                run.world.add_fault(Fault { scope: FaultScope::Link(number), ..*fault });
            }
        }
        return;
    }
    for id in members {
        let Some(actor) = run.actor_of(&id) else { continue };
        if fault.kind != FaultKind::AzOutage || lives_in_one_zone(run.shared().kinds[actor.index()]) {
            run.world.add_fault(Fault { scope: FaultScope::Actor(actor), ..*fault });
        }
    }
}
