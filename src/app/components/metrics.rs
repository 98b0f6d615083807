//! Live values with CloudWatch's names. Drawn once; `live` writes numbers and lines into them.

use yew::prelude::*;

use crate::app::store::use_store;

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

fn row(node: &str, metric: &'static str, testid: String) -> Html {
    html! {
        <div class="metric" key={metric} data-of={node.to_owned()} data-metric={metric} data-testid={testid}
            title={metric}>
            <span class="metric-name">{ label(metric) }</span>
            <span class="metric-value">{ "–" }</span>
            <svg class="spark" viewBox="0 0 100 20" preserveAspectRatio="none" aria-hidden="true"><polyline /></svg>
        </div>
    }
}

/// The rows of one node.
pub fn live_values(node: &str, charts: &'static [&'static str], title: &'static str) -> Html {
    if charts.is_empty() {
        return html! {};
    }
    html! {
        <section class="live" aria-label={title}>
            <h3>{ title }</h3>
            { for charts.iter().map(|metric| row(node, metric, format!("metric-{metric}"))) }
        </section>
    }
}

/// The drawer's tab: every node's charts side by side.
#[component(Metrics)]
pub fn metrics() -> Html {
    let store = use_store();
    let session = store.session();
    let nodes = session.state.scene.nodes.iter().filter(|node| !node.kind.spec().charts.is_empty());
    html! {
        <div class="metric-board" data-testid="metrics">
            { for nodes.map(|node| html! {
                <article key={node.id.clone()} aria-label={node.id.clone()}>
                    <h3>{ &node.id }</h3>
                    { for node.kind.spec().charts.iter().map(|metric| row(&node.id, metric, format!("metric-{}-{metric}", node.id))) }
                </article>
            }) }
        </div>
    }
}
