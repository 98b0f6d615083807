//! A layered layout from top to bottom: boxes in layers, lines between them, each line with a lane of its own through the
//! layers that it passes. Always the same for the same graph, and near linear in its size.

use std::collections::{BTreeMap, BTreeSet};

use super::order;
use super::straighten;
use crate::engine::Sort;

/// Between neighbours of a layer, between layers, and the lane of a line that passes.
pub const GAP: f32 = 18.0;
pub const LAYER_GAP: f32 = 20.0;
const LANE: f32 = 8.0;
/// Lanes beyond so many are not kept: their lines run straight, over whatever lies there.
const LANES_MAX: usize = 20_000;

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    pub width: f32,
    pub height: f32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    pub from: usize,
    pub to: usize,
    /// It bends before the others do.
    pub is_aside: bool,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Laid {
    /// The top left corner of each cell.
    pub corners: Vec<(f32, f32)>,
    /// Of each line, from the border of the one cell to that of the other; none of a line from a cell to itself.
    pub routes: Vec<Vec<(f32, f32)>>,
    pub size: (f32, f32),
}

/// Cells and lanes, in layers.
pub struct Layered {
    /// By vertex: the cells first, then the lanes.
    pub widths: Vec<f32>,
    pub layer_of: Vec<usize>,
    pub layers: Vec<Vec<usize>>,
    /// From the upper to the lower vertex, one layer apart, and how straight it is to be.
    pub links: BTreeMap<(usize, usize), f32>,
}

impl Layered {
    /// By vertex: its neighbours in the layer above, and in the one below.
    #[must_use]
    pub fn neighbours(&self) -> [Vec<Vec<(usize, f32)>>; 2] {
        let mut both = [vec![Vec::new(); self.widths.len()], vec![Vec::new(); self.widths.len()]];
        for ((upper, lower), weight) in &self.links {
            both[0][*lower].push((*upper, *weight));
            both[1][*upper].push((*lower, *weight));
        }
        both
    }
}

/// Lays out cells; the first stands at the top.
#[must_use]
pub fn lay(cells: &[Cell], lines: &[Line]) -> Laid {
    if cells.is_empty() {
        return Laid::default();
    }
    let is_back = backward(cells.len(), lines);
    let layer_of = layers_of(cells.len(), lines, &is_back);
    let count = layer_of.iter().max().map_or(1, |last| last + 1);
    let mut layered = Layered {
        widths: cells.iter().map(|cell| cell.width).collect(),
        layer_of,
        layers: vec![Vec::new(); count],
        links: BTreeMap::new(),
    };
    let chains = lead(&mut layered, cells.len(), lines, &is_back);
    for (vertex, layer) in layered.layer_of.iter().enumerate() {
        layered.layers[*layer].push(vertex);
    }
    order::order(&mut layered);
    let middles = straighten::middles(&layered);
    placed(cells, &layered, &middles, &chains)
}

/// Which lines lead back up: those that a walk from the first cell finds to lead to where it has come from.
fn backward(count: usize, lines: &[Line]) -> Vec<bool> {
    let mut leaving = vec![Vec::new(); count];
    for (place, line) in lines.iter().enumerate() {
        leaving[line.from].push(place);
    }
    let mut is_back = vec![false; lines.len()];
    // 0: not seen, 1: on the way here, 2: done.
    let mut seen = vec![0_u8; count];
    for root in 0..count {
        let mut way = Vec::new();
        if seen[root] == 0 {
            seen[root] = 1;
            way.push((root, 0));
        }
        while let Some((cell, next)) = way.pop() {
            let Some(place) = leaving[cell].get(next) else {
                seen[cell] = 2;
                continue;
            };
            way.push((cell, next + 1));
            let to = lines[*place].to;
            match seen[to] {
                0 => {
                    seen[to] = 1;
                    way.push((to, 0));
                }
                1 => is_back[*place] = true,
                _ => {}
            }
        }
    }
    is_back
}

/// Each cell lies below all that lead to it.
fn layers_of(count: usize, lines: &[Line], is_back: &[bool]) -> Vec<usize> {
    let mut below = vec![Vec::new(); count];
    let mut open = vec![0_usize; count];
    for (line, is_back) in lines.iter().zip(is_back).filter(|(line, _)| line.from != line.to) {
        let (upper, lower) = if *is_back { (line.to, line.from) } else { (line.from, line.to) };
        below[upper].push(lower);
        open[lower] += 1;
    }
    let mut layer = vec![0; count];
    let mut ready: Vec<usize> = (0..count).filter(|cell| open[*cell] == 0).collect();
    while let Some(cell) = ready.pop() {
        for lower in &below[cell] {
            layer[*lower] = layer[*lower].max(layer[cell] + 1);
            open[*lower] -= 1;
            if open[*lower] == 0 {
                ready.push(*lower);
            }
        }
    }
    layer
}

