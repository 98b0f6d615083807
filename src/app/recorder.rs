//! What the run showed so far, for the small charts: how much happened when, and each chart's last values.
//! Fed a few times a second by the clock; nothing of it is in Yew's state.

use std::collections::{BTreeMap, VecDeque};

use decoupled::engine::Micros;
use decoupled::figure::Tone;
use decoupled::scene::Scene;
use decoupled::services::Describe;
use decoupled::sim::Run;
use decoupled::view;

/// Bars of the timeline; when they are full, neighbours are joined and each stands for twice the time.
pub const BINS: usize = 240;
const FIRST_BIN: Micros = 125_000;
const SAMPLES: usize = 64;
/// Nodes whose charts are followed all the time; in a larger scene only the chosen ones.
const FOLLOWED_NODES_MAX: usize = 60;

#[derive(Clone, Copy, Default)]
pub struct Bin {
    pub facts: u32,
    pub bad: u32,
}

pub struct Density {
    pub bin: Micros,
    pub bins: Vec<Bin>,
}

impl Default for Density {
    fn default() -> Self {
        Self { bin: FIRST_BIN, bins: vec![Bin::default(); BINS] }
    }
}

impl Density {
    /// The time the whole strip stands for.
    pub fn span(&self) -> Micros {
        self.bin * BINS as Micros
    }

    fn make_room(&mut self, at: Micros) {
        while at >= self.span() {
            for index in 0..BINS / 2 {
                let (left, right) = (self.bins[2 * index], self.bins[2 * index + 1]);
                self.bins[index] = Bin { facts: left.facts + right.facts, bad: left.bad + right.bad };
            }
            self.bins[BINS / 2..].fill(Bin::default());
            self.bin *= 2;
        }
    }

    fn forget_after(&mut self, at: Micros) {
        let next = (at / self.bin) as usize + 1;
        if let Some(bins) = self.bins.get_mut(next..) {
            bins.fill(Bin::default());
        }
    }

    fn add(&mut self, at: Micros, bad: bool) {
        self.make_room(at);
        let bin = &mut self.bins[(at / self.bin) as usize];
        bin.facts += 1;
        bin.bad += u32::from(bad);
    }
}

#[derive(Default)]
pub struct Recorder {
    pub density: Density,
    seen: u64,
    charts: BTreeMap<(String, &'static str), VecDeque<f64>>,
}

impl Recorder {
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Takes in what happened since the last call.
    pub fn follow_facts(&mut self, run: &Run, shown_at: Micros) {
        for record in run.trace().since(self.seen) {
            self.density.add(record.at, record.fact.tone() == Tone::Bad);
        }
        // A run that was taken back is known up to where it had come.
        self.seen = self.seen.max(run.trace().total());
        self.density.make_room(shown_at);
    }

    /// What is known of the time after the run's present will not come to pass.
    pub fn forget_after(&mut self, run: &Run) {
        self.seen = self.seen.min(run.trace().total());
        self.density.forget_after(run.now());
    }

    /// Takes one sample of every followed chart.
    pub fn sample(&mut self, scene: &Scene, run: &Run, chosen: impl Fn(&str) -> bool) {
        let all = scene.nodes.len() <= FOLLOWED_NODES_MAX;
        for node in scene.nodes.iter().filter(|node| all || chosen(&node.id)) {
            let charts = node.kind.spec().charts;
            for (name, _, value) in view::metrics_of(run, &node.id) {
                if !charts.contains(&name) {
                    continue;
                }
                let ring = self.charts.entry((node.id.clone(), name)).or_default();
                if ring.len() == SAMPLES {
                    ring.pop_front();
                }
                ring.push_back(value);
            }
        }
    }

    /// A chart's points in a box of 100 × 20, for an SVG polyline.
    pub fn points(&self, node: &str, metric: &str) -> String {
        let found = self.charts.iter().find(|((id, name), _)| id == node && *name == metric);
        let Some((_, ring)) = found.filter(|(_, ring)| ring.len() > 1) else { return "0,18 100,18".to_owned() };
        let (low, high) = ring.iter().fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(*v), high.max(*v)));
        let range = (high - low).max(1e-9);
        let flat = high - low < 1e-9;
        let mut points = String::new();
        for (index, value) in ring.iter().enumerate() {
            let x = 100.0 * index as f64 / (SAMPLES - 1) as f64
                + 100.0 * (SAMPLES - ring.len()) as f64 / (SAMPLES - 1) as f64;
            let y = if flat { 18.0 } else { 18.0 - 16.0 * (value - low) / range };
            points.push_str(&format!("{x:.1},{y:.1} "));
        }
        points
    }
}
