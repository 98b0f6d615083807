//! Percentiles of end-to-end latency: of all consumers, and of each.

use decoupled::engine::Sort;
use decoupled::services::Percentiles;
use decoupled::sim::latencies;
use decoupled::view::{duration_text, grouped};
use yew::prelude::*;

use super::redraw::use_redraw_at_leisure;
use crate::app::store::use_store;

#[component(LatencyTable)]
pub fn latency_table() -> Html {
    let store = use_store();
    use_redraw_at_leisure(&store);
    let (all, mut consumers) = latencies(store.session().run());
    consumers.order_by_key(|(_, found)| std::cmp::Reverse(found.p99));
    let longest = all.max.max(1);
    html! {
        <div class="figures" data-testid="latency">
            <table aria-label="End-to-end latency">
                <thead><tr>
                    <th scope="col">{ "Consumer" }</th><th scope="col">{ "Worked on" }</th><th scope="col">{ "p50" }</th>
                    <th scope="col">{ "p90" }</th><th scope="col">{ "p99" }</th><th scope="col">{ "Longest" }</th>
                    <th scope="col" class="wide"><span class="out-of-sight">{ "p50, p90, p99 and longest on one scale" }</span></th>
                </tr></thead>
                <tbody>
                    { for consumers.iter().map(|(id, found)| line(id, found, longest)) }
                    if consumers.len() != 1 {
                        { line("all", &all, longest) }
                    }
                </tbody>
            </table>
            <p class="quiet">
                { "From when a producer made a message to when a consumer had worked on it with success. Each copy counts at its consumer, and each time it is worked on; what a consumer passes on keeps the time of what it came from." }
                if !all.exact {
                    { " Beyond 65,536 values of a consumer, percentiles are at most a thousandth too high." }
                }
            </p>
        </div>
    }
}

fn line(id: &str, found: &Percentiles, longest: u64) -> Html {
    let Percentiles { count, p50, p90, p99, max, .. } = *found;
    let text = |time: u64| if count == 0 { "–".to_owned() } else { duration_text(time) };
    let x = |time: u64| format!("{:.2}", 200.0 * time as f64 / longest as f64);
    html! {
        <tr key={id.to_owned()} data-testid={format!("latency-{id}")}>
            <th scope="row" title={id.to_owned()}>{ id.to_owned() }</th><td>{ grouped(count) }</td><td>{ text(p50) }</td><td>{ text(p90) }</td>
            <td>{ text(p99) }</td><td>{ text(max) }</td>
            <td class="wide">
                <svg class="range" viewBox="0 0 200 12" preserveAspectRatio="none" aria-hidden="true">
                    <path class="range-all" d={format!("M0 6H{}", x(max))} />
                    <path class="range-most" d={format!("M0 6H{}", x(p90))} />
                    <path class="range-mark" d={format!("M{0} 1V11M{1} 1V11", x(p50), x(p99))} />
                </svg>
            </td>
        </tr>
    }
}
