//! Hands that do anything at all: nothing panics, and undoing everything gives the first bytes.

use decoupled::editor::{Axis, Command, Edge, Handle, LinkEnd, PaletteItem, PointerTarget};
use decoupled::figure::Point;
use decoupled::scene::{gallery, read_scene};
use decoupled::services::Kind;
use serde_json::{Value, json};

use super::hand::{Hand, with_scene};

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
    for seed in 1..=SEEDS {
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let first = gallery::ALL[dice.roll(gallery::ALL.len())];
        let mut hand = with_scene(read_scene(first.text()).0);
        let before = hand.file();
        for _ in 0..GESTURES {
            gesture(&mut hand, &mut dice);
            let selection = &hand.state.selection;
            assert!(selection.nodes.iter().all(|id| hand.state.scene.node(id).is_some()), "seed {seed}");
        }
        hand.give(Command::PointerCancel).redo_all();
        let last = hand.file();
        hand.undo_all();
        assert!(hand.file() == before, "seed {seed}: undone, the scene is not what it was");
        hand.redo_all();
        assert!(hand.file() == last, "seed {seed}: done again, the scene is not what it became");
    }
}

fn gesture(hand: &mut Hand, dice: &mut Dice) {
    match dice.roll(10) {
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
    let command = match dice.roll(16) {
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
        13 => [
            Command::Align { edge: Edge::Centre },
            Command::Distribute { axis: Axis::Vertical },
            Command::DragFree { free: dice.roll(2) == 0 },
            Command::ToggleCollapsed { id },
        ][dice.roll(4)]
        .clone(),
        14 => Command::Reconnect { link: dice.link(hand), end: [LinkEnd::From, LinkEnd::To][dice.roll(2)], node: id },
        15 => Command::Enter { node: id },
        9 => Command::Undo,
        10 => Command::Redo,
        11 => [Command::New, Command::PointerCancel, Command::Duplicate][dice.roll(3)].clone(),
        _ => Command::Zoom { view: dice.point(), factor: [0.0, 0.5, 2.0, f32::NAN][dice.roll(4)] },
    };
    hand.give(command);
}
