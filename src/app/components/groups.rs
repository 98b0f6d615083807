//! Cards and lines in groups: where one of thousands changes, its own group alone is drawn again.

use yew::prelude::*;

use super::boundary::{BoundaryProps, FoldedCard};
use super::link_path::{LinkPath, LinkPathProps};
use super::node_card::{NodeCard, NodeCardProps};
use super::note_card::{NoteCard, NoteCardProps};

const SIZE: usize = 64;

/// What stands on the canvas above the lines.
#[derive(Clone, PartialEq)]
pub enum Standing {
    Card(NodeCardProps),
    Note(NoteCardProps),
    Folded(BoundaryProps),
}

#[derive(Properties, PartialEq)]
pub struct GroupProps<T: PartialEq> {
    members: Vec<T>,
}

/// One group after the other.
fn grouped<T: Clone + PartialEq + 'static, C: BaseComponent<Properties = GroupProps<T>>>(all: Vec<T>) -> Html {
    let group = |(index, members): (usize, &[T])| html! { <C key={index} members={members.to_vec()} /> };
    all.chunks(SIZE).enumerate().map(group).collect()
}

pub fn cards(all: Vec<Standing>) -> Html {
    grouped::<_, CardGroup>(all)
}

pub fn lines(all: Vec<LinkPathProps>) -> Html {
    grouped::<_, LineGroup>(all)
}

#[component(CardGroup)]
fn card_group(props: &GroupProps<Standing>) -> Html {
    let drawn = props.members.iter().map(|standing| match standing {
        Standing::Card(card) => html! { <NodeCard key={card.node.id.clone()} ..card.clone() /> },
        Standing::Note(note) => html! { <NoteCard key={note.node.id.clone()} ..note.clone() /> },
        Standing::Folded(card) => html! { <FoldedCard key={card.node.id.clone()} ..card.clone() /> },
    });
    html! { <g>{ for drawn }</g> }
}

#[component(LineGroup)]
fn line_group(props: &GroupProps<LinkPathProps>) -> Html {
    let drawn = props.members.iter().map(|line| html! { <LinkPath key={line.link.id.clone()} ..line.clone() /> });
    html! { <g>{ for drawn }</g> }
}
