//! The kernel through its public door, with a toy in place of AWS: cancelling, the order within one instant, faults,
//! halts, checkpoints, the trace's window.

mod toy;

use decoupled::engine::{
    ActorId, Fault, FaultKind, FaultScope, LinkId, MICROS_PER_SECOND, Micros, Outage, Stepped, World, limits,
};
use toy::{Order, Seen, Toy};

const LINK: LinkId = LinkId(0);

fn two_toys() -> (World<Toy>, [ActorId; 2]) {
    let mut world = World::new(7, 0);
    let toys = [world.add("a", Toy), world.add("b", Toy)];
    (world, toys)
}

/// What was seen so far, in order.
fn seen(world: &World<Toy>) -> Vec<(Micros, u32, Seen)> {
    world.trace().window().iter().map(|record| (record.at, record.actor.0, record.fact.clone())).collect()
}

#[test]
fn a_cancelled_timer_never_wakes_and_its_key_harms_no_other() {
    let (mut world, [a, _]) = two_toys();
    let first = world.with(a, |_, cx| cx.wake_in(10, Order::Note(1)));
    world.with(a, |_, cx| cx.cancel(first));
    let second = world.with(a, |_, cx| cx.wake_in(20, Order::Note(2)));
    // The first key's place in the agenda is the second's now.
    world.with(a, |_, cx| cx.cancel(first));
    world.step_until(100);
    assert_eq!(seen(&world), [(20, 0, Seen::Woke(2))]);
    world.with(a, |_, cx| {
        cx.cancel(second);
        cx.wake_in(5, Order::Note(3));
        cx.cancel(second);
    });
    world.step_until(200);
    assert_eq!(seen(&world)[1..], [(105, 0, Seen::Woke(3))]);
    assert_eq!((world.pending(), world.now()), (0, 200));
}

/// Whatever the order in which things were planned.
#[test]
fn at_one_instant_faults_go_first_then_timers_then_arrivals_then_the_script() {
    for turn in 0..4 {
        let (mut world, [a, b]) = two_toys();
        for step in (0..4).map(|step| (step + turn) % 4) {
            match step {
                0 => world.schedule_script(10, 9),
                1 => world.with(a, |_, cx| cx.send(b, LINK, 10, Order::Note(1))),
                2 => drop(world.with(b, |_, cx| cx.wake_in(10, Order::Note(2)))),
                _ => {
                    let fault = FaultKind::Slow { percent: 200 };
                    world.add_fault(Fault { kind: fault, scope: FaultScope::Actor(b), from: 10, until: 50 });
                }
            }
        }
        assert_eq!(world.step_until(10), Stepped::Script(9));
        let slow = FaultKind::Slow { percent: 200 };
        let wanted = [(10, 1, Seen::Struck(slow, true)), (10, 1, Seen::Woke(2)), (10, 1, Seen::Got(1))];
        assert_eq!(seen(&world), wanted, "turn {turn}");
    }
}

#[test]
fn within_a_lane_what_was_planned_first_goes_first() {
    let (mut world, [a, b]) = two_toys();
    for n in 0..20 {
        world.with(a, |_, cx| cx.send(b, LINK, 40 - u64::from(n % 2) * 20, Order::Note(n)));
    }
    world.step_until(100);
    let order: Vec<u32> = seen(&world).iter().filter_map(|(_, _, fact)| fact.number()).collect();
    let wanted: Vec<u32> = (0..20).filter(|n| n % 2 == 1).chain((0..20).filter(|n| n % 2 == 0)).collect();
    assert_eq!(order, wanted);
}

/// Sends a note a second from `a` to `b`, each under way for 100 ms, while a fault holds from 2 s to 4 s.
fn struck(kind: FaultKind, scope: FaultScope) -> Vec<(Micros, u32, Seen)> {
    let (mut world, [a, b]) = two_toys();
    let second = MICROS_PER_SECOND;
    world.add_fault(Fault { kind, scope, from: 2 * second, until: 4 * second });
    for n in 0..6 {
        world.with(a, |_, cx| cx.wake_at(u64::from(n) * second, Order::Pass { to: b, delay: second / 10, note: n }));
    }
    world.step_until(20 * second);
    let notes = seen(&world).into_iter().filter(|(_, _, fact)| !matches!(fact, Seen::Struck(..)));
    notes.map(|(at, actor, fact)| (at / 100_000, actor, fact)).collect()
}

