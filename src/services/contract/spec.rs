//! What a service says of itself, as data: palette, inspector, scene format and schema are drawn from it.

use serde_json::{Map, Value};

use super::breakage::{Frailty, NOTHING};
use super::link::Pair;
use super::problems::{SceneView, Wrong};
use super::reference::{IdList, Reference};
use super::usage::Price;
use crate::engine::{MICROS_PER_MILLI, Micros};
use crate::figure::Shape;
use crate::lang::event_pattern::Dialect;
use crate::services::Request;

/// A client's call within a Region, one way `[MODEL]`.
const CLIENT_HOP: Micros = 5 * MICROS_PER_MILLI;

/// The palette's groups, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    Sources,
    QueuesAndTopics,
    Streams,
    Events,
    Workflows,
    Consumers,
    Tables,
    Canvas,
}

impl Group {
    pub const ALL: [Self; 8] = [
        Self::Sources,
        Self::QueuesAndTopics,
        Self::Streams,
        Self::Events,
        Self::Workflows,
        Self::Consumers,
        Self::Tables,
        Self::Canvas,
    ];

    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Sources => "Sources",
            Self::QueuesAndTopics => "Queues and topics",
            Self::Streams => "Streams",
            Self::Events => "Events",
            Self::Workflows => "Workflows",
            Self::Consumers => "Consumers",
            Self::Tables => "Tables",
            Self::Canvas => "Canvas",
        }
    }
}

/// The colour family of a service: sources blue, integration pink, analytics violet, compute orange; what is
/// no service, grey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    Source,
    Integration,
    Analytics,
    Compute,
    Canvas,
}

impl Family {
    /// The name of its colour in `static/theme/tokens.css`, after `--family-`.
    #[must_use]
    pub fn css(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Integration => "integration",
            Self::Analytics => "analytics",
            Self::Compute => "compute",
            Self::Canvas => "canvas",
        }
    }
}

/// How well a behaviour is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    Documented,
    Observed,
    Simplified,
}

/// One property of a node or link: the form field, the check and the schema come from it.
#[derive(Clone, Copy, Debug)]
pub struct Property {
    /// CloudFormation's name of it, or ours.
    pub name: &'static str,
    /// What the inspector calls it.
    pub label: &'static str,
    pub kind: PropertyKind,
    /// Its value when absent, as JSON text; empty when absence has a meaning of its own.
    pub default: &'static str,
    /// `s`, `B`, `records`; empty for none.
    pub unit: &'static str,
    /// One sentence.
    pub help: &'static str,
    /// The fact behind it, such as `SQS-2`, which stands in a `facts.json`; empty for our own.
    pub fact: &'static str,
    pub strength: Strength,
    /// A resource keeps it as it was made: AWS makes another one instead of changing it.
    pub is_fixed: bool,
    /// What is drawn follows while it is typed: it holds as soon as it is right.
    pub is_live: bool,
}

/// A property as AWS has it, by the fact that documents it.
pub(in crate::services) const fn property(
    name: &'static str,
    label: &'static str,
    kind: PropertyKind,
    default: &'static str,
    help: &'static str,
    fact: &'static str,
) -> Property {
    Property {
        name,
        label,
        kind,
        default,
        unit: "",
        help,
        fact,
        strength: Strength::Documented,
        is_fixed: false,
        is_live: false,
    }
}

/// One of ours: how a part behaves, or what AWS leaves open or varies.
pub(in crate::services) const fn knob(
    name: &'static str,
    label: &'static str,
    kind: PropertyKind,
    default: &'static str,
    help: &'static str,
    fact: &'static str,
) -> Property {
    Property { strength: Strength::Simplified, ..property(name, label, kind, default, help, fact) }
}

impl Property {
    pub(in crate::services) const fn in_unit(self, unit: &'static str) -> Self {
        Self { unit, ..self }
    }

    pub(in crate::services) const fn fixed(self) -> Self {
        Self { is_fixed: true, ..self }
    }

    pub(in crate::services) const fn live(self) -> Self {
        Self { is_live: true, ..self }
    }
}

