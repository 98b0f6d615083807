//! A boundary: a frame below links and cards, to be taken by its edge or its name; or folded to a card.

use std::sync::Arc;

use decoupled::scene::SceneNode;
use decoupled::view;
use yew::prelude::*;

use super::node_card::lock_mark;

#[derive(Clone, Properties)]
pub struct BoundaryProps {
    pub node: Arc<SceneNode>,
    pub selected: bool,
    /// The scene has a problem with it.
    pub faulty: bool,
    /// `3 members`.
    pub summary: String,
}

impl PartialEq for BoundaryProps {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.node, &other.node)
            && (self.selected, self.faulty, &self.summary) == (other.selected, other.faulty, &other.summary)
    }
}

fn described(props: &BoundaryProps) -> String {
    format!("{}, {}, {}", props.node.id, view::frame_type(&props.node).1, props.summary)
}

#[component(FrameBox)]
pub fn frame_box(props: &BoundaryProps) -> Html {
    let node = &*props.node;
    let card = view::card_rect(node);
    let (width, height) = (card.width.to_string(), card.height.to_string());
    let (name, (shown, told)) = (view::frame_type(node).0, view::frame_title(node, card.width));
    let class = classes!("frame-box", props.selected.then_some("selected"), props.faulty.then_some("faulty"));
    html! {
        <g {class} data-node={node.id.clone()} data-testid={format!("node-{}", node.id)} tabindex="0" role="group"
            aria-current={props.selected.then_some("true")} aria-label={described(props)} data-frame={name.to_owned()}
            transform={format!("translate({} {})", card.x, card.y)}>
            <rect class="frame-ground" width={width.clone()} height={height.clone()} rx="14" />
            <rect class="frame-line" width={width.clone()} height={height.clone()} rx="14" />
            <rect class="frame-reach" {width} {height} rx="14" />
            <text class="frame-name" x="14" y="22">
                if shown != node.id {
                    <title>{ &node.id }</title>
                }
                { &shown }
                if !told.is_empty() {
                    <tspan class="frame-type" dx="8">{ told }</tspan>
                }
            </text>
            if node.locked {
                { lock_mark(card.width, card.height) }
            }
        </g>
    }
}

#[component(FoldedCard)]
pub fn folded_card(props: &BoundaryProps) -> Html {
    let node = &*props.node;
    let card = view::card_rect(node);
    let (width, height) = (card.width.to_string(), card.height.to_string());
    let (name, told) = view::frame_type(node);
    let class = classes!("node", "folded", props.selected.then_some("selected"), props.faulty.then_some("faulty"));
    html! {
        <g {class} data-node={node.id.clone()} data-testid={format!("node-{}", node.id)} tabindex="0" role="group"
            aria-current={props.selected.then_some("true")} aria-label={described(props)} data-frame={name.to_owned()}
            transform={format!("translate({} {})", card.x, card.y)}>
            <rect class="card folded-back" x="6" y="6" width={width.clone()} height={height.clone()} rx="12" />
            <rect class="card" {width} {height} rx="12" />
            <rect class="card-tile frame-tile" x="12" y="12" width="26" height="26" rx="7" />
            <path class="card-glyph" transform="translate(16 16) scale(0.75)" d={node.kind.spec().glyph} />
            <text class="node-name" x="46" y="23">{ view::card_name(&node.id, card.width, "") }</text>
            <text class="node-subtitle" x="46" y="37">{ told }</text>
            <text class="folded-count" x={(card.width / 2.0).to_string()} y="70" text-anchor="middle">{ &props.summary }</text>
            if node.locked {
                { lock_mark(card.width, card.height) }
            }
        </g>
    }
}
