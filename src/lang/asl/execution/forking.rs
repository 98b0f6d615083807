//! States that run flows of their own: Parallel's branches, Map's items (SFN-11…13).

use std::sync::Arc;

use serde_json::{Value, json};

use super::event::{EventId, EventKind};
use super::failure::{EXCEED_TOLERATED_FAILURE_THRESHOLD, Error, Failure, ITEM_READER_FAILED};
use super::items::{self, Source};
use super::scope::{World, unwatched};
use super::thread::{Item, Phase, Thread, ThreadId};
use super::{Effect, Execution, PAYLOAD_BYTES_MAX, Status, fields, numbers};
use crate::lang::asl::machine::{Flow, MapState, State, StateKind};

/// Items of an inline Map under way at once, whatever is asked for (SFN-12).
const INLINE_CONCURRENCY_MAX: u64 = 40;
/// Children of a distributed Map under way at once (SFN-13).
const DISTRIBUTED_CONCURRENCY_MAX: u64 = 10_000;

/// A Parallel or Map at work.
#[derive(Clone, Debug)]
pub struct Fork {
    pub is_distributed: bool,
    /// What each branch or item gave; `None` of those not ended, or failed.
    pub results: Vec<Option<Arc<Value>>>,
    /// The items still to be worked on, in order, and each one's input.
    pub items: Arc<Vec<Item>>,
    pub next: usize,
    pub running: u64,
    pub failed: u64,
    pub succeeded: u64,
    pub concurrency: u64,
    pub tolerated: Tolerated,
    /// What each item's input is made of, beside the item.
    pub selector_input: Arc<Value>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tolerated {
    pub count: u64,
    /// 0…100.
    pub percentage: f64,
}

impl Tolerated {
    /// Whether so many failures of so many items are too many.
    fn is_exceeded(&self, failed: u64, items: u64) -> bool {
        failed > self.count && failed as f64 * 100.0 > self.percentage * items as f64
    }
}

/// How a branch, an item or a child execution has ended.
#[derive(Clone, Debug)]
pub enum ChildOutcome {
    Succeeded { output: Arc<Value>, last: EventId },
    Failed { failure: Failure, last: EventId, thread: Option<ThreadId> },
}

impl Execution {
    pub(super) fn fork_branches(&mut self, id: ThreadId, state: &State, branches: &[Flow], world: &mut dyn World) {
        let input =
            self.in_scope(id, world, |scope, world| fields::effective_input(state, scope, world, &mut unwatched));
        let input = match input {
            Ok(input) => Arc::new(input),
            Err(failure) => return self.fail(id, failure, world),
        };
        let started = self.tell(id, EventKind::ParallelStarted, world);
        self.thread(id).phase = Phase::Forked(Box::new(Fork {
            is_distributed: false,
            results: vec![None; branches.len()],
            items: Arc::default(),
            next: branches.len(),
            running: branches.len() as u64,
            failed: 0,
            succeeded: 0,
            concurrency: branches.len() as u64,
            tolerated: Tolerated::default(),
            selector_input: Arc::clone(&input),
        }));
        let (variables, item) = (Arc::clone(&self.threads[&id].variables), self.threads[&id].item.clone());
        for (place, branch) in branches.iter().enumerate() {
            let thread = Thread::new(branch.start, Arc::clone(&input), Arc::clone(&variables), started);
            self.spawn(Thread { parent: Some(id), place, item: item.clone(), ..thread });
        }
        if branches.is_empty() {
            self.all_done(id, started, world);
        }
    }

    fn spawn(&mut self, thread: Thread) -> ThreadId {
        let id = self.number();
        self.threads.insert(id, thread);
        self.ready.push_back(id);
        id
    }

    /// The last state of a branch or an iteration has ended.
    pub(super) fn child_done(&mut self, id: ThreadId, output: Arc<Value>, world: &mut dyn World) {
        let thread = self.threads.remove(&id).expect("a thread is there until it is over");
        let parent = thread.parent.expect("it is a child");
        let of_map = matches!(self.machine.states[self.threads[&parent].state].kind, StateKind::Map(_));
        if of_map {
            let outcome = ChildOutcome::Succeeded { output, last: thread.last };
            return self.item_done(parent, thread.place as u64, outcome, world);
        }
        let Phase::Forked(fork) = &mut self.thread(parent).phase else { return };
        fork.results[thread.place] = Some(output);
        fork.running -= 1;
        if fork.running == 0 {
            self.all_done(parent, thread.last, world);
        }
    }

