//! How well what is shown is known, in small green or amber text, with the link.

use decoupled::services::{Property, Strength};
use yew::prelude::*;

use super::fact_number::FactNumber;

fn class(strength: Strength) -> &'static str {
    match strength {
        Strength::Documented => "strength documented",
        Strength::Observed => "strength observed",
        Strength::Simplified => "strength simplified",
    }
}

fn word(strength: Strength) -> &'static str {
    match strength {
        Strength::Documented => "documented",
        Strength::Observed => "observed",
        Strength::Simplified => "simplified",
    }
}

fn mark(strength: Strength, link: &'static str) -> Html {
    if link.is_empty() {
        return html! { <span class={class(strength)}>{ word(strength) }</span> };
    }
    html! { <a class={class(strength)} href={link} target="_blank" rel="noreferrer">{ word(strength) }</a> }
}

/// Behind a property's help.
pub fn of_property(property: &'static Property, link: &'static str) -> Html {
    mark(property.strength, link)
}

/// Under a form: every fact it rests on, by strength.
pub fn of_form(properties: &'static [Property], link: &'static str) -> Html {
    let line = |strength: Strength| {
        let mut facts: Vec<&'static str> = Vec::new();
        for property in properties.iter().filter(|property| property.strength == strength) {
            if !property.fact.is_empty() && !facts.contains(&property.fact) {
                facts.push(property.fact);
            }
        }
        let any = properties.iter().any(|property| property.strength == strength);
        let of = word(strength);
        let fact = |number: &'static str| html! { <span key={number}>{ " · " }<FactNumber {number} {of} /></span> };
        any.then(|| html! { <p>{ mark(strength, link) }{ for facts.into_iter().map(fact) }</p> })
    };
    html! {
        <div class="provenance">
            { for [Strength::Documented, Strength::Observed, Strength::Simplified].into_iter().filter_map(line) }
        </div>
    }
}

/// What is refused, and why.
pub fn not_modelled(list: &'static [(&'static str, &'static str)]) -> Html {
    if list.is_empty() {
        return html! {};
    }
    html! {
        <details class="not-modelled" data-testid="not-modelled">
            <summary>{ format!("Not modelled ({})", list.len()) }</summary>
            <dl>
                { for list.iter().map(|(name, why)| html! { <div key={*name}><dt>{ name }</dt><dd>{ why }</dd></div> }) }
            </dl>
        </details>
    }
}
