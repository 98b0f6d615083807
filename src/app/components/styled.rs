//! Lengths that only the program knows. They are set by the object model: a strict content security policy lets no
//! `style` attribute stand in the page.

use web_sys::Element;
use yew::prelude::*;

use crate::app::dom;

/// A reference for the element that is to have these styles; drawn anew, it gets them anew.
#[hook]
pub fn use_styles(styles: Vec<(&'static str, String)>) -> NodeRef {
    let node = use_node_ref();
    let styled = node.clone();
    use_effect_with(styles, move |styles| {
        if let Some(element) = styled.cast::<Element>() {
            styles.iter().for_each(|(name, value)| dom::set_style(&element, name, value));
        }
    });
    node
}
