//! An actor that does what it is told and records what happens to it.

use decoupled::engine::{Actor, ActorId, Cx, FaultKind, LinkId, Micros};

#[derive(Clone, Default)]
pub struct Toy;

/// What a toy is told, by a signal or by a timer of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    Note(u32),
    /// Send a note.
    Pass {
        to: ActorId,
        delay: Micros,
        note: u32,
    },
    /// Send this back, so many times.
    Bounce {
        left: u64,
        delay: Micros,
    },
    AmIDown,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Seen {
    Got(u32),
    Woke(u32),
    Lost(u32, FaultKind),
    Struck(FaultKind, bool),
    Down(bool),
    Bounced,
}

impl Seen {
    pub fn number(&self) -> Option<u32> {
        match self {
            Self::Got(number) | Self::Woke(number) | Self::Lost(number, _) => Some(*number),
            Self::Struck(..) | Self::Down(_) | Self::Bounced => None,
        }
    }
}

impl Actor for Toy {
    type Signal = Order;
    type Timer = Order;
    type Fact = Seen;
    /// Copies that faults made.
    type Shared = u32;

    fn receive(&mut self, from: ActorId, signal: Order, cx: &mut Cx<'_, Self>) {
        match signal {
            Order::Note(number) => cx.fact(Seen::Got(number), None),
            Order::Bounce { left, delay } => {
                // A long loop would only fill the trace.
                if left < 2_000 {
                    cx.fact(Seen::Bounced, None);
                }
                if left > 0 {
                    cx.send(from, LinkId(0), delay, Order::Bounce { left: left - 1, delay });
                }
            }
            Order::Pass { .. } | Order::AmIDown => unreachable!("a toy tells this only itself"),
        }
    }

    fn wake(&mut self, timer: Order, cx: &mut Cx<'_, Self>) {
        match timer {
            Order::Note(number) => cx.fact(Seen::Woke(number), None),
            Order::Pass { to, delay, note } => cx.send(to, LinkId(0), delay, Order::Note(note)),
            Order::AmIDown => {
                let down = cx.is_down();
                cx.fact(Seen::Down(down), None);
            }
            Order::Bounce { .. } => unreachable!("a toy bounces signals alone"),
        }
    }

    fn lost(&mut self, _to: ActorId, _link: LinkId, signal: Order, why: FaultKind, cx: &mut Cx<'_, Self>) {
        if let Order::Note(number) = signal {
            cx.fact(Seen::Lost(number, why), None);
        }
    }

    fn struck(&mut self, fault: FaultKind, begins: bool, cx: &mut Cx<'_, Self>) {
        cx.fact(Seen::Struck(fault, begins), None);
    }

    /// A copy is a thousand more than its original.
    fn duplicate(signal: &Order, copies: &mut u32) -> Option<Order> {
        *copies += 1;
        Some(match signal {
            Order::Note(number) => Order::Note(number + 1_000),
            other => other.clone(),
        })
    }
}