#[derive(Clone, Copy, Debug)]
pub enum PropertyKind {
    Integer {
        min: i64,
        max: i64,
    },
    /// A probability, 0 to 1.
    Probability,
    Boolean,
    Text {
        max: usize,
    },
    /// A text of several lines.
    Markdown {
        max: usize,
    },
    Choice(&'static [&'static str]),
    /// A choice that was a switch in scenes of old: `true` stands for the first, `false` for the last.
    SwitchedChoice(&'static [&'static str]),
    /// Any JSON value.
    Json,
    Pattern(Dialect),
    /// A duration text or a distribution.
    Duration,
    /// `"5/s"`.
    Rate,
    /// The id of a node of one of these types.
    Node(&'static [&'static str]),
    /// A list of ids of nodes.
    Nodes,
    Object(&'static [Property]),
    /// A map of message attributes in the API's shape.
    Attributes,
    /// The name of a zone of the IANA time zone database.
    TimeZone,
}

/// How large a card has to be, by the node's properties.
pub type Room = fn(&Map<String, Value>) -> (f32, f32);

/// What a kind of node is.
#[derive(Debug)]
pub struct Spec {
    /// The scene's `type`: the CloudFormation resource type, or ours.
    pub kind: &'static str,
    pub name: &'static str,
    /// One line under the name.
    pub summary: &'static str,
    /// New nodes are called `<stem>`, `<stem>-2`, …
    pub stem: &'static str,
    pub group: Group,
    pub family: Family,
    /// Width and height of its card.
    pub size: (f32, f32),
    /// If its card can be drawn larger, by the properties `Width` and `Height`: how large it has to be, with these
    /// properties, for all in it to be read. A run does not go by that.
    pub room: Option<Room>,
    /// The property that stands beside its name.
    pub headline: Option<&'static str>,
    /// Its own glyph on a 24×24 grid: SVG path data, stroked in white.
    pub glyph: &'static str,
    pub properties: &'static [Property],
    /// Properties, as JSON texts, that a node drawn by hand begins with.
    pub drawn_with: &'static [(&'static str, &'static str)],
    /// Properties that hold JSON in which nodes are named, as AWS names them.
    pub named_in: &'static [&'static str],
    /// Properties AWS has and we refuse, each with the reason: nothing is simplified silently.
    pub not_modelled: &'static [(&'static str, &'static str)],
    /// The metric names of the report that the inspector shows as live charts.
    pub charts: &'static [&'static str],
    /// AWS's page about it.
    pub link: &'static str,
    pub frailty: &'static Frailty,
    /// How long what leaves it is on its way on a realistic network.
    pub hop: Micros,
    /// What its messages are drawn as, from the call that brings them until they are handed on.
    pub shape: Option<Shape>,
    /// The call that hands so many messages to it, if it takes any.
    pub push: fn(usize) -> Option<Request>,
    /// The links it may have that concern it most: those to it, and those by which it is read.
    pub pairs: &'static [Pair],
    /// Those of its properties that name nodes.
    pub references: &'static [Reference],
    pub lists: &'static [IdList],
    /// What a scene gets wrong about nodes of this kind, and about the links that concern it most.
    pub problems: fn(&SceneView<'_>) -> Vec<Wrong>,
    /// What AWS's bill counts of it.
    pub prices: &'static [Price],
    pub moved: &'static [Moved],
}

/// A property of scenes of old that belongs to another node by now: the one that the property `owner` names.
#[derive(Debug)]
pub struct Moved {
    pub name: &'static str,
    pub owner: &'static str,
    /// What it is there.
    pub to: &'static str,
    /// Makes the value there of the value here.
    pub made: fn(Value) -> Value,
    /// What to look after, as the end of a sentence.
    pub note: &'static str,
}

impl Spec {
    /// What few kinds of node have.
    pub(in crate::services) const BLANK: Self = Self {
        kind: "",
        name: "",
        summary: "",
        stem: "",
        group: Group::Canvas,
        family: Family::Canvas,
        size: (0.0, 0.0),
        room: None,
        headline: None,
        glyph: "",
        properties: &[],
        drawn_with: &[],
        named_in: &[],
        not_modelled: &[],
        charts: &[],
        link: "",
        frailty: &NOTHING,
        hop: CLIENT_HOP,
        shape: None,
        push: |_| None,
        pairs: &[],
        references: &[],
        lists: &[],
        problems: |_| Vec::new(),
        prices: &[],
        moved: &[],
    };

    #[must_use]
    pub fn property(&self, name: &str) -> Option<&'static Property> {
        self.properties.iter().find(|property| property.name == name)
    }
}
