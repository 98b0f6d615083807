//! A fault at a boundary: it strikes what is inside at that moment, members of members too.

use std::collections::BTreeSet;

use super::run::Run;
use crate::engine::{Fault, FaultKind, FaultScope};
use crate::scene::Frames;

/// Strikes in the order of the members' names, so that a run does not hang on who was listed first.
///
/// `is_told`: the fault says how an outage looks. The loss of a Zone takes only what lives in one. A partition cuts what crosses the frame: inside, all still speak
/// with each other.
pub fn strike(run: &mut Run, boundary: &str, fault: &Fault, is_told: bool) {
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
        let frailty = run.shared().kinds[actor.index()].spec().frailty;
        if fault.kind == FaultKind::AzOutage && !frailty.is_zonal {
            continue;
        }
        // Each looks as it does when it is down, unless the fault says how all of them do.
        let kind = match fault.kind {
            FaultKind::Crash(_) if !is_told => FaultKind::Crash(frailty.outage),
            kind => kind,
        };
        run.world.add_fault(Fault { kind, scope: FaultScope::Actor(actor), ..*fault });
    }
}
