//! From a scene to a world: nodes become actors, links become routes at both their ends.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::engine::{ActorId, LinkId, World};
use crate::scene::{Scene, SceneLink, SceneNode};
use crate::services::{Calls, Distribution, Network, Node, Preset, Route, Settings, Shared, hue_of};

/// Which link of the scene each number of the world stands for. Numbers are never used again, so a link that
/// is deleted and drawn anew is another one.
#[derive(Clone, Debug, Default)]
pub struct LinkNames {
    names: Vec<Arc<str>>,
    by_name: BTreeMap<String, LinkId>,
}

impl LinkNames {
    /// # Panics
    /// At 2³² links.
    pub fn number(&mut self, link: &SceneLink) -> LinkId {
        let names = &mut self.names;
        *self.by_name.entry(key_of(link)).or_insert_with(|| {
            names.push(Arc::from(&*link.id));
            LinkId(u32::try_from(names.len() - 1).expect("fewer than 2^32 links"))
        })
    }

    /// The number of a link as it was laid last.
    #[must_use]
    pub fn number_of(&self, link: &SceneLink) -> Option<LinkId> {
        self.by_name.get(&key_of(link)).copied()
    }

    #[must_use]
    pub fn name(&self, link: LinkId) -> Option<&str> {
        self.names.get(link.0 as usize).map(|name| &**name)
    }
}

fn key_of(link: &SceneLink) -> String {
    format!("{}\u{1f}{}\u{1f}{}\u{1f}{}", link.id, link.from, link.to, link.kind.spec().name)
}

/// A world with the scene's nodes, not yet wired.
#[must_use]
pub fn new_world(scene: &Scene) -> World<Node> {
    let preset = scene.network.preset().unwrap_or(Preset::Teaching);
    let mut world = World::new(scene.seed, Shared::new(Network::new(preset)));
    for node in scene.nodes.iter().filter(|node| node.kind.runs()) {
        add_node(&mut world, node, &node.kind.settings(node.properties.clone()));
    }
    world
}

pub fn add_node(world: &mut World<Node>, node: &SceneNode, settings: &Settings) -> ActorId {
    let (id, kind) = (&*node.id, node.kind);
    let actor = world.add(node.first_id(), Node::new(kind, settings));
    let shared = world.shared_mut();
    shared.names.push(Arc::from(id));
    shared.kinds.push(kind);
    shared.colours.push(hue_of(node.first_id()));
    shared.settings.push(settings.clone());
    shared.routes.push(Arc::from([]));
    shared.calls.push(Calls::default());
    shared.by_name.insert(id.to_owned(), actor);
    actor
}

/// Lays the scene's links into the world; returns the actors whose routes are not what they were.
pub fn wire(world: &mut World<Node>, names: &mut LinkNames, scene: &Scene) -> Vec<ActorId> {
    let mut routes: Vec<Vec<Route>> = vec![Vec::new(); world.actors().len()];
    let mut latencies = BTreeMap::new();
    for link in scene.drawn_links() {
        let shared = world.shared();
        let end = |name: &String| shared.by_name.get(name).or_else(|| shared.buried.get(name)).copied();
        let ends = (end(&link.from), end(&link.to));
        let (Some(from), Some(to)) = ends else { continue };
        let number = names.number(&link);
        let settings = Settings::new(link.properties.clone(), link.kind.spec().properties);
        if let Some(Ok(latency)) = link.latency.as_ref().map(Distribution::parse) {
            latencies.insert(number, latency);
        }
        for (me, peer, outward) in [(from, to, true), (to, from, false)] {
            routes[me.index()].push(Route {
                link: number,
                kind: link.kind,
                peer,
                peer_kind: shared.kinds[peer.index()],
                peer_name: Arc::clone(&shared.names[peer.index()]),
                outward,
                settings: settings.clone(),
            });
        }
    }
    let shared = world.shared_mut();
    shared.network.links = latencies;
    let mut changed = Vec::new();
    for (index, routes) in routes.into_iter().enumerate() {
        if !same(&shared.routes[index], &routes) {
            shared.routes[index] = Arc::from(routes);
            changed.push(ActorId(u32::try_from(index).expect("fewer than 2^32 actors")));
        }
    }
    changed
}

fn same(before: &[Route], after: &[Route]) -> bool {
    let pairs = before.iter().zip(after);
    before.len() == after.len()
        && pairs
            .into_iter()
            .all(|(a, b)| (a.link, a.outward, a.peer) == (b.link, b.outward, b.peer) && a.settings.same(&b.settings))
}
