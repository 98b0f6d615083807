//! Time that runs both ways: saved moments of a run, from which any other is reached by playing.
//!
//! A run is a pure function of scene, seed and script, so going back means to take a saved moment before the wanted one
//! and to play on from there. What is edited while a run plays is no part of its script: the moment after an edit is
//! always saved, so that no way back or forth leads over an edit. Whoever goes back and acts there, with the scene as
//! it is now, makes another future ([`Checkpoints::act`]); the one that was left is kept for a while
//! ([`Checkpoints::rescript`] finds it again).

use std::cmp::Ordering;
use std::sync::Arc;

use super::future::{Future, Futures};
use super::saved::Saved;
use crate::editor::Why;
use crate::engine::{Micros, Sort};
use crate::scene::{Edit, Scene, ScriptEntry};
use crate::sim::{Run, Sought};

/// Entries between two saved moments at first: so many are played again in a few hundredths of a second.
const SPACING: u64 = 20_000;
/// Entries between two moments nearby, from which a step back is played; more where a copy costs as much as playing.
const NEAR_SPACING: u64 = 4_000;
/// Entries that a step back leaves to the next one.
const STEP_SPACING: u64 = 64;
/// So many messages, calls and timers are copied in the time in which an entry is handled, or a few.
const COPIED_PER_ENTRY: u64 = 8;
/// Moments nearby.
const NEAR_MAX: usize = 8;
/// Beyond so many messages, calls and timers a moment is not copied in passing: a hand would feel the time that it takes.
const COPIED_MAX: u64 = 150_000;
/// Saved moments without an edit; beyond, those go that leave the smallest gap.
const SAVED_MAX: usize = 48;
/// Moments after edits; beyond, the oldest go, and what lies before them cannot be reached any more.
const EDITS_MAX: usize = 200;
/// Messages, calls and timers in all saved moments together: about as many hundred bytes.
const WEIGHT_MAX: u64 = 2_000_000;

/// What became of a run whose script was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rescripted {
    /// The change lies ahead: the run goes on from where it is.
    Ahead,
    /// It stands before the change, and is to be played on to where it was.
    Back,
    /// It is a run that was left before, at the moment when it was left.
    Returned,
}

/// The saved moments of one run, oldest first.
#[derive(Clone)]
pub struct Checkpoints {
    saved: Vec<Arc<Saved>>,
    spacing: u64,
    /// Moments around where the run was lately, oldest first, without the trace's records.
    near: Vec<Run>,
    /// The furthest the run has come, with the trace's records: there while the run is behind it.
    head: Option<Box<Run>>,
    futures: Futures,
}

impl Checkpoints {
    /// Of a run that begins.
    #[must_use]
    pub fn of(run: &Run) -> Self {
        let saved = vec![Arc::new(Saved::of(run, true))];
        Self { saved, spacing: SPACING, near: Vec::new(), head: None, futures: Futures::default() }
    }

    /// The first and the last moment that can be reached.
    #[must_use]
    pub fn reach(&self, run: &Run) -> (Micros, Micros) {
        let first = self.saved.first().map_or(0, |saved| saved.now);
        (first, self.head.as_ref().map_or(0, |head| head.now()).max(run.now()))
    }

    /// The run as far as it has come, while another shows its past.
    #[must_use]
    pub fn furthest<'a>(&'a self, run: &'a Run) -> &'a Run {
        self.head.as_deref().filter(|head| head.handled() >= run.handled()).unwrap_or(run)
    }

    /// To be called as the run goes on.
    pub fn follow(&mut self, run: &Run) {
        if self.head.as_ref().is_some_and(|head| run.handled() >= head.handled()) {
            self.head = None;
        }
        let last = self.saved.last().map_or(0, |saved| saved.handled);
        let since = run.handled().saturating_sub(last);
        if since >= self.spacing && is_worth_its_time(run.copied(), since) {
            self.save(run, false);
        } else {
            self.note(run, NEAR_SPACING);
        }
    }

    /// Gives back what memory it can: of the moments that are saved, those stay from which the rest can be played again.
    pub fn relieve(&mut self) {
        self.near.clear();
        self.futures = Futures::default();
        while let Some(least) = self.least_missed() {
            self.saved.remove(least);
        }
    }

