//! The part of the Share dialog that makes a GIF of a span of time.

use std::cell::Cell;
use std::rc::Rc;

use decoupled::engine::Micros;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::app::dom;
use crate::app::film::{FRAMES_MAX, Progress, frames_of, shoot};
use crate::app::store::use_store;

/// What is filmed if nobody says otherwise: the last five seconds.
const SPAN: Micros = 5_000_000;

#[component(FilmMaker)]
pub fn film_maker() -> Html {
    let store = use_store();
    let span = use_state(|| {
        let until = store.session().shown_at();
        if until == 0 { (0, SPAN) } else { (until.saturating_sub(SPAN), until) }
    });
    let progress = use_state(|| None::<Progress>);
    // Turns true when what is being made is given up.
    let given_up = use_mut_ref(|| Rc::new(Cell::new(false)));
    // What was typed that is no time, and in which of the two.
    let wrong = use_state(|| None::<(bool, String)>);
    let (from, until) = *span;
    let speed = store.session().state.playback.speed;
    let frames = frames_of(from, until, speed);
    let problem = if let Some((_, text)) = &*wrong {
        Some(format!("\u{201c}{text}\u{201d} is not a number of seconds."))
    } else if until <= from {
        Some("The end lies before the beginning.".to_owned())
    } else if frames > FRAMES_MAX {
        Some(format!("Too long: {FRAMES_MAX} pictures at most, and this would be {frames}."))
    } else {
        None
    };
    let works = matches!(*progress, Some(Progress::Frame(..)));
    let start = {
        let (store, progress, given_up) = (store.clone(), progress.setter(), Rc::clone(&given_up));
        Callback::from(move |_: MouseEvent| {
            let (stop, tell) = (Rc::new(Cell::new(false)), progress.clone());
            given_up.borrow_mut().clone_from(&stop);
            progress.set(Some(Progress::Frame(0, frames)));
            shoot(&store, (from, until), stop, move |now| tell.set(Some(now)));
        })
    };
    let cancel = {
        let (progress, given_up) = (progress.setter(), Rc::clone(&given_up));
        Callback::from(move |_: MouseEvent| {
            given_up.borrow().set(true);
            progress.set(None);
        })
    };
    {
        // A dialog that is closed gives up what it was making.
        let given_up = Rc::clone(&given_up);
        use_effect_with((), move |()| move || given_up.borrow().set(true));
    }
    let field = |label: &'static str, testid: &'static str, value: Micros, is_end: bool| {
        let typed = wrong.as_ref().filter(|(of_end, _)| *of_end == is_end).map(|(_, text)| text.clone());
        let (span, wrong, progress) = (span.clone(), wrong.setter(), progress.setter());
        let onchange = Callback::from(move |event: Event| {
            let text = event.target_unchecked_into::<HtmlInputElement>().value();
            match dom::number(&text) {
                Some(seconds) => {
                    let at = (seconds.clamp(0.0, 1e9) * 1e6) as Micros;
                    // What was saved is another span's.
                    progress.set(None);
                    span.set(if is_end { (span.0, at) } else { (at, span.1) });
                    wrong.set(None);
                }
                None => wrong.set(Some((is_end, text))),
            }
        });
        let is_wrong = typed.is_some().then_some("true");
        let value = typed.unwrap_or_else(|| format!("{:.1}", value as f64 / 1e6));
        html! {
            <label class="film-field"><span>{ label }</span>
                <input inputmode="decimal" autocomplete="off" data-testid={testid} disabled={works} {onchange} {value}
                    aria-invalid={is_wrong} /><span>{ "s" }</span>
            </label>
        }
    };
    html! {
        <section class="film" aria-label="Animated GIF">
            <h3>{ "As an animated GIF" }</h3>
            <div class="film-row">
                { field("From", "film-from", from, false) }
                { field("to", "film-until", until, true) }
                if works {
                    <button type="button" class="soft" data-testid="film-cancel" onclick={cancel}>{ "Cancel" }</button>
                } else {
                    <button type="button" class="primary" data-testid="film-start" disabled={problem.is_some()} onclick={start}>{ "Make a GIF" }</button>
                }
            </div>
            { told(&progress, problem, frames) }
        </section>
    }
}

fn told(progress: &Option<Progress>, problem: Option<String>, frames: u32) -> Html {
    let text = match progress {
        Some(Progress::Frame(taken, all)) => {
            return html! {
                <progress data-testid="film-progress" aria-label={format!("{taken} of {all} pictures")} max={all.to_string()} value={taken.to_string()}></progress>
            };
        }
        Some(Progress::Done { frames, bytes }) => {
            let kilobytes = (*bytes as u64).div_ceil(1_024);
            format!("Saved: {frames} pictures, {} KB.", decoupled::view::grouped(kilobytes))
        }
        Some(Progress::Failed(why)) => (*why).to_owned(),
        None => problem.unwrap_or_else(|| format!("{frames} pictures of virtual time, at the speed it plays now.")),
    };
    html! { <p class="quiet" role="status" data-testid="film-said">{ text }</p> }
}
