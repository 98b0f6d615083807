//! The ways to break what is chosen, now.

use decoupled::editor::Command;
use decoupled::lang::duration::{format_duration, parse_duration};
use decoupled::scene::Subject;
use decoupled::services::{Breakage, Dose};
use serde_json::{Map, Value};
use web_sys::{HtmlInputElement, HtmlSelectElement, SubmitEvent};
use yew::prelude::*;

use super::field_props::complaint;
use crate::app::dom;
use crate::app::store::use_store;

#[derive(Properties, PartialEq)]
pub struct BreakItProps {
    pub subject: Subject,
    pub faults: &'static [&'static Breakage],
}

#[component(BreakIt)]
pub fn break_it(props: &BreakItProps) -> Html {
    let chosen = use_state(|| None::<&'static Breakage>);
    if props.faults.is_empty() {
        return html! {};
    }
    let chip = |fault: &'static Breakage| {
        let open = *chosen == Some(fault);
        let chosen = chosen.setter();
        let onclick = Callback::from(move |_: MouseEvent| chosen.set((!open).then_some(fault)));
        html! {
            <button type="button" class="fault-chip" aria-expanded={open.to_string()} title={fault.help}
                data-testid={format!("break-{}", fault.name)} {onclick}>{ fault.label }</button>
        }
    };
    let done = {
        let chosen = chosen.setter();
        Callback::from(move |()| chosen.set(None))
    };
    html! {
        <section class="break-it" aria-label="Break it" data-testid="break-it">
            <h3>{ "Break it" }</h3>
            <div class="fault-chips">{ for props.faults.iter().copied().map(chip) }</div>
            if let Some(fault) = *chosen {
                <BreakForm key={fault.name} subject={props.subject.clone()} {fault} {done} />
            }
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct BreakFormProps {
    subject: Subject,
    fault: &'static Breakage,
    done: Callback<()>,
}

#[component(BreakForm)]
fn break_form(props: &BreakFormProps) -> Html {
    let store = use_store();
    let (lasting, dose, refused) = (use_node_ref(), use_node_ref(), use_state(|| None::<String>));
    let BreakFormProps { subject, fault, done } = props;
    let fault = *fault;
    let (usual, settings) = fault.usual();
    let onsubmit = {
        let (lasting, dose, refused) = (lasting.clone(), dose.clone(), refused.setter());
        let (subject, done) = (subject.clone(), done.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let text = |field: &NodeRef| {
                let chosen = || field.cast::<HtmlSelectElement>().map(|select| select.value());
                field.cast::<HtmlInputElement>().map(|input| input.value()).or_else(chosen).unwrap_or_default()
            };
            let (lasting, settings) = match read(fault, &text(&lasting), &text(&dose)) {
                Ok(read) => read,
                Err(why) => return refused.set(Some(why)),
            };
            let at = store.session().player.hand_at();
            let (subject, fault) = (subject.clone(), fault.name.to_owned());
            store.dispatch(Command::AddFault { subject, fault, lasting, at, settings });
            done.emit(());
        })
    };
    html! {
        <form class="break-form" {onsubmit}>
            <p class="quiet">{ fault.help }</p>
            if fault.dose != Dose::Once {
                <label>{ "for" }<span class="input-box"><input ref={lasting} value={format_duration(usual)} autocomplete="off" spellcheck="false"
                    aria-label="For how long" title="Empty: for good" data-testid="break-for" /></span></label>
            }
            if let Some(label) = dosed(fault.dose) {
                <label>{ label }<span class="input-box narrow"><input ref={dose.clone()} inputmode="decimal" autocomplete="off" value={percent(&settings)}
                    data-testid="break-dose" /><span class="unit">{ "%" }</span></span></label>
            }
            if fault.dose == Dose::Outage {
                <label>{ "as" }<span class="select-box"><select ref={dose} data-testid="break-outage" title="What its callers see">
                    <option value="" selected=true>{ "usual for it" }</option>
                    { for OUTAGES.map(|(name, label)| html! { <option value={name}>{ label }</option> }) }
                </select></span></label>
            }
            <button type="submit" class="soft danger" data-testid="break-now">{ "Break it now" }</button>
            { complaint(refused.as_ref()) }
        </form>
    }
}

/// What the number of a fault is called.
fn dosed(dose: Dose) -> Option<&'static str> {
    match dose {
        Dose::Part => Some("of what passes"),
        Dose::Time => Some("of the usual time"),
        Dose::Whole | Dose::Once | Dose::Outage => None,
    }
}

/// How an outage may look, by the script's names.
const OUTAGES: [(&str, &str); 3] =
    [("ServerError", "a server error"), ("Refusal", "a refusal"), ("Silence", "no answer")];

/// The number as it stands in the field.
fn percent(settings: &Map<String, Value>) -> String {
    let part = settings.get("Probability").and_then(Value::as_f64).map(|part| part * 100.0);
    let number = part.or_else(|| settings.get("Percent").and_then(Value::as_f64));
    number.unwrap_or_default().to_string()
}

fn read(fault: &Breakage, lasting: &str, dose: &str) -> Result<(u64, Map<String, Value>), String> {
    let lasting = match (fault.dose, lasting.trim()) {
        (Dose::Once, _) | (_, "") => 0,
        (_, text) => parse_duration(text).map_err(|why| format!("For how long: {why}."))?,
    };
    let mut settings = Map::new();
    if fault.dose == Dose::Outage && !dose.is_empty() {
        settings.insert("Outage".to_owned(), dose.into());
    }
    if dosed(fault.dose).is_some() {
        let number = dom::number(dose).ok_or("A number in percent, such as 50.")?;
        match fault.dose {
            Dose::Part if (0.0..=100.0).contains(&number) => {
                settings.insert("Probability".to_owned(), Value::from((number * 100.0).round() / 10_000.0));
            }
            Dose::Part => return Err("A part of what passes lies between 0 and 100 %.".to_owned()),
            _ if (100.0..=100_000.0).contains(&number) => {
                settings.insert("Percent".to_owned(), Value::from(number.round() as u64));
            }
            _ => return Err("Slower is 100 % of the usual time and more, up to 100,000.".to_owned()),
        }
    }
    Ok((lasting, settings))
}
