//! A chart as it is drawn: axes, lines, a crosshair that says the exact value, and the way to any moment of it.

use std::rc::Rc;

use decoupled::editor::Command;
use decoupled::engine::{Micros, clock_text};
use decoupled::view::{self, Chart, ticks};
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

use super::metrics::label;
use super::styled::use_styles;
use crate::app::numbers::SERIES_MAX;
use crate::app::store::{Store, use_store};

/// How the lines are told apart without their colours.
pub const DASHES: [&str; SERIES_MAX] = ["none", "7 4", "2 3", "9 3 2 3"];

/// One line of the chart.
#[derive(Clone, PartialEq)]
pub struct Line {
    pub node: String,
    pub metric: String,
    pub chart: Chart,
}

/// The drawing's own units, whatever room there is.
const WIDTH: f64 = 1_000.0;
const HEIGHT: f64 = 200.0;

#[derive(Properties, PartialEq)]
pub struct PlotProps {
    pub lines: Vec<Line>,
    pub now: Micros,
    /// The end of the time axis.
    pub span: Micros,
}

#[component(Plot)]
pub fn plot(props: &PlotProps) -> Html {
    let store = use_store();
    // The place of the point under the pointer or the keys, among those of the first line.
    let pointed = use_state(|| None::<usize>);
    let lines = &props.lines;
    let times: Rc<[Micros]> = lines[0].chart.points.iter().map(|(at, _)| *at).collect();
    let last = times.len().saturating_sub(1);
    let at = pointed.filter(|place| *place <= last);
    let shown = at.and_then(|place| times.get(place).copied());
    let said = shown.map_or_else(|| "arrow keys read it, Enter goes there".to_owned(), |at| spoken(lines, at));
    let named: Vec<String> = lines.iter().map(|line| format!("{} of {}", label(&line.metric), line.node)).collect();
    let top = lines.iter().flat_map(|line| &line.chart.points).map(|(_, value)| *value).fold(0.0, f64::max);
    let marks = ticks(top);
    let most = marks[marks.len() - 1];
    let span = props.span;
    let onpointermove = {
        let (pointed, times) = (pointed.setter(), Rc::clone(&times));
        Callback::from(move |event: PointerEvent| pointed.set(nearest(&event, &times, span)))
    };
    let onpointerleave = {
        let pointed = pointed.setter();
        Callback::from(move |_: PointerEvent| pointed.set(None))
    };
    let onclick = {
        let (store, times) = (store.clone(), Rc::clone(&times));
        Callback::from(move |event: MouseEvent| seek(&store, &times, nearest(&event, &times, span)))
    };
    let onkeydown = keys(&store, &times, at, pointed.setter());
    html! {
        <div class="plot">
            <div class="plot-y" aria-hidden="true">
                { for marks.iter().map(|mark| html! {
                    <Label at={100.0 - 100.0 * mark / most} side="top" text={tick_text(*mark, lines[0].chart.unit)} />
                }) }
            </div>
            <div class="plot-area" role="slider" tabindex="0" data-testid="plot"
                aria-label={format!("Chart of {}", named.join(", "))} aria-valuemin="0" aria-valuemax={last.to_string()}
                aria-valuenow={at.unwrap_or(last).to_string()} aria-valuetext={said}
                {onpointermove} {onpointerleave} {onclick} {onkeydown}>
                { drawing(props, &marks, shown) }
                if let Some(time) = shown {
                    <Tip at={100.0 * time as f64 / span as f64} lines={lines.clone()} {time} />
                }
            </div>
            <div class="plot-x" aria-hidden="true">
                { for time_marks(span).into_iter().map(|at| html! {
                    <Label at={100.0 * at as f64 / span as f64} side="left" text={without_millis(at)} />
                }) }
            </div>
        </div>
    }
}

fn seek(store: &Store, times: &[Micros], place: Option<usize>) {
    if let Some(at) = place.and_then(|place| times.get(place)) {
        store.dispatch(Command::Pause);
        store.dispatch(Command::Seek { at: *at });
    }
}

