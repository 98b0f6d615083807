//! Guides while cards are dragged: in line with others, or at the same gap as they have. What lies around is sorted once,
//! when the drag begins.

use std::collections::BTreeSet;

use super::layout::snapped;
use super::layout::{bounds_of, card_rect};
use super::rect::Rect;
use crate::engine::Sort;
use crate::figure::Point;
use crate::scene::{Frames, Scene, SceneNode};

/// A line to draw while the cards lie where they snapped to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Guide {
    /// Along the edges or middles that are in line.
    Line { from: Point, to: Point },
    /// From card to card: one of several equal gaps.
    Gap { from: Point, to: Point },
}

/// Pixels of the view within which a card snaps.
const REACH_PX: f32 = 6.0;
/// What counts as the same place, in units of the canvas.
const SAME: f32 = 0.01;

/// What a drag is reckoned against.
#[derive(Clone, Debug, Default)]
pub struct Guides {
    /// Around what is dragged, where it began.
    whole: Rect,
    /// The card that the hand holds: it goes by the grid where nothing else draws it.
    held: Rect,
    others: Vec<Rect>,
    /// Those of them that are no frames: gaps are between cards.
    cards: Vec<Rect>,
    /// Edges and middles of the others across and down, sorted.
    across: Vec<(f32, usize)>,
    down: Vec<(f32, usize)>,
}

impl Guides {
    /// The cards in view that stay where they are.
    pub fn begin(scene: &Scene, view: &Rect, carried: &BTreeSet<String>, held: &SceneNode) -> Self {
        let frames = Frames::of(scene);
        let whole = bounds_of(scene.nodes.iter().filter(|node| carried.contains(&node.id)).map(|node| &**node));
        let held = card_rect(held);
        let mut guides = Self { whole: whole.unwrap_or(held), held, ..Self::default() };
        for node in scene.nodes.iter().filter(|node| !carried.contains(&node.id) && !frames.hides(&node.id)) {
            let card = card_rect(node);
            if card.meets(view) {
                if !node.is_frame() {
                    guides.cards.push(card);
                }
                let index = guides.others.len();
                guides.others.push(card);
                guides.across.extend(stops(card.x, card.width).map(|at| (at, index)));
                guides.down.extend(stops(card.y, card.height).map(|at| (at, index)));
            }
        }
        for lines in [&mut guides.across, &mut guides.down] {
            lines.order_by(|one, two| one.0.total_cmp(&two.0));
        }
        guides
    }

    /// On the grid alone.
    pub fn on_grid(&self, by: Point) -> Point {
        Point::new(snapped(self.held.x + by.x) - self.held.x, snapped(self.held.y + by.y) - self.held.y)
    }

    /// Where a drag by so much comes to lie, and the lines that say why.
    pub fn snap(&self, by: Point, zoom: f32) -> (Point, Vec<Guide>) {
        let reach = REACH_PX / zoom;
        let at = |by: Point| Rect { x: self.whole.x + by.x, y: self.whole.y + by.y, ..self.whole };
        let raw = at(by);
        let grid = self.on_grid(by);
        let x = nearest(stops(raw.x, raw.width), &self.across, reach);
        let y = nearest(stops(raw.y, raw.height), &self.down, reach);
        let row = self.gaps(&raw, true).filter(|gap| gap.abs() <= reach && x.is_none_or(|x| gap.abs() < x.abs()));
        let column = self.gaps(&raw, false).filter(|gap| gap.abs() <= reach && y.is_none_or(|y| gap.abs() < y.abs()));
        let to =
            Point::new(row.or(x).map_or(grid.x, |step| by.x + step), column.or(y).map_or(grid.y, |step| by.y + step));
        let (placed, mut guides) = (at(to), Vec::new());
        if x.is_some() && row.is_none() {
            self.lines(&placed, true, &mut guides);
        }
        if y.is_some() && column.is_none() {
            self.lines(&placed, false, &mut guides);
        }
        for (is_row, snapped) in [(true, row), (false, column)] {
            if snapped.is_some() {
                guides.extend(self.equal_gaps(&placed, is_row));
            }
        }
        (to, guides)
    }

    /// The nearest step that makes a gap beside the cards equal to another.
    fn gaps(&self, raw: &Rect, is_row: bool) -> Option<f32> {
        let flat = |card: &Rect| span(card, is_row);
        let (from, length) = flat(raw);
        let row = Row::around(&self.cards, raw, is_row);
        let steps = row.options().into_iter().map(|option| match option {
            Third::Between(one, two) => (flat(one).0 + flat(one).1 + flat(two).0 - length) / 2.0 - from,
            Third::After(one, two) => {
                let gap = flat(two).0 - flat(one).0 - flat(one).1;
                flat(two).0 + flat(two).1 + gap - from
            }
            Third::Before(one, two) => {
                let gap = flat(two).0 - flat(one).0 - flat(one).1;
                flat(one).0 - gap - length - from
            }
        });
        steps.min_by(|one, two| one.abs().total_cmp(&two.abs()))
    }

