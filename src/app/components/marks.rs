//! The script on the timeline: calls, turned knobs and faults in a lane of their own under the strip.

use decoupled::editor;
use decoupled::engine::{Micros, Sort};
use decoupled::scene::{Act, ScriptEntry};
use yew::prelude::*;

use super::mark::{Mark, Shape};
use super::styled::use_styles;
use crate::app::store::use_store;

/// More are not drawn: nobody tells them apart.
const MARKS_MAX: usize = 300;
/// Faults that overlap lie under each other, in so many rows.
const ROWS_MAX: usize = 3;

#[component(Marks)]
pub fn marks() -> Html {
    let store = use_store();
    let session = store.session();
    let state = &session.state;
    let script = &state.scene.script;
    let rows = rows(script, session.recorder.density.span());
    let count = rows.iter().map(|row| row + 1).max().unwrap_or(1);
    let tall = use_styles(vec![("--rows", count.to_string())]);
    if script.is_empty() {
        return html! {};
    }
    let mark = |(index, entry): (usize, &ScriptEntry)| {
        let shape = match &entry.act {
            Act::Call { .. } => Shape::Call,
            Act::Set { .. } => Shape::Set,
            Act::Fault { .. } => Shape::Fault,
        };
        html! {
            <Mark key={index} {index} {shape} at={entry.at} ends={entry.ends()} what={editor::what_of(&state.scene, entry)}
                chosen={state.mark == Some(index)} row={rows[index]} />
        }
    };
    html! {
        <ul class="marks" ref={tall} aria-label="Script" data-testid="marks">
            { for script.iter().enumerate().take(MARKS_MAX).map(mark) }
        </ul>
    }
}

/// The row of each mark: the first in which it touches no earlier one.
fn rows(script: &[ScriptEntry], span: Micros) -> Vec<usize> {
    // About as wide as a mark without a length.
    let least = span / 50;
    let mut order: Vec<usize> = (0..script.len().min(MARKS_MAX)).collect();
    order.order_by_key(|index| script[*index].at);
    let (mut taken, mut rows) = ([0; ROWS_MAX], vec![0; script.len()]);
    for index in order {
        let entry = &script[index];
        let row = taken.iter().position(|until| *until <= entry.at).unwrap_or(0);
        taken[row] = entry.ends().max(entry.at.saturating_add(least));
        rows[index] = row;
    }
    rows
}
