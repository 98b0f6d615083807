//! The timeline: how much happened when, what went wrong, and where time stands. Painted by the clock.

use std::cell::Cell;

use decoupled::engine::Micros;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d as Context, HtmlCanvasElement};
use yew::prelude::*;

use crate::app::dom;
use crate::app::painter::{inks::Inks, pixel_ratio};
use crate::app::recorder::{BINS, Density};
use decoupled::figure::Ink;

#[component(Timeline)]
pub fn timeline() -> Html {
    html! {
        <div class="timeline" data-testid="timeline" role="img" aria-label="Facts over time">
            <canvas id="strip" aria-hidden="true"></canvas>
        </div>
    }
}

thread_local! {
    static INKS: Cell<Option<Inks>> = const { Cell::new(None) };
}

/// Paints the bars; the colours are read again when the theme changed.
pub fn paint(density: &Density, now: Micros, theme_serial: u32) {
    let inks = INKS.take().filter(|inks| inks.serial == theme_serial).or_else(|| Inks::read(theme_serial));
    if let Some(inks) = &inks {
        let _ = paint_with(density, now, inks);
    }
    INKS.set(inks);
}

fn paint_with(density: &Density, now: Micros, inks: &Inks) -> Option<()> {
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
    let at = width * now as f64 / density.span() as f64;
    cursor(&context, at.clamp(5.0, width - 5.0), height, inks);
    Some(())
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

fn cursor(context: &Context, x: f64, height: f64, inks: &Inks) {
    context.set_fill_style_str(inks.css(Ink::Text));
    context.fill_rect(x - 1.0, 4.0, 2.0, height - 4.0);
    context.begin_path();
    let _ = context.arc(x, 5.0, 4.5, 0.0, std::f64::consts::TAU);
    context.fill();
}