    /// To be called when an edit has changed how the run goes on: what it did afterwards is no more.
    pub fn edited(&mut self, run: &Run) {
        self.leave(run, run.now());
        // One edit after the other at the same moment: only the last one counts, if the first is not the beginning.
        let same = |saved: &Arc<Saved>| saved.edited && (saved.handled, saved.now) == (run.handled(), run.now());
        if self.saved.len() > 1 && self.saved.last().is_some_and(same) {
            self.saved.pop();
        }
        self.save(run, true);
    }

    /// To be called when an edit has changed nothing of how runs of the scene go: its futures stay what they are.
    pub fn retouch(&mut self, run: &mut Run, scene: &Scene) {
        for run in std::iter::once(run).chain(self.head.as_deref_mut()) {
            // In the past, the run may be that of a scene before an edit.
            if run.document().plays_like(scene) {
                run.reconcile(scene);
            }
        }
    }

    /// Takes the run to a moment that was reached before, or as near as can be.
    pub fn seek(&mut self, run: &mut Run, at: Micros) {
        let (first, last) = self.reach(run);
        let at = at.clamp(first, last);
        let nearer = |(handled, now): (u64, Micros)| handled > run.handled() && now <= at;
        let edited = self.edits_ahead(run).any(|saved| saved.now <= at);
        let ahead = edited || self.places().any(nearer) || self.head.as_ref().is_some_and(|head| head.now() <= at);
        if at < run.now() || ahead {
            self.restore(run, |saved| saved.now() <= at);
        }
        while !run.advance(at, NEAR_SPACING) {
            self.note(run, NEAR_SPACING);
        }
    }

    /// Runs to play a span of time again without touching this one: the first stands at `from`, each other goes on in
    /// its place from an edit in the span.
    #[must_use]
    pub fn again(&self, run: &Run, from: Micros, until: Micros) -> Vec<Run> {
        let play = |saved: &Saved, at: Micros| {
            let mut again = saved.run().clone();
            again.rescript(run.script());
            again.advance_to(at);
            again
        };
        let start = self.saved.iter().rfind(|saved| saved.now <= from).or(self.saved.first());
        let edits = self.saved.iter().filter(|saved| saved.edited && saved.now > from && saved.now <= until);
        start.map(|saved| play(saved, from)).into_iter().chain(edits.map(|saved| play(saved, 0))).collect()
    }

    /// Takes the run back to where it was before its last fact; false at the first.
    pub fn step_back(&mut self, run: &mut Run) -> bool {
        let (total, stood) = (run.trace().total(), run.handled());
        if self.saved.first().is_none_or(|first| first.total >= total) {
            return false;
        }
        // What was handled with the last fact may have brought several: where that began is only known afterwards. A
        // moment shortly before is noted, so as not to play all of it twice. Nobody reads the trace meanwhile.
        self.restore_state(run, |saved| saved.trace().total() < total);
        // What an edit brought about itself never comes of what was before it, however far that is played.
        let edit = self.saved.iter().find(|saved| saved.edited && saved.total >= total);
        let last = edit.map_or(stood, |edit| edit.handled.min(stood));
        let mut before = run.trace().total();
        while run.trace().total() < total {
            before = run.trace().total();
            self.note(run, if total - before <= STEP_SPACING { STEP_SPACING } else { NEAR_SPACING });
            if !play_fact(run, last) {
                break;
            }
        }
        self.restore_state(run, |saved| saved.trace().total() <= before);
        while run.trace().total() < before && play_fact(run, last) {}
        if let Some(head) = &self.head {
            run.take_records_of(head);
        }
        true
    }

    /// To be called before a run goes on that was taken back: the scene as it is now holds from here on. True when that
    /// makes another future than the one known.
    pub fn act(&mut self, run: &mut Run, scene: &Scene) -> bool {
        let another =
            self.head.is_some() && (!run.document().plays_like(scene) || self.edits_ahead(run).next().is_some());
        if another {
            run.reconcile(scene);
            self.edited(run);
        }
        another
    }

    /// Takes in what a hand does: an entry that joins the script, after the present. The run is played to it.
    pub fn perform(&mut self, run: &mut Run, entry: ScriptEntry) {
        self.leave(run, run.now());
        // While a hand is on a knob, the way back to here is gone again and again.
        if self.saved.last().is_some_and(|saved| saved.handled < run.handled()) {
            self.save(run, false);
        }
        let at = entry.at;
        run.perform(entry);
        run.advance_to(at);
    }

