//! `fidelity.html`: every fact for whoever wants to know how true the playground is, by service, each at an address of
//! its own. It can be read without its script, which only filters.

use std::collections::BTreeMap;

use super::{Fact, Sheet, Strength};

const HEAD: &str = r#"<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="description" content="Every behaviour of AWS that Decoupled shows: what it is, who says so, and how it is modelled.">
    <title>How true is it? Decoupled</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="fidelity.css">
    <script src="fidelity.js" defer></script>
  </head>
  <body>
    <header class="mast">
      <p><a href="./">Decoupled</a> <span aria-hidden="true">·</span> Fidelity</p>
    </header>
    <main>
      <h1>How true is it?</h1>
      <p class="lead">
        What you see in Decoupled is what AWS does, fact by fact. Each fact has a number, which the inspector and the code name,
        its sources, and a sentence about how it is modelled; experiments are set-ups whose outcome follows from the facts.
        Conformance cases play them and hold every build against them.
      </p>
"#;

const FOOT: &str = r#"    </main>
    <footer>
      <p>
        AWS’s product names are its own; this project is not AWS’s. Quotas differ by Region and account, and change: what
        counts for you is what AWS says today.
      </p>
    </footer>
  </body>
</html>
"#;

/// What is not modelled has this word in place of a strength.
const NOT_MODELLED: &str = "not modelled";

pub fn page(sheets: &[Sheet], cases: &BTreeMap<String, usize>) -> String {
    let sections: String = sheets.iter().map(|sheet| section(sheet, cases)).collect();
    [HEAD, &legend(), &counts(sheets), &filter(sheets), &sections, FOOT].concat()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// What stands between backquotes is code.
fn prose(text: &str) -> String {
    let parts = text.split('`').enumerate();
    parts
        .map(|(at, part)| if at % 2 == 1 { format!("<code>{}</code>", escaped(part)) } else { escaped(part) })
        .collect()
}

/// The sheet's place on the page.
fn anchor(sheet: &Sheet) -> String {
    sheet.about.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-").replace("--", "-")
}

fn badge(word: &str) -> String {
    format!("<span class=\"strength {}\">{word}</span>", word.replace(' ', "-"))
}

fn legend() -> String {
    let lines = [
        (Strength::Documented.name(), "AWS’s documentation says so, or the code that AWS publishes."),
        (
            Strength::Observed.name(),
            "It was seen on AWS, mostly in recordings of LocalStack’s tests; the documentation leaves it open, or says otherwise.",
        ),
        (Strength::Simplified.name(), "AWS publishes no number or leaves it open: this is our model."),
        (NOT_MODELLED, "It is true of AWS and left out here; the reason stands with it."),
    ];
    let line = |(word, text): (&str, &str)| format!("        <div><dt>{}</dt><dd>{text}</dd></div>\n", badge(word));
    format!("      <dl class=\"legend\">\n{}      </dl>\n", lines.into_iter().map(line).collect::<String>())
}

fn counts(sheets: &[Sheet]) -> String {
    let row = |sheet: &Sheet| {
        let count = |wanted: &dyn Fn(&Fact) -> bool| sheet.facts.iter().filter(|fact| wanted(fact)).count();
        let strengths =
            Strength::ALL.map(|strength| count(&|fact| fact.modelled.is_some() && fact.strength == strength));
        let experiments = count(&Fact::is_experiment);
        let left_out = count(&|fact| fact.not_modelled.is_some());
        let numbers = [sheet.facts.len() - experiments, experiments].into_iter().chain(strengths).chain([left_out]);
        let cells: String = numbers.map(|number| format!("<td>{number}</td>")).collect();
        let (anchor, about) = (anchor(sheet), escaped(&sheet.about));
        format!("            <tr><th scope=\"row\"><a href=\"#{anchor}\">{about}</a></th>{cells}</tr>\n")
    };
    let words = Strength::ALL.map(Strength::name).into_iter().chain([NOT_MODELLED]);
    let heads: String = ["facts", "experiments"]
        .into_iter()
        .chain(words)
        .map(|word| format!("<th scope=\"col\">{word}</th>"))
        .collect();
    let rows: String = sheets.iter().map(row).collect();
    format!(
        "      <div class=\"counts\" role=\"region\" aria-label=\"Facts of each service\" tabindex=\"0\">\n        <table>\n          \
         <thead>\n            <tr><th scope=\"col\">about</th>{heads}</tr>\n          </thead>\n          <tbody>\n{rows}          \
         </tbody>\n        </table>\n      </div>\n"
    )
}

fn filter(sheets: &[Sheet]) -> String {
    let all: usize = sheets.iter().map(|sheet| sheet.facts.len()).sum();
    format!(
        "      <form class=\"filter\" role=\"search\" aria-label=\"Facts\" hidden>\n        \
         <label for=\"filter\">Filter</label>\n        \
         <input id=\"filter\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\" placeholder=\"visibility, SQS-16, simplified\">\n        \
         <p id=\"found\" role=\"status\">{all} facts</p>\n      </form>\n"
    )
}

fn section(sheet: &Sheet, cases: &BTreeMap<String, usize>) -> String {
    let (experiments, facts): (Vec<&Fact>, Vec<&Fact>) = sheet.facts.iter().partition(|fact| fact.is_experiment());
    let group = |title: &str, facts: &[&Fact]| {
        if facts.is_empty() {
            return String::new();
        }
        let all: String = facts.iter().map(|fact| article(fact, cases.get(&fact.number).copied())).collect();
        format!("        <section class=\"group\">\n          <h3>{title}</h3>\n{all}        </section>\n")
    };
    format!(
        "      <section class=\"sheet\" id=\"{}\">\n        <h2>{}</h2>\n{}{}      </section>\n",
        anchor(sheet),
        escaped(&sheet.about),
        group("Facts", &facts),
        group("Experiments", &experiments)
    )
}

fn article(fact: &Fact, cases: Option<usize>) -> String {
    let number = &fact.number;
    let (word, here) = match fact.modelled {
        Some(_) => (fact.strength.name(), "Here"),
        None => (NOT_MODELLED, "Why not"),
    };
    let source = |(name, address): (String, Option<&str>)| match address {
        Some(address) => format!("<a href=\"{}\" rel=\"noreferrer\">{}</a>", escaped(address), escaped(&name)),
        None => escaped(&name),
    };
    let sources: Vec<String> = fact.named_sources().into_iter().map(source).collect();
    let held = match (cases, &fact.test) {
        (Some(1), _) => " · 1 case".to_owned(),
        (Some(count), _) => format!(" · {count} cases"),
        (None, Some(test)) => format!(" · held by <code>{}</code>", escaped(test)),
        (None, None) => String::new(),
    };
    format!(
        "          <article class=\"fact\" id=\"{number}\">\n            \
         <h4><a href=\"#{number}\">{number}</a> {}</h4>\n            <p>{}</p>\n            \
         <p class=\"how\"><strong>{here}:</strong> {}</p>\n            <p class=\"from\">{}{held}</p>\n          </article>\n",
        badge(word),
        prose(&fact.sentence),
        prose(fact.how()),
        sources.join(", "),
    )
}

#[test]
fn code_and_marks_of_html_are_kept_apart() {
    assert_eq!(prose("a `b<c>` & d"), "a <code>b&lt;c&gt;</code> &amp; d");
}
