//! The last facts, newest first.

use decoupled::editor::Command;
use decoupled::figure::Tone;
use decoupled::view::{self, TraceRow};
use yew::prelude::*;

use super::redraw::use_redraw_with_facts;
use super::tile::token;
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
    let mut rows = view::trace_rows(&store.session().run, only.as_deref(), *most);
    rows.sort_unstable_by_key(|row| std::cmp::Reverse(row.seq));
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

fn line(store: &Store, row: &TraceRow) -> Html {
    let tone = match row.tone {
        Tone::Bad => "bad",
        Tone::Warn => "warn",
        Tone::Good => "good",
        Tone::Quiet | Tone::Plain => "plain",
    };
    let select = Command::Select { nodes: vec![row.node.clone()], links: Vec::new(), add: false };
    html! {
        <tr key={row.seq} class={tone} data-testid="trace-row" onclick={store.sends(select.clone())}>
            <td class="trace-clock">{ &row.clock }</td>
            <td class="trace-node">
                <button type="button" onclick={store.sends(select)}>{ &row.node }</button>
            </td>
            <td class="trace-message">
                if let (Some(message), Some(hue)) = (&row.message, row.hue) {
                    { token(hue) }{ message }
                } else {
                    { row.message.clone().unwrap_or_default() }
                }
            </td>
            <td class="trace-fact">{ row.fact }</td>
            <td class="trace-detail">{ &row.detail }</td>
        </tr>
    }
}
