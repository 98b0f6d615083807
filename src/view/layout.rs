//! Where links run: from port to port.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use crate::editor::{Rect, card_rect};
use crate::figure::{Curve, Point};
use crate::scene::{Frames, Scene, SceneLink, SceneNode};
use crate::services::LinkKind;

/// Where links enter a card.
#[must_use]
pub fn input_port(card: &Rect) -> Point {
    Point::new(card.x, card.y + card.height / 2.0)
}

/// Where links leave a card.
#[must_use]
pub fn output_port(card: &Rect) -> Point {
    Point::new(card.right(), card.y + card.height / 2.0)
}

/// The curve of a link; `None` when one of its ends is absent, or the whole of it lies in a folded frame.
#[must_use]
pub fn link_curve(scene: &Scene, link: &SceneLink) -> Option<Curve> {
    LinkCurves::of(scene).curve(link)
}

/// The places of a list's items by their ids; worked out when one is asked for, since of thousands often none is.
#[derive(Default)]
pub struct Places<'a>(OnceCell<BTreeMap<&'a str, usize>>);

impl<'a> Places<'a> {
    /// `ids` are those of the whole list, in its order.
    pub fn of(&self, id: &str, ids: &mut dyn Iterator<Item = &'a str>) -> Option<usize> {
        let by_id = || {
            let mut places = BTreeMap::new();
            for (place, id) in ids.enumerate() {
                places.insert(id, place);
            }
            places
        };
        self.0.get_or_init(by_id).get(id).copied()
    }
}

/// Where many links run: the ends are looked up once.
pub struct LinkCurves<'a> {
    scene: &'a Scene,
    places: Places<'a>,
    frames: Frames<'a>,
}

impl<'a> LinkCurves<'a> {
    #[must_use]
    pub fn of(scene: &'a Scene) -> Self {
        Self { scene, places: Places::default(), frames: Frames::of(scene) }
    }

    /// The node itself.
    pub fn node(&self, id: &str) -> Option<&'a SceneNode> {
        let place = self.places.of(id, &mut self.scene.nodes.iter().map(|node| &*node.id))?;
        Some(&self.scene.nodes[place])
    }

    /// Whether a folded frame stands for a node.
    pub fn hides(&self, id: &str) -> bool {
        self.frames.hides(id)
    }

    /// What stands for a node: itself, or the folded frame it is in.
    #[must_use]
    pub fn shown(&self, id: &str) -> Option<&'a SceneNode> {
        self.frames.card_of(id).or_else(|| self.node(id))
    }

    #[must_use]
    pub fn curve(&self, link: &SceneLink) -> Option<Curve> {
        self.between(link.kind, &link.from, &link.to)
    }

    #[must_use]
    pub fn between(&self, kind: LinkKind, from: &str, to: &str) -> Option<Curve> {
        let (from, to) = self.ends(from, to)?;
        Some(curve_between(kind, &from, &to))
    }

    /// The cards at both ends.
    #[must_use]
    pub fn ends(&self, from: &str, to: &str) -> Option<(Rect, Rect)> {
        let (from_card, to_card) = (self.shown(from)?, self.shown(to)?);
        if from_card.id == to_card.id && from != to {
            return None;
        }
        Some((card_rect(from_card), card_rect(to_card)))
    }
}

/// The line nearest to a point of the canvas, if that is within reach.
#[must_use]
pub fn line_near(scene: &Scene, point: Point, reach: f32) -> Option<String> {
    let curves = LinkCurves::of(scene);
    let drawn = scene.drawn_links();
    let distances = drawn.iter().filter_map(|link| Some((curves.curve(link)?.distance(point), link)));
    let nearest = distances.min_by(|(one, _), (other, _)| one.total_cmp(other));
    nearest.filter(|(distance, _)| *distance <= reach).map(|(_, link)| link.id.clone())
}

/// From port to port of two cards; a redrive falls from one card to the one below, or rises to the one above.
#[must_use]
pub fn curve_between(kind: LinkKind, from: &Rect, to: &Rect) -> Curve {
    if kind == LinkKind::Redrive && to.y >= from.bottom() {
        return Curve::downwards(Point::new(from.middle().x, from.bottom()), Point::new(to.middle().x, to.y));
    }
    if kind == LinkKind::Redrive && from.y >= to.bottom() {
        let mut curve = Curve::downwards(Point::new(to.middle().x, to.bottom()), Point::new(from.middle().x, from.y));
        curve.points.reverse();
        return curve;
    }
    Curve::between_ports(output_port(from), input_port(to))
}
