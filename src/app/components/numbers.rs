//! The drawer's tab of numbers: an overview, a chart, latencies, cost; all of it as a table to take away.

use decoupled::editor::file_name;
use decoupled::view;
use yew::prelude::*;

use super::chart::ChartPanel;
use super::cost_table::CostTable;
use super::icon::Icon;
use super::latency_table::LatencyTable;
use super::metrics::Board;
use crate::app::effects;
use crate::app::numbers::Part;
use crate::app::store::{Store, use_store};

#[component(NumbersPanel)]
pub fn numbers_panel() -> Html {
    let store = use_store();
    let open = store.session().numbers.part;
    let body = match open {
        Part::Overview => html! { <Board /> },
        Part::Chart => html! { <ChartPanel /> },
        Part::Latency => html! { <LatencyTable /> },
        Part::Cost => html! { <CostTable /> },
    };
    html! {
        <div class="numbers" data-testid="numbers">
            <div class="numbers-bar">
                <div class="segments" role="group" aria-label="Numbers">
                    { for Part::ALL.iter().map(|(part, label, testid)| html! {
                        <button type="button" key={*testid} data-testid={*testid} aria-pressed={(*part == open).to_string()}
                            onclick={shows(&store, *part)}>{ *label }</button>
                    }) }
                </div>
                <button type="button" class="soft" data-testid="metrics-csv" title="Every metric over time, exact, for a spreadsheet"
                    onclick={export(&store)}>{ Icon::Out.html() }{ "CSV" }</button>
            </div>
            { body }
        </div>
    }
}

fn shows(store: &Store, part: Part) -> Callback<MouseEvent> {
    let store = store.clone();
    Callback::from(move |_| {
        store.session_mut().numbers.part = part;
        store.redraw();
    })
}

fn export(store: &Store) -> Callback<MouseEvent> {
    let store = store.clone();
    Callback::from(move |_| {
        let (name, text) = {
            let session = store.session();
            let run = session.player.furthest();
            (file_name(&session.state.scene, "csv"), view::metrics_csv(run))
        };
        effects::download(&store, &name, &text, "text/csv");
    })
}