    /// The gaps that are equal where the cards lie.
    fn equal_gaps(&self, placed: &Rect, is_row: bool) -> Vec<Guide> {
        let row = Row::around(&self.cards, placed, is_row);
        let gap = |one: &Rect, two: &Rect| span(two, is_row).0 - span(one, is_row).0 - span(one, is_row).1;
        let mut guides = Vec::new();
        for option in row.options() {
            let three = match option {
                Third::Between(one, two) => [one, placed, two],
                Third::After(one, two) => [one, two, placed],
                Third::Before(one, two) => [placed, one, two],
            };
            if (gap(three[0], three[1]) - gap(three[1], three[2])).abs() < SAME * 4.0 {
                for pair in three.windows(2) {
                    let guide = mark(pair[0], pair[1], is_row);
                    if !guides.contains(&guide) {
                        guides.push(guide);
                    }
                }
            }
        }
        guides
    }

    /// Lines through every edge and middle that is in line with another's.
    fn lines(&self, placed: &Rect, is_row: bool, guides: &mut Vec<Guide>) {
        let (from, length) = span(placed, is_row);
        let known = if is_row { &self.across } else { &self.down };
        for at in stops(from, length) {
            let first = known.partition_point(|(stop, _)| *stop < at - SAME);
            let same = known[first..].iter().take_while(|(stop, _)| *stop <= at + SAME);
            let all = same.map(|(_, index)| self.others[*index]).reduce(|all, card| all.joined(&card));
            let Some(all) = all.map(|all| all.joined(placed)) else { continue };
            guides.push(if is_row {
                Guide::Line { from: Point::new(at, all.y), to: Point::new(at, all.bottom()) }
            } else {
                Guide::Line { from: Point::new(all.x, at), to: Point::new(all.right(), at) }
            });
        }
    }
}

/// Begin, middle and end.
fn stops(from: f32, length: f32) -> [f32; 3] {
    [from, from + length / 2.0, from + length]
}

fn span(card: &Rect, is_row: bool) -> (f32, f32) {
    if is_row { (card.x, card.width) } else { (card.y, card.height) }
}

/// The smallest step that brings one of the three onto a known line.
fn nearest(own: [f32; 3], known: &[(f32, usize)], reach: f32) -> Option<f32> {
    let mut best: Option<f32> = None;
    for at in own {
        let above = known.partition_point(|(stop, _)| *stop < at);
        for (stop, _) in known[above.saturating_sub(1)..].iter().take(2) {
            let step = stop - at;
            if step.abs() <= reach && best.is_none_or(|best| step.abs() < best.abs()) {
                best = Some(step);
            }
        }
    }
    best
}

fn mark(one: &Rect, two: &Rect, is_row: bool) -> Guide {
    let middle = |from: f32, to: f32| (from + to) / 2.0;
    if is_row {
        let y = middle(one.y.max(two.y), one.bottom().min(two.bottom()));
        Guide::Gap { from: Point::new(one.right(), y), to: Point::new(two.x, y) }
    } else {
        let x = middle(one.x.max(two.x), one.right().min(two.right()));
        Guide::Gap { from: Point::new(x, one.bottom()), to: Point::new(x, two.y) }
    }
}

/// The nearest two cards on either side, of those that lie in the same row or column.
struct Row<'a> {
    before: [Option<&'a Rect>; 2],
    after: [Option<&'a Rect>; 2],
}

/// The two cards a third one goes with, in their order.
enum Third<'a> {
    Between(&'a Rect, &'a Rect),
    After(&'a Rect, &'a Rect),
    Before(&'a Rect, &'a Rect),
}

impl<'a> Row<'a> {
    fn around(cards: &'a [Rect], card: &Rect, is_row: bool) -> Self {
        let (from, length) = span(card, !is_row);
        let beside = |other: &&Rect| {
            let (start, long) = span(other, !is_row);
            start < from + length && from < start + long
        };
        let middle = span(card, is_row).0 + span(card, is_row).1 / 2.0;
        let mut row = Self { before: [None; 2], after: [None; 2] };
        for other in cards.iter().filter(beside) {
            let (start, long) = span(other, is_row);
            if start + long <= middle {
                keep_near(&mut row.before, other, |one, two| end(one, is_row) > end(two, is_row));
            } else if start >= middle {
                keep_near(&mut row.after, other, |one, two| span(one, is_row).0 < span(two, is_row).0);
            }
        }
        row
    }

    fn options(&self) -> Vec<Third<'a>> {
        let mut options = Vec::new();
        if let (Some(one), Some(two)) = (self.before[0], self.after[0]) {
            options.push(Third::Between(one, two));
        }
        if let [Some(near), Some(far)] = self.before {
            options.push(Third::After(far, near));
        }
        if let [Some(near), Some(far)] = self.after {
            options.push(Third::Before(near, far));
        }
        options
    }
}

fn end(card: &Rect, is_row: bool) -> f32 {
    let (from, length) = span(card, is_row);
    from + length
}

fn keep_near<'a>(two: &mut [Option<&'a Rect>; 2], new: &'a Rect, nearer: impl Fn(&Rect, &Rect) -> bool) {
    if two[0].is_none_or(|near| nearer(new, near)) {
        *two = [Some(new), two[0]];
    } else if two[1].is_none_or(|far| nearer(new, far)) {
        two[1] = Some(new);
    }
}
