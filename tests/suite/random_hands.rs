//! Hands on running runs, at random: whatever they do, the run on the page is the fresh run of what would be saved. Only
//! what is built and taken down (nodes, links) begins and ends when the hand does it, as the document's.

use decoupled::editor::{Command, Knobs, PaletteItem, remedy};
use decoupled::engine::{Micros, Stream};
use decoupled::lang::duration::format_duration;
use decoupled::scene::{NetworkChoice, Subject, gallery, read_scene};
use decoupled::services::{Kind, Owner, Property, PropertyKind, Reference};
use serde_json::{Value, json};

use crate::editor::hand::{Hand, with_scene};

/// How many scenes under a hand; `SEEDS=10000` for the bar.
const SEEDS: u64 = 120;
const ACTS: usize = 12;
const MILLI: Micros = 1_000;

fn seeds(usual: u64) -> u64 {
    std::env::var("SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(usual)
}

struct Dice(Stream);

impl Dice {
    fn of(seed: u64) -> Self {
        Self(Stream::new(seed, "hands", "at random"))
    }

    fn roll(&mut self, sides: usize) -> usize {
        self.0.below(sides as u64) as usize
    }

    fn one<T: Clone>(&mut self, of: &[T]) -> Option<T> {
        (!of.is_empty()).then(|| of[self.roll(of.len())].clone())
    }

    /// A value that a form takes, most often.
    fn value(&mut self, property: &Property) -> Option<Value> {
        Some(match property.kind {
            PropertyKind::Integer { min, max } => json!(min + self.0.below((max - min).clamp(0, 60) as u64 + 1) as i64),
            PropertyKind::Probability => json!(self.roll(5) as f64 / 4.0),
            PropertyKind::Boolean => json!(self.roll(2) == 0),
            PropertyKind::Choice(options) | PropertyKind::SwitchedChoice(options) => json!(self.one(options)?),
            PropertyKind::Duration => json!(format_duration((self.roll(30) as u64 + 1) * 100 * MILLI)),
            PropertyKind::Rate => json!(format!("{}/s", self.roll(9) + 1)),
            PropertyKind::Text { .. } => json!(["a", "b-1"][self.roll(2)]),
            _ => return None,
        })
    }
}

/// A property of something that runs, but for what draws a line.
fn property(dice: &mut Dice, hand: &Hand) -> Option<Command> {
    let scene = &hand.state.scene;
    let (subject, form, owner) = if dice.roll(3) == 0 {
        let link = dice.one(&scene.links)?;
        (Subject::Link(link.id.clone()), link.kind.spec().properties, Owner::Link(link.kind))
    } else {
        let node = dice.one(&scene.nodes).filter(|node| node.kind.runs())?;
        (Subject::Node(node.id.clone()), node.kind.spec().properties, Owner::Node(node.kind))
    };
    let property = dice.one(form)?;
    let draws = Reference::of(owner).any(|reference| reference.property() == property.name);
    let value = match property.kind {
        // Of what draws a line, all but whom it leads to.
        PropertyKind::Object(inner) => {
            let now = hand.player.run().scene_now();
            let before = match &subject {
                Subject::Node(id) => now.node(id)?.properties.get(property.name).cloned(),
                Subject::Link(id) => now.link(id)?.properties.get(property.name).cloned(),
            };
            let mut map = before.and_then(|value| value.as_object().cloned()).unwrap_or_default();
            let part = dice.one(inner)?;
            map.insert(part.name.to_owned(), dice.value(&part)?);
            Some(Value::Object(map))
        }
        _ if draws => return None,
        _ if dice.roll(5) == 0 => None,
        _ => Some(dice.value(&property)?),
    };
    Some(Command::Turn { subject, name: property.name.to_owned(), value, at: hand.player.hand_at() })
}

/// A call that the table of what lies inside offers.
fn call(dice: &mut Dice, hand: &Hand) -> Option<Command> {
    let node = dice.one(&hand.state.scene.nodes)?;
    let inside = hand.player.run().node(&node.id)?.inside(hand.player.run().now())?;
    let rows = inside.rows.into_iter().take(3).flat_map(|row| row.calls);
    let calls: Vec<_> = inside.calls.into_iter().chain(rows).collect();
    let call = dice.one(&calls)?;
    let (node, action, at) = (node.id.clone(), call.action.to_owned(), hand.player.hand_at());
    Some(Command::Call { node, action, input: call.input, at })
}

fn fault(dice: &mut Dice, hand: &Hand) -> Option<Command> {
    let scene = &hand.state.scene;
    let (subject, faults) = if dice.roll(3) == 0 {
        let link = dice.one(&scene.links)?;
        (Subject::Link(link.id.clone()), link.kind.spec().faults)
    } else {
        let node = dice.one(&scene.nodes)?;
        (Subject::Node(node.id.clone()), node.kind.spec().frailty.faults)
    };
    let breakage = dice.one(faults)?;
    let (lasting, settings) = breakage.usual();
    let at = hand.player.hand_at() + if dice.roll(3) == 0 { dice.roll(4_000) as u64 * MILLI } else { 0 };
    Some(Command::AddFault { subject, fault: breakage.name.to_owned(), lasting, at, settings })
}

fn name(dice: &mut Dice, hand: &Hand) -> Option<Command> {
    let node = dice.one(&hand.state.scene.nodes)?;
    Some(Command::Rename { from: node.id.clone(), to: ["a", "a-b", "orders 2", "queue"][dice.roll(4)].to_owned() })
}

fn of_script(dice: &mut Dice, hand: &Hand) -> Option<Command> {
    let entries = hand.state.scene.script.len();
    let index = (entries > 0).then(|| dice.roll(entries))?;
    let at = dice.roll(20_000) as u64 * MILLI + 1;
    Some(if dice.roll(2) == 0 { Command::MoveScriptEntry { index, at } } else { Command::RemoveScriptEntry { index } })
}

fn of_the_whole(dice: &mut Dice, hand: &Hand) -> Option<Command> {
    let scene = &hand.state.scene;
    Some(match dice.roll(6) {
        0 => Command::SetNetwork { network: NetworkChoice::named(NetworkChoice::NAMES[dice.roll(3)]) },
        1 => {
            let latency = (dice.roll(3) > 0).then(|| json!(format_duration(dice.roll(900) as u64 * MILLI)));
            Command::SetLatency { id: dice.one(&scene.links)?.id.clone(), latency }
        }
        2 => {
            let mends = |problem: &&decoupled::scene::Problem| {
                remedy(scene, problem).is_some_and(|remedy| !remedy.title.contains("Delete"))
            };
            let problem = hand.state.problems.iter().find(mends)?;
            Command::Remedy { place: problem.place.clone() }
        }
        3 => Command::TurnKnobs { from: [Knobs::FromNow, Knobs::FromStart][dice.roll(2)] },
        4 => Command::HoldKnob { held: dice.roll(2) == 0 },
        _ => {
            let streams: Vec<_> = scene.nodes.iter().filter(|node| node.kind == Kind::Stream).collect();
            let select = Command::Select { nodes: vec![dice.one(&streams)?.id.clone()], links: Vec::new(), add: false };
            return Some(select);
        }
    })
}

fn act(dice: &mut Dice, hand: &Hand) -> Option<Command> {
    match dice.roll(12) {
        0..=2 => property(dice, hand),
        3 => call(dice, hand),
        4 => fault(dice, hand),
        5 | 6 => name(dice, hand),
        7 => of_script(dice, hand),
        8 => Some(Command::Undo),
        9 => Some(Command::Redo),
        // A shard for the chosen stream; without one it would be a new one.
        10 => {
            let chosen = hand.state.selection.single_node().and_then(|id| hand.state.scene.node(id));
            let is_stream = chosen.is_some_and(|node| node.kind == Kind::Stream);
            is_stream.then_some(Command::Place { item: PaletteItem::Shard })
        }
        _ => of_the_whole(dice, hand),
    }
}

fn time(dice: &mut Dice, hand: &mut Hand) {
    let shown = hand.shown();
    match dice.roll(8) {
        0 => hand.seek(shown * dice.roll(9) as u64 / 8),
        1 => hand.give(Command::StepBack),
        2 => hand.give(Command::StepFact),
        _ => hand.play(shown + dice.roll(1_500) as u64 * MILLI),
    };
}

/// What is shown of the past is the past of the scene as it was: it counts once the hand acts there.
#[track_caller]
fn is_the_fresh_run(hand: &mut Hand, what: &str) {
    hand.give(Command::HoldKnob { held: false });
    if hand.player.run().halt().is_some() {
        return;
    }
    let shown = hand.shown();
    hand.play(shown);
    let (scene, _) = read_scene(&hand.file());
    let mut fresh = decoupled::sim::Run::new(&scene);
    fresh.advance_to(hand.shown());
    let seen = |run: &decoupled::sim::Run| (run.now(), run.trace().total(), run.digest());
    assert_eq!(seen(hand.run()), seen(&fresh), "{what}");
}

#[test]
fn whatever_a_hand_does_is_in_the_scene() {
    let only = std::env::var("SEED").ok().and_then(|seed| seed.parse::<u64>().ok());
    for seed in only.map_or(1..=seeds(SEEDS), |seed| seed..=seed) {
        let mut dice = Dice::of(seed);
        let entry = gallery::ALL[dice.roll(gallery::ALL.len())];
        let mut hand = with_scene(read_scene(entry.text()).0);
        let mut told = vec![format!("seed {seed}, {}", entry.id)];
        for _ in 0..ACTS {
            if dice.roll(2) == 0 {
                time(&mut dice, &mut hand);
            }
            let Some(command) = act(&mut dice, &hand) else { continue };
            told.push(format!("{} {command:?}", hand.shown()));
            hand.give(command);
            if hand.player.run().halt().is_some() {
                break;
            }
            is_the_fresh_run(&mut hand, &told.join("\n"));
        }
    }
}

/// Takes out how large things are: a message that carries the ARN of a node is as much shorter as its name is.
fn forget_bytes(value: &mut Value) {
    if let Value::Object(map) = value {
        map.retain(|name, _| !["Size", "Bytes"].iter().any(|part| name.contains(part)));
        map.values_mut().for_each(forget_bytes);
    }
}

/// Every number of a report, without the names.
fn numbers(hand: &Hand) -> Vec<Value> {
    let mut report = decoupled::sim::report(hand.run(), &[]);
    forget_bytes(&mut report);
    let nodes = report["nodes"].as_object().cloned().unwrap_or_default();
    let first = |id: &str| hand.state.scene.node(id).map_or_else(String::new, |node| node.first_id().to_owned());
    let mut nodes: Vec<(String, Value)> = nodes.into_iter().map(|(id, numbers)| (first(&id), numbers)).collect();
    nodes.sort_by(|one, other| one.0.cmp(&other.0));
    nodes.into_iter().map(|(_, numbers)| numbers).chain([report["messages"].clone(), report["facts"].clone()]).collect()
}

/// A name is a name: whoever gives other ones while it plays has the same run, and so has who takes them back.
#[test]
fn other_names_change_no_number() {
    for entry in gallery::ALL {
        let scene = read_scene(entry.text()).0;
        let ids: Vec<String> = scene.nodes.iter().map(|node| node.id.clone()).collect();
        let (mut renamed, mut plain) = (with_scene(scene.clone()), with_scene(scene));
        for (index, id) in ids.iter().enumerate() {
            let until = renamed.shown() + 1_300 * MILLI;
            renamed.play(until);
            plain.play(until);
            renamed.give(Command::Rename { from: id.clone(), to: format!("n{index}") });
            assert_eq!(numbers(&renamed), numbers(&plain), "{} under the name n{index} of {id}", entry.id);
        }
        let until = renamed.shown() + 20_000 * MILLI;
        renamed.play(until);
        plain.play(until);
        assert_eq!(numbers(&renamed), numbers(&plain), "{}: played on", entry.id);
        is_the_fresh_run(&mut renamed, entry.id);
        renamed.undo_all();
        assert_eq!(renamed.file(), plain.file());
        assert_eq!(numbers(&renamed), numbers(&plain), "{}: taken back", entry.id);
        assert_eq!(renamed.run().digest(), plain.run().digest(), "{}: taken back", entry.id);
    }
}

/// What was added while it played was added then, under any name.
#[test]
fn a_name_for_what_was_added_while_it_played_leaves_the_past_alone() {
    let mut hand = crate::hands_on_time::page();
    hand.play(6_000 * MILLI);
    hand.give(Command::Place { item: PaletteItem::Node(Kind::Queue) });
    hand.give(Command::Connect { from: "shop".to_owned(), to: "queue".to_owned() }).play(12_000 * MILLI);
    let held = |hand: &Hand, id: &str| hand.run().node(id).map(|node| node.stored());
    let (before, stored, copies) = (numbers(&hand), held(&hand, "queue"), held(&hand, "orders"));
    assert!(stored.is_some_and(|stored| stored > 5), "{stored:?}");
    hand.give(Command::Rename { from: "queue".to_owned(), to: "audit".to_owned() });
    hand.give(Command::Rename { from: "orders".to_owned(), to: "inbox".to_owned() });
    assert_eq!((numbers(&hand), held(&hand, "audit"), held(&hand, "inbox")), (before.clone(), stored, copies));
    hand.seek(3_000 * MILLI);
    assert_eq!((held(&hand, "audit"), held(&hand, "inbox").is_some()), (None, true), "then it was not there yet");
    hand.seek(12_000 * MILLI).undo_all();
    assert!(hand.run().node("orders").is_some());
}

/// Scripts, breakpoints, checks and what is chosen go by the new name.
#[test]
fn what_is_about_a_node_follows_its_name() {
    let mut hand = crate::hands_on_time::page();
    let breakpoint = decoupled::editor::Breakpoint { node: "orders".into(), fact: None, when: None };
    hand.give(Command::ToggleBreakpoint { breakpoint });
    hand.give(Command::Select { nodes: vec!["orders".into()], links: Vec::new(), add: false });
    hand.play(2_000 * MILLI);
    let input = json!({ "SourceArn": "arn:aws:sqs:eu-west-1:1:orders", "Body": "orders", "QueueUrl": "orders",
        "Attributes": { "RedrivePolicy": "{\"deadLetterTargetArn\":\"orders\",\"maxReceiveCount\":3}" } });
    let (action, at) = ("StartMessageMoveTask".to_owned(), hand.player.hand_at());
    hand.give(Command::Call { node: "orders".into(), action, input, at });
    hand.give(Command::Rename { from: "orders".into(), to: "inbox".into() });
    let entry = &hand.state.scene.script[0];
    let decoupled::scene::Act::Call { input, .. } = &entry.act else { panic!("{entry:?}") };
    let renamed = json!({ "SourceArn": "arn:aws:sqs:eu-west-1:1:inbox", "Body": "orders", "QueueUrl": "inbox",
        "Attributes": { "RedrivePolicy": "{\"deadLetterTargetArn\":\"inbox\",\"maxReceiveCount\":3}" } });
    assert_eq!((&*entry.node, input), ("inbox", &renamed));
    assert_eq!(hand.chosen(), ["inbox"]);
    assert_eq!(hand.state.breakpoints.iter().map(|breakpoint| &*breakpoint.node).collect::<Vec<_>>(), ["inbox"]);
    hand.give(Command::Undo);
    assert_eq!(hand.chosen(), ["orders"]);
    assert_eq!(hand.state.breakpoints.iter().map(|breakpoint| &*breakpoint.node).collect::<Vec<_>>(), ["orders"]);
}

/// A shard dropped while it runs is a call of the script; while the stream is UPDATING it is refused, as on AWS.
#[test]
fn a_shard_dropped_while_it_runs_is_a_call() {
    let stream = json!({ "id": "s", "type": "AWS::Kinesis::Stream", "at": [0, 0], "properties": { "ShardCount": 1 } });
    let mut hand = with_scene(crate::support::scene(json!({ "nodes": [stream] })));
    let drop = |hand: &mut Hand| {
        hand.drop_item(PaletteItem::Shard, (20.0, 20.0), "s");
    };
    drop(&mut hand);
    assert_eq!((hand.property("s", "ShardCount"), hand.state.scene.script.len()), (json!(2), 0), "before it begins");
    hand.play(1_000 * MILLI);
    drop(&mut hand);
    drop(&mut hand);
    is_the_fresh_run(&mut hand, "two shards");
    assert_eq!((hand.property("s", "ShardCount"), hand.state.scene.script.len()), (json!(2), 2));
    let replies: Vec<_> =
        hand.run().replies().iter().map(|reply| reply.result.clone().expect("it is answered")).collect();
    assert_eq!(replies[0].as_ref().expect("it is taken")["TargetShardCount"], 3);
    assert_eq!(replies[1].as_ref().expect_err("it is refused")["Code"], "ResourceInUseException");
    let mut later = 1_000 * MILLI;
    while hand.run().node("s").map(|node| node.metrics(later)).is_some() && later < 200_000 * MILLI {
        later += 10_000 * MILLI;
        hand.play(later);
    }
    drop(&mut hand);
    assert_eq!(hand.run().scene_now().node("s").map(|node| node.properties["ShardCount"].clone()), Some(json!(4)));
}