#[test]
fn a_partition_loses_what_leaves_while_it_holds() {
    let partition = FaultKind::Partition;
    let lost = |n| (u64::from(n) * 10 + 1, 0, Seen::Lost(n, partition));
    let got = |n| (u64::from(n) * 10 + 1, 1, Seen::Got(n));
    let wanted = [got(0), got(1), lost(2), lost(3), got(4), got(5)];
    for scope in [FaultScope::Link(LINK), FaultScope::Actor(ActorId(0)), FaultScope::Actor(ActorId(1))] {
        assert_eq!(struck(partition, scope), wanted, "{scope:?}");
    }
    assert!(struck(partition, FaultScope::Link(LinkId(5))).iter().all(|(_, _, fact)| matches!(fact, Seen::Got(_))));
}

#[test]
fn a_crash_in_silence_loses_what_arrives_while_it_holds() {
    let crash = |outage| struck(FaultKind::Crash(outage), FaultScope::Actor(ActorId(1)));
    let notes = crash(Outage::Silence);
    let lost: Vec<u32> =
        notes.iter().filter(|(_, _, fact)| matches!(fact, Seen::Lost(..))).filter_map(|(_, _, f)| f.number()).collect();
    assert_eq!(lost, [2, 3]);
    assert_eq!(struck(FaultKind::AzOutage, FaultScope::Actor(ActorId(1))).len(), notes.len());
    // Whoever still answers gets what is to be answered.
    for outage in [Outage::Refusal, Outage::ServerError] {
        assert!(crash(outage).iter().all(|(_, _, fact)| !matches!(fact, Seen::Lost(..))), "{outage:?}");
    }
}

#[test]
fn drops_and_duplicates_go_by_their_probability() {
    let always = |kind| struck(kind, FaultScope::Link(LINK));
    let dropped = always(FaultKind::Drop { parts_per_million: 1_000_000 });
    assert_eq!(dropped.iter().filter(|(_, _, fact)| matches!(fact, Seen::Lost(..))).count(), 2);
    let doubled = always(FaultKind::Duplicate { parts_per_million: 1_000_000 });
    let numbers: Vec<u32> = doubled.iter().filter_map(|(_, _, fact)| fact.number()).collect();
    assert_eq!(numbers, [0, 1, 1_002, 2, 1_003, 3, 4, 5], "the copy is told from the original, and comes beside it");
    for kind in [FaultKind::Drop { parts_per_million: 0 }, FaultKind::Duplicate { parts_per_million: 0 }] {
        assert_eq!(always(kind), struck(FaultKind::Throttle, FaultScope::Link(LINK)), "a fault that never strikes");
    }
}

#[test]
fn a_slow_link_takes_longer_and_loses_nothing() {
    let slow = struck(FaultKind::Slow { percent: 500 }, FaultScope::Link(LINK));
    let times: Vec<Micros> = slow.iter().map(|(at, _, _)| *at).collect();
    assert_eq!(times, [1, 11, 25, 35, 41, 51]);
}

#[test]
fn an_actor_learns_when_a_fault_begins_and_when_it_is_over() {
    let (mut world, [a, _]) = two_toys();
    world.add_fault(Fault {
        kind: FaultKind::Crash(Outage::Refusal),
        scope: FaultScope::Actor(a),
        from: 10,
        until: 20,
    });
    for at in [9, 10, 19, 20] {
        world.with(a, |_, cx| cx.wake_at(at, Order::AmIDown));
    }
    world.step_until(30);
    let crash = FaultKind::Crash(Outage::Refusal);
    let wanted = [
        (9, Seen::Down(false)),
        (10, Seen::Struck(crash, true)),
        (10, Seen::Down(true)),
        (19, Seen::Down(true)),
        (20, Seen::Struck(crash, false)),
        (20, Seen::Down(false)),
    ];
    assert_eq!(seen(&world), wanted.map(|(at, fact)| (at, 0, fact)));
}

