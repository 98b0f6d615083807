//! What a pointer can press on and land on.

/// What lies under the pointer, as the app's hit test on its elements says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PointerTarget {
    Canvas,
    Node(String),
    /// The output port of a node.
    Port(String),
    Link(String),
    /// A handle of a chosen frame or note.
    Handle(String, Handle),
    /// The end of a chosen line.
    LinkEnd(String, LinkEnd),
}

/// Which side of a frame is pulled: -1 left or top, 1 right or bottom, 0 neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handle {
    pub x: i8,
    pub y: i8,
}

impl Handle {
    /// By the points of the compass.
    pub const ALL: [(&'static str, Self); 8] = [
        ("nw", Self { x: -1, y: -1 }),
        ("n", Self { x: 0, y: -1 }),
        ("ne", Self { x: 1, y: -1 }),
        ("e", Self { x: 1, y: 0 }),
        ("se", Self { x: 1, y: 1 }),
        ("s", Self { x: 0, y: 1 }),
        ("sw", Self { x: -1, y: 1 }),
        ("w", Self { x: -1, y: 0 }),
    ];

    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(known, _)| *known == name).map(|(_, handle)| handle)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkEnd {
    From,
    To,
}

impl PointerTarget {
    /// The node that it belongs to.
    pub(super) fn node(&self) -> Option<&str> {
        match self {
            Self::Node(id) | Self::Port(id) => Some(id),
            Self::Canvas | Self::Link(_) | Self::Handle(..) | Self::LinkEnd(..) => None,
        }
    }
}
