//! What the run showed so far, for the timeline: how much happened when. Fed a few times a second by the clock; nothing
//! of it is in Yew's state.

use decoupled::engine::Micros;
use decoupled::figure::Tone;
use decoupled::services::Describe;
use decoupled::sim::Run;

/// Bars of the timeline; when they are full, neighbours are joined and each stands for twice the time.
pub const BINS: usize = 240;
const FIRST_BIN: Micros = 125_000;

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
    /// When a breakpoint stopped the run.
    pub stops: Vec<Micros>,
    seen: u64,
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

    /// What is known of what comes after a time and so many facts will not come to pass.
    pub fn forget_after(&mut self, at: Micros, total: u64) {
        self.seen = self.seen.min(total);
        self.density.forget_after(at);
        self.stops.retain(|stop| *stop <= at);
    }
}
