//! What the run would have cost on AWS, by node and by what is billed.

use decoupled::engine::clock_text;
use decoupled::services::{PRICES_DATE, PRICES_REGION};
use decoupled::sim::{CostLine, cost};
use decoupled::view::{dollars, grouped};
use yew::prelude::*;

use super::redraw::use_redraw_at_leisure;
use crate::app::store::use_store;

/// Lines shown; what is beyond is in the sum.
const LINES_MAX: usize = 200;

#[component(CostTable)]
pub fn cost_table() -> Html {
    let store = use_store();
    use_redraw_at_leisure(&store);
    let found = cost(store.session().run());
    let sum = |testid: &'static str, name: String, value: Option<f64>| {
        html! {
            <div><dt>{ name }</dt><dd data-testid={testid}>{ value.map_or("–".to_owned(), dollars) }</dd></div>
        }
    };
    html! {
        <div class="figures" data-testid="cost">
            <dl class="sums">
                { sum("cost-run", format!("this run until {}", clock_text(found.at)), Some(found.usd)) }
                { sum("cost-million", "a million messages".to_owned(), found.per_million()) }
                { sum("cost-month", "a month at this rate".to_owned(), found.per_month()) }
            </dl>
            <table aria-label="Cost by node">
                <thead><tr>
                    <th scope="col">{ "Node" }</th><th scope="col">{ "Billed" }</th><th scope="col">{ "Quantity" }</th>
                    <th scope="col">{ "Price" }</th><th scope="col">{ "Cost" }</th>
                </tr></thead>
                <tbody>
                    { for found.lines.iter().take(LINES_MAX).map(line) }
                </tbody>
            </table>
            if found.lines.is_empty() {
                <p class="quiet">{ "Nothing here is billed by AWS so far." }</p>
            }
            <p class="quiet">
                { format!("Prices of {PRICES_DATE} in {PRICES_REGION}. Free tiers, discounts for volume, data transfer, storage, logs and servers of your own are not in it.") }
            </p>
        </div>
    }
}

fn line(line: &CostLine) -> Html {
    let CostLine { node, price, count, usd } = line;
    let unit = match price.unit {
        "million" => grouped(*count),
        unit => {
            let amount = *count as f64 / price.per;
            format!("{} {unit}{}", amount_text(amount), if unit == "hour" { "s" } else { "" })
        }
    };
    html! {
        <tr key={format!("{node} {}", price.what)} data-testid={format!("cost-{node}")}>
            <th scope="row" title={node.clone()}>{ node }</th><td>{ price.what }</td><td>{ unit }</td>
            <td><a href={price.source()} target="_blank" rel="noreferrer">{ format!("${} a {}", price.usd, price.unit) }</a></td>
            <td>{ dollars(*usd) }</td>
        </tr>
    }
}

/// Three digits that matter.
fn amount_text(amount: f64) -> String {
    dollars(amount).split_off(1)
}