    pub(super) fn fork_items(&mut self, id: ThreadId, state: &State, map: &MapState, world: &mut dyn World) {
        match self.read_items(id, state, map, world) {
            Ok(Some((fork, length))) => {
                let started = self.tell(id, EventKind::MapStarted { length }, world);
                if fork.is_distributed {
                    let arn = self.map_run_arn(map, world);
                    self.tell(id, EventKind::MapRunStarted { arn: arn.into() }, world);
                }
                let is_empty = fork.items.is_empty();
                self.thread(id).phase = Phase::Forked(Box::new(fork));
                if is_empty { self.all_done(id, started, world) } else { self.start_items(id, None, world) }
            }
            // A concurrency below zero is waited for without end (recorded).
            Ok(None) => {
                self.thread(id).phase = Phase::Waiting { until: u64::MAX, wake: super::Wake { thread: id, number: 0 } }
            }
            Err(Refused::Before(failure)) => self.fail(id, failure, world),
            Err(Refused::Started(failure, length)) => {
                self.tell(id, EventKind::MapStarted { length }, world);
                self.fail(id, failure, world);
            }
            Err(Refused::Reader(error)) => {
                self.tell(id, EventKind::MapStarted { length: 0 }, world);
                let arn = self.map_run_arn(map, world);
                self.tell(id, EventKind::MapRunStarted { arn: arn.into() }, world);
                self.tell(id, EventKind::MapRunFailed(error.clone()), world);
                self.fail(id, Failure::of(error), world);
            }
        }
    }

    fn map_run_arn(&mut self, map: &MapState, world: &mut dyn World) -> String {
        let label = map.distributed.as_ref().and_then(|distributed| distributed.label.clone());
        let label = label.unwrap_or_else(|| world.uuid());
        let machine = self.identity.machine_id.replacen(":stateMachine:", ":mapRun:", 1);
        format!("{machine}/{label}:{}", world.uuid())
    }

    /// The items of a Map and how they are to be worked on.
    fn read_items(
        &mut self,
        id: ThreadId,
        state: &State,
        map: &MapState,
        world: &mut dyn World,
    ) -> Result<Option<(Fork, u64)>, Refused> {
        let objects = Arc::clone(&self.objects);
        let (input, source, concurrency) = self
            .in_scope(id, world, |scope, world| {
                let input = fields::select(&state.fields.input_path, scope.input, scope)?;
                let source = items::source(map, state.language, &input, scope, world)?;
                let within = scope.with_input(&input);
                let concurrency = numbers::integer(&map.max_concurrency, "MaxConcurrency", &within, world)?;
                Ok((input, source, concurrency))
            })
            .map_err(Refused::Before)?;
        if concurrency < 0 {
            return Ok(None);
        }
        let length = match &source {
            Source::Items(items) => items.len() as u64,
            Source::Reader(_) => 0,
        };
        let started = |failure| Refused::Started(failure, length);
        let (tolerated, most_items) = self
            .in_scope(id, world, |scope, world| numbers::tolerated(map.distributed.as_ref(), scope, world))
            .map_err(started)?;
        let mut list = match source {
            Source::Items(items) => items,
            Source::Reader(reader) => items::read(&reader, &objects)
                .map_err(|cause| Refused::Reader(Error::new(ITEM_READER_FAILED, cause)))?,
        };
        list.truncate(usize::try_from(most_items.unwrap_or(u64::MAX)).unwrap_or(usize::MAX));
        let is_distributed = map.distributed.is_some();
        if let Some(batcher) = map.distributed.as_ref().and_then(|distributed| distributed.batcher.as_ref()) {
            let selected = self.select_each(id, map, &Arc::new(input.clone()), list, world).map_err(started)?;
            list = self
                .in_scope(id, world, |scope, world| {
                    items::batches((batcher, state.language), selected, &input, scope, world)
                })
                .map_err(started)?;
        }
        let bound = if is_distributed { DISTRIBUTED_CONCURRENCY_MAX } else { INLINE_CONCURRENCY_MAX };
        let concurrency = if concurrency == 0 { bound } else { (concurrency as u64).min(bound) };
        let results = vec![None; list.len()];
        let fork = Fork {
            is_distributed,
            results,
            items: Arc::new(list),
            next: 0,
            running: 0,
            failed: 0,
            succeeded: 0,
            concurrency,
            tolerated,
            selector_input: Arc::new(input),
        };
        Ok(Some((fork, length)))
    }

