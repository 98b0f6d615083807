//! On a phone the panels are sheets: these open them, one at a time.

use decoupled::editor::{Command, Mode, Panel};
use yew::prelude::*;

use crate::app::store::{Store, use_store};

const SHEETS: [(Panel, &str, &str); 3] = [
    (Panel::Palette, "Add", "sheet-palette"),
    (Panel::Inspector, "Inspect", "sheet-inspector"),
    (Panel::Drawer, "Details", "sheet-drawer"),
];

#[component(BottomBar)]
pub fn bottom_bar() -> Html {
    let store = use_store();
    // Where nothing can be changed there is nothing to add, and no form.
    let edits = store.session().state.mode == Mode::Edit;
    let sheets = SHEETS.iter().filter(|(panel, ..)| edits || *panel == Panel::Drawer);
    html! {
        <nav class="bottom-bar" aria-label="Sheets">
            { for sheets.map(|(panel, label, testid)| sheet_button(&store, *panel, label, testid)) }
        </nav>
    }
}

fn sheet_button(store: &Store, panel: Panel, label: &'static str, testid: &'static str) -> Html {
    let pressed = store.shows(panel);
    let toggling = store.clone();
    let onclick = Callback::from(move |_: MouseEvent| {
        for (other, ..) in SHEETS {
            if other != panel && toggling.shows(other) {
                toggling.dispatch(Command::Toggle { panel: other });
            }
        }
        toggling.dispatch(Command::Toggle { panel });
    });
    html! {
        <button type="button" class="word" data-testid={testid} aria-pressed={pressed.to_string()} {onclick}>{ label }</button>
    }
}
