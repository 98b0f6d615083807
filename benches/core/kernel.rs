//! The kernel through its public interface, against a loop over a binary heap with the same draws.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use decoupled::engine::{Actor, ActorId, Cx, FaultKind, LinkId, Micros, Stream, World};

use super::bare::{MEAN_BETWEEN, MEAN_SERVICE, bare, draw};
use crate::compare;

const CUSTOMERS: u64 = 300_000;
const STATIONS: u64 = 10;
/// Timers that stand in the agenda all the while: one for each message of a large backlog.
const PENDING: u64 = 1_000_000;

pub fn run() {
    compare("kernel: M/M/1", 2 * CUSTOMERS, || kernel(1), || bare(1, CUSTOMERS));
    compare("kernel: ten queues", 2 * CUSTOMERS, || kernel(STATIONS), || bare(STATIONS, CUSTOMERS));
    compare("kernel: a million timers pending", 2 * PENDING, timers, bare_timers);
}

/// A server with a queue before it. Whoever is served goes on to the next station, the last one out.
#[derive(Clone)]
struct Station {
    next: Option<ActorId>,
    /// The first station makes the customers.
    left: u64,
    waiting: VecDeque<Micros>,
    busy: bool,
    waited: u64,
}

#[derive(Clone)]
enum Timer {
    Comes,
    Served,
}

impl Station {
    fn take(&mut self, cx: &mut Cx<'_, Self>) {
        if self.busy {
            self.waiting.push_back(cx.now());
        } else {
            self.busy = true;
            let service = draw(cx.rng("service"), MEAN_SERVICE);
            cx.wake_in(service, Timer::Served);
        }
    }
}

impl Actor for Station {
    /// A customer.
    type Signal = ();
    type Timer = Timer;
    type Fact = ();
    type Shared = ();

    fn receive(&mut self, _from: ActorId, (): (), cx: &mut Cx<'_, Self>) {
        self.take(cx);
    }

    fn wake(&mut self, timer: Timer, cx: &mut Cx<'_, Self>) {
        match timer {
            Timer::Comes => {
                self.left -= 1;
                if self.left > 0 {
                    let pause = draw(cx.rng("arrivals"), MEAN_BETWEEN);
                    cx.wake_in(pause, Timer::Comes);
                }
                self.take(cx);
            }
            Timer::Served => {
                self.busy = false;
                if let Some(next) = self.next {
                    cx.send(next, LinkId::NONE, 0, ());
                }
                if let Some(since) = self.waiting.pop_front() {
                    self.waited += cx.now() - since;
                    self.take(cx);
                }
            }
        }
    }

    fn lost(&mut self, _to: ActorId, _link: LinkId, (): (), _why: FaultKind, _cx: &mut Cx<'_, Self>) {}

    fn struck(&mut self, _fault: FaultKind, _begins: bool, _cx: &mut Cx<'_, Self>) {}

    fn duplicate((): &(), (): &mut ()) -> Option<()> {
        Some(())
    }
}

/// `CUSTOMERS` visits in all, over so many stations in a row; gives the time all of them waited.
fn kernel(stations: u64) -> u64 {
    let mut world = World::new(7, ());
    let mut next = None;
    for index in (0..stations).rev() {
        let left = if index == 0 { CUSTOMERS / stations } else { 0 };
        let station = Station { next, left, waiting: VecDeque::new(), busy: false, waited: 0 };
        next = Some(world.add(&format!("s{index}"), station));
    }
    world.with(next.expect("there is a first station"), |_, cx| cx.wake_in(0, Timer::Comes));
    world.step_until(Micros::MAX);
    world.actors().iter().map(|station| station.waited).sum()
}

/// Sets a million timers at random, and lets them all run out.
fn timers() -> u64 {
    let mut world = World::new(7, ());
    let station = Station { next: None, left: 0, waiting: VecDeque::new(), busy: false, waited: 0 };
    let id = world.add("timers", station);
    let mut stream = Stream::new(7, "timers", "times");
    world.with(id, |_, cx| {
        for _ in 0..PENDING {
            cx.wake_in(stream.below(PENDING * 100), Timer::Served);
        }
    });
    world.step_until(Micros::MAX);
    world.now()
}

fn bare_timers() -> u64 {
    let mut stream = Stream::new(7, "timers", "times");
    let mut events = BinaryHeap::new();
    for seq in 0..PENDING {
        events.push(Reverse((stream.below(PENDING * 100), seq)));
    }
    let mut now = 0;
    while let Some(Reverse((at, _))) = events.pop() {
        now = at;
    }
    now
}
