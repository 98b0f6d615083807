//! The curve of a link: one cubic Bézier from port to port.

/// A place on the canvas.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    pub x: f32,
    pub y: f32,
}

impl Point {
    #[must_use]
    pub const fn new(x: f32, y: f32) -> Self {
        Self { x, y }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Curve {
    pub points: [Point; 4],
}

impl Curve {
    /// A calm S from an output port (leaving rightwards) to an input port (entering rightwards).
    #[must_use]
    pub fn between_ports(from: Point, to: Point) -> Self {
        let reach = ((to.x - from.x).abs() * 0.5).clamp(24.0, 160.0);
        Self { points: [from, Point::new(from.x + reach, from.y), Point::new(to.x - reach, to.y), to] }
    }

    /// From the bottom edge of one card to the top edge of another: how a redrive is drawn.
    #[must_use]
    pub fn downwards(from: Point, to: Point) -> Self {
        let reach = ((to.y - from.y).abs() * 0.5).clamp(8.0, 120.0);
        Self { points: [from, Point::new(from.x, from.y + reach), Point::new(to.x, to.y - reach), to] }
    }

    /// The point at `t` in 0..=1.
    #[must_use]
    pub fn at(&self, t: f32) -> Point {
        let [a, b, c, d] = self.points;
        let u = 1.0 - t;
        let mix =
            |a: f32, b: f32, c: f32, d: f32| u * u * u * a + 3.0 * u * u * t * b + 3.0 * u * t * t * c + t * t * t * d;
        Point::new(mix(a.x, b.x, c.x, d.x), mix(a.y, b.y, c.y, d.y))
    }

    /// The path in SVG's language.
    #[must_use]
    pub fn svg_path(&self) -> String {
        let [a, b, c, d] = self.points;
        format!("M{} {}C{} {} {} {} {} {}", a.x, a.y, b.x, b.y, c.x, c.y, d.x, d.y)
    }

    /// The least distance from `point` to the curve, by 24 chords.
    #[must_use]
    pub fn distance(&self, point: Point) -> f32 {
        let mut least = f32::MAX;
        let mut from = self.at(0.0);
        for step in 1..=24_u8 {
            let to = self.at(f32::from(step) / 24.0);
            let (dx, dy) = (to.x - from.x, to.y - from.y);
            let length = (dx * dx + dy * dy).max(f32::MIN_POSITIVE);
            let along = (((point.x - from.x) * dx + (point.y - from.y) * dy) / length).clamp(0.0, 1.0);
            let (ex, ey) = (point.x - from.x - along * dx, point.y - from.y - along * dy);
            least = least.min((ex * ex + ey * ey).sqrt());
            from = to;
        }
        least
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_begins_and_ends_at_its_ports() {
        let (from, to) = (Point::new(10.0, 20.0), Point::new(200.0, 90.0));
        let curve = Curve::between_ports(from, to);
        assert_eq!((curve.at(0.0), curve.at(1.0)), (from, to));
        assert!(curve.distance(curve.at(0.37)) < 1.0);
        assert!(curve.distance(Point::new(100.0, 300.0)) > 150.0);
    }
}
