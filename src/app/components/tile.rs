//! The coloured tile with a service's glyph, and what a palette item is.

use decoupled::editor::PaletteItem;
use decoupled::services::{Family, Group, Kind};
use yew::prelude::*;

/// What the palette, the ghost and the inspector show of an item.
#[derive(Clone, Copy)]
pub struct Item {
    pub item: PaletteItem,
    pub name: &'static str,
    pub summary: &'static str,
    pub group: Group,
    pub family: Family,
    pub glyph: &'static str,
    pub size: (f32, f32),
}

/// A shard is no node: it joins a stream.
const SHARD: Item = Item {
    item: PaletteItem::Shard,
    name: "Shard",
    summary: "Joins the stream it is dropped on, else makes one",
    group: Group::Streams,
    family: Family::Analytics,
    glyph: "M3 9h18M3 15h18M8 9v6M13 9v6M18 9v6",
    size: (180.0, 64.0),
};

impl Item {
    pub fn of(item: PaletteItem) -> Self {
        let PaletteItem::Node(kind) = item else { return SHARD };
        let spec = kind.spec();
        Self {
            item,
            name: spec.name,
            summary: spec.summary,
            group: spec.group,
            family: spec.family,
            glyph: spec.glyph,
            size: spec.size,
        }
    }

    /// Everything that can be placed, group by group.
    pub fn all() -> Vec<Self> {
        let nodes = Kind::ALL.iter().map(|kind| Self::of(PaletteItem::Node(*kind)));
        let items: Vec<Self> = nodes.chain([SHARD]).collect();
        let of = |group| items.iter().filter(move |item| item.group == group).cloned();
        Group::ALL.into_iter().flat_map(of).collect()
    }

    /// For test ids: `sns-topic`.
    pub fn slug(&self) -> String {
        self.name.to_ascii_lowercase().replace(' ', "-")
    }
}

/// The tile as HTML.
pub fn tile(family: Family, glyph: &'static str) -> Html {
    html! {
        <span class="tile" data-family={family.css()} aria-hidden="true">
            <svg viewBox="0 0 24 24"><path d={glyph} /></svg>
        </span>
    }
}

/// A message's dot in a list.
pub fn token(hue: u8) -> Html {
    html! { <i class="token" data-hue={(hue % 8).to_string()}></i> }
}
