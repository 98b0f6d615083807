//! One run under the hands of somebody: what plays, steps and seeks do to it, and what becomes of it when the document
//! or its script is changed.

use std::collections::BTreeSet;

use super::checkpoints::{Checkpoints, Rescripted};
use super::pace::{FRAME_MS_MAX, HeldBack, Pace};
use super::playing::Playing;
use crate::editor::{Breakpoint, RunEffect, Watch, Why};
use crate::engine::{MICROS_PER_MILLI, MICROS_PER_SECOND, Micros};
use crate::scene::{Edit, Scene, ScriptEntry};
use crate::sim::{Run, Sought, matters};

/// Whether there is time left to work: asked between two slices of the agenda.
pub type TimeLeft<'a> = &'a mut dyn FnMut() -> bool;

/// Agenda entries between two looks at the watch: one of them may move a megabyte.
const SLICE: u64 = 100;
/// What matters is looked for in so much virtual time: then whoever looks is asked whether to go on.
pub const SEARCHED: Micros = 600 * MICROS_PER_SECOND;
/// A future that was left so shortly after its beginning is not worth a word.
const LEFT_MIN: Micros = MICROS_PER_SECOND;

/// Why a run that plays stops by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    Halt(String),
    /// The number of the fact at which a breakpoint stopped it.
    Breakpoint(u64),
}

/// What was known of a run and is true no longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forgotten {
    /// What came after a time, and after so many facts.
    After { at: Micros, total: u64 },
    /// Everything: another run began.
    All,
}

#[derive(Clone)]
pub struct Player {
    run: Run,
    /// The way back.
    checkpoints: Checkpoints,
    /// The virtual time on screen; never before the run's own.
    shown_at: Micros,
    pace: Pace,
    forgotten: Option<Forgotten>,
}

impl Player {
    /// The run of a scene, at time 0.
    #[must_use]
    pub fn new(scene: &Scene) -> Self {
        let run = Run::new(scene);
        let checkpoints = Checkpoints::of(&run);
        Self { run, checkpoints, shown_at: 0, pace: Pace::default(), forgotten: None }
    }

    #[must_use]
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// The virtual time on screen.
    #[must_use]
    pub fn shown_at(&self) -> Micros {
        self.shown_at
    }

    /// When what a hand does now joins the script: a microsecond after the time that is shown.
    #[must_use]
    pub fn hand_at(&self) -> Micros {
        self.shown_at.max(self.run.now()) + 1
    }

    /// How fast virtual time really goes, when that is less than asked for.
    #[must_use]
    pub fn held_back(&self) -> Option<HeldBack> {
        self.pace.held_back()
    }

    /// The first and the last moment that can be reached.
    #[must_use]
    pub fn reach(&self) -> (Micros, Micros) {
        self.checkpoints.reach(&self.run)
    }

    /// The run as far as it has come, while its past is shown.
    #[must_use]
    pub fn furthest(&self) -> &Run {
        self.checkpoints.furthest(&self.run)
    }

    /// Runs to play a span of time again without touching this one: the first stands at `from`, each other goes on in
    /// its place from an edit in the span.
    #[must_use]
    pub fn again(&self, from: Micros, until: Micros) -> Vec<Run> {
        self.checkpoints.again(&self.run, from, until)
    }

    /// Gives back what memory it can; going back takes longer then.
    pub fn relieve(&mut self) {
        self.checkpoints.relieve();
    }

    /// How many moments are saved, and how many messages, calls and timers they hold together.
    #[must_use]
    pub fn held(&self) -> (usize, u64) {
        self.checkpoints.held()
    }

    /// The future that was left last, if that is news worth telling: how far it had come, and its scene.
    pub fn take_left(&mut self) -> Option<(Micros, Scene)> {
        self.checkpoints.take_left().filter(|(reached, _)| *reached > self.shown_at + LEFT_MIN)
    }

    /// What is true no longer since this was last asked: whoever keeps something of the run forgets it.
    pub fn take_forgotten(&mut self) -> Option<Forgotten> {
        self.forgotten.take()
    }