/// Gives each line its vertices from cell to cell. Lines that lead far to one cell share its lanes.
fn lead(layered: &mut Layered, cells: usize, lines: &[Line], is_back: &[bool]) -> Vec<Vec<usize>> {
    let mut lanes: BTreeMap<(usize, bool, bool, usize), usize> = BTreeMap::new();
    let mut chains = Vec::with_capacity(lines.len());
    for (line, is_back) in lines.iter().zip(is_back) {
        if line.from == line.to {
            chains.push(Vec::new());
            continue;
        }
        let (upper, lower) = if *is_back { (line.to, line.from) } else { (line.from, line.to) };
        let mut chain = vec![upper];
        for layer in layered.layer_of[upper] + 1..layered.layer_of[lower] {
            if lanes.len() >= LANES_MAX {
                break;
            }
            let lane = *lanes.entry((line.to, line.is_aside, *is_back, layer)).or_insert_with(|| {
                layered.widths.push(LANE);
                layered.layer_of.push(layer);
                layered.widths.len() - 1
            });
            chain.push(lane);
        }
        chain.push(lower);
        for pair in chain.windows(2) {
            if layered.layer_of[pair[1]] == layered.layer_of[pair[0]] + 1 {
                let within = pair.iter().filter(|vertex| **vertex >= cells).count() as f32;
                let weight = if line.is_aside { 0.25 } else { 1.0 } * (1.0 + 7.0 * within);
                let link = layered.links.entry((pair[0], pair[1])).or_insert(0.0);
                *link = link.max(weight);
            }
        }
        if *is_back {
            chain.reverse();
        }
        chains.push(chain);
    }
    chains
}

/// Where each layer begins and ends.
fn bands(cells: &[Cell], layered: &Layered) -> Vec<(f32, f32)> {
    let mut top = 0.0;
    let band = |layer: &Vec<usize>| {
        let heights = layer.iter().filter_map(|vertex| cells.get(*vertex)).map(|cell| cell.height);
        let bottom = top + heights.fold(0.0, f32::max);
        let band = (top, bottom);
        top = bottom + LAYER_GAP;
        band
    };
    layered.layers.iter().map(band).collect()
}

fn placed(cells: &[Cell], layered: &Layered, middles: &[f32], chains: &[Vec<usize>]) -> Laid {
    let bands = bands(cells, layered);
    let half = |vertex: usize| layered.widths[vertex] / 2.0;
    let left = (0..middles.len()).map(|vertex| middles[vertex] - half(vertex)).fold(f32::INFINITY, f32::min);
    let right = (0..middles.len()).map(|vertex| middles[vertex] + half(vertex)).fold(0.0, f32::max);
    let corner = |(vertex, cell): (usize, &Cell)| {
        let (top, bottom) = bands[layered.layer_of[vertex]];
        (middles[vertex] - half(vertex) - left, top + (bottom - top - cell.height) / 2.0)
    };
    let corners: Vec<(f32, f32)> = cells.iter().enumerate().map(corner).collect();
    let ports = Ports::of(chains, middles, &layered.layer_of);
    let route = |chain: &Vec<usize>| {
        let (Some(first), Some(last)) = (chain.first(), chain.last()) else { return Vec::new() };
        let at = |vertex: usize, side: usize, other: usize| {
            middles[vertex] - left + ports.offset(vertex, side, other, layered.widths[vertex])
        };
        let goes_down = layered.layer_of[*first] < layered.layer_of[*last];
        let (out_side, in_side) = if goes_down { (1, 0) } else { (0, 1) };
        let border = |vertex: usize, side: usize| {
            let (top, bottom) = bands[layered.layer_of[vertex]];
            let (y, height) = (corners[vertex].1, cells[vertex].height);
            if side == 1 { [y + height, bottom] } else { [y, top] }
        };
        let x = at(*first, out_side, chain[1]);
        let mut route: Vec<(f32, f32)> = border(*first, out_side).map(|y| (x, y)).to_vec();
        for lane in &chain[1..chain.len() - 1] {
            let (top, bottom) = bands[layered.layer_of[*lane]];
            let ends = if goes_down { [top, bottom] } else { [bottom, top] };
            route.extend(ends.map(|y| (middles[*lane] - left, y)));
        }
        let x = at(*last, in_side, chain[chain.len() - 2]);
        let [at_cell, at_band] = border(*last, in_side);
        route.extend([(x, at_band), (x, at_cell)]);
        route
    };
    let routes = chains.iter().map(route).collect();
    let bottom = bands.last().map_or(0.0, |band| band.1);
    Laid { corners, routes, size: (right - left, bottom) }
}

/// Where lines meet a cell: one beside the other, in the order of where they come from.
struct Ports(BTreeMap<(usize, usize), Vec<usize>>);

impl Ports {
    const APART: f32 = 16.0;
    /// Of a cell's width.
    const PART: f32 = 0.6;

    fn of(chains: &[Vec<usize>], middles: &[f32], layer_of: &[usize]) -> Self {
        let mut met: BTreeMap<(usize, usize), BTreeSet<usize>> = BTreeMap::new();
        for chain in chains.iter().filter(|chain| chain.len() > 1) {
            let last = chain.len() - 1;
            for (end, other) in [(chain[0], chain[1]), (chain[last], chain[last - 1])] {
                let side = usize::from(layer_of[other] > layer_of[end]);
                met.entry((end, side)).or_default().insert(other);
            }
        }
        let sorted = |others: BTreeSet<usize>| {
            let mut others: Vec<usize> = others.into_iter().collect();
            others.order_by(|one, two| middles[*one].total_cmp(&middles[*two]));
            others
        };
        Self(met.into_iter().map(|(end, others)| (end, sorted(others))).collect())
    }

    /// `side` is 0 above and 1 below.
    fn offset(&self, vertex: usize, side: usize, other: usize, width: f32) -> f32 {
        let Some(others) = self.0.get(&(vertex, side)) else { return 0.0 };
        let Some(place) = others.iter().position(|met| *met == other) else { return 0.0 };
        let between = (others.len() - 1) as f32;
        let apart = Self::APART.min(width * Self::PART / between.max(1.0));
        (place as f32 - between / 2.0) * apart
    }
}