/// Arrows walk from point to point, Enter goes to the moment.
fn keys(
    store: &Store,
    times: &Rc<[Micros]>,
    place: Option<usize>,
    pointed: UseStateSetter<Option<usize>>,
) -> Callback<KeyboardEvent> {
    let (store, times) = (store.clone(), Rc::clone(times));
    Callback::from(move |event: KeyboardEvent| {
        let last = times.len().saturating_sub(1);
        let next = match event.key().as_str() {
            "ArrowLeft" | "ArrowDown" => place.map_or(last, |place| place.saturating_sub(1)),
            "ArrowRight" | "ArrowUp" => place.map_or(last, |place| (place + 1).min(last)),
            "Home" => 0,
            "End" => last,
            "Enter" | " " => {
                event.prevent_default();
                event.stop_propagation();
                return seek(&store, &times, place);
            }
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        pointed.set(Some(next));
    })
}

/// Grid, lines, the present, the crosshair.
fn drawing(props: &PlotProps, marks: &[f64], shown: Option<Micros>) -> Html {
    let PlotProps { lines, now, span } = props;
    let most = marks[marks.len() - 1];
    let x = |at: Micros| WIDTH * at as f64 / *span as f64;
    let y = |value: f64| HEIGHT - HEIGHT * value / most;
    let grid: String = marks.iter().map(|mark| format!("M0 {:.1}H{WIDTH}", y(*mark))).collect();
    let upright = |at: Micros| format!("M{:.1} 0V{HEIGHT}", x(at));
    html! {
        <svg viewBox={format!("0 0 {WIDTH} {HEIGHT}")} preserveAspectRatio="none" aria-hidden="true">
            <path class="plot-grid" d={grid} />
            { for lines.iter().enumerate().map(|(place, line)| curve(place, line, lines.len() == 1, &x, &y)) }
            <path class="plot-now" d={upright(*now)} />
            if let Some(at) = shown {
                <path class="plot-cross" d={upright(at)} />
            }
        </svg>
    }
}

/// The point nearest to the pointer.
fn nearest(event: &MouseEvent, times: &[Micros], span: Micros) -> Option<usize> {
    let area = event.current_target()?.dyn_into::<Element>().ok()?.get_bounding_client_rect();
    let part = ((f64::from(event.client_x()) - area.left()) / area.width().max(1.0)).clamp(0.0, 1.0);
    let at = (part * span as f64) as Micros;
    times.iter().enumerate().min_by_key(|(_, time)| time.abs_diff(at)).map(|(place, _)| place)
}

fn curve(place: usize, line: &Line, filled: bool, x: &dyn Fn(Micros) -> f64, y: &dyn Fn(f64) -> f64) -> Html {
    let points: Vec<String> =
        line.chart.points.iter().map(|(at, value)| format!("{:.1} {:.1}", x(*at), y(*value))).collect();
    let path = format!("M{}", points.join("L"));
    let ends = line.chart.points.first().zip(line.chart.points.last());
    let area = ends
        .filter(|_| filled)
        .map(|((first, _), (last, _))| format!("{path}L{:.1} {HEIGHT}L{:.1} {HEIGHT}Z", x(*last), x(*first)));
    html! {
        <g class={format!("line-{place}")}>
            if let Some(area) = area {
                <path class="plot-fill" d={area} />
            }
            <path class="plot-line" d={path} stroke-dasharray={DASHES[place]} />
        </g>
    }
}

/// A handful of round times.
fn time_marks(span: Micros) -> Vec<Micros> {
    const STEPS: [u64; 14] = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200];
    let step = STEPS.into_iter().find(|step| span / (step * 1_000_000) <= 8).map_or(span / 6, |step| step * 1_000_000);
    (0..=span / step.max(1)).map(|index| index * step).filter(|at| *at as f64 <= span as f64 * 0.97).collect()
}

fn without_millis(at: Micros) -> String {
    clock_text(at).trim_end_matches(".000").to_owned()
}

fn tick_text(value: f64, unit: &str) -> String {
    let number = number_text(value);
    if unit.is_empty() { number } else { format!("{number} {unit}") }
}

/// As many digits as there are, three behind the point at most.
fn number_text(value: f64) -> String {
    if value.fract().abs() < 1e-9 {
        return view::grouped(value as u64);
    }
    format!("{value:.3}").trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn value_at(line: &Line, time: Micros) -> Option<f64> {
    line.chart.points.iter().find(|(at, _)| *at == time).map(|(_, value)| *value)
}

fn spoken(lines: &[Line], time: Micros) -> String {
    let values = lines.iter().filter_map(|line| {
        Some(format!("{} {}", label(&line.metric), tick_text(value_at(line, time)?, line.chart.unit)))
    });
    format!("{}: {}", clock_text(time), values.collect::<Vec<_>>().join(", "))
}

#[derive(Properties, PartialEq)]
struct TipProps {
    at: f64,
    lines: Vec<Line>,
    time: Micros,
}

/// What the crosshair says.
#[component(Tip)]
fn tip(props: &TipProps) -> Html {
    let node = use_styles(vec![("left", format!("{:.2}%", props.at))]);
    let class = classes!("plot-tip", (props.at > 60.0).then_some("to-left"));
    html! {
        <div {class} ref={node} data-testid="plot-tip">
            <strong>{ clock_text(props.time) }</strong>
            { for props.lines.iter().enumerate().map(|(place, line)| html! {
                <span class={format!("line-{place}")}>
                    <svg class="chart-key" viewBox="0 0 24 8" aria-hidden="true"><path d="M1 4H23" stroke-dasharray={DASHES[place]} /></svg>
                    { value_at(line, props.time).map_or("–".to_owned(), |value| tick_text(value, line.chart.unit)) }
                </span>
            }) }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct LabelProps {
    at: f64,
    side: &'static str,
    text: String,
}

/// A number beside an axis.
#[component(Label)]
fn axis_label(props: &LabelProps) -> Html {
    let node = use_styles(vec![(props.side, format!("{:.2}%", props.at))]);
    html! { <span ref={node}>{ &props.text }</span> }
}
