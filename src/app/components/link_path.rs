//! A link: a calm line, and around it a wide one that cannot be seen but hit.

use std::sync::Arc;

use decoupled::editor::Rect;
use decoupled::scene::SceneLink;
use decoupled::services::LinkKind;
use decoupled::view;
use yew::prelude::*;

#[derive(Clone, Properties)]
pub struct LinkPathProps {
    pub link: Arc<SceneLink>,
    /// The cards it runs from and to.
    pub ends: (Rect, Rect),
    pub selected: bool,
    /// What is carried would come to stand inside of it.
    pub takes: bool,
    /// Near enough to be pointed at.
    pub full: bool,
}

impl PartialEq for LinkPathProps {
    fn eq(&self, other: &Self) -> bool {
        let (one, two) = (&self.link, &other.link);
        // Those that stand for a property are made anew each time.
        let same = || (&one.id, one.kind, &one.from, &one.to) == (&two.id, two.kind, &two.from, &two.to);
        (Arc::ptr_eq(one, two) || same())
            && (self.ends, self.selected, self.takes, self.full)
                == (other.ends, other.selected, other.takes, other.full)
    }
}

#[component(LinkPath)]
pub fn link_path(props: &LinkPathProps) -> Html {
    let link = &*props.link;
    let (from, to) = &props.ends;
    let path = AttrValue::from(view::curve_between(link.kind, from, to).svg_path());
    let class = classes!(
        "link",
        props.selected.then_some("selected"),
        props.takes.then_some("takes"),
        (!link.kind.is_written()).then_some("from-property"),
        (link.kind == LinkKind::Redrive).then_some("redrive"),
    );
    let label = format!("{} {} {}", link.from, link.kind.spec().label, link.to);
    if !props.full {
        return outline(link, path, label, classes!(class, "outline"));
    }
    html! {
        <g {class} data-link={link.id.clone()} data-testid={format!("link-{}", link.id)} role="img" aria-label={label}>
            <path class="link-reach" d={path.clone()} />
            <path class="link-line" d={path} />
        </g>
    }
}

/// From far, the line alone.
#[inline(never)] // second part
fn outline(link: &SceneLink, path: AttrValue, label: String, class: Classes) -> Html {
    html! {
        <path {class} data-link={link.id.clone()} data-testid={format!("link-{}", link.id)} role="img" aria-label={label} d={path} />
    }
}
