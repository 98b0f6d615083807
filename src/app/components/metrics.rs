//! Live values with CloudWatch's names. Drawn once; `live` writes numbers and lines into them.

use decoupled::editor::{Command, Drawer};
use yew::prelude::*;

use super::redraw::use_from_next_frame;
use crate::app::numbers::Part;
use crate::app::store::{Store, use_store};

/// A metric's name without what every one of its neighbours repeats: "Age of oldest message".
pub fn label(name: &str) -> String {
    let stems = ["ApproximateNumberOfMessages", "Approximate", "NumberOfMessages", "NumberOf"];
    let short = stems.iter().find_map(|stem| name.strip_prefix(stem)).filter(|rest| !rest.is_empty()).unwrap_or(name);
    let mut text = String::new();
    for (index, letter) in short.chars().enumerate() {
        if letter.is_ascii_uppercase() && index > 0 && !text.ends_with(|c: char| c.is_ascii_uppercase()) {
            text.push(' ');
            text.push(letter.to_ascii_lowercase());
        } else {
            text.push(letter);
        }
    }
    text
}

/// Nodes whose metrics the overview lists; of all others the inspector tells.
const NODES_MAX: usize = 120;

fn row(store: &Store, node: &str, metric: &'static str, testid: String) -> Html {
    let onclick = {
        let (store, node) = (store.clone(), node.to_owned());
        Callback::from(move |_: MouseEvent| open_chart(&store, &node, metric))
    };
    html! {
        <button type="button" class="metric" key={metric} data-of={node.to_owned()} data-metric={metric} data-testid={testid}
            title={format!("{metric}: show the chart")} {onclick}>
            <span class="metric-name">{ label(metric) }</span>
            <span class="metric-value">{ "–" }</span>
            <svg class="spark" viewBox="0 0 100 20" preserveAspectRatio="none" aria-hidden="true"><polyline /></svg>
        </button>
    }
}

/// The rows of one node.
pub fn live_values(store: &Store, node: &str, charts: &'static [&'static str], title: &'static str) -> Html {
    if charts.is_empty() {
        return html! {};
    }
    html! {
        <section class="live" aria-label={title}>
            <h3>{ title }</h3>
            { for charts.iter().map(|metric| row(store, node, metric, format!("metric-{metric}"))) }
        </section>
    }
}

/// Some rows of a node, beside its card.
pub fn peek_values(store: &Store, node: &str, charts: &'static [&'static str]) -> Html {
    charts.iter().map(|metric| row(store, node, metric, format!("peek-{metric}"))).collect()
}

/// Rows of each node that are seen at once; those below are drawn a frame later.
const SEEN: usize = 4;

/// Every node's charts side by side.
#[component(Board)]
pub fn board() -> Html {
    let store = use_store();
    let rows = if use_from_next_frame() { usize::MAX } else { SEEN };
    let session = store.session();
    let nodes = session.state.scene.nodes.iter().filter(|node| !node.kind.spec().charts.is_empty());
    let left = nodes.clone().count().saturating_sub(NODES_MAX);
    html! {
        <div class="metric-board" data-testid="metrics">
            { for nodes.take(NODES_MAX).map(|node| html! {
                <article key={node.id.clone()} aria-label={node.id.clone()}>
                    <h3>{ &node.id }</h3>
                    { for node.kind.spec().charts.iter().take(rows).map(|metric| {
                        row(&store, &node.id, metric, format!("metric-{}-{metric}", node.id))
                    }) }
                </article>
            }) }
            if left > 0 {
                <p class="quiet">{ format!("{left} more nodes: select one to see its metrics, or take them all as CSV.") }</p>
            }
        </div>
    }
}

/// Shows one metric's chart, wherever the panel was.
fn open_chart(store: &Store, node: &str, metric: &str) {
    {
        let numbers = &mut store.session_mut().numbers;
        numbers.part = Part::Chart;
        numbers.series = vec![(node.to_owned(), metric.to_owned())];
    }
    store.dispatch(Command::ShowDrawer { drawer: Drawer::Metrics });
    store.redraw();
}
