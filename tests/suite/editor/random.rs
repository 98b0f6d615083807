//! Hands that do anything at all: nothing panics, and undoing everything gives the first bytes.

use decoupled::editor::{
    Axis, Command, Edge, Gesture, Handle, LinkEnd, PaletteItem, PointerTarget, Purpose, Subject, actions, offers,
    text_of,
};
use decoupled::figure::Point;
use decoupled::scene::{self, gallery, read_scene, write_scene};
use decoupled::services::Kind;
use serde_json::{Value, json};

use super::hand::{Hand, with_scene};

/// How many hands; `SEEDS=10000` for the bar.
const SEEDS: u64 = 500;
const GESTURES: usize = 40;

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides as u64) as usize
    }

    fn point(&mut self) -> Point {
        Point::new(self.roll(1400) as f32 - 100.0, self.roll(1000) as f32 - 100.0)
    }

    /// A node's id, now and then of one that is not there.
    fn node(&mut self, hand: &Hand) -> String {
        let ids = hand.ids();
        if ids.is_empty() || self.roll(20) == 0 { "nobody".to_owned() } else { ids[self.roll(ids.len())].to_owned() }
    }

    fn link(&mut self, hand: &Hand) -> String {
        let links = hand.state.scene.drawn_links();
        if links.is_empty() { "l0".to_owned() } else { links[self.roll(links.len())].id.clone() }
    }

    fn target(&mut self, hand: &Hand) -> PointerTarget {
        match self.roll(10) {
            8 => PointerTarget::Handle(self.node(hand), Handle::ALL[self.roll(8)].1),
            9 => PointerTarget::LinkEnd(self.link(hand), [LinkEnd::From, LinkEnd::To][self.roll(2)]),
            0 | 1 => PointerTarget::Canvas,
            2 => PointerTarget::Link(self.link(hand)),
            3..=5 => PointerTarget::Port(self.node(hand)),
            _ => PointerTarget::Node(self.node(hand)),
        }
    }

    fn item(&mut self) -> PaletteItem {
        let kind = self.roll(Kind::ALL.len() + 1);
        Kind::ALL.get(kind).map_or(PaletteItem::Shard, |kind| PaletteItem::Node(*kind))
    }

    fn value(&mut self) -> Value {
        [json!(0), json!(7), json!(-1), json!("x"), json!({}), json!(1e300), json!([null])][self.roll(7)].clone()
    }
}

