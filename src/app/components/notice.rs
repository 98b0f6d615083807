//! A sentence shown for a while, and read out.

use decoupled::editor::{Command, Proposal};
use decoupled::engine::clock_text;
use decoupled::figure::Tone;
use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::icon::{Icon, IconButton};
use crate::app::store::{Store, use_store};

const SHOWN_MS: u32 = 6_000;
/// One that offers something waits longer.
const OFFERED_MS: u32 = 20_000;

#[component(NoticeToast)]
pub fn notice_toast() -> Html {
    let store = use_store();
    let notice = store.session().state.notice.clone();
    {
        let store = store.clone();
        use_effect_with(notice.as_ref().map(|notice| (notice.serial, !notice.offers.is_empty())), move |shown| {
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
                { for notice.offers.iter().map(|offer| proposal(&store, *offer)) }
                { IconButton::new(&store, Icon::Close, "Dismiss".into(), "notice-dismiss".into(), Command::DismissNotice).html() }
            </div>
        }
    });
    html! { <div class="notices" role="status" aria-live="polite">{ for body }</div> }
}

fn proposal(store: &Store, offer: Proposal) -> Html {
    let (command, testid, label) = match offer {
        Proposal::Future => (Command::ReturnToFuture, "way-back", "Go back to it".to_owned()),
        Proposal::LookOn => (Command::NextThatMatters, "look-on", "Go on".to_owned()),
        Proposal::Back(at) => (Command::Seek { at }, "back", format!("Back to {}", clock_text(at))),
    };
    let store = store.clone();
    let onclick = Callback::from(move |_: MouseEvent| {
        store.dispatch(command.clone());
        if matches!(offer, Proposal::Back(_)) {
            store.dispatch(Command::DismissNotice);
        }
    });
    html! { <button type="button" class="soft way-back" key={testid} data-testid={testid} {onclick}>{ label }</button> }
}