    /// Makes the run that of a scene whose script was changed. What has happened before the first change stays.
    pub fn rescript(&mut self, run: &mut Run, scene: &Scene, why: Why) -> Rescripted {
        let known = if why == Why::Undo { self.futures.take(scene) } else { None };
        if let Some(future) = known {
            self.return_to(run, future);
            return Rescripted::Returned;
        }
        let from = first_difference(run.script(), &scene.script);
        let back = from.filter(|from| *from <= run.now());
        match (back, from) {
            (Some(from), _) => self.go_before(run, scene, from, why),
            (None, Some(from)) => {
                match &mut self.head {
                    Some(head) if head.now() < from => head.rescript(&scene.script),
                    _ => self.leave(run, run.now()),
                }
                run.rescript(&scene.script);
            }
            (None, None) => {}
        }
        if !run.document().plays_like(scene) {
            run.reconcile(scene);
            self.edited(run);
        }
        if back.is_some() { Rescripted::Back } else { Rescripted::Ahead }
    }

    /// Takes the run to before the first change of its script, and changes that.
    fn go_before(&mut self, run: &mut Run, scene: &Scene, from: Micros, why: Why) {
        if self.head.is_none() && why != Why::Typing {
            self.head = Some(Box::new(run.clone()));
        }
        let (stood, kept) = (run.now(), self.saved.iter().rposition(|saved| saved.now < from));
        match kept {
            Some(index) => {
                let past = std::mem::replace(run, self.saved[index].run().clone());
                run.take_records_of(&past);
            }
            None => *run = Run::with_seed(scene, run.seed()),
        }
        if why == Why::Typing {
            self.head = None;
        }
        self.leave(run, stood);
        self.saved.truncate(kept.map_or(0, |index| index + 1));
        self.near.clear();
        run.rescript(&scene.script);
        if self.saved.is_empty() {
            self.save(run, true);
        }
    }

    /// The run of the scene as it is now, from the beginning; the future that this leaves is kept.
    pub fn begin_again(&mut self, run: &mut Run, scene: &Scene) {
        if self.head.is_none() {
            self.head = Some(Box::new(run.clone()));
        }
        let stood = run.now();
        *run = Run::with_seed(scene, run.seed());
        self.leave(run, stood);
        self.saved = vec![Arc::new(Saved::of(run, true))];
        self.near.clear();
    }

    /// The run with edits made at each of its moments, from the beginning. What was added and taken away while it played
    /// comes and goes when it did. Behind the last of that it is played as far as there is time.
    pub fn remake(
        &mut self,
        run: &mut Run,
        (edits, why): (&[Edit], Why),
        scene: &Scene,
        time_left: &mut dyn FnMut() -> bool,
    ) {
        let known = if why == Why::Undo { self.futures.take(scene) } else { None };
        if let Some(future) = known {
            return self.return_to(run, future);
        }
        let remade = |document: &Scene| {
            let mut document = Scene { script: scene.script.clone(), ..document.clone() };
            edits.iter().for_each(|edit| document.apply(edit.clone()));
            // The script says already what it is to say.
            Scene { script: scene.script.clone(), ..document }
        };
        let (stood, seen) = (run.now(), run.trace().total());
        let behind = self.head.take().map(|head| (head.handled(), head.now()));
        let reached = behind.unwrap_or((run.handled(), stood));
        let before = std::mem::take(&mut self.saved);
        let mut made = before.iter().filter(|saved| saved.edited);
        let first = made.next().map_or_else(|| remade(run.document()), |first| remade(&first.document));
        *run = Run::with_seed(&first, run.seed());
        self.saved = vec![Arc::new(Saved::of(run, true))];
        self.spacing = SPACING;
        self.near.clear();
        for edit in made.filter(|edit| (edit.handled, edit.now) <= reached) {
            self.play_to_place(run, (edit.handled, edit.now), &mut || true);
            run.reconcile(&remade(&edit.document));
            self.edited(run);
        }
        self.play_to_place(run, reached, time_left);
        if behind.is_some() {
            self.seek(run, stood);
            // Of what happened at one moment, some may have been still to come.
            while run.trace().total() > seen && self.step_back(run) {}
        }
    }

