//! Where in its layer each vertex lies: as close to the middle of its neighbours as the others let it.

use super::layers::{GAP, Layered};

const SWEEPS: usize = 24;
/// Of whoever has no neighbours on a side: a little, so that it stays.
const OWN_WEIGHT: f32 = 0.01;

/// The middle of each vertex.
#[must_use]
pub fn middles(layered: &Layered) -> Vec<f32> {
    let neighbours = layered.neighbours();
    let mut middles = vec![0.0; layered.widths.len()];
    for layer in &layered.layers {
        let width: f32 = layer.iter().map(|vertex| layered.widths[*vertex] + GAP).sum();
        let mut at = -width / 2.0;
        for vertex in layer {
            middles[*vertex] = at + (layered.widths[*vertex] + GAP) / 2.0;
            at += layered.widths[*vertex] + GAP;
        }
    }
    for sweep in 0..SWEEPS {
        let last = sweep + 2 >= SWEEPS;
        let downward = sweep % 2 == 0;
        for step in 0..layered.layers.len() {
            let layer = if downward { step } else { layered.layers.len() - 1 - step };
            let wanted = |vertex: usize| {
                let sides = if last {
                    0..2
                } else if downward {
                    0..1
                } else {
                    1..2
                };
                let near = neighbours[sides].iter().flat_map(|side| &side[vertex]);
                let (sum, weight) =
                    near.fold((0.0, 0.0), |(sum, weight), (other, pull)| (sum + middles[*other] * pull, weight + pull));
                if weight > 0.0 { (sum / weight, weight) } else { (middles[vertex], OWN_WEIGHT) }
            };
            let targets: Vec<(f32, f32)> = layered.layers[layer].iter().map(|vertex| wanted(*vertex)).collect();
            settle(layered, layer, &targets, &mut middles);
        }
    }
    middles
}

/// A run of neighbours that push each other, and are moved as one.
struct Run {
    count: usize,
    weight: f32,
    sum: f32,
}

impl Run {
    fn at(&self) -> f32 {
        self.sum / self.weight
    }
}

/// Moves a layer's vertices as near to their targets as their order and their widths allow: pooled where they would
/// overlap, which is the least of all squares.
fn settle(layered: &Layered, layer: usize, targets: &[(f32, f32)], middles: &mut [f32]) {
    let vertices = &layered.layers[layer];
    // As if all had no width: each one's distance from the first is taken off.
    let mut off = Vec::with_capacity(vertices.len());
    let mut distance = 0.0;
    for (place, vertex) in vertices.iter().enumerate() {
        if place > 0 {
            distance += (layered.widths[vertices[place - 1]] + layered.widths[*vertex]) / 2.0 + GAP;
        }
        off.push(distance);
    }
    let mut runs: Vec<Run> = Vec::new();
    for ((target, weight), off) in targets.iter().zip(&off) {
        let mut run = Run { count: 1, weight: *weight, sum: (target - off) * weight };
        while let Some(before) = runs.pop_if(|before| before.at() > run.at()) {
            run =
                Run { count: before.count + run.count, weight: before.weight + run.weight, sum: before.sum + run.sum };
        }
        runs.push(run);
    }
    let mut place = 0;
    for run in runs {
        for _ in 0..run.count {
            middles[vertices[place]] = run.at() + off[place];
            place += 1;
        }
    }
}
