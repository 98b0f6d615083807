//! A sentence shown for a while, and read out.

use decoupled::editor::{About, Command};
use decoupled::figure::Tone;
use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::icon::{Icon, IconButton};
use crate::app::store::use_store;

const SHOWN_MS: u32 = 6_000;
/// One that offers something waits longer.
const OFFERED_MS: u32 = 20_000;

#[component(NoticeToast)]
pub fn notice_toast() -> Html {
    let store = use_store();
    let notice = store.session().state.notice.clone();
    {
        let store = store.clone();
        use_effect_with(notice.as_ref().map(|notice| (notice.serial, notice.about == About::Future)), move |shown| {
            // Dropping the timer cancels it: a newer notice gets its own time.
            let time = shown.map(|(_, offers)| if offers { OFFERED_MS } else { SHOWN_MS });
            let timer = time.map(|time| Timeout::new(time, move || store.dispatch(Command::DismissNotice)));
            move || drop(timer)
        });
    }
    let body = notice.map(|notice| {
        let class = classes!("notice", (notice.tone >= Tone::Warn).then_some("bad"));
        html! {
            <div {class} key={notice.serial} data-testid="notice">
                <span>{ notice.text }</span>
                if notice.about == About::Future {
                    <button type="button" class="soft way-back" data-testid="way-back"
                        onclick={store.sends(Command::ReturnToFuture)}>{ "Go back to it" }</button>
                }
                { IconButton::new(&store, Icon::Close, "Dismiss".into(), "notice-dismiss".into(), Command::DismissNotice).html() }
            </div>
        }
    });
    html! { <div class="notices" role="status" aria-live="polite">{ for body }</div> }
}
