//! What can be done, by hand and by key.

use decoupled::editor::{KEYS, Panel};
use yew::prelude::*;

use super::modal::Modal;

const HANDS: [(&str, &str); 7] = [
    ("Drag from the palette", "put something on the canvas"),
    ("Drag from a card's right dot", "connect; cards that fit light up"),
    ("Drag the empty canvas", "move it"),
    ("Click a message", "see its journey"),
    ("Shift and drag", "choose every card the frame touches"),
    ("Wheel or pinch", "zoom"),
    ("Alt and drag a card", "put a copy of it there"),
];

/// Keys that are the page's own and not the editor's.
const PAGE_KEYS: [(&str, &str); 3] =
    [("Ctrl C", "copy; Ctrl X cuts"), ("Ctrl V", "paste"), ("Tab", "walk from node to node")];

#[component(Help)]
pub fn help() -> Html {
    let keys = KEYS.iter().map(|line| (line.keys, line.does)).chain(PAGE_KEYS);
    html! {
        <Modal panel={Panel::Help} title="Help" testid="help-dialog">
            <p class="lead">
                { "Build an architecture of queues, topics, streams and events, press play, and watch every single \
                   message move as AWS would move it. Nothing leaves this page." }
            </p>
            <div class="help">
                <section>
                    <h3>{ "By hand" }</h3>
                    <dl>{ for HANDS.iter().map(|(what, does)| line(html! { { what } }, does)) }</dl>
                </section>
                <section>
                    <h3>{ "By key" }</h3>
                    <dl>{ for keys.map(|(keys, does)| line(html! { <kbd>{ keys }</kbd> }, does)) }</dl>
                </section>
            </div>
            <p class="lead">
                { "A message's colour is its key, or who made it where it has none; its shape its kind; a ring that runs down is time it has left. \
                   In the inspector, green is documented by AWS, amber is simplified here, and a number such as SQS-16 tells \
                   what is known. " }
                <a href="fidelity.html" target="_blank" data-testid="fidelity">{ "How true is it? All facts" }</a>
            </p>
        </Modal>
    }
}

fn line(what: Html, does: &'static str) -> Html {
    html! { <div><dt>{ what }</dt><dd>{ does }</dd></div> }
}
