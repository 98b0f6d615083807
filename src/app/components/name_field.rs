//! A node's name, typed where it stands.

use decoupled::editor::{Command, card_rect};
use decoupled::figure::Point;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::over::leave;
use super::styled::use_styles;
use crate::app::dom;
use crate::app::store::use_store;

#[derive(Properties, PartialEq)]
pub struct NameFieldProps {
    pub node: String,
}

#[component(NameField)]
pub fn name_field(props: &NameFieldProps) -> Html {
    let store = use_store();
    let node = use_styles(styles(&store.session().state, &props.node));
    {
        let node = node.clone();
        use_effect_with((), move |()| {
            if let Some(field) = node.cast::<HtmlInputElement>() {
                let _ = field.focus();
                field.select();
            }
        });
    }
    // Leaving the field by a key takes it off the page, which is a blur once more.
    let done = use_mut_ref(|| false);
    let end = {
        let (store, from, done) = (store.clone(), props.node.clone(), done);
        move |to: Option<String>| {
            if done.replace(true) {
                return;
            }
            match to.filter(|to| *to != from) {
                Some(to) => {
                    store.dispatch(Command::Rename { from: from.clone(), to: to.clone() });
                    leave(&store, Some(to.trim()));
                }
                None => leave(&store, Some(&from)),
            }
        }
    };
    let onkeydown = {
        let end = end.clone();
        Callback::from(move |event: KeyboardEvent| {
            event.stop_propagation();
            match &*event.key() {
                "Enter" => end(Some(event.target_unchecked_into::<HtmlInputElement>().value())),
                "Escape" => end(None),
                _ => {}
            }
        })
    };
    let onblur = Callback::from(move |event: FocusEvent| {
        end(Some(event.target_unchecked_into::<HtmlInputElement>().value()));
    });
    html! {
        <input class="name-field over" ref={node} type="text" spellcheck="false" autocomplete="off" aria-label="Name"
            data-testid="name-in-place" value={props.node.clone()} {onkeydown} {onblur} />
    }
}

/// Over the name on the card, as large as it is drawn there.
fn styles(state: &decoupled::editor::State, node: &str) -> Vec<(&'static str, String)> {
    let Some(node) = state.scene.node(node) else { return Vec::new() };
    let (card, zoom) = (card_rect(node), state.camera.zoom);
    let at = state.camera.view_from_canvas(Point::new(card.x + 42.0, card.y + 8.0));
    let canvas = dom::by_id("canvas").map(|canvas| canvas.get_bounding_client_rect());
    let (left, top) = canvas.map_or((0.0, 0.0), |area| (area.left(), area.top()));
    let pixels = |length: f64| format!("{length:.1}px");
    vec![
        ("left", pixels(left + f64::from(at.x))),
        ("top", pixels(top + f64::from(at.y))),
        ("width", pixels(f64::from(((card.width - 50.0) * zoom).max(96.0)))),
        ("font-size", pixels(f64::from((13.0 * zoom).max(12.0)))),
    ]
}