#[test]
fn a_loop_without_time_halts_with_a_reason_and_one_with_time_does_not() {
    for (delay, halts) in [(0, true), (1, false)] {
        let (mut world, [a, b]) = two_toys();
        world.with(a, |_, cx| {
            cx.send(b, LINK, delay, Order::Bounce { left: limits::ENTRIES_PER_INSTANT_MAX + 10, delay })
        });
        world.step_until(limits::ENTRIES_PER_INSTANT_MAX + 20);
        let halt = world.halt();
        assert_eq!(halt.is_some(), halts);
        if let Some(halt) = halt {
            assert!(halt.at == 0 && halt.why.contains("at one instant"), "{halt:?}");
            assert_eq!(world.step(Micros::MAX), Stepped::Idle, "a halted world stays as it is");
        }
    }
}

#[test]
fn a_halt_keeps_its_first_reason() {
    let (mut world, [a, _]) = two_toys();
    world.with(a, |_, cx| {
        cx.halt("first".to_owned());
        cx.halt("second".to_owned());
    });
    assert_eq!(world.halt().map(|halt| &*halt.why), Some("first"));
}

#[test]
fn a_clone_goes_on_as_the_original_does() {
    let (mut world, [a, b]) = two_toys();
    world.add_fault(Fault {
        kind: FaultKind::Drop { parts_per_million: 300_000 },
        scope: FaultScope::Link(LINK),
        from: 0,
        until: 5_000,
    });
    world.with(a, |_, cx| cx.send(b, LINK, 3, Order::Bounce { left: 1_000, delay: 7 }));
    for n in 0..500 {
        world.with(a, |_, cx| cx.wake_at(u64::from(n) * 13, Order::Pass { to: b, delay: 5, note: n }));
    }
    world.step_until(2_000);
    let mut clone = world.clone();
    world.step_until(20_000);
    for until in (2_000..=20_000).step_by(37) {
        clone.step_until(until);
    }
    clone.step_until(20_000);
    assert_eq!(clone.trace().digest().hex(), world.trace().digest().hex());
    assert!(world.trace().total() > 300);
}

#[test]
fn the_trace_keeps_a_window_and_counts_everything() {
    let (mut world, [a, _]) = two_toys();
    let kept = limits::TRACE_RECORDS_MAX as u64;
    for n in 0..kept + 100 {
        world.with(a, |_, cx| cx.fact(Seen::Got(u32::try_from(n).unwrap_or(0)), None));
    }
    let trace = world.trace();
    assert_eq!((trace.total(), trace.window().len() as u64), (kept + 100, kept));
    assert_eq!(trace.since(0).next().map(|record| record.seq), Some(101));
    assert_eq!(trace.since(kept + 98).map(|record| record.seq).collect::<Vec<_>>(), [kept + 99, kept + 100]);
    assert_eq!(trace.since(kept + 100).count(), 0);
    assert_eq!(trace.since(u64::MAX).count(), 0);
}

#[test]
fn every_fact_names_the_one_that_led_to_it() {
    let (mut world, [a, b]) = two_toys();
    world.with(a, |_, cx| {
        cx.fact(Seen::Got(0), None);
        cx.send(b, LINK, 5, Order::Bounce { left: 3, delay: 1 });
    });
    world.step_until(100);
    let causes: Vec<(u64, u64)> = world.trace().window().iter().map(|record| (record.seq, record.cause)).collect();
    assert_eq!(causes, [(1, 0), (2, 1), (3, 2), (4, 3), (5, 4)]);
}

#[test]
fn draws_for_one_purpose_shift_no_other_and_go_by_name() {
    let draws = |name: &str, also: usize| {
        let mut world: World<Toy> = World::new(3, 0);
        let toy = world.add(name, Toy);
        world.with(toy, |_, cx| {
            for _ in 0..also {
                cx.rng("other").bits();
            }
            [cx.rng("mine").bits(), cx.rng("mine").bits()]
        })
    };
    assert_eq!(draws("a", 0), draws("a", 5));
    assert_ne!(draws("a", 0), draws("b", 0));
}

#[test]
fn what_is_sent_outside_lies_in_the_outbox() {
    let (mut world, [a, _]) = two_toys();
    world.with(a, |_, cx| cx.wake_in(10, Order::Pass { to: ActorId::OUTSIDE, delay: 0, note: 4 }));
    world.step_until(50);
    let outbox: Vec<(Micros, Order)> = world.drain_outbox();
    assert_eq!(outbox, [(10, Order::Note(4))]);
    assert!(world.drain_outbox().is_empty());
}
