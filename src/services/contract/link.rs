//! Links: what each kind of them is, and which pairs of kinds of nodes AWS lets one connect. Each service says its own,
//! `links.rs`: who is acted upon says who may.

use super::breakage::{Breakage, LINK};
use super::reference::Reference;
use super::spec::Property;
use crate::services::{Kind, LinkKind};

/// What one kind of link is.
#[derive(Debug)]
pub struct LinkSpec {
    /// The scene's `type`.
    pub name: &'static str,
    /// Another name for it that a scene may use between the same nodes.
    pub also: &'static str,
    /// What it is called in a sentence.
    pub label: &'static str,
    /// Whether a scene writes it as a link. The others are drawn from properties: [`Reference`].
    pub is_written: bool,
    /// It is for what has failed.
    pub is_failure: bool,
    /// All that links of this kind may have; a [`Pair`] may allow less.
    pub properties: &'static [Property],
    pub not_modelled: &'static [(&'static str, &'static str)],
    /// Those of its properties that name nodes.
    pub references: &'static [Reference],
    pub faults: &'static [&'static Breakage],
    /// What one is told who would draw it from a node to itself: how that node cannot be connected.
    pub to_itself: &'static str,
    /// Properties, as JSON texts, that drawing one by hand gives the node that it leads to.
    pub brings: &'static [(&'static str, &'static str)],
    /// Why no further one may be drawn, if there are too many.
    pub crowded: fn(&Ends<'_>) -> Option<String>,
}

/// Where a further link is to be drawn, and what there is already.
#[derive(Clone, Copy, Debug)]
pub struct Ends<'a> {
    pub from: &'a str,
    pub to: &'a str,
    /// Links of the same kind that leave `from`.
    pub leaving: usize,
    /// Where the first link of the same kind that reaches `to` comes from.
    pub taken_by: Option<&'a str>,
}

impl LinkSpec {
    pub(in crate::services) const BLANK: Self = Self {
        name: "",
        also: "",
        label: "",
        is_written: true,
        is_failure: false,
        properties: &[],
        not_modelled: &[],
        references: &[],
        faults: &LINK,
        to_itself: "be connected to itself",
        brings: &[],
        crowded: |_| None,
    };
}

/// Two kinds of nodes that a hand may connect.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    pub link: LinkKind,
    pub from: Kind,
    pub to: Kind,
    /// What such a link may have, where that is not all that its kind has.
    only: Option<&'static [Property]>,
}

impl Pair {
    #[must_use]
    pub const fn new(link: LinkKind, from: Kind, to: Kind) -> Self {
        Self { link, from, to, only: None }
    }

    /// With these properties alone.
    #[must_use]
    pub const fn with(link: LinkKind, from: Kind, to: Kind, only: &'static [Property]) -> Self {
        Self { link, from, to, only: Some(only) }
    }

    /// All of them. Those that AWS has from one kind to another stand in the order of the kinds that say so.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        Kind::ALL.iter().flat_map(|kind| kind.spec().pairs)
    }

    fn of(from: Kind, to: Kind) -> impl Iterator<Item = &'static Self> {
        Self::all().filter(move |pair| (pair.from, pair.to) == (from, to))
    }
}

impl LinkKind {
    /// Whether a scene writes it as a link. The others are drawn from properties: [`Reference`].
    #[must_use]
    pub fn is_written(self) -> bool {
        self.spec().is_written
    }

    /// The kind of a scene's `type`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.spec().name == name)
    }

    /// The link AWS has from one kind of node to another.
    #[must_use]
    pub fn between(from: Kind, to: Kind) -> Option<Self> {
        Pair::of(from, to).map(|pair| pair.link).next()
    }

    #[must_use]
    pub fn connects(self, from: Kind, to: Kind) -> bool {
        Pair::of(from, to).any(|pair| pair.link == self)
    }

    /// What a link of this kind between these two may have.
    #[must_use]
    pub fn properties_between(self, from: Kind, to: Kind) -> &'static [Property] {
        let pair = Pair::of(from, to).find(|pair| pair.link == self);
        pair.and_then(|pair| pair.only).unwrap_or(self.spec().properties)
    }
}

/// Why nothing can be drawn from one kind to another, with the remedy.
#[must_use]
pub fn refusal(from: Kind, to: Kind) -> String {
    let names = |kinds: &mut dyn Iterator<Item = Kind>| {
        let names: Vec<&str> = kinds.map(|kind| kind.spec().name).collect();
        names.join(", ")
    };
    let reached = |&kind: &Kind| LinkKind::between(from, kind).is_some();
    let reachable = names(&mut Kind::ALL.iter().copied().filter(reached));
    let (from, to) = (from.spec().name, to.spec().name);
    if reachable.is_empty() {
        format!("Nothing can be drawn from {} {from}; draw towards it.", article(from))
    } else {
        let (mut first, second) = (article(from).to_owned(), article(to));
        first[..1].make_ascii_uppercase();
        format!("{first} {from} cannot be connected to {second} {to}. It can go to: {reachable}.")
    }
}

/// Before a service's name as it is spoken: an SQS queue.
fn article(name: &str) -> &'static str {
    if name.starts_with(['A', 'E', 'I', 'O', 'U']) || name.starts_with("SQS") || name.starts_with("SNS") {
        "an"
    } else {
        "a"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_is_said_once_and_has_no_more_than_its_link_has() {
        let pairs: Vec<&Pair> = Pair::all().collect();
        for (index, pair) in pairs.iter().enumerate() {
            let same = |other: &&Pair| (other.from, other.to) == (pair.from, pair.to);
            assert!(!pairs[index + 1..].iter().any(same), "{pair:?}");
            let known = |name: &str| pair.link.spec().properties.iter().any(|property| property.name == name);
            assert!(pair.only.unwrap_or_default().iter().all(|property| known(property.name)), "{pair:?}");
        }
        assert!(pairs.len() > 50);
    }
}
