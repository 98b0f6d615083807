//! Markdown as elements, never as HTML text.

use decoupled::lang::markdown::{Block, Span, parse};
use yew::prelude::*;

pub fn markdown(text: &str) -> Html {
    let blocks = parse(text);
    let is_item = |block: &Block| matches!(block, Block::Item { .. });
    let runs = blocks.chunk_by(|one, two| is_item(one) && is_item(two));
    runs.map(|run| if is_item(&run[0]) { list(run) } else { block(&run[0]) }).collect()
}

/// Items deeper than the first are set in, not nested: a screen reader hears one list.
fn list(items: &[Block]) -> Html {
    let item = |block: &Block| {
        let Block::Item { depth, number, spans } = block else { return html! {} };
        let class = (*depth > 0).then_some("deeper");
        html! { <li {class} value={number.map(|number| number.to_string())}>{ inline(spans) }</li> }
    };
    match &items[0] {
        Block::Item { number: Some(_), .. } => html! { <ol>{ for items.iter().map(item) }</ol> },
        _ => html! { <ul>{ for items.iter().map(item) }</ul> },
    }
}

fn block(block: &Block) -> Html {
    match block {
        Block::Heading(_, spans) => html! { <h4>{ inline(spans) }</h4> },
        Block::Paragraph(spans) | Block::Item { spans, .. } => html! { <p>{ inline(spans) }</p> },
        Block::Quote(spans) => html! { <blockquote>{ inline(spans) }</blockquote> },
        Block::Code(text) => html! { <pre><code>{ text }</code></pre> },
        Block::Rule => html! { <hr /> },
    }
}

fn inline(spans: &[Span]) -> Html {
    spans
        .iter()
        .map(|span| {
            let mut html = html! { { &span.text } };
            if span.code {
                html = html! { <code>{ html }</code> };
            }
            if span.stressed {
                html = html! { <em>{ html }</em> };
            }
            if span.strong {
                html = html! { <strong>{ html }</strong> };
            }
            match &span.link {
                Some(link) => {
                    html! { <a href={link.to_string()} target="_blank" rel="noopener noreferrer">{ html }</a> }
                }
                None => html,
            }
        })
        .collect()
}
