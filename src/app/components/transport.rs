//! The hands on time: restart, step, play; the clock; speed, network, seed.

use decoupled::editor::Command;
use decoupled::engine::{MICROS_PER_SECOND, Micros};
use decoupled::scene::NetworkChoice;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::icon::{Icon, IconButton};
use super::top_bar::blur_on_enter;
use crate::app::dom;
use crate::app::store::{Store, use_store};

const SPEEDS: [f32; 9] = [0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 100.0, 1000.0];

#[component(Transport)]
pub fn transport() -> Html {
    let store = use_store();
    let playing = store.session().state.playback.playing;
    let (icon, label) = if playing { (Icon::Pause, "Pause (Space)") } else { (Icon::Play, "Play (Space)") };
    html! {
        <div class="transport" role="group" aria-label="Time">
            { IconButton::new(&store, Icon::Restart, "Back to the start".into(), "restart".into(), Command::Restart).html() }
            { IconButton::new(&store, Icon::StepBack, "Step back to the fact before (,)".into(), "step-back".into(), Command::StepBack).html() }
            { IconButton::new(&store, icon, label.into(), "play".into(), Command::TogglePlay).class("play").html() }
            { IconButton::new(&store, Icon::Step, "Step to the next fact (.)".into(), "step".into(), Command::StepFact).html() }
            { IconButton::new(&store, Icon::Next, "On to the next failure, refusal, expiry or loss (N)".into(), "next".into(), Command::NextThatMatters).html() }
            <output class="clock" id="clock" data-testid="clock" aria-label="Virtual time" aria-live="off"></output>
            { speed(&store) }
            { span(&store) }
            <NetworkSelect id="network" />
            <label class="seed"><span>{ "seed" }</span><SeedInput id="seed" /></label>
            <span class="pace" id="pace" role="status" data-testid="pace"></span>
            <span class="spring"></span>
            <span class="facts"><span id="facts" data-testid="facts"></span>{ " facts" }</span>
        </div>
    }
}

/// The part of time that is marked out: to go round in, or to let go.
fn span(store: &Store) -> Html {
    let (span, looping) = {
        let session = store.session();
        (session.state.span, session.state.looping)
    };
    let Some((from, to)) = span else { return html! {} };
    let seconds = |at: Micros| format!("{}.{}", at / MICROS_PER_SECOND, at / (MICROS_PER_SECOND / 10) % 10);
    html! {
        <span class="span-tools" role="group" aria-label="Span">
            <button type="button" class="soft" aria-pressed={looping.to_string()} data-testid="loop"
                title="Go round in this span (L)" onclick={store.sends(Command::ToggleLoop)}>
                { format!("loop {}–{} s", seconds(from), seconds(to)) }
            </button>
            { IconButton::new(store, Icon::Close, "Let go of the span (Escape)".into(), "span-clear".into(), Command::SetSpan { span: None }).html() }
        </span>
    }
}

fn speed(store: &Store) -> Html {
    let current = store.session().state.playback.speed;
    let setting = store.clone();
    let onchange = Callback::from(move |event: Event| {
        if let Some(speed) = dom::number(&event.target_unchecked_into::<HtmlSelectElement>().value()) {
            setting.dispatch(Command::SetSpeed { speed: speed as f32 });
        }
    });
    let known = SPEEDS.contains(&current);
    html! {
        <span class="select-box pill strong">
            <select aria-label="Speed" title="Speed" data-testid="speed" {onchange}>
                if !known {
                    <option value={current.to_string()} selected={true}>{ format!("{current}×") }</option>
                }
                { for SPEEDS.iter().map(|speed| html! {
                    <option key={speed.to_string()} value={speed.to_string()} selected={*speed == current}>{ format!("{speed}×") }</option>
                }) }
            </select>
        </span>
    }
}

#[derive(Properties, PartialEq)]
pub struct IdProps {
    pub id: AttrValue,
}

fn described(network: &str) -> String {
    match network {
        "teaching" => "hop 500 ms · teaching".to_owned(),
        "instant" => "hop 0 · instant".to_owned(),
        other => other.to_owned(),
    }
}

