//! The timeline: how much happened when, what went wrong, and where time stands. Painted by the clock; a hand moves time
//! along it.

use std::cell::Cell;
use std::rc::Rc;

use decoupled::editor::Command;
use decoupled::engine::{MICROS_PER_MILLI, Micros, clock_text};
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d as Context, HtmlCanvasElement};
use yew::prelude::*;

use super::marks::Marks;
use crate::app::dom;
use crate::app::painter::{inks::Inks, pixel_ratio};
use crate::app::recorder::{BINS, Recorder};
use crate::app::session::Session;
use crate::app::store::{Store, use_store};
use decoupled::figure::Ink;

/// What a key moves time by, in bars of the strip.
const KEY_BINS: Micros = 2;

#[component(Timeline)]
pub fn timeline() -> Html {
    let store = use_store();
    // While the pointer holds time: whether it went before.
    let held = use_mut_ref(|| None::<bool>);
    // While it marks out a span: where that began.
    let marking = use_mut_ref(|| None::<Micros>);
    let onpointerdown = {
        let (store, held, marking) = (store.clone(), Rc::clone(&held), Rc::clone(&marking));
        Callback::from(move |event: PointerEvent| {
            if event.button() != 0 {
                return;
            }
            if let Some(strip) = dom::by_id("timeline") {
                let _ = strip.set_pointer_capture(event.pointer_id());
            }
            let Some(at) = under(&store, &event) else { return };
            if event.shift_key() {
                *marking.borrow_mut() = Some(at);
                return;
            }
            if store.session().state.span.is_some_and(|(from, to)| at < from || at > to) {
                store.dispatch(Command::SetSpan { span: None });
            }
            let was_playing = store.session().state.playback.playing;
            *held.borrow_mut() = Some(was_playing);
            store.dispatch(Command::Pause);
            store.dispatch(Command::Seek { at });
        })
    };
    let onpointermove = {
        let (store, held, marking) = (store.clone(), Rc::clone(&held), Rc::clone(&marking));
        Callback::from(move |event: PointerEvent| {
            let Some(at) = under(&store, &event) else { return };
            if let Some(from) = *marking.borrow() {
                store.dispatch(Command::SetSpan { span: Some((from, at)) });
            } else if held.borrow().is_some() {
                store.dispatch(Command::Seek { at });
            }
        })
    };
    let let_go = {
        let store = store.clone();
        Callback::from(move |_: PointerEvent| {
            *marking.borrow_mut() = None;
            let went = held.borrow_mut().take();
            if went == Some(true) {
                store.dispatch(Command::Play);
            }
        })
    };
    let onkeydown = Callback::from(move |event: KeyboardEvent| on_key(&store, &event));
    html! {
        <div class="timeline-box" id="timeline-box">
        <div class="timeline" id="timeline" data-testid="timeline" role="slider" tabindex="0" aria-label="Virtual time"
            aria-valuemin="0" aria-valuenow="0" {onpointerdown} {onpointermove} onpointerup={let_go.clone()}
            onpointercancel={let_go} {onkeydown}>
            <canvas id="strip" aria-hidden="true"></canvas>
        </div>
        <Marks />
        </div>
    }
}

/// Keys move time; with Shift they mark a span out.
fn on_key(store: &Store, event: &KeyboardEvent) {
    let (now, step, last) = {
        let session = store.session();
        (session.shown_at(), KEY_BINS * session.recorder.density.bin, session.player.reach().1)
    };
    let at = match event.key().as_str() {
        "ArrowLeft" | "ArrowDown" => now.saturating_sub(step),
        "ArrowRight" | "ArrowUp" => now + step,
        "Home" => 0,
        "End" => last,
        _ => return,
    };
    // Elsewhere these keys move what is chosen.
    event.stop_propagation();
    event.prevent_default();
    store.dispatch(Command::Pause);
    if event.shift_key() {
        // The end that stands where time stands moves with it.
        let span = store.session().state.span.map_or((now, at), |(from, to)| (if now == from { to } else { from }, at));
        store.dispatch(Command::SetSpan { span: Some(span) });
    }
    store.dispatch(Command::Seek { at });
}

/// The moment under the pointer.
fn under(store: &Store, event: &PointerEvent) -> Option<Micros> {
    let strip = dom::by_id("timeline")?;
    let area = strip.get_bounding_client_rect();
    let part = ((f64::from(event.client_x()) - area.left()) / area.width().max(1.0)).clamp(0.0, 1.0);
    let span = store.session().recorder.density.span();
    Some((part * span as f64) as Micros)
}

/// Says where time stands to who cannot see it.
fn tell(now: Micros, last: Micros, stopped: bool) {
    if let Some(strip) = dom::by_id("timeline") {
        dom::set_attribute(&strip, "aria-valuemax", &(last / MICROS_PER_MILLI).to_string());
        dom::set_attribute(&strip, "aria-valuenow", &(now / MICROS_PER_MILLI).to_string());
        let mut text = clock_text(now);
        if stopped {
            text.push_str(", stopped by a breakpoint");
        }
        dom::set_attribute(&strip, "aria-valuetext", &text);
    }
}

