//! Where badges come to lie: beside what they are about, over no card and no other badge, in so many lines as have room.

use super::frame::Badge;
use crate::editor::Rect;
use crate::figure::{Face, text_width, wrapped};

pub const SIZE: f32 = 11.0;
pub const LINE_HEIGHT: f32 = 14.0;
/// Beside the lines; above and below them.
pub const PADDING: f32 = 10.0;
pub const INSET: f32 = 6.0;
/// From a badge to what it is about; where there is little room, a quarter of it.
const GAP: f32 = 8.0;
/// Places that are tried: ten, and the same with less between.
const PLACES: usize = 20;
/// So far from what it is about something can be in its way.
const REACH: f32 = 420.0;
/// To the edge of the view.
const EDGE: f32 = 8.0;
const LINES_MAX: usize = 4;
/// Widths of lines that are tried, after the one that stays near the edges of what the badge is about.
const WIDTHS: [f32; 3] = [180.0, 130.0, 264.0];
/// So much wider than what it is about a badge may be at first.
const BEYOND: f32 = 64.0;

/// A badge is readable from afar without hiding its neighbours, and calm from near.
pub fn scale(zoom: f32) -> f32 {
    (0.8 / zoom).clamp(1.0, 1.7)
}

/// Gives every badge its place; who came first keeps it. `cards` are those in view, `seen` is what is in view itself.
pub fn settle(badges: &mut [Badge], cards: &[Rect], seen: &Rect, zoom: f32) {
    let scale = scale(zoom);
    for at in 0..badges.len() {
        let (placed, rest) = badges.split_at_mut(at);
        let badge = &mut rest[0];
        let around = badge.about.grown(scale * REACH);
        let taken = cards.iter().copied().chain(placed.iter().map(Badge::place));
        let near: Vec<Rect> = taken.filter(|other| other.meets(&around)).collect();
        badge.scale = scale;
        settle_one(badge, &near, seen);
    }
}

/// The first place where it covers nothing, or the one where it covers least.
fn settle_one(badge: &mut Badge, near: &[Rect], seen: &Rect) {
    let mut least = f32::MAX;
    let own = (badge.about.width + BEYOND) / badge.scale - 2.0 * PADDING;
    for most in [own].into_iter().chain(WIDTHS) {
        let lines = lines(&badge.text, most);
        let widest = lines.iter().map(|line| text_width(line, SIZE, Face::Plain)).fold(0.0, f32::max);
        let width = badge.scale * (widest + 2.0 * PADDING);
        let height = badge.scale * (LINE_HEIGHT * lines.len() as f32 + 2.0 * INSET);
        for place in 0..PLACES {
            let place = place_of(badge, place, width, height, seen);
            let covered: f32 = near.iter().map(|other| common(&place, other)).sum();
            if covered < least {
                least = covered;
                badge.lines.clone_from(&lines);
                (badge.x, badge.y, badge.width, badge.height) = (place.x, place.y, width, height);
            }
            if least <= 0.0 {
                return;
            }
        }
    }
}

/// Of about the same length.
fn lines(text: &str, most: f32) -> Vec<String> {
    let whole = text_width(text, SIZE, Face::Plain);
    let word = text.split(' ').map(|word| text_width(word, SIZE, Face::Plain)).fold(0.0, f32::max);
    // A little wider than the average of the lines, since words end where they do; and no word is cut.
    let room = (whole / libm::ceilf(whole / most).max(1.0) * 1.25).min(most).max(word);
    wrapped(text, room, SIZE, Face::Plain, LINES_MAX)
}

/// One of the places beside what it is about, the best one first; moved, rather than cut off at the edge of the view.
fn place_of(badge: &Badge, place: usize, width: f32, height: f32, seen: &Rect) -> Rect {
    let card = &badge.about;
    let gap = if place < PLACES / 2 { GAP } else { GAP / 4.0 };
    let (below, above) = (card.bottom() + gap, card.y - gap - height);
    let columns = [card.x, card.right() - width, card.x + (card.width - width) / 2.0];
    let (x, y) = match place % (PLACES / 2) {
        row @ 0..6 => (columns[row % 3], if (row < 3) == badge.is_above { above } else { below }),
        6 => (card.right() + 2.0 * gap, card.middle().y - height / 2.0),
        7 => (card.x - 2.0 * gap - width, card.middle().y - height / 2.0),
        8 => (card.x, below + 2.0 * gap + height),
        _ => (card.x, above - 2.0 * gap - height),
    };
    let edge = badge.scale * EDGE;
    let x = x.min(seen.right() - edge - width).max(seen.x + edge);
    let y = y.min(seen.bottom() - edge - height).max(seen.y + edge);
    Rect { x, y, width, height }
}

fn common(one: &Rect, other: &Rect) -> f32 {
    let width = one.right().min(other.right()) - one.x.max(other.x);
    let height = one.bottom().min(other.bottom()) - one.y.max(other.y);
    width.max(0.0) * height.max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::Tone;

    fn badge(about: Rect, text: &str) -> Badge {
        Badge::new(about, false, text.to_owned(), Tone::Bad, String::new(), 1.0)
    }

    #[test]
    fn badges_lie_over_no_card_and_no_other_badge() {
        let card = |x: f32, y: f32| Rect { x, y, width: 184.0, height: 92.0 };
        // Rows and columns as close as in the fullest scenes.
        let cards: Vec<Rect> =
            (0..16_u8).map(|at| card(f32::from(at % 4) * 260.0, f32::from(at / 4) * 150.0)).collect();
        let seen = Rect { x: -200.0, y: -200.0, width: 1600.0, height: 1100.0 };
        // A word that is wider than from column to column has no place in each of them: there one in a row.
        for (zoom, text, every) in [
            (1.0, "not deleted in 30 s: visible again", 1),
            (0.6, "no rule matched: the event is gone", 1),
            (0.6, "ProvisionedThroughputExceededException: Rate exceeded for shard 3", 4),
        ] {
            let mut badges: Vec<Badge> = cards.iter().step_by(every).map(|card| badge(*card, text)).collect();
            settle(&mut badges, &cards, &seen, zoom);
            let boxes: Vec<Rect> = badges.iter().map(Badge::place).collect();
            for (at, place) in boxes.iter().enumerate() {
                assert!(cards.iter().all(|card| !card.meets(place)), "{zoom} {text}: {at} lies over a card");
                assert!(boxes[at + 1..].iter().all(|other| !other.meets(place)), "{zoom} {text}: {at} over another");
                assert_eq!(badges[at].lines.join(" "), text, "nothing is left out");
            }
        }
    }

    #[test]
    fn a_badge_stays_in_view() {
        let card = Rect { x: 0.0, y: 0.0, width: 184.0, height: 92.0 };
        let seen = Rect { x: -20.0, y: -20.0, width: 260.0, height: 200.0 };
        let mut badges = vec![badge(card, "throttled by its reserved concurrency, tried again in 2 s")];
        settle(&mut badges, &[card], &seen, 1.0);
        assert!(seen.holds(&badges[0].place()), "{:?}", badges[0]);
    }
}
