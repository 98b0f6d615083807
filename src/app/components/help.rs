//! What can be done, by hand and by key.

use decoupled::editor::Panel;
use yew::prelude::*;

use super::modal::Modal;

const HANDS: [(&str, &str); 6] = [
    ("Drag from the palette", "put something on the canvas"),
    ("Drag from a card's right dot", "connect; cards that fit light up"),
    ("Drag the empty canvas", "choose everything inside the frame"),
    ("Wheel or pinch", "zoom"),
    ("Space and drag, or two fingers", "move the canvas"),
    ("Alt and drag a card", "put a copy of it there"),
];

const KEYS: [(&str, &str); 14] = [
    ("Space", "play and pause"),
    (".", "step to the next fact"),
    ("/", "search the palette; Enter places"),
    ("Tab", "walk from node to node"),
    ("Arrows", "move what is chosen; with Shift, ten times as far"),
    ("Delete", "delete what is chosen"),
    ("Ctrl D", "duplicate"),
    ("Ctrl A", "choose everything"),
    ("Ctrl Z, Ctrl Shift Z", "undo, redo"),
    ("Ctrl S, Ctrl O", "save, open a file"),
    ("1, 2", "fit the scene, fit what is chosen"),
    ("+, −, 0", "zoom in, out, to 100 %"),
    ("Escape", "leave what is under way"),
    ("?", "this page"),
];

#[component(Help)]
pub fn help() -> Html {
    html! {
        <Modal panel={Panel::Help} title="Help" testid="help-dialog">
            <p class="lead">
                { "Build an architecture of queues, topics, streams and events, press play, and watch every single \
                   message move as AWS would move it. Nothing leaves this page." }
            </p>
            <div class="help">
                { list("By hand", &HANDS, false) }
                { list("By key", &KEYS, true) }
            </div>
            <p class="lead">
                { "A message's colour is its key, its shape its kind; a ring that runs down is time it has left. \
                   In the inspector, green is documented by AWS, amber is simplified here." }
            </p>
        </Modal>
    }
}

fn list(title: &'static str, entries: &'static [(&'static str, &'static str)], keys: bool) -> Html {
    html! {
        <section>
            <h3>{ title }</h3>
            <dl>
                { for entries.iter().map(|(what, does)| html! {
                    <div>
                        <dt>{ if keys { html! { <kbd>{ what }</kbd> } } else { html! { { what } } } }</dt>
                        <dd>{ does }</dd>
                    </div>
                }) }
            </dl>
        </section>
    }
}