#[component(NetworkSelect)]
pub fn network_select(props: &IdProps) -> Html {
    let store = use_store();
    let current = store.session().state.scene.network.clone();
    let setting = store.clone();
    let onchange = Callback::from(move |event: Event| {
        let name = event.target_unchecked_into::<HtmlSelectElement>().value();
        // The scene's own network has no name; it is chosen already.
        if NetworkChoice::NAMES.contains(&&*name) {
            setting.dispatch(Command::SetNetwork { network: NetworkChoice::named(&name) });
        }
    });
    let own = !NetworkChoice::NAMES.iter().any(|name| NetworkChoice::named(name) == current);
    html! {
        <span class="select-box pill">
            <select id={props.id.clone()} aria-label="Network" title="How long a hop takes" data-testid={props.id.clone()} {onchange}>
                if own {
                    <option value="own" selected={true}>{ current.0.to_string() }</option>
                }
                { for NetworkChoice::NAMES.iter().map(|name| {
                    let selected = NetworkChoice::named(name) == current;
                    html! { <option key={*name} value={*name} {selected}>{ described(name) }</option> }
                }) }
            </select>
        </span>
    }
}

#[component(SeedInput)]
pub fn seed_input(props: &IdProps) -> Html {
    let store = use_store();
    let seed = store.session().state.scene.seed;
    // What was typed that is no seed.
    let wrong = use_state(|| None::<String>);
    {
        let wrong = wrong.setter();
        use_effect_with(seed, move |_| wrong.set(None));
    }
    let onchange = {
        let (store, wrong) = (store.clone(), wrong.setter());
        Callback::from(move |event: Event| {
            let text = event.target_unchecked_into::<HtmlInputElement>().value();
            match text.trim().parse() {
                Ok(seed) => {
                    wrong.set(None);
                    store.dispatch(Command::SetSeed { seed });
                }
                Err(_) => {
                    let said = format!(
                        "\u{201c}{text}\u{201d} is not a seed: that is a whole number from 0 up. It stays {seed}."
                    );
                    wrong.set(Some(text));
                    store.dispatch(Command::Say { text: said, bad: true });
                }
            }
        })
    };
    let is_wrong = wrong.is_some().then_some("true");
    let value = (*wrong).clone().unwrap_or_else(|| seed.to_string());
    html! {
        <input class="seed-input" id={props.id.clone()} inputmode="numeric" autocomplete="off" {value} aria-invalid={is_wrong}
            aria-label="Seed" data-testid={props.id.clone()} {onchange} onkeydown={blur_on_enter()} />
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::app::stage::Stage;

    #[wasm_bindgen_test]
    async fn hands_on_time_play_pause_step_and_go_back() {
        let stage = Stage::with(|| html! { <Transport /> }).await;
        stage.clicks("[data-testid=play]").await;
        assert!(stage.store.session().state.playback.playing);
        stage.sees("[aria-label^=Pause]").await;
        stage.clicks("[data-testid=step]").await;
        assert!(!stage.store.session().state.playback.playing, "who steps pauses");
        let facts = stage.store.session().run().trace().total();
        assert!(facts > 0);
        stage.clicks("[data-testid=step]").await;
        stage.clicks("[data-testid=step-back]").await;
        assert_eq!(stage.store.session().run().trace().total(), facts);
        stage.types("[data-testid=seed]", "12").await;
        assert_eq!((stage.store.session().state.scene.seed, stage.store.session().run().seed()), (12, 12));
    }

    #[wasm_bindgen_test]
    async fn a_span_is_shown_and_let_go_of() {
        let stage = Stage::with(|| html! { <Transport /> }).await;
        assert_eq!(stage.count("[data-testid=loop]"), 0);
        stage.store.dispatch(Command::SetSpan { span: Some((1_500_000, 4_000_000)) });
        stage.reads("[data-testid=loop]", "loop 1.5–4.0 s").await;
        stage.clicks("[data-testid=loop]").await;
        stage.sees("[data-testid=loop][aria-pressed=true]").await;
        stage.clicks("[data-testid=span-clear]").await;
        assert_eq!(stage.store.session().state.span, None);
    }
}