    /// The inputs that `ItemSelector` makes of the items of batches.
    fn select_each(
        &mut self,
        id: ThreadId,
        map: &MapState,
        input: &Arc<Value>,
        list: Vec<Item>,
        world: &mut dyn World,
    ) -> Result<Vec<Value>, Failure> {
        list.into_iter().map(|item| self.item_input(id, map, input, &item, world)).collect()
    }

    fn item_input(
        &mut self,
        id: ThreadId,
        map: &MapState,
        input: &Arc<Value>,
        item: &Item,
        world: &mut dyn World,
    ) -> Result<Value, Failure> {
        let Some(selector) = &map.item_selector else { return Ok(item.value.clone()) };
        let thread = &self.threads[&id];
        let context = self.context(thread, Some(item));
        let language = self.machine.states[thread.state].language;
        let scope = super::Scope { input, context: &context, variables: &thread.variables };
        items::select(selector, language, &scope, world)
    }

    /// Begins as many items as may run; `after` is what the first of them follows from, where another has just ended.
    fn start_items(&mut self, id: ThreadId, after: Option<EventId>, world: &mut dyn World) {
        let machine = Arc::clone(&self.machine);
        loop {
            if self.status != Status::Running {
                return;
            }
            let thread = self.thread(id);
            let state = thread.state;
            let (started, variables) = (thread.last, Arc::clone(&thread.variables));
            let Phase::Forked(fork) = &mut thread.phase else { return };
            if fork.running >= fork.concurrency || fork.next >= fork.items.len() {
                return;
            }
            let StateKind::Map(map) = &machine.states[state].kind else { return };
            let (number, items, input) = (fork.next, Arc::clone(&fork.items), Arc::clone(&fork.selector_input));
            fork.next += 1;
            fork.running += 1;
            let (is_distributed, item) = (fork.is_distributed, &items[number]);
            let is_batch = map.distributed.as_ref().is_some_and(|distributed| distributed.batcher.is_some());
            let selected =
                if is_batch { Ok(item.value.clone()) } else { self.item_input(id, map, &input, item, world) };
            let selected = match selected {
                Ok(selected) => selected,
                Err(failure) => return self.fail(id, failure, world),
            };
            if is_distributed {
                self.effects.push(Effect::StartChild {
                    thread: id,
                    map: state,
                    number: number as u64,
                    input: selected,
                });
                continue;
            }
            let previous = after.unwrap_or(started);
            let begun = self.record(previous, EventKind::IterationStarted { state, index: number as u64 }, world);
            let child = Thread::new(map.processor.start, Arc::new(selected), variables, begun);
            self.spawn(Thread { parent: Some(id), place: number, item: Some(Arc::new(item.clone())), ..child });
        }
    }

    /// An item was worked on, or could not be.
    pub(super) fn item_done(&mut self, id: ThreadId, number: u64, outcome: ChildOutcome, world: &mut dyn World) {
        let Some(thread) = self.threads.get_mut(&id) else { return };
        let state = thread.state;
        let Phase::Forked(fork) = &mut thread.phase else { return };
        fork.running -= 1;
        let (items, is_distributed) = (fork.items.len() as u64, fork.is_distributed);
        let last = match outcome {
            ChildOutcome::Succeeded { output, last } => {
                fork.succeeded += 1;
                fork.results[number as usize] = Some(output);
                if !is_distributed {
                    let done = self.record(last, EventKind::IterationSucceeded { state, index: number }, world);
                    let thread = self.thread(id);
                    let Phase::Forked(fork) = &mut thread.phase else { return };
                    if fork.succeeded == items {
                        return self.all_done(id, done, world);
                    }
                }
                last
            }
            ChildOutcome::Failed { failure, last, thread: failed } => {
                fork.failed += 1;
                if !is_distributed {
                    return self.iteration_failed(id, (number, failed, last), failure, world);
                }
                let (count, tolerated) = (fork.failed, fork.tolerated);
                if tolerated.is_exceeded(count, items) {
                    return self.map_run_failed(id, world);
                }
                last
            }
        };
        let thread = self.thread(id);
        let Phase::Forked(fork) = &mut thread.phase else { return };
        if is_distributed && fork.succeeded + fork.failed == items {
            let last = thread.last;
            return self.all_done(id, last, world);
        }
        self.start_items(id, Some(last), world);
    }

