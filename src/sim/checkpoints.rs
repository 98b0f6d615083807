//! Time that runs both ways: saved moments of a run, from which any other is reached by playing.
//!
//! A run is a pure function of scene, seed and script, so going back means to take a saved moment before the wanted one
//! and to play on from there. What is edited while a run plays is no part of its script: the moment after an edit is
//! always saved, so that no way back or forth leads over an edit. Whoever goes back and acts there, with the scene as
//! it is now, makes another future ([`Checkpoints::act`]).

use super::Run;
use crate::engine::Micros;
use crate::scene::Scene;

/// Entries between two saved moments at first: so many are played again in a few hundredths of a second.
const SPACING: u64 = 20_000;
/// Saved moments without an edit; beyond, every second one goes.
const SAVED_MAX: usize = 48;
/// Moments after edits; beyond, the oldest go, and what lies before them cannot be reached any more.
const EDITS_MAX: usize = 200;
/// Messages, calls and timers in all saved moments together: about as many hundred bytes.
const WEIGHT_MAX: u64 = 2_000_000;

#[derive(Clone)]
struct Saved {
    /// Without the trace's records.
    run: Run,
    /// The scene was edited just before.
    edited: bool,
    weight: u64,
}

/// The saved moments of one run, oldest first.
#[derive(Clone)]
pub struct Checkpoints {
    saved: Vec<Saved>,
    spacing: u64,
    /// The furthest the run has come, with the trace's records: there while the run is behind it.
    head: Option<Box<Run>>,
}

impl Checkpoints {
    /// Of a run that begins.
    #[must_use]
    pub fn of(run: &mut Run) -> Self {
        let mut checkpoints = Self { saved: Vec::new(), spacing: SPACING, head: None };
        checkpoints.save(run, true);
        checkpoints
    }

    /// The first and the last moment that can be reached.
    #[must_use]
    pub fn reach(&self, run: &Run) -> (Micros, Micros) {
        let first = self.saved.first().map_or(0, |saved| saved.run.now());
        (first, self.head.as_ref().map_or(0, |head| head.now()).max(run.now()))
    }

    /// The run as far as it has come, while another shows its past.
    #[must_use]
    pub fn furthest<'a>(&'a self, run: &'a Run) -> &'a Run {
        self.head.as_deref().filter(|head| head.handled() >= run.handled()).unwrap_or(run)
    }

    /// To be called as the run goes on.
    pub fn follow(&mut self, run: &mut Run) {
        if self.head.as_ref().is_some_and(|head| run.handled() >= head.handled()) {
            self.head = None;
        }
        let last = self.saved.last().map_or(0, |saved| saved.run.handled());
        if run.handled() >= last + self.spacing {
            self.save(run, false);
        }
    }

    /// To be called when an edit has changed how the run goes on: what it did afterwards is no more.
    pub fn edited(&mut self, run: &mut Run) {
        self.head = None;
        self.saved.retain(|saved| saved.run.handled() <= run.handled());
        // One edit after the other at the same moment: only the last one counts, if the first is not the beginning.
        if self.saved.len() > 1
            && self.saved.last().is_some_and(|saved| saved.edited && saved.run.handled() == run.handled())
        {
            self.saved.pop();
        }
        self.save(run, true);
    }

    /// Takes the run to a moment that was reached before, or as near as can be.
    pub fn seek(&mut self, run: &mut Run, at: Micros) {
        let (first, last) = self.reach(run);
        let at = at.clamp(first, last);
        let ahead = |saved: &Saved| saved.run.handled() > run.handled() && saved.run.now() <= at;
        if at < run.now() || self.saved.iter().any(ahead) || self.head.as_ref().is_some_and(|head| head.now() <= at) {
            self.restore(run, |saved| saved.now() <= at);
        }
        run.advance_to(at);
    }

    /// Runs to play a span of time again without touching this one: the first stands at `from`, each other goes on in
    /// its place from an edit in the span.
    #[must_use]
    pub fn again(&self, run: &Run, from: Micros, until: Micros) -> Vec<Run> {
        let play = |saved: &Saved, at: Micros| {
            let mut again = saved.run.clone();
            again.take_over(&run.script);
            again.advance_to(at);
            again
        };
        let start = self.saved.iter().rfind(|saved| saved.run.now() <= from).or(self.saved.first());
        let edits =
            self.saved.iter().filter(|saved| saved.edited && saved.run.now() > from && saved.run.now() <= until);
        start.map(|saved| play(saved, from)).into_iter().chain(edits.map(|saved| play(saved, 0))).collect()
    }

    /// Takes the run back to where it was before its last fact; false at the first.
    pub fn step_back(&mut self, run: &mut Run) -> bool {
        let total = run.trace().total();
        if self.saved.first().is_none_or(|first| first.run.trace().total() >= total) {
            return false;
        }
        // What was handled with the last fact may have brought several: where that began is only known afterwards.
        self.restore(run, |saved| saved.trace().total() < total);
        let mut before = run.trace().total();
        while run.trace().total() < total {
            before = run.trace().total();
            if !run.step_fact() {
                break;
            }
        }
        self.restore(run, |saved| saved.trace().total() <= before && saved.trace().total() < total);
        while run.trace().total() < before && run.step_fact() {}
        true
    }

    /// To be called before a run goes on that was taken back: the scene as it is now holds from here on. True when that
    /// makes another future than the one known.
    pub fn act(&mut self, run: &mut Run, scene: &Scene) -> bool {
        let another = self.head.is_some() && !run.document().plays_like(scene);
        if another {
            run.reconcile(scene);
            self.edited(run);
        }
        another
    }

    /// The last saved moment for which `fits` holds; moments are in order, so it holds for all before it.
    fn restore(&mut self, run: &mut Run, fits: impl Fn(&Run) -> bool) {
        if self.head.as_ref().is_none_or(|head| head.handled() < run.handled()) {
            self.head = Some(Box::new(run.clone()));
        }
        let Some(head) = &self.head else { return };
        let script = run.script.clone();
        if fits(head) {
            *run = Run::clone(head);
        } else if let Some(saved) = self.saved.iter().rfind(|saved| fits(&saved.run)) {
            *run = saved.run.clone();
            run.take_records_of(head);
        }
        // Calls made by hand since then are in the script.
        run.take_over(&script);
    }

    fn save(&mut self, run: &mut Run, edited: bool) {
        let weight = run.weight();
        self.saved.push(Saved { run: run.checkpoint(), edited, weight });
        let plain = |saved: &[Saved]| saved.iter().filter(|saved| !saved.edited).count();
        let weight = |saved: &[Saved]| saved.iter().map(|saved| saved.weight).sum::<u64>();
        while plain(&self.saved) > 1 && (plain(&self.saved) > SAVED_MAX || weight(&self.saved) > WEIGHT_MAX) {
            let mut stays = false;
            self.saved.retain(|saved| {
                stays ^= !saved.edited;
                saved.edited || stays
            });
            self.spacing *= 2;
        }
        let edits = |saved: &[Saved]| saved.iter().filter(|saved| saved.edited).count();
        while edits(&self.saved) > EDITS_MAX || (edits(&self.saved) > 1 && weight(&self.saved) > WEIGHT_MAX) {
            let next = self.saved.iter().skip(1).position(|saved| saved.edited).map_or(self.saved.len(), |at| at + 1);
            self.saved.drain(..next);
        }
    }
}