    fn play_to_place(&mut self, run: &mut Run, (handled, now): (u64, Micros), time_left: &mut dyn FnMut() -> bool) {
        while run.handled() < handled && !run.advance(now, NEAR_SPACING.min(handled - run.handled())) {
            self.follow(run);
            if !time_left() {
                return;
            }
        }
        if run.now() < now {
            run.advance_to(now);
        }
        self.follow(run);
    }

    /// The furthest that is known of this future, while the run is behind it.
    #[must_use]
    pub fn head(&self) -> Option<&Run> {
        self.head.as_deref()
    }

    /// How many moments are saved, and how many messages, calls and timers they hold together. Both are bounded.
    #[must_use]
    pub fn held(&self) -> (usize, u64) {
        (self.saved.len(), self.saved.iter().map(|saved| saved.weight).sum())
    }

    /// The future that was left last, if that is news: how far it had come, and its scene.
    pub fn take_left(&mut self) -> Option<(Micros, Scene)> {
        self.futures.take_news()
    }

    /// What comes after the present is no more, but for what is kept of it. `at` is shown whoever returns to it.
    fn leave(&mut self, run: &Run, at: Micros) {
        if let Some(head) = self.head.take() {
            self.futures.keep(Future { saved: self.saved.clone(), spacing: self.spacing, head, at });
        }
        // Where nothing happens for a while, time tells which comes first.
        self.saved.retain(|saved| saved.handled <= run.handled() && saved.now <= run.now());
        self.near.retain(|near| near.handled() <= run.handled() && near.now() <= run.now());
    }

    fn return_to(&mut self, run: &mut Run, future: Future) {
        let head = self.head.take().unwrap_or_else(|| Box::new(run.clone()));
        let saved = std::mem::replace(&mut self.saved, future.saved);
        let spacing = std::mem::replace(&mut self.spacing, future.spacing);
        self.futures.keep_quietly(Future { saved, spacing, head, at: run.now() });
        self.near.clear();
        *run = *future.head;
        self.seek(run, future.at);
    }

    /// The last saved moment for which `fits` holds; moments are in order, so it holds for all before it.
    fn restore(&mut self, run: &mut Run, fits: impl Fn(&Run) -> bool) {
        if self.restore_state(run, fits)
            && let Some(head) = &self.head
        {
            run.take_records_of(head);
        }
    }

    /// The same; true if the run is left without the trace's records, which only the head has.
    fn restore_state(&mut self, run: &mut Run, fits: impl Fn(&Run) -> bool) -> bool {
        let is_furthest = self.head.as_ref().is_none_or(|head| head.handled() < run.handled());
        let furthest = self.head.as_deref().filter(|_| !is_furthest).unwrap_or(run);
        let script = run.script().to_vec();
        let lacks_records = !fits(furthest);
        if lacks_records {
            let saved = self.saved.iter().map(|saved| saved.run()).rfind(|run| fits(run));
            let near = self.near.iter().rfind(|run| fits(run));
            // Of two between the same entries, the saved one may have been edited.
            let near = near.filter(|near| saved.is_none_or(|saved| near.handled() > saved.handled()));
            let Some(last) = near.or(saved).cloned() else { return false };
            let left = std::mem::replace(run, last);
            if is_furthest {
                self.head = Some(Box::new(left));
            }
        } else if is_furthest {
            self.head = None;
        } else {
            *run = furthest.clone();
        }
        // What was done by hand since then is in the script.
        run.rescript(&script);
        lacks_records
    }

    /// The moments after edits that were made later in this run than where it stands.
    fn edits_ahead(&self, run: &Run) -> impl Iterator<Item = &Saved> {
        let place = (run.handled(), run.now());
        // Whether an edit at this very moment was made already, the scene and the facts tell.
        let total = run.trace().total();
        let is_made = move |saved: &Saved| saved.total <= total && saved.document.plays_like(run.document());
        let is_ahead = move |saved: &&Saved| match (saved.handled, saved.now).cmp(&place) {
            Ordering::Less => false,
            Ordering::Equal => !is_made(saved),
            Ordering::Greater => true,
        };
        self.saved.iter().skip(1).map(|saved| &**saved).filter(|saved| saved.edited).filter(is_ahead)
    }

