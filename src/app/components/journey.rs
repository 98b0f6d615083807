//! The journey of one message: every fact of its life and of its copies, and the field that finds a message.

use decoupled::editor::Command;
use decoupled::services::Token;
use decoupled::view::{self, JourneyLeg, JourneyRows, MessageRow, TraceRow};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::redraw::use_redraw_with_facts;
use super::tile::token;
use super::tone::tone_class;
use crate::app::store::{Store, use_store};

/// What a search lists.
const FOUND_MAX: usize = 20;
/// Deeper copies are not moved further in.
const DEPTH_MAX: usize = 6;

/// A message in a list, which shows its journey when it is chosen.
pub fn followed_by(store: &Store, message: Token, hue: Option<u8>, name: &str) -> Html {
    let store = store.clone();
    let onclick = Callback::from(move |event: MouseEvent| {
        event.stop_propagation();
        store.dispatch(Command::Follow { message: Some(message) });
    });
    html! {
        <button type="button" class="message-name" data-message={message.to_string()} title="Show its journey" {onclick}>
            { for hue.map(token) }{ name.to_owned() }
        </button>
    }
}

#[component(Journey)]
pub fn journey() -> Html {
    let store = use_store();
    use_redraw_with_facts(&store);
    let sought = use_state(String::new);
    let oninput = {
        let sought = sought.setter();
        Callback::from(move |event: InputEvent| {
            sought.set(event.target_unchecked_into::<HtmlInputElement>().value());
        })
    };
    let followed = store.session().state.followed;
    // Whoever has chosen a message has found it.
    {
        let sought = sought.setter();
        use_effect_with(followed, move |_| sought.set(String::new()));
    }
    let session = store.session();
    let found = view::find_messages(session.run(), &sought, FOUND_MAX);
    let rows = followed.and_then(|message| view::journey_rows(session.run(), message));
    drop(session);
    html! {
        <div class="journey" data-testid="journey">
            <div class="journey-head">
                <span class="input-box">
                    <input type="search" aria-label="Find a message" placeholder="Find a message: m0007, or a word of its body"
                        data-testid="find-message" autocomplete="off" value={(*sought).clone()} {oninput} />
                </span>
                if followed.is_some() {
                    <button type="button" class="soft" data-testid="unfollow"
                        onclick={store.sends(Command::Follow { message: None })}>{ "Done" }</button>
                }
            </div>
            if !sought.trim().is_empty() {
                { finds(&store, &found) }
            }
            { match (followed, &rows) {
                (_, Some(rows)) => told(&store, rows, followed),
                (Some(_), None) => html! { <p class="quiet">{ "The trace tells nothing of this message at this time." }</p> },
                (None, None) => html! {
                    <p class="quiet">{ "Click a message on the canvas or in a list, and see its whole life here: what \
                        happened to it, why, and what became of its copies." }</p>
                },
            } }
        </div>
    }
}

fn finds(store: &Store, found: &[MessageRow]) -> Html {
    html! {
        <ul class="journey-found" aria-label="Messages found">
            if found.is_empty() {
                <li class="quiet">{ "No message has this in its number or body." }</li>
            }
            { for found.iter().map(|row| html! {
                <li key={row.token}>
                    { followed_by(store, row.token, Some(row.hue), &row.name) }
                    <span>{ &row.place }</span>
                    <span class="quiet" title={row.body.clone()}>{ &row.body }</span>
                </li>
            }) }
        </ul>
    }
}

fn told(store: &Store, rows: &JourneyRows, followed: Option<Token>) -> Html {
    let deepest = rows.legs.iter().map(|leg| leg.depth).max().unwrap_or(0);
    html! {
        <>
            if !rows.whole {
                <p class="quiet">{ "What came before has left the trace." }</p>
            }
            <table aria-label="The journey, in order of what came of what">
                <colgroup><col class="journey-clock" /><col class="journey-node" /><col class="journey-what" /><col /></colgroup>
                { for rows.legs.iter().map(|leg| part(store, leg, followed == Some(leg.token), deepest > 0)) }
            </table>
        </>
    }
}

fn part(store: &Store, leg: &JourneyLeg, chosen: bool, indents: bool) -> Html {
    let depth = leg.depth.min(DEPTH_MAX);
    // An attribute and not a style, which a strict policy would refuse.
    let indent = indents.then(|| depth.to_string());
    html! {
        <tbody key={leg.token} class={classes!("journey-leg", chosen.then_some("chosen"))} data-depth={indent} data-leg={leg.token.to_string()}>
            <tr>
                <th scope="rowgroup" colspan="4">
                    { followed_by(store, leg.token, leg.hue, &leg.name) }
                    if depth > 0 {
                        <span class="quiet">{ if leg.depth == 1 { "a copy" } else { "a copy of a copy" } }</span>
                    }
                    if leg.left_out > 0 {
                        <span class="quiet">{ format!("{} earlier facts are not listed", view::grouped(leg.left_out as u64)) }</span>
                    }
                </th>
            </tr>
            { for leg.rows.iter().map(|row| fact(store, row)) }
        </tbody>
    }
}

fn fact(store: &Store, row: &TraceRow) -> Html {
    let select = Command::Select { nodes: vec![row.node.clone()], links: Vec::new(), add: false };
    html! {
        <tr key={row.seq} class={tone_class(row.tone)} data-testid="journey-fact">
            <td class="trace-clock">{ &row.clock }</td>
            <td class="trace-node" title={row.node.clone()}><button type="button" onclick={store.sends(select)}>{ &row.node }</button></td>
            <td class="trace-fact">{ row.fact }</td>
            <td class="trace-detail" title={row.detail.clone()}>{ &row.detail }</td>
        </tr>
    }
}
