//! Messages on their way: each transfer's place follows from its two times and its link's curve.

use std::collections::BTreeMap;

use super::frame::Dot;
use super::layout::{LinkCurves, Places};
use crate::editor::Rect;
use crate::engine::{ActorId, LinkId, Micros, Transfer};
use crate::figure::{Curve, Point, Shape, part_left};
use crate::scene::{Scene, SceneLink};
use crate::services::{Kind, LinkKind, Message, Owner, Reference, Signal};
use crate::sim::Run;

/// Beyond so many dots they thin out: the density still shows the rate, and the number stays exact.
const DOTS_MAX: u64 = 20_000;
/// Dots of one transfer: a batch of hundreds is seen as a train, not counted.
const TRAIN_MAX: usize = 24;
/// Canvas units between the dots of one train.
const GAP: f32 = 13.0;
/// The part of its way a train may be long: more, and its tail would run backwards at the start.
const TRAIN_PART_MAX: f32 = 0.24;
const RADIUS: f32 = 5.5;
/// How much of the motion is eased; the rest is even, as time is.
const EASE: f32 = 0.2;
/// What is lost fades out between these parts of its way.
const FADE: (f32, f32) = (0.25, 0.5);
/// Of one call that did not get through, so many are seen, and so faint.
const STRANDED_MAX: usize = 6;
const STRANDED_OPACITY: f32 = 0.55;

/// Adds the dots in view; returns how many messages travel in all.
pub fn travelling<'a>(
    scene: &'a Scene,
    cards: &LinkCurves<'a>,
    run: &Run,
    view: &Rect,
    at: Micros,
    dots: &mut Vec<Dot>,
) -> u64 {
    let begin = dots.len();
    let mut ways = Ways::new(scene, cards, run);
    let total = add_all(&mut ways, 1, view, at, dots);
    if total > DOTS_MAX {
        dots.truncate(begin);
        add_all(&mut ways, total.div_ceil(DOTS_MAX), view, at, dots);
    }
    total
}

/// Adds one of so many; returns how many there are. Of what has to be thinned out yet it adds only a part.
#[inline(never)] // hot loop
fn add_all(ways: &mut Ways<'_, '_>, every: u64, view: &Rect, at: Micros, dots: &mut Vec<Dot>) -> u64 {
    let mut total = 0;
    for transfer in ways.run.transfers() {
        let parts = transfer.signal.visible_parts();
        let count = parts[0].len() + parts[1].len() + parts[2].len();
        total += count as u64;
        // Most of what answers carry nothing to see.
        if count > 0
            && total.div_ceil(every) <= DOTS_MAX
            && let Some(way) = ways.of((transfer.link, transfer.from, transfer.to))
        {
            add(way, transfer, parts, every, view, at, dots);
        }
    }
    total + add_stranded(ways, view, at, dots)
}

/// What a fault stopped lies half way, until whoever sent it gives up; how many.
#[inline(never)] // hot loop
fn add_stranded(ways: &mut Ways<'_, '_>, view: &Rect, at: Micros, dots: &mut Vec<Dot>) -> u64 {
    let mut total = 0;
    for (from, stranded) in ways.run.shared().stranded() {
        total += stranded.messages.len() as u64;
        let Some(way) = ways.of((stranded.link, from, stranded.to)) else { continue };
        let point = way.curve.at(0.5);
        let ring = Some(part_left(stranded.since, stranded.until, at));
        for (message, place) in stranded.messages.iter().zip(0_u8..).take(STRANDED_MAX) {
            let Message { token, hue, poisoned, .. } = *message;
            let (x, y) = (point.x + f32::from(place) * GAP, point.y);
            if view.contains(Point::new(x, y)) {
                let (radius, shape) = (RADIUS, way.shape);
                dots.push(Dot { x, y, radius, token, hue, shape, ring, opacity: STRANDED_OPACITY, poisoned });
            }
        }
    }
    total
}

#[inline(never)] // hot loop
fn add(
    way: &Way,
    transfer: &Transfer<Signal>,
    parts: [&[Message]; 3],
    every: u64,
    view: &Rect,
    at: Micros,
    dots: &mut Vec<Dot>,
) {
    let part = part_of_way(transfer.departs, transfer.arrives, at);
    let opacity = if transfer.lost.is_some() { ((FADE.1 - part) / (FADE.1 - FADE.0)).clamp(0.0, 1.0) } else { 1.0 };
    if opacity == 0.0 {
        return;
    }
    let mut put = |message: &Message, part: f32| {
        let along = eased(part.clamp(0.0, 1.0));
        let point = way.curve.at(if way.forward { along } else { 1.0 - along });
        if view.contains(point) {
            let Message { token, hue, poisoned, .. } = *message;
            let (x, y, radius, shape) = (point.x, point.y, RADIUS, way.shape);
            dots.push(Dot { x, y, radius, token, hue, shape, ring: None, opacity, poisoned });
        }
    };
    // By identity, not by order: the same dots stay while others come and go.
    let stays = |message: &&Message| message.token.is_multiple_of(every);
    // Ten thousand of these in one frame: the usual case is worth a line.
    if let [[message], [], []] = parts {
        if stays(&message) {
            put(message, part);
        }
        return;
    }
    // A train leaves and arrives as one, and is longest half way.
    let train = || parts.into_iter().flatten().filter(stays).take(TRAIN_MAX);
    let followers = train().count().saturating_sub(1).max(1) as f32;
    let gap = (GAP / way.length).min(TRAIN_PART_MAX / followers) * 4.0 * part * (1.0 - part);
    for (message, index) in train().zip(0_u8..) {
        put(message, part - gap * f32::from(index));
    }
}