    fn iteration_failed(
        &mut self,
        id: ThreadId,
        (number, failed, last): (u64, Option<ThreadId>, EventId),
        failure: Failure,
        world: &mut dyn World,
    ) {
        let state = self.thread(id).state;
        self.record(last, EventKind::IterationFailed { state, index: number }, world);
        self.abort_children(id, failed, last, world);
        if let Some(failed) = failed {
            self.abort_state(failed, last, world);
        }
        if self.status == Status::Running {
            self.thread(id).last = last;
            self.fail(id, failure, world);
        }
    }

    /// More items have failed than are tolerated (SFN-13).
    fn map_run_failed(&mut self, id: ThreadId, world: &mut dyn World) {
        let cause = "The specified tolerated failure threshold was exceeded";
        let error = Error::new(EXCEED_TOLERATED_FAILURE_THRESHOLD, cause);
        self.tell(id, EventKind::MapRunFailed(error.clone()), world);
        self.fail(id, Failure::of(error), world);
    }

    /// All branches or items have given their results; `last` is what that follows from.
    fn all_done(&mut self, id: ThreadId, last: EventId, world: &mut dyn World) {
        let machine = Arc::clone(&self.machine);
        let state = &machine.states[self.thread(id).state];
        let Phase::Forked(fork) = &mut self.thread(id).phase else { return };
        let is_distributed = fork.is_distributed;
        let results = std::mem::take(&mut fork.results);
        let list =
            results.into_iter().flatten().map(|value| Arc::try_unwrap(value).unwrap_or_else(|value| (*value).clone()));
        let mut result = Value::Array(list.collect());
        self.thread(id).last = last;
        if is_distributed {
            let run = self.record(last, EventKind::MapRunSucceeded, world);
            self.record(run, EventKind::MapSucceeded, world);
            result = self.written(id, state, result, world);
        } else {
            let done = if matches!(state.kind, StateKind::Map(_)) {
                EventKind::MapSucceeded
            } else {
                EventKind::ParallelSucceeded
            };
            self.record(last, done, world);
        }
        if self.status != Status::Running {
            return;
        }
        if !super::is_within(&result, PAYLOAD_BYTES_MAX) {
            return self.fail(id, super::too_large(&state.name), world);
        }
        let outcome =
            self.in_scope(id, world, |scope, world| fields::outcome(state, scope, Some(result), world, &mut unwatched));
        match outcome {
            Ok(outcome) => self.exit(id, outcome, state.next, world),
            Err(failure) => self.fail(id, failure, world),
        }
    }

    /// Where the results of a distributed Map are written to a bucket, its own result says where.
    fn written(&mut self, id: ThreadId, state: &State, result: Value, world: &mut dyn World) -> Value {
        let StateKind::Map(map) = &state.kind else { return result };
        let Some(writer) = map.distributed.as_ref().and_then(|distributed| distributed.writer.as_ref()) else {
            return result;
        };
        let Some(arguments) = &writer.arguments else { return result };
        let arguments =
            self.in_scope(id, world, |scope, world| items::arguments(arguments, state.language, scope, world));
        let Ok(arguments) = arguments else { return result };
        let run = world.uuid();
        let text = |name: &str| arguments[name].as_str().unwrap_or_default().to_owned();
        let key = format!("{}/{run}/manifest.json", text("Prefix").trim_end_matches('/'));
        let arn = self.identity.machine_id.replacen(":stateMachine:", ":mapRun:", 1);
        json!({ "MapRunArn": format!("{arn}/{}:{run}", state.name), "ResultWriterDetails": { "Bucket": text("Bucket"), "Key": key } })
    }
}

/// Why a Map cannot begin, by what its history says of it.
enum Refused {
    Before(Failure),
    /// With the number of items.
    Started(Failure, u64),
    Reader(Error),
}
