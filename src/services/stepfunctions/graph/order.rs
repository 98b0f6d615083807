//! Who stands beside whom in a layer: each near the middle of its neighbours, so that few lines cross.

use super::layers::Layered;
use crate::engine::Sort;

const SWEEPS: usize = 8;

/// Orders every layer; of all orders tried, the first with the fewest crossings stays.
pub fn order(layered: &mut Layered) {
    let neighbours = layered.neighbours();
    let mut best = layered.layers.clone();
    let mut fewest = crossings(layered, &neighbours[1]);
    for sweep in 0..SWEEPS {
        if fewest == 0 {
            break;
        }
        let downward = sweep % 2 == 0;
        let near = &neighbours[usize::from(!downward)];
        let count = layered.layers.len();
        for step in 1..count {
            let layer = if downward { step } else { count - 1 - step };
            let beside = if downward { layer - 1 } else { layer + 1 };
            let place = places(layered, beside);
            let own = places(layered, layer);
            // Whoever has no neighbours keeps its place.
            let middle = |vertex: usize| {
                let near = &near[vertex];
                if near.is_empty() {
                    return own[vertex] as f32 / layered.layers[layer].len().max(1) as f32;
                }
                let sum: f32 = near.iter().map(|(other, _)| place[*other] as f32 + 0.5).sum();
                sum / near.len() as f32 / layered.layers[beside].len() as f32
            };
            let mut keyed: Vec<(f32, usize)> =
                layered.layers[layer].iter().map(|vertex| (middle(*vertex), *vertex)).collect();
            keyed.order_by(|one, two| one.0.total_cmp(&two.0));
            layered.layers[layer] = keyed.into_iter().map(|(_, vertex)| vertex).collect();
        }
        let crossed = crossings(layered, &neighbours[1]);
        if crossed < fewest {
            (fewest, best) = (crossed, layered.layers.clone());
        }
    }
    layered.layers = best;
}

/// By vertex: its place in the layer, 0 elsewhere.
fn places(layered: &Layered, layer: usize) -> Places {
    Places(layered.layers[layer].iter().enumerate().map(|(place, vertex)| (*vertex, place)).collect())
}

struct Places(std::collections::BTreeMap<usize, usize>);

impl std::ops::Index<usize> for Places {
    type Output = usize;

    fn index(&self, vertex: usize) -> &usize {
        self.0.get(&vertex).unwrap_or(&0)
    }
}

/// How many pairs of lines cross.
fn crossings(layered: &Layered, below: &[Vec<(usize, f32)>]) -> usize {
    let mut place = vec![0; layered.widths.len()];
    for layer in &layered.layers {
        layer.iter().enumerate().for_each(|(at, vertex)| place[*vertex] = at);
    }
    layered.layers.windows(2).map(|pair| between(&pair[0], pair[1].len(), below, &place)).sum()
}

fn between(upper: &[usize], lower: usize, below: &[Vec<(usize, f32)>], place: &[usize]) -> usize {
    // A Fenwick tree counts the ends so far that lie further right.
    let mut tree = vec![0_usize; lower + 1];
    let (mut crossed, mut seen) = (0, 0);
    for vertex in upper {
        let mut ends: Vec<usize> = below[*vertex].iter().map(|(other, _)| place[*other]).collect();
        ends.order_by_key(|end| *end);
        for end in &ends {
            let (mut at, mut left) = (end + 1, 0);
            while at > 0 {
                left += tree[at];
                at &= at - 1;
            }
            crossed += seen - left;
        }
        for end in ends {
            let mut at = end + 1;
            while at <= lower {
                tree[at] += 1;
                at += at & at.wrapping_neg();
            }
            seen += 1;
        }
    }
    crossed
}
