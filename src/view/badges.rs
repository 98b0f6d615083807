//! Why something failed, at the place where it did, for a few seconds.

use std::collections::BTreeMap;

use super::frame::Badge;
use super::layout::LinkCurves;
use crate::editor::{Rect, card_rect};
use crate::engine::{ActorId, MICROS_PER_SECOND, Micros, Sort, TraceRecord};
use crate::figure::Tone;
use crate::services::{Describe, Fact};
use crate::sim::Run;

/// How long a badge stays, in virtual time, and how much of that it fades.
const LIFETIME: Micros = 4 * MICROS_PER_SECOND;
const FADING: Micros = MICROS_PER_SECOND;
const BADGES_MAX: usize = 100;

/// One badge a node: the worst of what just happened there, and of that the newest.
pub fn badges(cards: &LinkCurves<'_>, run: &Run, view: &Rect, at: Micros) -> Vec<Badge> {
    let worst = worst_by_actor(run, at);
    let badge = |record: &TraceRecord<Fact>| {
        let name = run.name_of(record.actor);
        let (node, shown) = (cards.node(name)?, cards.shown(name)?);
        let card = card_rect(shown);
        if !card.meets(view) {
            return None;
        }
        let left = LIFETIME.saturating_sub(at.saturating_sub(record.at));
        let (fact, detail) = (record.fact.name(), record.fact.detail());
        let (text, tone) = (if detail.is_empty() { fact.to_owned() } else { detail }, record.fact.tone());
        Some(Badge::new(card, false, text, tone, node.id.clone(), (left as f32 / FADING as f32).min(1.0)))
    };
    // The oldest first, so that it stays where it lies when another joins it.
    let mut worst: Vec<&TraceRecord<Fact>> = worst.into_values().collect();
    worst.order_by_key(|record| record.seq);
    worst.into_iter().filter_map(badge).take(BADGES_MAX).collect()
}

fn worst_by_actor(run: &Run, at: Micros) -> BTreeMap<ActorId, &TraceRecord<Fact>> {
    let mut worst: BTreeMap<ActorId, &TraceRecord<Fact>> = BTreeMap::new();
    let recent = run.trace().window().iter().rev().take_while(|record| at.saturating_sub(record.at) < LIFETIME);
    for record in recent {
        let tone = record.fact.tone();
        if tone >= Tone::Warn && worst.get(&record.actor).is_none_or(|known| known.fact.tone() < tone) {
            worst.insert(record.actor, record);
        }
    }
    worst
}
