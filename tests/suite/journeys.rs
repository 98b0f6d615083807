//! The journey of a message: its whole life, its copies, and where it came along.

use std::collections::{BTreeMap, BTreeSet};

use decoupled::editor::Camera;
use decoupled::engine::{Micros, TraceRecord};
use decoupled::figure::Point;
use decoupled::scene::{Scene, gallery, read_scene};
use decoupled::services::{Describe, Fact, Token};
use decoupled::sim::{Journey, Run, journey};
use decoupled::view::{self, find_messages, journey_rows, journey_stops, message_at};

const SECOND: Micros = 1_000_000;
const VIEW: (f32, f32) = (1440.0, 900.0);

fn played(id: &str, until: Micros) -> (Scene, Run) {
    let (scene, problems) = read_scene(gallery::find(id).expect("a scene of the gallery"));
    assert_eq!(problems, []);
    let mut run = Run::new(&scene);
    run.advance_to(until);
    (scene, run)
}

fn of(run: &Run, token: Token) -> Journey<'_> {
    journey(run, token).expect("the trace knows it")
}

fn tokens(journey: &Journey<'_>) -> Vec<Token> {
    journey.legs.iter().map(|leg| leg.token).collect()
}

#[test]
fn a_message_has_its_copies_and_each_its_own_facts() {
    let (_, run) = played("fan-out", 12 * SECOND);
    let first = of(&run, 1);
    assert!(first.whole);
    assert_eq!(tokens(&first), [1, 3, 4, 5], "three subscriptions take it");
    assert_eq!(first.legs.iter().map(|leg| (leg.parent, leg.depth)).collect::<Vec<_>>()[1..], [(Some(1), 1); 3]);
    for leg in &first.legs {
        let all = run.trace().window().iter().filter(|record| record.message == Some(leg.token));
        assert_eq!(
            leg.facts.iter().map(|record| record.seq).collect::<Vec<_>>(),
            all.map(|r| r.seq).collect::<Vec<_>>()
        );
    }
    assert_eq!(tokens(&of(&run, 4)), tokens(&first), "of whichever one asks");
    assert_eq!(tokens(&of(&run, 2))[0], 2, "the next order comes of no other");
}

#[test]
fn what_was_refused_says_by_which_clause() {
    let (_, run) = played("fan-out", 12 * SECOND);
    let refused = run.trace().window().iter().find(|record| record.message == Some(12)).expect("it was refused");
    let rows = journey_rows(&run, refused.message.expect("it is about a message")).expect("the trace knows it");
    let leg = rows.legs.iter().find(|leg| leg.token == 12).expect("the copy that was refused");
    assert_eq!(
        (leg.rows[0].fact, &*leg.rows[0].detail),
        ("FilteredOut", "not for fraud-check: amount 94 is not > 100")
    );
    assert_eq!((leg.depth, &*leg.name), (1, "m0012"));
}

/// Each fact about a message is told in one journey and no other, whichever of its kin is asked for.
#[test]
fn journeys_divide_the_facts_among_them() {
    for entry in gallery::ALL {
        let (_, run) = played(entry.id, 20 * SECOND);
        let mut told: BTreeSet<u64> = BTreeSet::new();
        let mut known: BTreeSet<Token> = BTreeSet::new();
        let mut named = BTreeSet::new();
        named.extend(run.trace().window().iter().filter_map(|record| record.message).take(400));
        for token in named {
            if known.contains(&token) {
                continue;
            }
            let journey = of(&run, token);
            for leg in &journey.legs {
                assert!(known.insert(leg.token), "{}: m{:04} is in two journeys", entry.id, leg.token);
                assert!(leg.parent.is_none_or(|parent| known.contains(&parent)), "{}: parents come first", entry.id);
                assert!(leg.facts.iter().all(|record| told.insert(record.seq)), "{}", entry.id);
            }
            assert!(known.contains(&token), "{}: m{token:04} is missing in its own journey", entry.id);
        }
    }
}

/// A copy keeps in mind which message it was first made of; the trace comes to the same.
#[test]
fn copies_are_found_with_the_message_they_were_made_of() {
    let mut copies = 0;
    // What an archive delivers once more begins with its replay.
    for entry in gallery::ALL.iter().filter(|entry| !entry.id.ends_with("replay")) {
        let (_, mut run) = played(entry.id, 0);
        for second in 1..=20 {
            run.advance_to(second * SECOND);
            let under_way: Vec<(Token, Token)> = run
                .transfers()
                .flat_map(|transfer| transfer.signal.visible())
                .map(|message| (message.token, message.origin))
                .filter(|(token, origin)| token != origin)
                .collect();
            for (token, origin) in under_way {
                let Some(journey) = journey(&run, token) else { continue };
                assert!(tokens(&journey).contains(&origin), "{}: m{token:04} is of m{origin:04}", entry.id);
                copies += 1;
            }
        }
    }
    assert!(copies > 20, "{copies}");
}

