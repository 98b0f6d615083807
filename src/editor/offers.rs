//! What a chooser lists, narrowed by what is typed.

use std::collections::BTreeSet;

use super::actions::{Action, actions, actions_of_page};
use super::command::Command;
use super::command::Joint;
use super::connect::within_reach;
use super::fresh::kind_of;
use super::insert::fits_into;
use super::overlay::{Purpose, Subject};
use super::reading;
use super::state::{Mode, PaletteItem, State};
use crate::engine::{Micros, Sort};
use crate::scene::{self, SceneNode, gallery};
use crate::services::{Breakage, Kind, LinkKind};

/// As many as a list shows; typing brings up the others.
const OFFERS_MAX: usize = 60;

/// One line of a chooser.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    pub title: String,
    /// What it is, in a few words.
    pub detail: String,
    pub keys: &'static str,
    /// What it looks like on the canvas, if it stands there.
    pub kind: Option<Kind>,
    pub command: Command,
}

/// What can be chosen, the best fit first. Every word that is typed stands somewhere in it. `now` is just after the time
/// that is shown.
#[must_use]
pub fn offers(state: &State, purpose: &Purpose, typed: &str, now: Micros) -> Vec<Offer> {
    let typed = typed.trim().to_lowercase();
    let mut ranked: Vec<(u8, Offer)> = all(state, purpose, &typed, now)
        .into_iter()
        .filter(|offer| state.mode == Mode::Edit || !reading::refuses(&offer.command))
        .filter_map(|offer| Some((rank(&offer, &typed)?, offer)))
        .collect();
    ranked.order_by_key(|(rank, _)| *rank);
    ranked.truncate(OFFERS_MAX);
    ranked.into_iter().map(|(_, offer)| offer).collect()
}

/// How well an offer fits, the less the better; `None` if it does not.
fn rank(offer: &Offer, typed: &str) -> Option<u8> {
    let title = offer.title.to_lowercase();
    let whole = format!("{title} {}", offer.detail.to_lowercase());
    if !typed.split_whitespace().all(|word| whole.contains(word)) {
        return None;
    }
    let begins_a_word = || title.split(|letter: char| !letter.is_alphanumeric()).any(|word| word.starts_with(typed));
    Some(match () {
        () if title.starts_with(typed) => 0,
        () if begins_a_word() => 1,
        () if title.contains(typed) => 2,
        () => 3,
    })
}

fn all(state: &State, purpose: &Purpose, typed: &str, now: Micros) -> Vec<Offer> {
    match purpose {
        Purpose::Command => everything(state, typed, now),
        Purpose::Break { subject, at } => breaks(state, subject, *at),
        Purpose::Add { at } => items()
            .map(|item| {
                let command = match at {
                    Some(at) => Command::PlaceAt { item, at: *at },
                    None => Command::Place { item },
                };
                of_item(item, command)
            })
            .collect(),
        Purpose::After { from, at } => after(state, from, *at),
        Purpose::Into { link } => into(state, link),
        Purpose::Find => state.scene.nodes.iter().map(|node| of_node(node, "")).collect(),
    }
}

/// The whole palette of commands; what stands on the canvas and in the gallery only once something is typed.
fn everything(state: &State, typed: &str, now: Micros) -> Vec<Offer> {
    let chosen = &state.selection;
    let subject = match (chosen.single_node(), chosen.single_link()) {
        (Some(node), _) => Some(Subject::Node(node.to_owned())),
        (_, Some(link)) => Some(Subject::Link(link.to_owned())),
        _ => (!chosen.is_empty()).then_some(Subject::Chosen),
    };
    let of_chosen = subject.map(|subject| actions(state, &subject, None, now)).unwrap_or_default();
    let what = match chosen.single_node() {
        Some(node) => node.to_owned(),
        None => "What is chosen".to_owned(),
    };
    let mut offers: Vec<Offer> = of_chosen.into_iter().flatten().map(|action| of_action(action, &what)).collect();
    for action in actions_of_page(state).into_iter().flatten() {
        if !offers.iter().any(|offer| offer.command == action.command) {
            offers.push(of_action(action, ""));
        }
    }
    if !typed.is_empty() {
        offers.extend(items().map(|item| {
            let mut offer = of_item(item, Command::Place { item });
            offer.title.insert_str(0, "Add ");
            offer
        }));
        offers.extend(state.scene.nodes.iter().map(|node| of_node(node, "Go to ")));
        offers.extend(gallery::ALL.iter().map(|scene| Offer {
            title: format!("Open {}", scene.title),
            detail: scene.summary.to_owned(),
            keys: "",
            kind: None,
            command: Command::OpenGallery { id: scene.id.to_owned() },
        }));
    }
    offers
}

