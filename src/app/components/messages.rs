//! What lies inside the chosen node, with the calls its API has for it; where nothing is chosen, where each message is.

use decoupled::editor::Command;
use decoupled::services::contract::inside::{Inside, Row, SuggestedCall};
use decoupled::view;
use serde_json::Value;
use web_sys::{HtmlInputElement, HtmlSelectElement, SubmitEvent};
use yew::prelude::*;

use super::journey::followed_by;
use super::redraw::use_redraw_with_facts;
use crate::app::store::{Store, use_store};

/// Rows of the list of all messages.
const ROWS_MAX: usize = 100;

#[component(Messages)]
pub fn messages() -> Html {
    let store = use_store();
    use_redraw_with_facts(&store);
    // The call that was made last: which reply of which run, and of whom it was asked.
    let asked = use_state(|| None::<(usize, u32, String)>);
    let session = store.session();
    let chosen = session.state.selection.single_node().map(str::to_owned);
    let way = session.state.look.as_ref().filter(|(of, _)| Some(of) == chosen.as_ref()).map(|(_, way)| way.clone());
    let way = way.unwrap_or_default();
    let inside = chosen.as_deref().and_then(|id| session.run().node(id)).and_then(|node| {
        let now = session.run().now();
        if way.is_empty() { node.inside(now) } else { node.inside_of(&way, now).or_else(|| node.inside(now)) }
    });
    drop(session);
    let (Some(node), Some(inside)) = (&chosen, inside) else {
        return everywhere(&store, chosen.as_deref());
    };
    let call = {
        let (store, node, asked) = (store.clone(), node.clone(), asked.setter());
        Callback::from(move |call: SuggestedCall| {
            let (at, reply) = {
                let session = store.session();
                (session.player.hand_at(), (session.run().replies().len(), session.run_serial, node.clone()))
            };
            let SuggestedCall { action, input } = call;
            store.dispatch(Command::Call { node: node.clone(), action: action.to_owned(), input, at });
            asked.set(Some(reply));
        })
    };
    html! {
        <div class={classes!("inside", (way.len() > 1).then_some("deep"))} data-testid="inside">
            <CallForm key={format!("call {node}")} calls={inside.calls.clone()} onchoose={call.clone()} />
            { answer(&store, asked.as_ref().filter(|(.., of)| of == node)) }
            if !way.is_empty() {
                { way_back(&store, node, &way) }
            }
            { table(&store, &inside, &call, (node, &way)) }
        </div>
    }
}

/// What the call that was made last got.
fn answer(store: &Store, asked: Option<&(usize, u32, String)>) -> Html {
    let session = store.session();
    let reply =
        asked.filter(|(_, run, _)| *run == session.run_serial).and_then(|(at, ..)| session.run().replies().get(*at));
    let Some(reply) = reply else { return html! {} };
    let (class, text) = match &reply.result {
        None => ("quiet", "waiting for a message …".to_owned()),
        Some(Ok(output)) => ("quiet", format!("answered {output}")),
        Some(Err(error)) => {
            let part = |name: &str| error.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            ("callout", format!("{}: {}", part("Code"), part("Message")))
        }
    };
    html! { <p class={classes!("inside-answer", class)} role="status" title={text.clone()}
    data-testid="inside-answer">{ text }</p> }
}

/// Where one is, and the way out again.
fn way_back(store: &Store, node: &str, way: &[String]) -> Html {
    let step = |depth: usize, name: &str| {
        let (store, node, way) = (store.clone(), node.to_owned(), way[..depth].to_vec());
        let onclick = Callback::from(move |_: MouseEvent| {
            store.dispatch(Command::LookInto { node: node.clone(), way: way.clone() })
        });
        html! { <><button type="button" class="chip" {onclick}>{ name }</button>{ " › " }</> }
    };
    let last = way.len() - 1;
    html! {
        <nav class="inside-way" aria-label="Where one looks" data-testid="inside-way">
            { step(0, node) }
            { for way[..last].iter().enumerate().map(|(depth, name)| step(depth + 1, name)) }
            <strong>{ &way[last] }</strong>
        </nav>
    }
}