#[test]
fn undoing_whatever_was_done_gives_the_first_bytes() {
    let seeds = std::env::var("SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(SEEDS);
    for seed in 1..=seeds {
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let first = gallery::ALL[dice.roll(gallery::ALL.len())];
        let mut hand = with_scene(read_scene(first.text()).0);
        let before = hand.file();
        for _ in 0..GESTURES {
            gesture(&mut hand, &mut dice);
            let selection = &hand.state.selection;
            assert!(selection.nodes.iter().all(|id| hand.state.scene.node(id).is_some()), "seed {seed}");
            // Whoever looks at the past now and then edits there.
            if dice.roll(3) == 0 {
                in_line(&mut hand, seed);
            }
        }
        hand.give(Command::PointerCancel).redo_all();
        let last = hand.file();
        hand.undo_all();
        assert!(hand.file() == before, "seed {seed}: undone, the scene is not what it was");
        hand.redo_all();
        assert!(hand.file() == last, "seed {seed}: done again, the scene is not what it became");
        let saved = write_scene(&read_scene(&last).0);
        let differs = saved.lines().zip(last.lines()).find(|(one, other)| one != other);
        assert!(saved == last, "seed {seed}: saved and opened, it is another: {differs:?}");
    }
}

/// The run is that of the document, wherever it is not the past of another that is shown.
fn in_line(hand: &mut Hand, seed: u64) {
    hand.player.act(&hand.state.scene);
    let document = hand.player.run().document();
    // What is in the hand is no part of the document yet.
    let is_idle = hand.state.gesture == Gesture::Idle;
    assert!(!is_idle || document.plays_like(&hand.state.scene), "seed {seed}: the run is another scene's");
    assert!(hand.player.run().script() == hand.state.scene.script, "seed {seed}: the run goes by another script");
}

/// What a hand does to time.
fn time(hand: &mut Hand, dice: &mut Dice) {
    let shown = hand.player.shown_at();
    match dice.roll(4) {
        0 | 1 => {
            hand.play(shown + dice.roll(400) as u64 * 1_000);
        }
        2 => {
            hand.seek(shown * dice.roll(9) as u64 / 8);
        }
        _ => {
            hand.give(Command::StepBack);
        }
    }
}

fn gesture(hand: &mut Hand, dice: &mut Dice) {
    match dice.roll(11) {
        10 => time(hand, dice),
        0..=2 => {
            let held = ["", "", "Shift", "Alt", "Space"][dice.roll(5)];
            let target = dice.target(hand);
            hand.down(dice.point(), target, held);
            for _ in 0..dice.roll(4) {
                let over = dice.target(hand);
                hand.moves(dice.point(), over);
                // In the middle of it, anything may come.
                if dice.roll(6) == 0 {
                    command(hand, dice);
                }
            }
            let over = dice.target(hand);
            hand.up(dice.point(), over);
        }
        3 | 4 => {
            let over = if dice.roll(2) == 0 { dice.node(hand) } else { String::new() };
            let at = dice.point();
            hand.drop_item(dice.item(), (at.x, at.y), &over);
        }
        5 => {
            let keys = [
                "Delete",
                "Ctrl d",
                "Ctrl a",
                "Ctrl g",
                "Ctrl Shift g",
                "Ctrl Shift l",
                "Escape",
                "Ctrl z",
                "Ctrl Shift z",
                "Shift ArrowUp",
                "ArrowLeft",
                "1",
                "+",
            ];
            hand.key(keys[dice.roll(keys.len())]);
        }
        _ => command(hand, dice),
    }
}

fn command(hand: &mut Hand, dice: &mut Dice) {
    let (id, to) = (dice.node(hand), dice.node(hand));
    let command = match dice.roll(23) {
        0 | 1 => Command::Connect { from: id, to },
        2 => {
            let property = hand.state.scene.node(&id).and_then(|node| node.kind.spec().properties.first());
            let value = Some(dice.value());
            Command::SetProperty { id, name: property.map_or("Nope", |property| property.name).to_owned(), value }
        }
        3 => Command::SetLinkProperty { id: dice.link(hand), name: "FilterPolicy".to_owned(), value: None },
        4 => Command::SetLatency { id: dice.link(hand), latency: Some(dice.value()) },
        5 => Command::Rename { from: id, to: format!("n{}~x", dice.roll(9)) },
        6 => Command::SetSeed { seed: dice.roll(3) as u64 },
        7 => Command::Select { nodes: vec![id, to], links: vec![dice.link(hand)], add: dice.roll(2) == 0 },
        8 => Command::Place { item: dice.item() },
        19 => [
            Command::Align { edge: Edge::Centre },
            Command::Distribute { axis: Axis::Vertical },
            Command::DragFree { free: dice.roll(2) == 0 },
            Command::ToggleCollapsed { id },
        ][dice.roll(4)]
        .clone(),
        20 => Command::Reconnect { link: dice.link(hand), end: [LinkEnd::From, LinkEnd::To][dice.roll(2)], node: id },
        21 => Command::Enter { node: id },
        9 => Command::Undo,
        10 => Command::Redo,
        12 => any_of_menu(hand, dice),
        13 => any_of_chooser(hand, dice),
        14 => Command::TidyUp,
        15 => {
            // The clipboard is the text of what is chosen, or something else.
            let text = text_of(&hand.state.scene, &hand.state.selection);
            let at = (dice.roll(2) == 0).then(|| dice.point());
            Command::PasteText { text: text.unwrap_or_else(|| "{\"clip\": 1, \"nodes\": [{}]}".to_owned()), at }
        }
        16 => Command::Cut,
        17 => Command::OpenMenu { at: dice.point(), target: dice.target(hand) },
        18 => {
            let place = hand.state.problems.first().map(|problem| problem.place.clone());
            Command::Remedy { place: place.unwrap_or_default() }
        }
        11 => [Command::New, Command::PointerCancel, Command::Duplicate][dice.roll(3)].clone(),
        _ => Command::Zoom { view: dice.point(), factor: [0.0, 0.5, 2.0, f32::NAN][dice.roll(4)] },
    };
    hand.give(command);
    if dice.roll(3) == 0 {
        let command = script(hand, dice);
        hand.give(command);
    }
}

/// What a hand does to the script.
fn script(hand: &Hand, dice: &mut Dice) -> Command {
    let (id, at, index) = (dice.node(hand), dice.roll(50) as u64 * 100_000, dice.roll(4));
    let link = dice.roll(3) == 0;
    let subject = if link { scene::Subject::Link(dice.link(hand)) } else { scene::Subject::Node(id) };
    match dice.roll(7) {
        0 => Command::Turn { subject, name: "Rate".to_owned(), value: Some(json!("9/s")), at },
        1 => Command::HoldKnob { held: dice.roll(2) == 0 },
        2 => {
            let (fault, settings) = (["Crash", "Drop", "Flood"][dice.roll(3)].to_owned(), serde_json::Map::new());
            Command::AddFault { subject, fault, lasting: at, at, settings }
        }
        3 => Command::MoveScriptEntry { index, at },
        4 => Command::RemoveScriptEntry { index },
        5 => Command::ChooseMark { index: Some(index) },
        _ => [Command::ReturnToFuture, Command::ToggleLoop][dice.roll(2)].clone(),
    }
}

/// A line of the menu of something, opened or not.
fn any_of_menu(hand: &Hand, dice: &mut Dice) -> Command {
    let subject = match dice.roll(4) {
        0 => Subject::Canvas,
        1 => Subject::Node(dice.node(hand)),
        2 => Subject::Link(dice.link(hand)),
        _ => Subject::Chosen,
    };
    let actions: Vec<_> = actions(&hand.state, &subject, Some(dice.point()), 1).into_iter().flatten().collect();
    if actions.is_empty() { Command::Escape } else { actions[dice.roll(actions.len())].command.clone() }
}

fn any_of_chooser(hand: &Hand, dice: &mut Dice) -> Command {
    let at = (dice.roll(2) == 0).then(|| dice.point());
    let purpose = match dice.roll(5) {
        0 => Purpose::Add { at },
        1 => Purpose::After { from: dice.node(hand), at },
        2 => Purpose::Into { link: dice.link(hand) },
        3 => Purpose::Find,
        _ => Purpose::Command,
    };
    let offers = offers(&hand.state, &purpose, ["", "a", "queue"][dice.roll(3)], 1);
    if offers.is_empty() { Command::Escape } else { offers[dice.roll(offers.len())].command.clone() }
}