/// How much of the way lies behind at time `at`.
fn part_of_way(departs: Micros, arrives: Micros, at: Micros) -> f32 {
    let whole = arrives.saturating_sub(departs);
    if whole == 0 {
        return 1.0;
    }
    (at.saturating_sub(departs) as f64 / whole as f64).min(1.0) as f32
}

fn eased(part: f32) -> f32 {
    let smooth = part * part * (3.0 - 2.0 * part);
    part + EASE * (smooth - part)
}

/// The way of a transfer.
#[derive(Clone, Copy)]
struct Way {
    curve: Curve,
    length: f32,
    shape: Shape,
    forward: bool,
}

/// The ways of a frame, each worked out once.
struct Ways<'f, 'a> {
    run: &'f Run,
    cards: &'f LinkCurves<'a>,
    scene: &'a Scene,
    places: Places<'a>,
    known: BTreeMap<WayKey, Option<Way>>,
}

/// A link, and from where to where a transfer uses it.
type WayKey = (LinkId, ActorId, ActorId);

impl<'f, 'a: 'f> Ways<'f, 'a> {
    fn new(scene: &'a Scene, cards: &'f LinkCurves<'a>, run: &'f Run) -> Self {
        Self { run, cards, scene, places: Places::default(), known: BTreeMap::new() }
    }

    fn link(&self, id: &str) -> Option<&'a SceneLink> {
        let place = self.places.of(id, &mut self.scene.links.iter().map(|link| &*link.id))?;
        Some(&self.scene.links[place])
    }

    #[inline(never)] // hot loop
    fn of(&mut self, key: WayKey) -> Option<&Way> {
        if !self.known.contains_key(&key) {
            self.known.insert(key, self.work_out(key));
        }
        self.known.get(&key)?.as_ref()
    }

    /// Along its link; straight from card to card when the link is gone, or was never drawn.
    fn work_out(&self, (link, from, to): WayKey) -> Option<Way> {
        let (from, to) = (self.run.name_of(from), self.run.name_of(to));
        let (kind, begins, ends) = match self.ends(link) {
            Some((kind, begins, ends)) if (begins, ends) == (from, to) || (begins, ends) == (to, from) => {
                (kind, begins, ends)
            }
            _ => (LinkKind::Send, from, to),
        };
        let (source, target) = (self.cards.node(begins)?, self.cards.node(ends)?);
        let curve = self.cards.between(kind, begins, ends)?;
        let shape = shape(source.kind, target.kind);
        Some(Way { curve, length: length(&curve), shape, forward: begins == from })
    }

    /// The kind and the ends of a link, also of one that stands for a property ([`Reference`]).
    fn ends(&self, link: LinkId) -> Option<(LinkKind, &'f str, &'f str)> {
        let name = self.run.link_name(link)?;
        if let Some(link) = self.link(name) {
            return Some((link.kind, &link.from, &link.to));
        }
        let (reference, owner) = Reference::of_line(name)?;
        let (near, properties): (&str, _) = match reference.owner {
            Owner::Node(_) => self.cards.node(owner).map(|node| (&*node.id, &node.properties))?,
            Owner::Link(_) => {
                self.link(owner).map(|link| (reference.near_end(&link.from, &link.to), &link.properties))?
            }
        };
        let far = reference.read(properties)?;
        let (from, to) = if reference.inward { (far, near) } else { (near, far) };
        Some((reference.link, from, to))
    }
}

/// A record is a square and an event a diamond, from the call that puts it until it is read or delivered.
fn shape(from: Kind, to: Kind) -> Shape {
    from.spec().shape.or(to.spec().shape).unwrap_or(Shape::Disc)
}

/// Near enough, by eight chords.
fn length(curve: &Curve) -> f32 {
    let mut from = curve.at(0.0);
    let mut length = 0.0;
    for step in 1..=8_u8 {
        let to = curve.at(f32::from(step) / 8.0);
        let by = Point::new(to.x - from.x, to.y - from.y);
        length += (by.x * by.x + by.y * by.y).sqrt();
        from = to;
    }
    length.max(1.0)
}