fn table(store: &Store, inside: &Inside, call: &Callback<SuggestedCall>, at: (&str, &[String])) -> Html {
    if inside.rows.is_empty() {
        return html! { <p class="quiet">{ "Nothing lies in it." }</p> };
    }
    let beyond = inside.total.saturating_sub(inside.rows.len() as u64);
    html! {
        <>
            <table aria-label="What lies inside">
                <thead><tr>
                    { for inside.columns.iter().map(|name| html! { <th scope="col">{ &**name }</th> }) }
                    <th scope="col">{ "By hand" }</th>
                </tr></thead>
                <tbody>{ for inside.rows.iter().enumerate().map(|(place, row)| line(store, place, row, (call, at))) }</tbody>
            </table>
            if beyond > 0 {
                <p class="quiet">{ format!("… and {} more", view::grouped(beyond)) }</p>
            }
        </>
    }
}

fn line(store: &Store, place: usize, row: &Row, (call, at): (&Callback<SuggestedCall>, (&str, &[String]))) -> Html {
    let button = |suggested: &SuggestedCall| {
        let (made, call) = (suggested.clone(), call.clone());
        let onclick = Callback::from(move |_| call.emit(made.clone()));
        html! {
            <button type="button" class="chip" data-testid={format!("inside-{}", suggested.action)}
                title={suggested.input.to_string()} {onclick}>{ spoken(suggested) }</button>
        }
    };
    html! {
        <tr key={row.token.map_or_else(|| format!("row {place}"), |token| token.to_string())} data-testid="inside-row">
            { for row.cells.iter().enumerate().map(|(index, cell)| {
                let message = row.token.filter(|_| index == 0);
                let shown = message.map_or_else(|| html! { { cell } }, |message| followed_by(store, message, Some(row.hue), cell));
                html! { <td title={cell.clone()}>{ shown }</td> }
            }) }
            <td class="inside-calls">{ for row.opens.iter().map(|name| opener(store, at, name)) }{ for row.calls.iter().map(button) }</td>
        </tr>
    }
}

/// Looks into a row.
fn opener(store: &Store, (node, way): (&str, &[String]), name: &str) -> Html {
    let (store, node) = (store.clone(), node.to_owned());
    let way: Vec<String> = way.iter().cloned().chain([name.to_owned()]).collect();
    let onclick =
        Callback::from(move |_: MouseEvent| store.dispatch(Command::LookInto { node: node.clone(), way: way.clone() }));
    html! { <button type="button" class="chip" data-testid="inside-open" title={format!("Look into {name}")} {onclick}>{ "Look into" }</button> }
}

/// The action, and the numbers that tell two calls of it apart.
fn spoken(call: &SuggestedCall) -> String {
    let values = call.input.as_object().into_iter().flat_map(|input| input.values());
    let numbers = values.filter(|value| value.is_number()).map(|number| format!(" {number}"));
    std::iter::once(call.action.to_owned()).chain(numbers).collect()
}

#[derive(Properties, PartialEq)]
struct CallFormProps {
    calls: Vec<SuggestedCall>,
    onchoose: Callback<SuggestedCall>,
}

