//! Where links run: from port to port.

use crate::editor::{Rect, card_rect};
use crate::figure::{Curve, Point};
use crate::scene::{Scene, SceneLink};
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

/// The curve of a link; `None` when one of its ends is absent.
#[must_use]
pub fn link_curve(scene: &Scene, link: &SceneLink) -> Option<Curve> {
    let (from, to) = (scene.node(&link.from)?, scene.node(&link.to)?);
    Some(curve_between(link.kind, &card_rect(from), &card_rect(to)))
}

/// From port to port; a redrive falls from one card to the one below, or rises to the one above.
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