thread_local! {
    static INKS: Cell<Option<Inks>> = const { Cell::new(None) };
}

/// Paints the bars; the colours are read again when the theme changed.
pub fn paint(session: &Session, last: Micros) {
    let (recorder, now, theme_serial) = (&session.recorder, session.shown_at(), session.theme_serial);
    tell(now, last, recorder.stops.contains(&now));
    if let Some(around) = dom::by_id("timeline-box") {
        // Marks lie by it.
        dom::set_style(&around, "--span", &recorder.density.span().to_string());
    }
    let inks = INKS.take().filter(|inks| inks.serial == theme_serial).or_else(|| Inks::read(theme_serial));
    if let Some(inks) = &inks {
        let _ = paint_with(recorder, now, session.state.span, inks);
    }
    INKS.set(inks);
}

fn paint_with(recorder: &Recorder, now: Micros, span: Option<(Micros, Micros)>, inks: &Inks) -> Option<()> {
    let density = &recorder.density;
    let canvas: HtmlCanvasElement = dom::by_id("strip")?.dyn_into().ok()?;
    let context: Context = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    let (ratio, width, height) = (pixel_ratio(), f64::from(canvas.client_width()), f64::from(canvas.client_height()));
    if width < 1.0 || height < 1.0 {
        return None;
    }
    // Also clears it.
    canvas.set_width((width * ratio) as u32);
    canvas.set_height((height * ratio) as u32);
    context.scale(ratio, ratio).ok()?;
    let place = |at: Micros| width * at as f64 / density.span() as f64;
    if let Some((from, to)) = span {
        paint_span(&context, place(from), place(to).min(width), height, inks);
    }
    let most = density.bins.iter().map(|bin| bin.facts).max().unwrap_or(0).max(4);
    let step = width / BINS as f64;
    let foot = height - 6.0;
    let room = foot - 14.0;
    let current = (now / density.bin) as usize;
    let mut last_mark = -100.0;
    for (index, bin) in density.bins.iter().enumerate() {
        let x = index as f64 * step;
        // The square root keeps a quiet minute visible beside a burst.
        let part = (f64::from(bin.facts) / f64::from(most)).sqrt();
        let tall = if bin.facts == 0 { 2.0 } else { 3.0 + part * (room - 3.0) };
        let past = index <= current && bin.facts > 0;
        context.set_fill_style_str(inks.css(if past { Ink::Accent } else { Ink::Faint }));
        context.set_global_alpha(if past { 0.75 } else { 0.35 });
        context.begin_path();
        context.round_rect_with_f64(x + step * 0.2, foot - tall, step * 0.6, tall, (step * 0.3).min(1.5)).ok()?;
        context.fill();
        context.set_global_alpha(1.0);
        if bin.bad > 0 && x - last_mark > 9.0 {
            last_mark = x;
            mark(&context, x + step / 2.0, inks);
        }
    }
    for at in &recorder.stops {
        stop(&context, place(*at), foot, inks);
    }
    cursor(&context, place(now).clamp(5.0, width - 5.0), height, inks);
    Some(())
}

/// The part of time that was marked out.
fn paint_span(context: &Context, from: f64, to: f64, height: f64, inks: &Inks) {
    context.set_fill_style_str(inks.css(Ink::Accent));
    context.set_global_alpha(0.14);
    context.fill_rect(from, 0.0, to - from, height);
    context.set_global_alpha(0.9);
    context.fill_rect(from, 0.0, 1.5, height);
    context.fill_rect(to - 1.5, 0.0, 1.5, height);
    context.set_global_alpha(1.0);
}

/// Something was lost or refused here.
fn mark(context: &Context, x: f64, inks: &Inks) {
    context.set_fill_style_str(inks.css(Ink::Danger));
    context.begin_path();
    context.move_to(x, 4.0);
    context.line_to(x + 4.0, 10.0);
    context.line_to(x - 4.0, 10.0);
    context.fill();
}

/// A breakpoint stopped the run here.
#[inline(never)] // second part
fn stop(context: &Context, x: f64, foot: f64, inks: &Inks) {
    context.set_fill_style_str(inks.css(Ink::Accent));
    context.begin_path();
    let _ = context.arc(x, foot + 2.0, 3.5, 0.0, std::f64::consts::TAU);
    context.fill();
}

fn cursor(context: &Context, x: f64, height: f64, inks: &Inks) {
    context.set_fill_style_str(inks.css(Ink::Text));
    context.fill_rect(x - 1.0, 4.0, 2.0, height - 4.0);
    context.begin_path();
    let _ = context.arc(x, 5.0, 4.5, 0.0, std::f64::consts::TAU);
    context.fill();
}
