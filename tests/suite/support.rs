//! Scenes from JSON, and runs whose every fact is seen although the trace keeps a window of them only.

use decoupled::engine::{Micros, TraceRecord};
use decoupled::scene::{Problem, Scene, read_scene};
use decoupled::services::Fact;
use decoupled::sim::Run;
use serde_json::{Value, json};

/// Agenda entries handled between two looks at the trace: what they record must fit into its window.
const ENTRIES_PER_LOOK: u64 = 100;

/// Opens a scene; a version and an instant network are understood where the JSON names none.
pub fn open(mut value: Value) -> (Scene, Vec<Problem>) {
    let map = value.as_object_mut().expect("a scene is an object");
    map.entry("version").or_insert_with(|| 1.into());
    map.entry("network").or_insert_with(|| "instant".into());
    let (scene, mut problems) = read_scene(&value.to_string());
    problems.extend(scene.problems());
    (scene, problems)
}

/// A scene that is as it should be.
pub fn scene(value: Value) -> Scene {
    let (scene, problems) = open(value);
    assert!(problems.is_empty(), "the test's own scene has problems: {problems:?}");
    scene
}

/// A producer, a queue and a worker in a row, with these properties, and hops that eyes can follow.
pub fn shop(shop: Value, orders: Value, ship: Value) -> Scene {
    scene(json!({
        "version": 1, "name": "shop", "seed": 7, "network": "teaching",
        "nodes": [
            { "id": "shop", "type": "Decoupled::Producer", "at": [0, 0], "properties": shop },
            { "id": "orders", "type": "AWS::SQS::Queue", "at": [300, 0], "properties": orders },
            { "id": "ship", "type": "Decoupled::Worker", "at": [600, 0], "properties": ship },
        ],
        "links": [
            { "id": "l1", "from": "shop", "to": "orders", "type": "Send" },
            { "id": "l2", "from": "orders", "to": "ship", "type": "Poll" },
        ],
    }))
}

/// A run of such a scene, played to a time.
pub fn played(value: Value, until: Micros) -> Run {
    let mut run = Run::new(&scene(value));
    run.advance_to(until);
    run
}

/// Plays a run to `until` and shows every fact on the way, each once.
pub fn watch(run: &mut Run, until: Micros, see: impl FnMut(&Run, &TraceRecord<Fact>)) {
    watch_by(ENTRIES_PER_LOOK, run, until, see);
}

/// As `watch`, looking after every so many agenda entries.
pub fn watch_by(entries: u64, run: &mut Run, until: Micros, mut see: impl FnMut(&Run, &TraceRecord<Fact>)) {
    let mut seen = run.trace().total();
    loop {
        let arrived = run.advance(until, entries);
        let fresh = run.trace().total() - seen;
        assert!(fresh <= run.trace().window().len() as u64, "{fresh} facts at once: some left the window unseen");
        for record in run.trace().since(seen) {
            see(run, record);
        }
        seen = run.trace().total();
        if arrived {
            return;
        }
    }
}

/// A test's own source of randomness: a generator that is the same for the same seed everywhere.
pub struct Dice(decoupled::engine::Stream);

impl Dice {
    pub fn new(seed: u64, purpose: decoupled::engine::Purpose) -> Self {
        Self(decoupled::engine::Stream::new(seed, "test", purpose))
    }

    pub fn below(&mut self, bound: u64) -> u64 {
        self.0.below(bound)
    }

    /// True once in `one_in` throws.
    pub fn once_in(&mut self, one_in: u64) -> bool {
        self.0.below(one_in) == 0
    }
}