    /// Does to the run what a command has led to; `scene` is the document as it is now. Gives how a search ended.
    pub fn carry_out(&mut self, effect: RunEffect, scene: &Scene, time_left: TimeLeft<'_>) -> Option<Sought> {
        match effect {
            RunEffect::Reconcile => self.reconcile(scene),
            RunEffect::Retouch => self.checkpoints.retouch(&mut self.run, scene),
            RunEffect::Perform(entry) => self.perform(entry, scene, time_left),
            RunEffect::Rescript(why) => self.rescript(why, scene, time_left),
            RunEffect::Replay => self.replay(scene, time_left),
            RunEffect::Remake(edits, why) => self.remake(&edits, why, scene, time_left),
            RunEffect::Restart => *self = Self { forgotten: Some(Forgotten::All), ..Self::new(scene) },
            RunEffect::StepFact => self.step(scene),
            RunEffect::StepBack => self.step_back(),
            RunEffect::NextThatMatters => return Some(self.next(scene, time_left)),
            RunEffect::Seek(at) => self.seek(at),
        }
        None
    }

    /// Moves time on by a frame, which comes so long after the one before; gives why the run stopped, if it did so by
    /// itself.
    pub fn advance(&mut self, since_ms: f64, playing: &Playing, time_left: TimeLeft<'_>) -> Option<Stop> {
        let elapsed_ms = since_ms.min(FRAME_MS_MAX);
        if let Some((begin, _)) = playing.round.filter(|(_, end)| self.shown_at >= *end) {
            self.seek(begin);
        }
        let from = self.shown_at;
        let target = from + (elapsed_ms * MICROS_PER_MILLI as f64 * playing.speed) as Micros;
        let target = playing.round.map_or(target, |(_, end)| target.min(end));
        self.act(&playing.scene);
        let (reached, found) = self.play_on(target, &playing.breakpoints, time_left);
        if let Some(seq) = found {
            self.shown_at = self.run.now();
            return Some(Stop::Breakpoint(seq));
        }
        // A run that halted came as far as it says, however far it was to go.
        let reached = reached && self.run.halt().is_none();
        self.shown_at = if reached { target } else { self.run.now().clamp(from, target) };
        self.pace.measure(since_ms, self.shown_at - from, playing.speed);
        self.run.halt().map(|halt| Stop::Halt(halt.why.clone()))
    }

    /// Time stands still.
    pub fn rest(&mut self) {
        self.pace = Pace::default();
    }

    /// Plays as far as it gets in a frame; says whether the target was reached, and the fact of a breakpoint.
    fn play_on(
        &mut self,
        target: Micros,
        breakpoints: &BTreeSet<Breakpoint>,
        time_left: TimeLeft<'_>,
    ) -> (bool, Option<u64>) {
        let run = &mut self.run;
        let watch = (!breakpoints.is_empty()).then(|| Watch::of(breakpoints, run));
        run.watch_arrivals(watch.as_ref().is_some_and(Watch::reads));
        let (mut reached, mut found) = (false, None);
        while !reached && found.is_none() && run.halt().is_none() {
            (reached, found) = match &watch {
                None => (run.advance(target, SLICE), None),
                Some(watch) => match run.search(target, SLICE, |run, record| watch.stops(run, record)) {
                    Sought::Found(seq) => (false, Some(seq)),
                    Sought::End => (true, None),
                    Sought::UnderWay => (false, None),
                },
            };
            if !time_left() {
                break;
            }
        }
        run.watch_arrivals(false);
        self.checkpoints.follow(run);
        (reached, found)
    }

    /// Plays to a time, as far as it gets, and shows where it is.
    pub fn play_to(&mut self, at: Micros, scene: &Scene, time_left: TimeLeft<'_>) {
        self.act(scene);
        while self.run.halt().is_none() && !self.run.advance(at, SLICE) && time_left() {
            self.checkpoints.follow(&self.run);
        }
        self.checkpoints.follow(&self.run);
        self.shown_at = self.run.now();
    }

    fn step(&mut self, scene: &Scene) {
        self.act(scene);
        self.run.step_fact();
        self.checkpoints.follow(&self.run);
        self.shown_at = self.run.now();
    }

    fn step_back(&mut self) {
        self.checkpoints.step_back(&mut self.run);
        self.shown_at = self.run.now();
    }