/// Every fact up to a time, by its number.
fn facts_of(entry: &gallery::GalleryScene, until: Micros) -> (Run, BTreeMap<u64, TraceRecord<Fact>>) {
    let mut run = Run::new(&read_scene(entry.text()).0);
    let (mut facts, mut seen) = (BTreeMap::new(), 0);
    while !run.advance(until, 10_000) {
        facts.extend(run.trace().since(seen).map(|record| (record.seq, record.clone())));
        seen = run.trace().total();
    }
    facts.extend(run.trace().since(seen).map(|record| (record.seq, record.clone())));
    (run, facts)
}

#[test]
fn a_cause_lies_in_the_messages_own_life() {
    let mut woken = 0;
    for entry in gallery::ALL {
        let (run, facts) = facts_of(entry, 30 * SECOND);
        let mut known = BTreeSet::new();
        for record in facts.values() {
            let Some(token) = record.message else { continue };
            let cause = facts.get(&record.cause);
            let is_first = known.insert(token);
            let is_own = cause.is_some_and(|cause| cause.message == Some(token));
            let (node, fact) = (run.node_of(record), record.fact.name());
            assert!(is_first || is_own, "{}: {fact} at {node}, {} follows from {cause:?}", entry.id, record.seq);
            assert!(
                record.cause < record.seq
                    && record.wake < record.seq
                    && (record.wake == 0 || record.wake != record.cause)
            );
            woken += usize::from(record.wake != 0);
        }
    }
    assert!(woken > 1_000, "{woken} were led to by another message's");
}

#[test]
fn what_is_dead_lettered_was_so_for_its_own_failures() {
    let entry = gallery::ALL.iter().find(|entry| entry.id == "dead-letter-queue").expect("it is there");
    let (_, facts) = facts_of(entry, 180 * SECOND);
    let mut letters = 0;
    for letter in facts.values().filter(|record| record.fact.name() == "MessageDeadLettered") {
        let back = |record: &&TraceRecord<Fact>| facts.get(&record.cause);
        let life: Vec<&TraceRecord<Fact>> = std::iter::successors(Some(letter), back).collect();
        let failures = life.iter().filter(|record| record.fact.name() == "ProcessingFailed").count();
        assert_eq!(failures, 3, "{life:?}");
        assert!(life.iter().all(|record| record.message == letter.message), "{life:?}");
        assert_eq!(life.last().map(|record| record.fact.name()), Some("MessageProduced"));
        letters += 1;
    }
    assert!(letters > 0);
}

#[test]
fn its_way_is_drawn_and_it_is_hit_where_it_is_drawn() {
    let (scene, mut run) = played("fan-out", SECOND);
    let (camera, at) = (Camera::default(), 1_000_000);
    let dot = view::project(&scene, &run, &camera, VIEW, at).dots[0];
    let hit = |x: f32, y: f32| message_at(&scene, &run, &camera, VIEW, at, Point::new(x, y));
    assert_eq!(hit(dot.x + 5.0, dot.y - 4.0), Some(dot.token));
    assert_eq!(hit(dot.x + 60.0, dot.y), None);
    assert_eq!(journey_stops(&run, 1).path(&scene).curves.len(), 0, "it has come nowhere yet");
    run.advance_to(3 * SECOND);
    let links = scene.drawn_links().into_iter().filter(|link| link.kind.is_written()).count();
    assert_eq!(journey_stops(&run, 1).path(&scene).curves.len(), links, "both workers have begun");
    run.advance_to(12 * SECOND);
    let path = journey_stops(&run, 1).path(&scene);
    let links = |ids: [&str; 2]| scene.links.iter().any(|link| [&*link.from, &*link.to] == ids);
    assert!(links(["checkout", "order-events"]) && path.curves.len() >= 5, "{path:?}");
    assert!(path.cards.len() >= 6, "producer, topic, two queues, function and workers: {path:?}");
}

#[test]
fn messages_are_found_by_number_and_by_what_they_say() {
    let (_, run) = played("fan-out", 12 * SECOND);
    let names = |text: &str| find_messages(&run, text, 50).into_iter().map(|row| row.name).collect::<Vec<_>>();
    assert_eq!(names("m0012"), ["m0012"], "gone, but in the trace");
    assert_eq!(names(" "), [""; 0]);
    assert_eq!(names("no such words"), [""; 0]);
    let lying = find_messages(&run, "order", 50);
    assert!(lying.iter().any(|row| row.place.starts_with("in ")) && lying.len() > 2, "{lying:?}");
    assert!(find_messages(&run, "order", 2).len() == 2);
}
