//! Queues in a row over a binary heap, without a kernel: what the kernel and the services are held against.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use decoupled::engine::{Micros, Stream};

pub const MEAN_BETWEEN: f64 = 1_000.0;
pub const MEAN_SERVICE: f64 = 700.0;

pub fn draw(stream: &mut Stream, mean: f64) -> Micros {
    (stream.exponential() * mean) as Micros
}

struct Bare {
    stream: Stream,
    waiting: VecDeque<Micros>,
    busy: bool,
    waited: u64,
}

/// So many visits in all, over so many stations in a row; gives the time all of them waited.
pub fn bare(stations: u64, customers: u64) -> u64 {
    const COMES: u32 = u32::MAX;
    let server = |index| Bare {
        stream: Stream::new(7, &format!("s{index}"), "service"),
        waiting: VecDeque::new(),
        busy: false,
        waited: 0,
    };
    let mut servers: Vec<Bare> = (0..stations).map(server).collect();
    let mut arrivals = Stream::new(7, "s0", "arrivals");
    let mut events: BinaryHeap<Reverse<(Micros, u64, u32)>> = BinaryHeap::from([Reverse((0, 0, COMES))]);
    let (mut seq, mut left) = (0, customers / stations);
    while let Some(Reverse((now, _, what))) = events.pop() {
        let mut push = |at: Micros, what: u32| {
            seq += 1;
            events.push(Reverse((at, seq, what)));
        };
        let mut take = |server: &mut Bare, index: u32| {
            if server.busy {
                server.waiting.push_back(now);
            } else {
                server.busy = true;
                push(now + draw(&mut server.stream, MEAN_SERVICE), index);
            }
        };
        if what == COMES {
            take(&mut servers[0], 0);
            left -= 1;
            if left > 0 {
                push(now + draw(&mut arrivals, MEAN_BETWEEN), COMES);
            }
            continue;
        }
        let server = &mut servers[what as usize];
        server.busy = false;
        if let Some(since) = server.waiting.pop_front() {
            server.waited += now - since;
            take(server, what);
        }
        if let Some(next) = servers.get_mut(what as usize + 1) {
            take(next, what + 1);
        }
    }
    servers.iter().map(|server| server.waited).sum()
}
