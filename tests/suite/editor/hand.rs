//! A hand on the page: what a person does with pointer and keys, as the app would report it.

use decoupled::editor::{
    Command, Effect, PaletteItem, PointerTarget, State, card_rect, command_for_key, one_shard_more, reduce,
};
use decoupled::figure::{Point, Tone};
use decoupled::play::Player;
use decoupled::scene::{Scene, write_scene};
use decoupled::services::Kind;
use serde_json::Value;

pub struct Hand {
    pub state: State,
    pub player: Player,
    /// What the last command led to; what it did to the run is done.
    pub effects: Vec<Effect>,
}

pub fn a_new_scene() -> Hand {
    with_scene(Scene::default())
}

pub fn with_scene(scene: Scene) -> Hand {
    let player = Player::new(&scene);
    let mut hand = Hand { state: State::new(scene, Vec::new()), player, effects: Vec::new() };
    hand.give(Command::Viewport { width: 1200.0, height: 800.0 });
    hand
}

impl Hand {
    pub fn give(&mut self, command: Command) -> &mut Self {
        self.effects = reduce(&mut self.state, command);
        for effect in self.effects.clone() {
            match effect {
                Effect::Run(effect) => drop(self.player.carry_out(effect, &self.state.scene, &mut || true)),
                Effect::AddShard(stream) => {
                    let (now, at) = (self.player.run().scene_now(), self.player.hand_at());
                    let command = one_shard_more(&self.state, now, &stream, at);
                    self.give(command);
                }
                _ => {}
            }
        }
        self
    }

    pub fn key(&mut self, key: &str) -> &mut Self {
        let parts: Vec<&str> = key.split(' ').filter(|part| !part.is_empty()).collect();
        let (name, held) = parts.split_last().expect("a key has a name");
        let held = |modifier: &str| held.contains(&modifier);
        let command = command_for_key(name, held("Ctrl"), held("Shift"), held("Alt"));
        self.give(command.unwrap_or_else(|| panic!("{key} does nothing")))
    }

    fn view(&self, point: Point) -> Point {
        self.state.camera.view_from_canvas(point)
    }

    pub fn down(&mut self, at: Point, target: PointerTarget, held: &str) -> &mut Self {
        let (view, held) = (self.view(at), |key: &str| held.contains(key));
        let (shift, alt, pan) = (held("Shift"), held("Alt"), held("Space"));
        self.give(Command::PointerDown { view, target, shift, alt, pan })
    }

    pub fn moves(&mut self, at: Point, over: PointerTarget) -> &mut Self {
        let view = self.view(at);
        self.give(Command::PointerMove { view, over })
    }

    pub fn up(&mut self, at: Point, over: PointerTarget) -> &mut Self {
        let view = self.view(at);
        self.give(Command::PointerUp { view, over })
    }

    /// Takes something from the palette and lets go of it here; `over` a node, or empty for the ground.
    pub fn drop_item(&mut self, item: PaletteItem, (x, y): (f32, f32), over: &str) -> &mut Self {
        let target = if over.is_empty() { PointerTarget::Canvas } else { PointerTarget::Node(over.to_owned()) };
        let at = Point::new(x, y);
        self.give(Command::PickUp { item }).moves(at, target.clone()).up(at, target)
    }

    pub fn drag(&mut self, kind: Kind, at: (f32, f32)) -> &mut Self {
        self.drop_item(PaletteItem::Node(kind), at, "")
    }

    pub fn middle(&self, id: &str) -> Point {
        card_rect(self.state.scene.node(id).unwrap_or_else(|| panic!("there is a node {id}"))).middle()
    }

    /// Drags from a node's port onto another node.
    pub fn connect(&mut self, from: &str, to: &str) -> &mut Self {
        let card = card_rect(self.state.scene.node(from).expect("the node it goes from"));
        let (port, end) = (Point::new(card.right(), card.middle().y), self.middle(to));
        let over = PointerTarget::Node(to.to_owned());
        self.down(port, PointerTarget::Port(from.to_owned()), "").moves(end, over.clone()).up(end, over)
    }

    pub fn click(&mut self, id: &str, held: &str) -> &mut Self {
        let (at, target) = (self.middle(id), PointerTarget::Node(id.to_owned()));
        self.down(at, target.clone(), held).up(at, target)
    }

    /// Drags a node in several small moves.
    pub fn move_node(&mut self, id: &str, (dx, dy): (f32, f32), held: &str) -> &mut Self {
        let (from, target) = (self.middle(id), PointerTarget::Node(id.to_owned()));
        self.down(from, target.clone(), held);
        for step in 1..=5_u8 {
            let part = f32::from(step) / 5.0;
            self.moves(Point::new(from.x + dx * part, from.y + dy * part), target.clone());
        }
        self.up(Point::new(from.x + dx, from.y + dy), target)
    }

    pub fn types(&mut self, id: &str, name: &str, values: &[Value]) -> &mut Self {
        for value in values {
            let (id, name, value) = (id.to_owned(), name.to_owned(), Some(value.clone()));
            self.give(Command::SetProperty { id, name, value });
        }
        self
    }

    pub fn undo_all(&mut self) -> usize {
        let mut steps = 0;
        while self.state.can_undo() {
            self.give(Command::Undo);
            steps += 1;
        }
        steps
    }

    pub fn redo_all(&mut self) {
        while self.state.can_redo() {
            self.give(Command::Redo);
        }
    }

    pub fn file(&self) -> String {
        write_scene(&self.state.scene)
    }

    pub fn ids(&self) -> Vec<&str> {
        self.state.scene.nodes.iter().map(|node| &*node.id).collect()
    }

    /// The links as drawn: `producer→queue`.
    pub fn lines(&self) -> Vec<String> {
        let lines = self.state.scene.drawn_links();
        lines.iter().map(|link| format!("{} {}→{}", link.kind.spec().name, link.from, link.to)).collect()
    }

    pub fn property(&self, id: &str, name: &str) -> Value {
        self.state.scene.node(id).and_then(|node| node.properties.get(name)).cloned().unwrap_or_default()
    }

    pub fn at(&self, id: &str) -> (f64, f64) {
        self.state.scene.node(id).expect("the node is there").at
    }

    /// The notice holds these words, and is of this tone.
    #[track_caller]
    pub fn says(&mut self, tone: Tone, words: &str) -> &mut Self {
        let notice = self.state.notice.take().expect("something is said");
        assert!(notice.text.contains(words), "{:?} does not say {words:?}", notice.text);
        assert_eq!(notice.tone, tone);
        self
    }

    pub fn chosen(&self) -> Vec<&str> {
        let selection = &self.state.selection;
        selection.nodes.iter().chain(&selection.links).map(|id| &**id).collect()
    }
}
