//! The last facts, newest first.

use decoupled::editor::{Breakpoint, Command};
use decoupled::engine::Sort;
use decoupled::view::{self, TraceRow};
use yew::prelude::*;

use super::journey::followed_by;
use super::redraw::use_redraw_with_facts;
use super::tone::tone_class;
use crate::app::store::{Store, use_store};

const ROWS_MAX: usize = 100;
/// While it plays: nobody reads further down a list that moves.
const MOVING_ROWS_MAX: usize = 16;

#[component(Trace)]
pub fn trace() -> Html {
    let store = use_store();
    let facts = use_redraw_with_facts(&store);
    let session = store.session();
    let only = session.state.trace_node.clone();
    let most = if session.state.playback.playing { MOVING_ROWS_MAX } else { ROWS_MAX };
    html! {
        <div class="trace" data-testid="trace">
            if let Some(node) = &only {
                <button type="button" class="chip" data-testid="trace-all" onclick={store.sends(Command::TraceOnly { node: None })}>
                    { format!("only {node} ×") }
                </button>
            }
            { for session.state.breakpoints.iter().map(|breakpoint| stop(&store, breakpoint)) }
            <Rows shown={(facts, only, most)} store={store.clone()} />
        </div>
    }
}

#[derive(Properties)]
struct RowsProps {
    /// The facts there are, the only node whose facts are shown, and how many rows at most.
    shown: ((u64, u32), Option<String>, usize),
    store: Store,
}

impl PartialEq for RowsProps {
    fn eq(&self, other: &Self) -> bool {
        self.shown == other.shown
    }
}

#[component(Rows)]
fn rows(props: &RowsProps) -> Html {
    let RowsProps { shown: (_, only, most), store } = props;
    let mut rows = view::trace_rows(store.session().run(), only.as_deref(), *most);
    rows.order_by_key(|row| std::cmp::Reverse(row.seq));
    html! {
        <>
            if rows.is_empty() {
                <p class="quiet">{ "Nothing has happened yet. Press play." }</p>
            }
            <table aria-label="Trace, newest first">
                <tbody>{ for rows.iter().map(|row| line(store, row)) }</tbody>
            </table>
        </>
    }
}

/// A breakpoint, to be taken away.
fn stop(store: &Store, breakpoint: &Breakpoint) -> Html {
    let at = breakpoint.text();
    let onclick = store.sends(Command::ToggleBreakpoint { breakpoint: breakpoint.clone() });
    html! {
        <button type="button" class="chip stop" data-testid="breakpoint-chip" {onclick}>{ format!("pauses at {at} ×") }</button>
    }
}

fn pause_at(store: &Store, row: &TraceRow) -> Callback<MouseEvent> {
    let store = store.clone();
    let breakpoint = Breakpoint { node: row.node.clone(), fact: Some(row.fact.to_owned()), when: None };
    Callback::from(move |event: MouseEvent| {
        event.stop_propagation();
        store.dispatch(Command::ToggleBreakpoint { breakpoint: breakpoint.clone() });
    })
}

fn line(store: &Store, row: &TraceRow) -> Html {
    let select = Command::Select { nodes: vec![row.node.clone()], links: Vec::new(), add: false };
    html! {
        <tr key={row.seq} class={tone_class(row.tone)} data-testid="trace-row" onclick={store.sends(select.clone())}>
            <td class="trace-clock">{ &row.clock }</td>
            <td class="trace-node" title={row.node.clone()}>
                <button type="button" onclick={store.sends(select)}>{ &row.node }</button>
            </td>
            <td class="trace-message">
                if let (Some(message), Some(name)) = (row.token, &row.message) {
                    { followed_by(store, message, row.hue, name) }
                }
            </td>
            <td class="trace-fact">
                <button type="button" title="Pause whenever this happens here" onclick={pause_at(store, row)}>{ row.fact }</button>
            </td>
            <td class="trace-detail">{ &row.detail }</td>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::app::stage::Stage;

    #[wasm_bindgen_test]
    async fn what_happened_is_listed_and_leads_to_where_it_did() {
        let stage = Stage::with(|| html! { <Trace /> }).await;
        stage.store.play_to(3_000_000, f64::INFINITY);
        stage.store.redraw();
        stage.clicks("[data-testid=trace-row]").await;
        assert!(stage.store.session().state.selection.single_node().is_some());
        stage.store.dispatch(Command::TraceOnly { node: Some("tasks".to_owned()) });
        stage.clicks("[data-testid=trace-all]").await;
        assert_eq!(stage.store.session().state.trace_node, None);
    }
}
