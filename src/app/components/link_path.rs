//! A link: a calm line, and around it a wide one that cannot be seen but hit.

use decoupled::services::LinkKind;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct LinkPathProps {
    pub id: AttrValue,
    pub path: AttrValue,
    pub kind: LinkKind,
    pub label: AttrValue,
    pub selected: bool,
    /// What is carried would come to stand inside of it.
    pub takes: bool,
}

#[component(LinkPath)]
pub fn link_path(props: &LinkPathProps) -> Html {
    let class = classes!(
        "link",
        props.selected.then_some("selected"),
        props.takes.then_some("takes"),
        (!props.kind.is_written()).then_some("from-property"),
        (props.kind == LinkKind::Redrive).then_some("redrive"),
    );
    html! {
        <g {class} data-link={props.id.clone()} data-testid={format!("link-{}", props.id)} role="img"
            aria-label={props.label.clone()}>
            <path class="link-reach" d={props.path.clone()} />
            <path class="link-line" d={props.path.clone()} />
        </g>
    }
}
