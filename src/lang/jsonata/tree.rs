//! An expression as it is evaluated: paths are flattened to steps, which carry their filters and what they bind.

use std::sync::Arc;

use super::signature::Signature;
use crate::lang::regex::Regex;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    pub kind: Kind,
    pub position: usize,
    /// Filters of what is no step.
    pub predicates: Vec<Node>,
    /// Those of a step, and where its items are numbered.
    pub stages: Vec<Stage>,
    pub group: Option<Box<Group>>,
    /// `[]` stands behind it.
    pub keeps_list: bool,
    /// `[]` stands behind a step of this path.
    pub keeps_singleton: bool,
    /// A list that a path does not flatten.
    pub is_constructed: bool,
    /// It hands on variables with its items.
    pub is_tuple: bool,
    /// `@$name`
    pub focus: Option<String>,
    /// `#$name`
    pub index: Option<String>,
    /// The slot under which what is above its items is kept.
    pub ancestor: Option<usize>,
    /// Slots of `%` within it that look for what is above.
    pub seeking: Vec<usize>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Stage {
    Filter(Node),
    Index(String),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Group {
    pub pairs: Vec<(Node, Node)>,
    pub position: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Term {
    pub is_descending: bool,
    pub expression: Node,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Path(Vec<Node>),
    Sort(Vec<Term>),
    Name(String),
    Text(String),
    Number(f64),
    Bool(bool),
    Null,
    Regex(Arc<Regex>),
    Variable(String),
    Wildcard,
    Descendants,
    /// `%`, with its slot.
    Parent(usize),
    Binary(&'static str, Box<Node>, Box<Node>),
    Negate(Box<Node>),
    List(Vec<Node>),
    Object(Vec<(Node, Node)>),
    Condition(Box<Node>, Box<Node>, Option<Box<Node>>),
    Block(Vec<Node>),
    Bind(String, Box<Node>),
    Call(Box<Node>, Vec<Node>),
    /// A missing argument is a `?`.
    Partial(Box<Node>, Vec<Option<Node>>),
    Lambda(Arc<Lambda>),
    /// A call at the end of a function: who called the function makes it, so that no stack grows.
    Thunk(Arc<Node>),
    Apply(Box<Node>, Box<Node>),
    Transform(Arc<Transform>),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Lambda {
    pub parameters: Vec<String>,
    pub signature: Option<Signature>,
    pub body: Node,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Transform {
    pub pattern: Node,
    pub update: Node,
    pub delete: Option<Node>,
    pub position: usize,
}

/// A whole expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tree {
    pub root: Node,
    /// The names of the slots, under which tuples keep what is above an item.
    pub slots: Vec<String>,
}

impl Node {
    pub fn new(kind: Kind, position: usize) -> Self {
        Self {
            kind,
            position,
            predicates: Vec::new(),
            stages: Vec::new(),
            group: None,
            keeps_list: false,
            keeps_singleton: false,
            is_constructed: false,
            is_tuple: false,
            focus: None,
            index: None,
            ancestor: None,
            seeking: Vec::new(),
        }
    }

    /// What an error calls it: the variable or the name that is called.
    pub fn token(&self) -> &str {
        match &self.kind {
            Kind::Variable(name) | Kind::Name(name) => name,
            Kind::Path(steps) => steps.first().map_or("", Self::token),
            _ => "",
        }
    }
}