/// Any call of the node, its input as JSON to be changed before it is made.
#[component(CallForm)]
fn call_form(props: &CallFormProps) -> Html {
    let store = use_store();
    let chosen = use_state(|| 0_usize);
    // What was typed; until then, what is suggested.
    let typed = use_state(|| None::<String>);
    let Some(call) = props.calls.get(*chosen).or(props.calls.first()) else { return html! {} };
    let text = typed.as_ref().map_or_else(|| call.input.to_string(), String::clone);
    let onchange = {
        let (chosen, typed) = (chosen.setter(), typed.setter());
        Callback::from(move |event: Event| {
            chosen.set(event.target_unchecked_into::<HtmlSelectElement>().selected_index().max(0) as usize);
            typed.set(None);
        })
    };
    let oninput = {
        let typed = typed.setter();
        Callback::from(move |event: InputEvent| {
            typed.set(Some(event.target_unchecked_into::<HtmlInputElement>().value()));
        })
    };
    let onsubmit = {
        let (store, text, action, onchoose) = (store.clone(), text.clone(), call.action, props.onchoose.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            match serde_json::from_str::<Value>(&text) {
                Ok(input) => onchoose.emit(SuggestedCall { action, input }),
                Err(error) => {
                    let text = format!("{action} was not called: its input is not JSON, {error}.");
                    store.dispatch(Command::Say { text, bad: true });
                }
            }
        })
    };
    html! {
        <form class="inside-call" {onsubmit}>
            <span class="select-box">
                <select aria-label="Action" data-testid="inside-action" {onchange}>
                    { for props.calls.iter().enumerate().map(|(index, call)| {
                        html! { <option selected={index == *chosen}>{ call.action }</option> }
                    }) }
                </select>
            </span>
            <span class="input-box">
                <input type="text" aria-label="Input, as JSON" data-testid="inside-input" autocomplete="off"
                    spellcheck="false" value={text} {oninput} />
            </span>
            <button type="submit" class="soft" data-testid="inside-call">{ "Call" }</button>
        </form>
    }
}

/// Every message to be seen, of one node or all.
fn everywhere(store: &Store, node: Option<&str>) -> Html {
    let session = store.session();
    let rows = view::message_rows(session.run(), node, ROWS_MAX);
    let ledger = &session.run().shared().ledger;
    let all = (ledger.travelling + ledger.stored).max(rows.len() as u64);
    let beyond = if node.is_none() { all - rows.len() as u64 } else { 0 };
    if rows.is_empty() {
        let text = match node {
            Some(node) => format!("No message is at {node} now. Choose nothing to see those that are elsewhere."),
            None => "No message is anywhere now.".to_owned(),
        };
        return html! { <p class="quiet" data-testid="no-messages">{ text }</p> };
    }
    html! {
        <div class="inside" data-testid="messages">
            <table aria-label="Messages, the oldest first">
                <thead><tr><th scope="col">{ "Message" }</th><th scope="col">{ "Where" }</th><th scope="col">{ "Body" }</th></tr></thead>
                <tbody>
                    { for rows.iter().map(|row| html! {
                        <tr key={row.token}>
                            <td>{ followed_by(store, row.token, Some(row.hue), &row.name) }</td>
                            <td title={row.place.clone()}>{ &row.place }</td>
                            <td title={row.body.clone()}>{ &row.body }</td>
                        </tr>
                    }) }
                </tbody>
            </table>
            if beyond > 0 && rows.len() == ROWS_MAX {
                <p class="quiet">{ format!("… and {} more", view::grouped(beyond)) }</p>
            }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::app::stage::Stage;

    #[wasm_bindgen_test]
    async fn a_call_by_hand_is_answered_where_it_was_made() {
        let stage = Stage::with(|| html! { <Messages /> }).await;
        let select = Command::Select { nodes: vec!["tasks".to_owned()], links: Vec::new(), add: false };
        stage.store.dispatch(select);
        stage.types("[data-testid=inside-input]", "{").await;
        stage.clicks("[data-testid=inside-call]").await;
        assert!(stage.store.session().state.scene.script.is_empty(), "that is no JSON");
        stage.types("[data-testid=inside-input]", r#"{"MessageBody":"by hand"}"#).await;
        stage.clicks("[data-testid=inside-call]").await;
        assert_eq!(stage.store.session().state.scene.script.len(), 1);
        stage.reads("[data-testid=inside-answer]", "MessageId").await;
    }
}
