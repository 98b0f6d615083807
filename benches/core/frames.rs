//! The projection of a frame with ten thousand messages under way, against points on ready-made curves.

use decoupled::editor::Camera;
use decoupled::figure::{Curve, Point};
use decoupled::scene::{Scene, read_scene};
use decoupled::sim::Run;
use decoupled::view::project;
use serde_json::json;

use crate::compare;

const LINKS: usize = 10;
const MESSAGES: u64 = 10_000;
const VIEWPORT: (f32, f32) = (1_440.0, 900.0);

pub fn run() {
    let scene = crowd();
    let mut run = Run::new(&scene);
    run.advance_to(12_000_000);
    let camera = Camera { x: -100.0, y: -100.0, zoom: 0.7 };
    let mut at = run.now();
    let ours = || {
        at += 1;
        let frame = project(&scene, &run, &camera, VIEWPORT, at);
        assert_eq!(frame.travelling, MESSAGES, "all of them are under way");
        frame.dots.len()
    };
    let curves: Vec<Curve> = (0..LINKS).map(|link| curve(link as f32 * 110.0)).collect();
    let parts: Vec<(usize, f32)> = (0..MESSAGES).map(|n| (n as usize % LINKS, n as f32 / MESSAGES as f32)).collect();
    compare("frames: project 10,000 messages (each)", MESSAGES, ours, || {
        parts.iter().map(|(link, part)| curves[*link].at(*part)).collect::<Vec<Point>>()
    });
}

fn curve(y: f32) -> Curve {
    Curve { points: [(180.0, y), (420.0, y), (660.0, y + 6.0), (900.0, y + 6.0)].map(|(x, y)| Point::new(x, y)) }
}

fn crowd() -> Scene {
    let (mut nodes, mut links) = (Vec::new(), Vec::new());
    for index in 0..LINKS {
        let (producer, queue, y) = (format!("p{index}"), format!("q{index}"), index * 110);
        nodes.push(
            json!({ "id": producer, "type": "Decoupled::Producer", "at": [0, y], "properties": { "Rate": "100/s" } }),
        );
        nodes.push(json!({ "id": queue, "type": "AWS::SQS::Queue", "at": [900, y] }));
        links.push(json!({ "id": format!("l{index}"), "from": producer, "to": queue, "latency": "10s" }));
    }
    let text = json!({ "version": 1, "network": "instant", "nodes": nodes, "links": links }).to_string();
    let (scene, problems) = read_scene(&text);
    assert!(problems.is_empty(), "{problems:?}");
    scene
}