    #[inline(never)] // second part
    fn seek(&mut self, at: Micros) {
        self.checkpoints.seek(&mut self.run, at);
        self.shown_at = self.run.now();
    }

    fn next(&mut self, scene: &Scene, time_left: TimeLeft<'_>) -> Sought {
        self.act(scene);
        let until = self.shown_at.max(self.run.now()).saturating_add(SEARCHED);
        let sought = loop {
            let sought = self.run.search(until, SLICE, |_, record| matters(record));
            self.checkpoints.follow(&self.run);
            if sought != Sought::UnderWay || !time_left() {
                break sought;
            }
        };
        self.shown_at = self.run.now();
        if sought == Sought::End && !self.run.is_over() { Sought::UnderWay } else { sought }
    }

    /// Before a run goes on that was taken back: the scene as it is now holds from here on. True when that makes another
    /// future than the one known.
    pub fn act(&mut self, scene: &Scene) -> bool {
        self.checkpoints.head().is_some() && self.act_in_the_past(scene)
    }

    #[inline(never)] // second part
    fn act_in_the_past(&mut self, scene: &Scene) -> bool {
        let stood = self.place();
        let another = self.checkpoints.act(&mut self.run, scene);
        if another {
            self.forget_after(stood);
        }
        another
    }

    fn reconcile(&mut self, scene: &Scene) {
        let stood = self.place();
        if self.run.reconcile(scene) {
            self.checkpoints.edited(&self.run);
            self.forget_after(stood);
        }
    }

    /// An entry that joins the script: just after the time that is shown, or at any other.
    fn perform(&mut self, entry: ScriptEntry, scene: &Scene, time_left: TimeLeft<'_>) {
        self.act(scene);
        let at = entry.at;
        if at <= self.run.now() || at > self.shown_at + 1 {
            return self.rescript(Why::Act, scene, time_left);
        }
        self.forget_after(self.place());
        self.checkpoints.perform(&mut self.run, entry);
        self.shown_at = self.shown_at.max(at);
    }

    fn rescript(&mut self, why: Why, scene: &Scene, time_left: TimeLeft<'_>) {
        let shown = self.shown_at;
        let stood = self.place();
        match self.checkpoints.rescript(&mut self.run, scene, why) {
            Rescripted::Ahead if self.checkpoints.head().is_some() => {}
            Rescripted::Ahead => self.forget_after(stood),
            Rescripted::Back => {
                self.forget_after(self.place());
                self.play_to(shown, scene, time_left);
            }
            Rescripted::Returned => {
                // Up to where both have been, they are the same.
                self.forget_after(stood);
                self.forget_after(self.place());
                self.shown_at = self.run.now();
                if self.checkpoints.head().is_none() && shown > self.shown_at {
                    self.play_to(shown, scene, time_left);
                }
            }
        }
    }

    /// The document from the beginning, up to the time that is shown.
    fn replay(&mut self, scene: &Scene, time_left: TimeLeft<'_>) {
        let shown = self.shown_at;
        self.checkpoints.begin_again(&mut self.run, scene);
        self.forget_after((0, 0));
        self.play_to(shown, scene, time_left);
    }

    /// The document was so from the beginning. What was added while it played still comes when it was added.
    fn remake(&mut self, edits: &[Edit], why: Why, scene: &Scene, time_left: TimeLeft<'_>) {
        let shown = self.shown_at;
        self.checkpoints.remake(&mut self.run, (edits, why), scene, time_left);
        self.forget_after((0, 0));
        self.shown_at = self.run.now();
        if shown > self.shown_at && self.checkpoints.head().is_none() {
            self.play_to(shown, scene, time_left);
        }
    }

    fn place(&self) -> (Micros, u64) {
        (self.run.now(), self.run.trace().total())
    }

    /// What was known of the time after a place is no more.
    fn forget_after(&mut self, (at, total): (Micros, u64)) {
        self.forgotten = Some(match self.forgotten {
            Some(Forgotten::All) => Forgotten::All,
            Some(Forgotten::After { at: other, total: facts }) => {
                Forgotten::After { at: at.min(other), total: total.min(facts) }
            }
            None => Forgotten::After { at, total },
        });
    }
}
