//! The paths that clauses name, as a tree of names: what of an event has to be read at all.

use super::anchors::Anchors;

/// A node's place in the tree.
pub(crate) type NodeId = u32;
/// The node of the whole event.
pub(crate) const ROOT: NodeId = 0;
/// More names than this below one node are searched by halves.
const FEW: usize = 8;

#[derive(Clone, Debug, Default)]
pub(crate) struct Node {
    /// In order, without dots.
    below: Vec<(Box<[u8]>, NodeId)>,
    /// Clauses that can be looked up, where they are many.
    pub(crate) anchors: Anchors,
    /// The other clauses.
    pub(crate) clauses: Vec<u32>,
    /// Bytes of its dotted path.
    pub(crate) path_bytes: usize,
}

impl Node {
    fn place_of(&self, name: &[u8]) -> Result<usize, usize> {
        self.below.binary_search_by(|(known, _)| (**known).cmp(name))
    }

    pub(crate) fn has_below(&self) -> bool {
        !self.below.is_empty()
    }

    /// Whether a clause asks for the scalars here.
    pub(crate) fn is_asked(&self) -> bool {
        !self.clauses.is_empty() || !self.anchors.is_empty()
    }
}

#[derive(Clone, Debug)]
pub(crate) struct PathTree {
    pub(crate) nodes: Vec<Node>,
}

impl PathTree {
    pub(crate) fn new() -> PathTree {
        PathTree { nodes: vec![Node::default()] }
    }

    /// The node of a dotted path, made if there is none.
    pub(crate) fn grow(&mut self, path: &str) -> NodeId {
        let mut id = ROOT;
        for name in path.split('.') {
            let next = self.nodes.len() as NodeId;
            let node = &mut self.nodes[id as usize];
            let path_bytes = if id == ROOT { name.len() } else { node.path_bytes + 1 + name.len() };
            id = match node.place_of(name.as_bytes()) {
                Ok(place) => node.below[place].1,
                Err(place) => {
                    node.below.insert(place, (name.as_bytes().into(), next));
                    self.nodes.push(Node { path_bytes, ..Node::default() });
                    next
                }
            };
        }
        id
    }

    /// The node below another by a name of the event, which may hold dots itself (EB-7).
    #[inline]
    pub(crate) fn below(&self, id: NodeId, name: &[u8]) -> Option<NodeId> {
        let below = &self.nodes[id as usize].below;
        if below.len() > FEW {
            return self.below_parts(id, name);
        }
        for (known, child) in below {
            let length = known.len();
            if length == name.len() {
                if **known == *name {
                    return Some(*child);
                }
            } else if length < name.len() && name[length] == b'.' && name.starts_with(known) {
                return self.below_parts(id, name);
            }
        }
        None
    }

    /// The nodes below the root, each a bit in their order, if they are few and have none below them; else 0.
    pub(crate) fn flat(&self) -> u64 {
        let (root, others) = self.nodes.split_first().expect("there is a root");
        let flat = others.len() <= 64 && root.below.len() == others.len();
        if flat { others.iter().fold(0, |bits, _| (bits << 1) | 1) } else { 0 }
    }

    #[inline(never)] // second part
    fn below_parts(&self, id: NodeId, name: &[u8]) -> Option<NodeId> {
        let node = &self.nodes[id as usize];
        if let Ok(place) = node.place_of(name) {
            return Some(node.below[place].1);
        }
        let dot = name.iter().position(|byte| *byte == b'.')?;
        let place = node.place_of(&name[..dot]).ok()?;
        self.below(node.below[place].1, &name[dot + 1..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_dots_lead_as_far_as_their_parts() {
        let mut tree = PathTree::new();
        let few = tree.grow("a.b.c");
        let two = tree.below(ROOT, b"a.b").expect("a node");
        assert_eq!((tree.below(two, b"c"), tree.below(ROOT, b"a.b.c")), (Some(few), Some(few)));
        assert_eq!(tree.nodes[few as usize].path_bytes, 5);
        for other in ["a.b.d", "a.", "ab", "b", ""] {
            assert_eq!(tree.below(ROOT, other.as_bytes()), None, "{other}");
        }
        let grown: Vec<NodeId> = (0..20).map(|number| tree.grow(&format!("n{number}.x"))).collect();
        assert_eq!((tree.below(ROOT, b"n7.x"), tree.below(ROOT, b"a.b.c")), (Some(grown[7]), Some(few)));
        assert_eq!((tree.below(ROOT, b"n7.y"), tree.below(ROOT, b"n20")), (None, None));
    }
}