fn of_action(action: Action, what: &str) -> Offer {
    Offer {
        title: action.title.to_owned(),
        detail: what.to_owned(),
        keys: action.keys,
        kind: None,
        command: action.command,
    }
}

fn items() -> impl Iterator<Item = PaletteItem> {
    Kind::ALL.iter().map(|kind| PaletteItem::Node(*kind))
}

fn of_item(item: PaletteItem, command: Command) -> Offer {
    let (kind, spec) = (kind_of(item), kind_of(item).spec());
    Offer { title: spec.name.to_owned(), detail: spec.summary.to_owned(), keys: "", kind: Some(kind), command }
}

fn of_node(node: &SceneNode, before: &str) -> Offer {
    Offer {
        title: format!("{before}{}", node.id),
        detail: node.kind.spec().name.to_owned(),
        keys: "",
        kind: Some(node.kind),
        command: Command::GoTo { node: node.id.clone() },
    }
}

/// Nodes that are there and can be reached, then kinds of new ones.
fn after(state: &State, from: &str, at: Option<crate::figure::Point>) -> Vec<Offer> {
    let Some(source) = state.scene.node(from) else { return Vec::new() };
    let new = items().filter_map(|item| {
        let kind = LinkKind::between(source.kind, kind_of(item))?;
        let command = Command::Insert { item, at, joint: Joint::After(from.to_owned()) };
        Some(Offer { detail: format!("new: {from} {} it", kind.spec().label), ..of_item(item, command) })
    });
    // Who let go of a line over nothing wants something there.
    let reach = if at.is_none() { within_reach(&state.scene, from) } else { BTreeSet::new() };
    let present = state.scene.nodes.iter().filter(|node| reach.contains(&node.id)).filter_map(|node| {
        let kind = LinkKind::between(source.kind, node.kind)?;
        let command = Command::Connect { from: from.to_owned(), to: node.id.clone() };
        Some(Offer { command, detail: format!("{from} {} it", kind.spec().label), ..of_node(node, "") })
    });
    present.chain(new).collect()
}

/// The faults that mean something for it, each as it is told where nobody says otherwise; a mark can be changed.
fn breaks(state: &State, subject: &scene::Subject, at: Micros) -> Vec<Offer> {
    let faults = match subject {
        scene::Subject::Node(id) => state.scene.node(id).map(|node| node.kind.spec().frailty.faults),
        scene::Subject::Link(id) => state.scene.link(id).map(|link| link.kind.spec().faults),
    };
    let offer = |fault: &&'static Breakage| {
        let (lasting, settings) = fault.usual();
        let (subject, name) = (subject.clone(), fault.name.to_owned());
        let command = Command::AddFault { subject, fault: name, lasting, at, settings };
        Offer { title: fault.label.to_owned(), detail: fault.help.to_owned(), keys: "", kind: None, command }
    };
    faults.unwrap_or_default().iter().map(offer).collect()
}

fn into(state: &State, link: &str) -> Vec<Offer> {
    let Some(found) = state.scene.link(link) else { return Vec::new() };
    let fitting = items().filter(|item| fits_into(&state.scene, found, kind_of(*item)));
    fitting
        .map(|item| {
            let command = Command::Insert { item, at: None, joint: Joint::Into(link.to_owned()) };
            Offer { detail: format!("between {} and {}", found.from, found.to), ..of_item(item, command) }
        })
        .collect()
}