    /// Of all moments from which a run can be played, how much was handled by then, and when that was.
    fn places(&self) -> impl Iterator<Item = (u64, Micros)> {
        let near = self.near.iter().map(|near| (near.handled(), near.now()));
        near.chain(self.saved.iter().map(|saved| (saved.handled, saved.now)))
    }

    /// Keeps the present among the moments nearby, unless there is one less than `spacing` entries before it.
    fn note(&mut self, run: &Run, spacing: u64) {
        let handled = run.handled();
        let last = self.places().map(|(other, _)| other).filter(|other| *other <= handled).max().unwrap_or(0);
        if handled >= last + spacing {
            self.keep_near(run, last);
        }
    }

    #[inline(never)] // second part
    fn keep_near(&mut self, run: &Run, last: u64) {
        let handled = run.handled();
        let copied = run.copied();
        if copied > COPIED_MAX || handled < last + copied / COPIED_PER_ENTRY {
            return;
        }
        let place = self.near.partition_point(|near| near.handled() < handled);
        self.near.insert(place, run.checkpoint());
        if self.near.len() > NEAR_MAX {
            self.near.remove(if place > NEAR_MAX / 2 { 0 } else { NEAR_MAX });
        }
    }

    #[inline(never)] // second part
    fn save(&mut self, run: &Run, edited: bool) {
        self.saved.push(Arc::new(Saved::kept(run, edited)));
        let plain = |saved: &[Arc<Saved>]| saved.iter().filter(|saved| !saved.edited).count();
        let weight = |saved: &[Arc<Saved>]| saved.iter().map(|saved| saved.weight).sum::<u64>();
        while plain(&self.saved) > 1 && (plain(&self.saved) > SAVED_MAX || weight(&self.saved) > WEIGHT_MAX) {
            let Some(least) = self.least_missed() else { break };
            self.saved.remove(least);
            // As far apart as those that stay are on the whole: many acts at one time are no long run.
            self.spacing = SPACING.max(run.handled() / plain(&self.saved).max(1) as u64);
        }
        let edits = |saved: &[Arc<Saved>]| saved.iter().filter(|saved| saved.edited).count();
        while edits(&self.saved) > EDITS_MAX || (edits(&self.saved) > 1 && weight(&self.saved) > WEIGHT_MAX) {
            let next = self.saved.iter().skip(1).position(|saved| saved.edited).map_or(self.saved.len(), |at| at + 1);
            self.saved.drain(..next);
        }
    }

    /// The moment without an edit that leaves the smallest gap, but for the last.
    fn least_missed(&self) -> Option<usize> {
        let before_last = self.saved.len().saturating_sub(1);
        let inner = (1..before_last).filter(|index| !self.saved[*index].edited);
        inner.min_by_key(|index| self.saved[index + 1].handled - self.saved[index - 1].handled)
    }
}

/// A large copy is, where as many entries were played since the last.
fn is_worth_its_time(copied: u64, since: u64) -> bool {
    copied <= COPIED_MAX || since >= copied
}

/// Plays to the next fact, or some of the way there; false where so many entries are handled.
fn play_fact(run: &mut Run, last: u64) -> bool {
    let entries = last.saturating_sub(run.handled()).min(NEAR_SPACING);
    entries > 0 && run.search(Micros::MAX, entries, |_, _| true) != Sought::End
}

/// The earliest time of an entry that only one of the scripts has, or has at another place among those of its time.
fn first_difference(one: &[ScriptEntry], other: &[ScriptEntry]) -> Option<Micros> {
    let in_time = |script: &[ScriptEntry]| -> Vec<usize> {
        let mut order: Vec<usize> = (0..script.len()).collect();
        order.order_by_key(|index| script[*index].at);
        order
    };
    let (mine, theirs) = (in_time(one), in_time(other));
    let differs = mine.iter().zip(&theirs).find(|(left, right)| one[**left] != other[**right]);
    match differs {
        Some((left, right)) => Some(one[*left].at.min(other[*right].at)),
        None if mine.len() > theirs.len() => Some(one[mine[theirs.len()]].at),
        None => theirs.get(mine.len()).map(|index| other[*index].at),
    }
}
