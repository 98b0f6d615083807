//! What of a large scene is drawn in full: what is near enough to be read, in and around the part that is looked at.

use crate::editor::{Camera, Rect};
use crate::scene::Scene;

/// So many nodes are always drawn in full.
const FEW: usize = 300;
/// Below this zoom no text on a card can be read.
const READABLE_ZOOM_MIN: f32 = 0.45;
/// Of the view's sides, around it: the camera moves so far before anything new has to be drawn.
const AROUND: f32 = 0.3;

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Sight {
    /// Everything is drawn in full.
    #[default]
    Whole,
    /// What meets this part of the canvas.
    Part(Rect),
    /// Nothing: outlines alone can be made out.
    Far,
}

impl Sight {
    /// What is to be drawn in full from now on; the viewport is in pixels.
    #[must_use]
    pub fn of(scene: &Scene, camera: &Camera, viewport: (f32, f32)) -> Self {
        if scene.nodes.len() <= FEW {
            return Self::Whole;
        }
        if camera.zoom < READABLE_ZOOM_MIN {
            return Self::Far;
        }
        let view = camera.seen(viewport);
        Self::Part(view.grown(view.width.max(view.height) * AROUND))
    }

    /// Whether what is drawn in full is still enough, and not far too much.
    #[must_use]
    pub fn serves(&self, scene: &Scene, camera: &Camera, viewport: (f32, f32)) -> bool {
        match (self, Self::of(scene, camera, viewport)) {
            (Self::Part(drawn), Self::Part(wanted)) => {
                drawn.holds(&camera.seen(viewport)) && drawn.width <= 2.0 * wanted.width
            }
            (drawn, wanted) => *drawn == wanted,
        }
    }

    /// Whether something that takes this room is drawn in full.
    #[must_use]
    pub fn reads(&self, room: &Rect) -> bool {
        match self {
            Self::Whole => true,
            Self::Part(part) => part.meets(room),
            Self::Far => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::read_scene;

    const VIEWPORT: (f32, f32) = (1_000.0, 600.0);

    fn field(count: usize) -> Scene {
        let node = |index: usize| serde_json::json!({ "id": format!("q{index}"), "type": "AWS::SQS::Queue", "at": [index * 300, 0] });
        let nodes: Vec<_> = (0..count).map(node).collect();
        let (scene, problems) = read_scene(&serde_json::json!({ "version": 1, "nodes": nodes }).to_string());
        assert!(problems.is_empty(), "{problems:?}");
        scene
    }

    fn at(x: f32, zoom: f32) -> Camera {
        Camera { x, y: 0.0, zoom }
    }

    #[test]
    fn a_scene_of_some_nodes_is_drawn_in_full_at_any_zoom() {
        let scene = field(FEW);
        for zoom in [Camera::ZOOM_MIN, 1.0, Camera::ZOOM_MAX] {
            let sight = Sight::of(&scene, &at(0.0, zoom), VIEWPORT);
            assert_eq!(sight, Sight::Whole);
            assert!(sight.serves(&scene, &at(1e6, zoom), VIEWPORT));
        }
    }

    #[test]
    fn whatever_is_looked_at_near_enough_is_drawn_in_full() {
        let scene = field(FEW + 1);
        let mut sight = Sight::of(&scene, &at(0.0, 1.0), VIEWPORT);
        let mut renewed = 0;
        for step in 0..4_000 {
            let camera = at(step as f32 * 5.0, 1.0 + (step % 100) as f32 / 50.0);
            if !sight.serves(&scene, &camera, VIEWPORT) {
                sight = Sight::of(&scene, &camera, VIEWPORT);
                renewed += 1;
            }
            let view = camera.seen(VIEWPORT);
            for x in [view.x, view.right() - 1.0] {
                let corner = Rect { x, y: view.y, width: 1.0, height: 1.0 };
                assert!(sight.reads(&corner), "step {step}");
            }
            assert!(
                !sight.reads(&Rect { x: view.right() + 4.0 * view.width, ..view }),
                "step {step}: no more than is useful"
            );
        }
        assert!(renewed < 400, "{renewed} times: seldom enough");
    }

    #[test]
    fn from_far_nothing_is_drawn_in_full() {
        let scene = field(FEW + 1);
        let sight = Sight::of(&scene, &at(0.0, 0.2), VIEWPORT);
        assert!(!sight.reads(&Rect { x: 0.0, y: 0.0, width: 100.0, height: 100.0 }));
        assert!(sight.serves(&scene, &at(900.0, 0.1), VIEWPORT) && !sight.serves(&scene, &at(900.0, 1.0), VIEWPORT));
    }
}
