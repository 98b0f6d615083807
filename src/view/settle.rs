//! Where badges come to lie: beside what they are about, over no card and no other badge, in so many lines as have room.

use super::frame::{Badge, LINE_CHARS};
use crate::editor::Rect;
use crate::figure::{Face, text_width, wrapped};

pub const SIZE: f32 = 11.0;
pub const LINE_HEIGHT: f32 = 14.0;
/// Beside the lines; above and below them.
pub const PADDING: f32 = 10.0;
pub const INSET: f32 = 6.0;
/// From a badge to what it is about, and where there is little room; to the edge of the view.
const GAPS: [f32; 2] = [8.0, 2.0];
const EDGE: f32 = 8.0;
const LINES_MAX: usize = 4;
/// The widths that are tried, in average characters.
const WIDTHS: [usize; 3] = [LINE_CHARS, 28, 20];

/// A badge is readable from afar without hiding its neighbours, and calm from near.
pub fn scale(zoom: f32) -> f32 {
    (0.8 / zoom).clamp(1.0, 1.7)
}

/// Gives every badge its place; who came first keeps it. `cards` are those in view, `seen` is what is in view itself.
pub fn settle(badges: &mut [Badge], cards: &[Rect], seen: &Rect, zoom: f32) {
    let scale = scale(zoom);
    let mut taken: Vec<Rect> = Vec::new();
    for badge in badges {
        let shapes: Vec<Vec<String>> = WIDTHS.iter().map(|chars| lines(&badge.text, *chars)).collect();
        let around = badge.about.grown(scale * 420.0);
        let near: Vec<&Rect> = cards.iter().chain(&taken).filter(|other| other.meets(&around)).collect();
        let mut best: Option<(f32, Rect, usize)> = None;
        'found: for (index, shape) in shapes.iter().enumerate() {
            let (width, height) = size(shape, scale);
            for (x, y) in GAPS.into_iter().flat_map(|gap| places(badge, width, height, gap)) {
                let place = kept_inside(Rect { x, y, width, height }, seen, scale);
                let covered: f32 = near.iter().map(|other| common(&place, other)).sum();
                if best.as_ref().is_none_or(|(least, ..)| covered < *least) {
                    best = Some((covered, place, index));
                }
                if covered <= 0.0 {
                    break 'found;
                }
            }
        }
        let Some((_, place, index)) = best else { continue };
        badge.lines = shapes.into_iter().nth(index).unwrap_or_default();
        (badge.x, badge.y, badge.width, badge.height) = (place.x, place.y, place.width, place.height);
        badge.scale = scale;
        taken.push(place);
    }
}

/// Of about the same length.
fn lines(text: &str, chars: usize) -> Vec<String> {
    let whole = text_width(text, SIZE, Face::Plain);
    let most = chars as f32 * SIZE * 0.6;
    // A little wider than the average of the lines, since words end where they do.
    let count = libm::ceilf(whole / most).max(1.0);
    let room = (whole / count * 1.25).min(most).max(whole.min(SIZE * 12.0));
    wrapped(text, room, SIZE, Face::Plain, LINES_MAX)
}

fn size(lines: &[String], scale: f32) -> (f32, f32) {
    let widest = lines.iter().map(|line| text_width(line, SIZE, Face::Plain)).fold(0.0, f32::max);
    (scale * (widest + 2.0 * PADDING), scale * (LINE_HEIGHT * lines.len() as f32 + 2.0 * INSET))
}

/// The places beside what it is about, the best one first.
fn places(badge: &Badge, width: f32, height: f32, gap: f32) -> [(f32, f32); 10] {
    let card = &badge.about;
    let (below, above) = (card.bottom() + gap, card.y - gap - height);
    let (left, right) = (card.x, card.right() - width);
    let middle = card.x + (card.width - width) / 2.0;
    let (first, second) = if badge.is_above { (above, below) } else { (below, above) };
    let level = card.middle().y - height / 2.0;
    [
        (left, first),
        (right, first),
        (middle, first),
        (left, second),
        (right, second),
        (middle, second),
        (card.right() + 2.0 * gap, level),
        (card.x - 2.0 * gap - width, level),
        (left, below + 2.0 * gap + height),
        (left, above - 2.0 * gap - height),
    ]
}

/// Moved, rather than cut off at the edge of the view.
fn kept_inside(place: Rect, seen: &Rect, scale: f32) -> Rect {
    let edge = scale * EDGE;
    let x = place.x.min(seen.right() - edge - place.width).max(seen.x + edge);
    let y = place.y.min(seen.bottom() - edge - place.height).max(seen.y + edge);
    Rect { x, y, ..place }
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
        for (zoom, text) in [
            (1.0, "not deleted in 30 s: visible again"),
            (0.6, "no rule matched: the event is gone"),
            (0.6, "ProvisionedThroughputExceededException: Rate exceeded for shard 3"),
        ] {
            let mut badges: Vec<Badge> = cards.iter().map(|card| badge(*card, text)).collect();
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
