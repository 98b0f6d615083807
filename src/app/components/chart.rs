//! The chart of one metric or a few: which, by what statistic, over what period.

use decoupled::engine::Micros;
use decoupled::view::{self, Statistic};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::metrics::label;
use super::plot::{DASHES, Line, Plot};
use super::redraw::use_redraw_at_leisure;
use crate::app::numbers::{Numbers, SERIES_MAX};
use crate::app::store::{Store, use_store};

#[component(ChartPanel)]
pub fn chart_panel() -> Html {
    let store = use_store();
    use_redraw_at_leisure(&store);
    let numbers = store.session().numbers.clone();
    let (lines, periods, period, now, span) = drawn(&store, &numbers);
    html! {
        <div class="chart-panel" data-testid="chart">
            { choices(&store, &numbers, &lines, &periods, period) }
            if lines.is_empty() {
                <p class="quiet">{ "Choose a metric." }</p>
            } else {
                <Plot {lines} {now} {span} />
            }
        </div>
    }
}

/// The lines to be drawn, the periods there are and the one chosen, the present, and the end of the time axis.
fn drawn(store: &Store, numbers: &Numbers) -> (Vec<Line>, Vec<Micros>, Micros, Micros, Micros) {
    let session = store.session();
    let run = session.player.furthest();
    let (periods, period) = view::chart_periods(run, numbers.period);
    let line = |(node, metric): &(String, String)| {
        let chart = view::chart(run, node, metric, numbers.statistic, period)?;
        Some(Line { node: node.clone(), metric: metric.clone(), chart })
    };
    let mut lines: Vec<Line> = numbers.series.iter().filter_map(line).collect();
    if lines.is_empty() {
        let nodes = session.state.scene.nodes.iter();
        let first = nodes.filter_map(|node| Some((node.id.clone(), (*node.kind.spec().charts.first()?).to_owned())));
        lines.extend(first.take(1).filter_map(|series| line(&series)));
    }
    (lines, periods, period, session.shown_at(), run.now().max(session.shown_at()).max(1))
}

fn choices(store: &Store, numbers: &Numbers, lines: &[Line], periods: &[Micros], period: Micros) -> Html {
    let change = |change: fn(&mut Numbers, &str)| {
        let store = store.clone();
        Callback::from(move |event: Event| {
            let value = event.target_unchecked_into::<HtmlSelectElement>().value();
            change(&mut store.session_mut().numbers, &value);
            store.redraw();
        })
    };
    let set_period = change(|numbers, value| numbers.period = value.parse().ok());
    let set_statistic = change(|numbers, value| numbers.statistic = statistics().find(|one| one.name() == value));
    let first = lines.first().map(|line| &line.chart);
    let shown = lines.iter().enumerate();
    html! {
        <div class="chart-choices">
            { for shown.map(|(place, line)| choice(store, numbers, lines, place, Some(line))) }
            if !lines.is_empty() && lines.len() < SERIES_MAX {
                { choice(store, numbers, lines, lines.len(), None) }
            }
            if let Some(chart) = first {
                <label class="select-box">
                    <span class="out-of-sight">{ "Statistic" }</span>
                    <select data-testid="chart-statistic" onchange={set_statistic}>
                        { for Statistic::of(chart.is_total).iter().map(|one| html! {
                            <option value={one.name()} selected={*one == chart.statistic}>{ one.name() }</option>
                        }) }
                    </select>
                </label>
                <label class="select-box">
                    <span class="out-of-sight">{ "Period" }</span>
                    <select data-testid="chart-period" onchange={set_period}>
                        { for periods.iter().map(|one| html! {
                            <option value={one.to_string()} selected={*one == period}>{ period_text(*one) }</option>
                        }) }
                    </select>
                </label>
            }
        </div>
    }
}

fn statistics() -> impl Iterator<Item = Statistic> {
    [true, false].into_iter().flat_map(|is_total| Statistic::of(is_total).iter().copied())
}

fn period_text(period: Micros) -> String {
    let seconds = period / 1_000_000;
    match seconds {
        0 => format!("{} ms", period / 1_000),
        1..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds / 60),
        _ => format!("{} h", seconds / 3_600),
    }
}

/// Which metric a line shows; the last, without one, adds a line.
fn choice(store: &Store, numbers: &Numbers, lines: &[Line], place: usize, line: Option<&Line>) -> Html {
    let onchange = {
        let store = store.clone();
        let mut series: Vec<(String, String)> =
            lines.iter().map(|line| (line.node.clone(), line.metric.clone())).collect();
        if series.is_empty() {
            series.clone_from(&numbers.series);
        }
        Callback::from(move |event: Event| {
            let value = event.target_unchecked_into::<HtmlSelectElement>().value();
            let mut series = series.clone();
            match value.split_once('\u{1f}') {
                Some((node, metric)) => {
                    series.truncate(SERIES_MAX);
                    let chosen = (node.to_owned(), metric.to_owned());
                    match series.get_mut(place) {
                        Some(old) => *old = chosen,
                        None => series.push(chosen),
                    }
                }
                None if place < series.len() => drop(series.remove(place)),
                None => {}
            }
            store.session_mut().numbers.series = series;
            store.redraw();
        })
    };
    let session = store.session();
    let chosen = line.map(|line| (line.node.as_str(), line.metric.as_str()));
    let group = |id: &str, names: Vec<&'static str>| {
        html! {
            <optgroup label={id.to_owned()}>
                { for names.into_iter().map(|name| html! {
                    <option value={format!("{id}\u{1f}{name}")} selected={chosen == Some((id, name))}>
                        { format!("{id} · {}", label(name)) }
                    </option>
                }) }
            </optgroup>
        }
    };
    let of = |id: &str| {
        let metrics = session.run().node(id).map(|node| node.metrics(session.run().now())).unwrap_or_default();
        metrics.into_iter().map(|(name, _)| name).collect::<Vec<_>>()
    };
    // Every metric of a node that is shown or selected, of the others those that matter.
    let names = |id: &str, charts: &'static [&'static str]| {
        let near = session.state.selection.nodes.contains(id) || lines.iter().any(|line| line.node == id);
        if near { of(id) } else { charts.to_vec() }
    };
    let nodes = session.state.scene.nodes.iter().filter(|node| !node.kind.spec().charts.is_empty()).take(200);
    let empty = if place == 0 {
        "Choose a metric"
    } else if line.is_some() {
        "Take this line away"
    } else {
        "Compare with…"
    };
    html! {
        <label class={classes!("select-box", "chart-series", format!("line-{place}"))}>
            <span class="out-of-sight">{ format!("Metric {}", place + 1) }</span>
            if line.is_some() {
                <svg class="chart-key" viewBox="0 0 24 8" aria-hidden="true">
                    <path d="M1 4H23" stroke-dasharray={DASHES[place]} />
                </svg>
            }
            <select data-testid={format!("chart-metric-{place}")} {onchange}>
                if place > 0 || line.is_none() {
                    <option value="" selected={line.is_none()}>{ empty }</option>
                }
                { for nodes.map(|node| group(&node.id, names(&node.id, node.kind.spec().charts))) }
            </select>
        </label>
    }
}
