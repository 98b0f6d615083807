//! A node as a card: tile, name, subtitle, headline, ports. What moves inside is painted over it.

use std::sync::Arc;

use decoupled::editor::Rect;
use decoupled::scene::SceneNode;
use decoupled::view;
use yew::prelude::*;

#[derive(Clone, Properties)]
pub struct NodeCardProps {
    pub node: Arc<SceneNode>,
    pub selected: bool,
    /// While a link is drawn: whether it may end here.
    pub lit: Option<bool>,
    /// It takes what failed elsewhere.
    pub failure: bool,
    /// The scene has a problem with it.
    pub faulty: bool,
    /// The run pauses here.
    pub stops: bool,
    /// Near enough to be read.
    pub full: bool,
}

impl PartialEq for NodeCardProps {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.node, &other.node)
            && (self.selected, self.lit, self.failure, self.faulty, self.stops, self.full)
                == (other.selected, other.lit, other.failure, other.faulty, other.stops, other.full)
    }
}

#[component(NodeCard)]
pub fn node_card(props: &NodeCardProps) -> Html {
    let node = &*props.node;
    let spec = node.kind.spec();
    let card = view::card_rect(node);
    let family = if props.failure { "failure" } else { spec.family.css() };
    let class = classes!(
        "node",
        props.selected.then_some("selected"),
        props.lit.map(|lit| if lit { "lit" } else { "dimmed" }),
        props.faulty.then_some("faulty"),
    );
    if !props.full {
        return outline(props, &card, family, classes!(class, "outline"));
    }
    html! {
        <g {class} data-node={node.id.clone()} data-testid={format!("node-{}", node.id)} tabindex="0" role="group"
            aria-current={props.selected.then_some("true")} aria-label={format!("{}, {}", node.id, spec.name)}
            data-family={family} transform={format!("translate({} {})", card.x, card.y)}>
            { in_full(props, &card) }
        </g>
    }
}

/// From far one element is the whole card. Thousands of transforms would cost the browser more than what they move, so it
/// stands where it stands.
#[inline(never)] // second part
fn outline(props: &NodeCardProps, card: &Rect, family: &'static str, class: Classes) -> Html {
    let node = &*props.node;
    let Rect { x, y, width, height } = card;
    html! {
        <rect {class} data-node={node.id.clone()} data-testid={format!("node-{}", node.id)} tabindex="0" role="group"
            aria-current={props.selected.then_some("true")} aria-label={format!("{}, {}", node.id, node.kind.spec().name)}
            data-family={family} x={x.to_string()} y={y.to_string()} width={width.to_string()} height={height.to_string()} />
    }
}

fn in_full(props: &NodeCardProps, card: &Rect) -> Html {
    let node = &*props.node;
    let spec = node.kind.spec();
    let (width, height) = (card.width, card.height);
    let (enters, leaves) = view::ports(node.kind);
    let name = view::card_name(&node.id, width, view::HEADLINE_USUAL);
    html! {
        <>
            <rect class="card-shadow" x="0" y="1.5" width={width.to_string()} height={height.to_string()} rx="12" />
            <rect class="card" width={width.to_string()} height={height.to_string()} rx="12" />
            <rect class="card-tile" x="12" y="12" width="26" height="26" rx="7" />
            <path class="card-glyph" transform="translate(16 16) scale(0.75)" d={spec.glyph} />
            if name != node.id {
                <title>{ &node.id }</title>
            }
            <text class="node-name" x="46" y="23">{ &name }</text>
            <text class="node-subtitle" x="46" y="37"></text>
            <text class="node-headline" x={(width - 12.0).to_string()} y="24" text-anchor="end"></text>
            if props.stops {
                <circle class="stop-mark" cx="2" cy="2" r="6"><title>{ "The run pauses here" }</title></circle>
            }
            if props.faulty {
                <g class="fault-mark" transform={format!("translate({} 0)", width - 2.0)}>
                    <circle r="8" /><path d="M0-3.5v4M0 3.4v.1" />
                </g>
            }
            if node.locked {
                { lock_mark(width, height) }
            }
            if enters {
                <circle class="port" cx="0" cy={(height / 2.0).to_string()} r="4.5" />
            }
            if leaves {
                { output(&node.id, width, height / 2.0) }
            }
        </>
    }
}

/// At the lower right: a hand neither moves nor deletes it.
pub fn lock_mark(width: f32, height: f32) -> Html {
    html! {
        <g class="lock-mark" transform={format!("translate({} {})", width - 10.0, height)}>
            <title>{ "Locked" }</title>
            <circle r="8.5" />
            <path d="M-3.2-.6h6.4v4h-6.4zM-2-.6v-1.4a2 2 0 0 1 4 0v1.4" />
        </g>
    }
}

/// The output port, with room for a finger around it.
fn output(id: &str, x: f32, y: f32) -> Html {
    html! {
        <g class="output" data-port={id.to_owned()} data-testid={format!("port-{id}")}
            transform={format!("translate({x} {y})")}>
            <title>{ "Drag from here to connect" }</title>
            <circle class="port-reach" r="14" />
            <circle class="port" r="4.5" />
        </g>
    }
}
