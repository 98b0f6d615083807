//! A run: scene + seed + script, played forward. The same three give the same trace, in any chunking.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::amendment::{edits_of, outdated};
use super::history::History;
use super::search::Sought;
use super::stimulus;
use super::wiring::{LinkNames, add_node, new_world, wire};
use crate::engine::{
    ActorId, FaultKind, FaultScope, Halt, LinkId, Micros, Stepped, Trace, TraceRecord, Transfer, World, limits,
};
use crate::scene::{Edit, Problem, Scene, SceneLink, SceneNode, ScriptEntry};
use crate::services::{Fact, Message, Node, Shared, Signal};

/// What a script's call got.
#[derive(Clone, Debug)]
pub struct Reply {
    pub id: Option<String>,
    pub at: Micros,
    /// `None` while it waits.
    pub result: Option<Result<Value, Value>>,
}

/// What a fault strikes, by its id in the scene.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Struck<'a> {
    Node(&'a str),
    Link(&'a str),
}

#[derive(Clone)]
pub struct Run {
    pub(super) world: World<Node>,
    names: LinkNames,
    /// The scene as its author has it.
    pub(super) document: Arc<Scene>,
    /// What script and calls have changed in it since, in this order.
    amendments: Vec<Edit>,
    /// Both together: what the world is in line with.
    scene: Arc<Scene>,
    pub(super) script: Vec<ScriptEntry>,
    /// By the order in which the calls were made; a call's number is its index.
    pub(super) replies: Vec<Reply>,
    /// Script answers by their ids, for `${id.path}`.
    pub(super) outputs: BTreeMap<String, Value>,
    /// What the script did to nodes that were not there.
    pub(super) unheard: Vec<Problem>,
    seed: u64,
    history: History,
    /// When so many bytes of messages were moved, it is looked how many are held.
    pub(super) looks_at: u64,
}

impl Run {
    /// The run of a scene, at time 0, with nothing handled yet.
    #[must_use]
    pub fn new(scene: &Scene) -> Self {
        Self::with_seed(scene, scene.seed)
    }

    #[must_use]
    pub fn with_seed(scene: &Scene, seed: u64) -> Self {
        let seeded = Scene { seed, ..scene.clone() };
        let (mut world, mut names) = (new_world(&seeded), LinkNames::default());
        wire(&mut world, &mut names, &seeded);
        for (index, entry) in seeded.script.iter().enumerate() {
            world.schedule_script(entry.at, u32::try_from(index).expect("scripts are bounded"));
        }
        for index in 0..world.actors().len() {
            let actor = ActorId(u32::try_from(index).expect("fewer than 2^32 actors"));
            world.with(actor, Node::start);
        }
        let script = seeded.script.clone();
        let (replies, outputs) = (Vec::new(), BTreeMap::new());
        let document = Arc::new(seeded);
        let (scene, amendments) = (Arc::clone(&document), Vec::new());
        let unheard = Vec::new();
        let (history, looks_at) = (History::default(), limits::HELD_BYTES_MAX);
        let mut run = Self {
            world,
            names,
            document,
            amendments,
            scene,
            script,
            replies,
            outputs,
            unheard,
            seed,
            history,
            looks_at,
        };
        run.make_changes();
        run
    }

    #[must_use]
    pub fn now(&self) -> Micros {
        self.world.now()
    }

    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Plays up to and including `until`.
    pub fn advance_to(&mut self, until: Micros) {
        self.advance(until, u64::MAX);
    }

    /// Plays towards `until`, handling at most `entries`; true when it got there (or the run halted).
    pub fn advance(&mut self, until: Micros, entries: u64) -> bool {
        for _ in 0..entries {
            match self.step(until) {
                Stepped::Idle => {
                    if self.world.halt().is_none() {
                        self.note_history(until);
                        self.world.settle(until);
                    }
                    return true;
                }
                Stepped::Handled | Stepped::Script(_) => {}
            }
        }
        false
    }

    /// Handles entries until one more fact is recorded, or for long enough; false when nothing is left to happen.
    pub fn step_fact(&mut self) -> bool {
        self.search(Micros::MAX, limits::ENTRIES_PER_FACT_MAX, |_, _| true) != Sought::End
    }

    pub(super) fn step(&mut self, until: Micros) -> Stepped {
        let mut stepped = self.world.step(until.min(self.history.due()));
        while stepped == Stepped::Idle && self.is_behind_history(until) {
            self.note_history(self.history.due());
            stepped = self.world.step(until.min(self.history.due()));
        }
        if let Stepped::Script(index) = stepped {
            stimulus::act(self, index as usize);
        }
        for (_, signal) in self.world.drain_outbox() {
            if let Signal::Answer(answer) = signal {
                stimulus::answered(self, *answer);
            }
        }
        self.make_changes();
        self.look_at_memory();
        #[cfg(debug_assertions)]
        self.assert_conservation();
        stepped
    }

    /// Whether something happens up to `until` that lies behind the next point of the history.
    fn is_behind_history(&self, until: Micros) -> bool {
        self.history.due() <= until
            && self.world.halt().is_none()
            && self.world.next_time().is_some_and(|next| next <= until)
    }

    /// Takes the points that are due, when all up to each of them is handled.
    #[inline(never)] // hot loop
    pub(super) fn note_history(&mut self, until: Micros) {
        while self.history.due() <= until {
            self.world.settle(self.history.due());
            self.history.note(&self.world);
        }
    }

    /// The metrics' values so far.
    #[must_use]
    pub fn history(&self) -> &History {
        &self.history
    }

    #[must_use]
    pub fn trace(&self) -> &Trace<Fact> {
        self.world.trace()
    }

    /// 32 hex digits over the whole trace.
    #[must_use]
    pub fn digest(&self) -> String {
        self.world.trace().digest().hex()
    }

    #[must_use]
    pub fn halt(&self) -> Option<&Halt> {
        self.world.halt()
    }

    #[must_use]
    pub fn shared(&self) -> &Shared {
        self.world.shared()
    }

    #[must_use]
    pub fn replies(&self) -> &[Reply] {
        &self.replies
    }

    #[must_use]
    pub fn node(&self, id: &str) -> Option<&Node> {
        self.actor_of(id).map(|actor| self.world.actor(actor))
    }

    #[must_use]
    pub fn actor_of(&self, id: &str) -> Option<ActorId> {
        self.world.shared().by_name.get(id).copied()
    }

    /// The id of a node; `script` for what comes from outside.
    #[must_use]
    pub fn name_of(&self, actor: ActorId) -> &str {
        self.world.shared().names.get(actor.index()).map_or("script", |name| name)
    }

    /// The scene's id of a link; `None` for what travels on no drawn link.
    #[must_use]
    pub fn link_name(&self, link: LinkId) -> Option<&str> {
        self.names.name(link)
    }

    pub fn transfers(&self) -> impl Iterator<Item = &Transfer<Signal>> {
        self.world.transfers()
    }

    /// Nodes of the run with their ids, those deleted while it ran left out.
    pub fn nodes(&self) -> impl Iterator<Item = (&str, &Node)> {
        self.world.shared().by_name.iter().map(|(id, actor)| (&**id, self.world.actor(*actor)))
    }

    /// A record's node id.
    #[must_use]
    pub fn node_of(&self, record: &TraceRecord<Fact>) -> &str {
        self.name_of(record.actor)
    }

    /// Brings a running run in line with an edited scene: new nodes begin, deleted ones retire, changed
    /// properties and links take effect now, and a run that halted may go on. False when the run goes on as it would
    /// have: where a node lies changes nothing.
    ///
    /// What script and calls changed meanwhile stays changed, unless the author has just changed the same.
    pub fn reconcile(&mut self, scene: &Scene) -> bool {
        // Before anything has happened, the scene is what it begins with.
        if self.now() == 0 && self.handled() == 0 && !self.document.plays_like(scene) {
            *self = Self::with_seed(&Scene { script: self.script.clone(), ..scene.clone() }, self.seed);
            return true;
        }
        let before = std::mem::replace(&mut self.document, Arc::new(scene.clone()));
        if before.plays_like(scene) {
            self.scene = Arc::new(self.amended());
            return false;
        }
        self.amendments.retain(|edit| !outdated(edit, &before, scene));
        self.bring_in_line();
        self.make_changes();
        // The edit may have broken the loop; if not, the run soon halts again.
        self.world.resume();
        true
    }

    /// The scene as its author has it.
    #[must_use]
    pub fn document(&self) -> &Scene {
        &self.document
    }

    pub(crate) fn shared_document(&self) -> &Arc<Scene> {
        &self.document
    }

    /// Agenda entries handled since the start.
    #[must_use]
    pub fn handled(&self) -> u64 {
        self.world.handled()
    }

    /// How much a clone of it holds: entries to come and messages stored.
    pub(crate) fn weight(&self) -> u64 {
        self.world.pending() as u64 + self.world.actors().iter().map(Node::stored).sum::<u64>()
    }

    /// How much of that is copied when it is cloned.
    pub(crate) fn copied(&self) -> u64 {
        self.weight() - self.world.actors().iter().map(Node::shared).sum::<u64>()
    }

    /// A clone without the trace's records.
    pub(crate) fn checkpoint(&self) -> Self {
        let mut checkpoint = self.clone();
        checkpoint.world.drop_records();
        checkpoint
    }

    /// Holds the records again that `later`, the same run at a later time, still holds of its past.
    pub(crate) fn take_records_of(&mut self, later: &Self) {
        self.world.take_records_of(&later.world);
    }

    /// What is still to happen goes by this script from here on. What of it is past must have happened already.
    pub(crate) fn rescript(&mut self, script: &[ScriptEntry]) {
        if self.script == script {
            return;
        }
        let (now, pending) = (self.now(), self.world.withdraw_script());
        let is_pending = |index: usize| u32::try_from(index).is_ok_and(|index| pending.contains(&index));
        // Of the entries at this very instant, some may have had their turn.
        let old = self.script.iter().enumerate().filter(|(index, entry)| entry.at == now && !is_pending(*index));
        // By their texts: a thousand of them at one instant are not compared with a thousand others.
        let mut done: BTreeMap<String, usize> = BTreeMap::new();
        for (_, entry) in old {
            *done.entry(entry.to_json().to_string()).or_default() += 1;
        }
        for (index, entry) in script.iter().enumerate().filter(|(_, entry)| entry.at >= now) {
            let had = if done.is_empty() { None } else { done.get_mut(&entry.to_json().to_string()) };
            match had.filter(|left| **left > 0) {
                Some(left) => *left -= 1,
                None => self.world.schedule_script(entry.at, u32::try_from(index).expect("scripts are bounded")),
            }
        }
        self.script = script.to_vec();
    }

    /// The script it goes by.
    #[must_use]
    pub fn script(&self) -> &[ScriptEntry] {
        &self.script
    }

    /// The number of a link of the scene as it is now.
    pub(super) fn link_number(&self, id: &str) -> Option<LinkId> {
        self.names.number_of(&*self.scene.drawn_link(id)?)
    }

    /// Whether the messages that arrive are kept for [`Self::arrived`]. It changes nothing of how the run goes.
    pub fn watch_arrivals(&mut self, watched: bool) {
        self.world.watch_arrivals(watched);
    }

    /// The messages that the last step brought or showed to a node, while arrivals are watched.
    pub fn arrived(&self, actor: ActorId) -> impl Iterator<Item = &Message> {
        self.world.arrived(actor).into_iter().flat_map(Signal::visible)
    }

    /// The faults that hold at `at`, which is the present or a little later: what each strikes, how, and until when.
    pub fn faults_at(&self, at: Micros) -> impl Iterator<Item = (Struck<'_>, FaultKind, Micros)> {
        self.world.faults_at(at).filter_map(|fault| {
            let struck = match fault.scope {
                FaultScope::Actor(actor) => Struck::Node(self.name_of(actor)),
                FaultScope::Link(link) => Struck::Link(self.link_name(link)?),
            };
            Some((struck, fault.kind, fault.until))
        })
    }

    /// Takes in what a hand does: an entry that joins the script while the run goes on. A fresh run of the script
    /// with it is the same run.
    ///
    /// # Panics
    /// When its time is not after the present: everything up to there is handled.
    pub fn perform(&mut self, entry: ScriptEntry) {
        assert!(entry.at > self.now(), "{} µs is past", entry.at);
        self.world.schedule_script(entry.at, u32::try_from(self.script.len()).expect("scripts are bounded"));
        self.script.push(entry);
    }

    /// Changes the scene of this run, and not its document.
    pub(super) fn amend(&mut self, edits: Vec<Edit>) {
        self.amendments.extend(edits);
        self.bring_in_line();
    }

    /// Makes the changes that calls of this step asked for; a change may bring about others.
    fn make_changes(&mut self) {
        loop {
            let changes = std::mem::take(&mut self.world.shared_mut().changes);
            if changes.is_empty() {
                return;
            }
            for change in changes {
                let edits = edits_of(change, &self.scene, &self.names);
                self.amend(edits);
            }
        }
    }

    /// Whether nothing will happen any more, as far as can be said.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.world.halt().is_some() || self.world.next_time().is_none()
    }

    /// The document with all that script and calls have changed.
    fn amended(&self) -> Scene {
        let mut amended = Scene::clone(&self.document);
        for edit in &self.amendments {
            amended.apply(edit.clone());
        }
        amended
    }

    fn bring_in_line(&mut self) {
        let amended = self.amended();
        let (before, scene) = (Arc::clone(&self.scene), &amended);
        if scene.network != before.network
            && let Ok(preset) = scene.network.preset()
        {
            self.world.shared_mut().network.preset = preset;
        }
        let by_id = |scene: &'_ Scene| -> BTreeMap<String, Arc<SceneNode>> {
            let mut nodes = BTreeMap::new();
            let run = scene.nodes.iter().filter(|node| node.kind.runs());
            nodes.extend(run.map(|node| (node.id.clone(), Arc::clone(node))));
            nodes
        };
        let (old, new) = (by_id(&before), by_id(scene));
        for (id, node) in &old {
            if new.get(id.as_str()).is_none_or(|other| other.kind != node.kind) {
                self.retire(id);
            }
        }
        let mut begun = Vec::new();
        for node in scene.nodes.iter().filter(|node| node.kind.runs()) {
            let settings = || node.kind.settings(node.properties.clone());
            match old.get(&node.id).filter(|other| other.kind == node.kind) {
                None => begun.push(add_node(&mut self.world, node, &settings())),
                Some(other) if other.properties != node.properties => {
                    if let Some(actor) = self.actor_of(&node.id) {
                        self.world.shared_mut().settings[actor.index()] = settings();
                        self.world.with(actor, |model, cx| model.configure(&settings(), cx));
                    }
                }
                Some(_) => {}
            }
        }
        for actor in wire(&mut self.world, &mut self.names, scene) {
            if !begun.contains(&actor) && !self.world.shared().deleted.contains(&actor) {
                self.world.with(actor, Node::rewired);
            }
        }
        for actor in begun {
            self.world.with(actor, Node::start);
        }
        self.scene = Arc::new(amended);
    }

    /// Links that calls added: the document does not have them.
    pub fn added_links(&self) -> impl Iterator<Item = &SceneLink> {
        let links = if self.amendments.is_empty() { &[] } else { &*self.scene.links };
        links.iter().filter(|link| self.document.link(&link.id).is_none()).map(|link| &**link)
    }

    /// How often script and calls have changed the scene since the beginning, as far as that still holds.
    #[must_use]
    pub fn departures(&self) -> usize {
        self.amendments.len()
    }

    /// The links of the scene as it is now, with the numbers they have here.
    pub(super) fn numbered_links(&mut self) -> Vec<(Arc<SceneLink>, LinkId)> {
        let names = &mut self.names;
        self.scene.drawn_links().into_iter().map(|link| (Arc::clone(&link), names.number(&link))).collect()
    }

    /// The scene the run is in line with.
    #[must_use]
    pub fn scene_now(&self) -> &Arc<Scene> {
        &self.scene
    }

    fn retire(&mut self, id: &str) {
        if let Some(actor) = self.actor_of(id) {
            self.world.shared_mut().deleted.push(actor);
            self.world.with(actor, Node::retire);
            let shared = self.world.shared_mut();
            shared.by_name.remove(id);
            shared.buried.insert(id.to_owned(), actor);
        }
    }
}
