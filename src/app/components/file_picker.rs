//! The input that opens the system's file picker; it is clicked by the effect `PickFile`.

use yew::prelude::*;

use crate::app::effects;
use crate::app::store::use_store;

#[component(FilePicker)]
pub fn file_picker() -> Html {
    let store = use_store();
    let onchange = Callback::from(move |event: Event| effects::read_picked(&store, &event.target_unchecked_into()));
    html! {
        <input id="file-picker" type="file" accept=".json,application/json" hidden={true} tabindex="-1"
            aria-label="Scene file" data-testid="file-picker" {onchange} />
    }
}
