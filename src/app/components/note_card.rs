//! A Markdown note as a sheet of paper. Its lines are laid out by the library, so that a picture has the same.

use std::sync::Arc;

use decoupled::editor::{Command, Mode, NoteLine, note_layout, note_text};
use decoupled::lang::markdown::{self, Span};
use decoupled::scene::SceneNode;
use decoupled::view;
use serde_json::Value;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::node_card::lock_mark;
use crate::app::dom;
use crate::app::store::{Store, use_store};

/// Room to write in, however short the note is.
const WRITING_HEIGHT_MIN: f32 = 140.0;

#[derive(Clone, Properties)]
pub struct NoteCardProps {
    pub node: Arc<SceneNode>,
    pub selected: bool,
    /// Its text is being written.
    pub writing: bool,
}

impl PartialEq for NoteCardProps {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.node, &other.node) && (self.selected, self.writing) == (other.selected, other.writing)
    }
}

#[component(NoteCard)]
pub fn note_card(props: &NoteCardProps) -> Html {
    let store = use_store();
    let node = &*props.node;
    let (card, layout) = (view::card_rect(node), note_layout(node));
    let (width, height) = (card.width, if props.writing { card.height.max(WRITING_HEIGHT_MIN) } else { card.height });
    let class = classes!("node", "note", props.selected.then_some("selected"));
    let text = note_text(node);
    let shown: String = text.chars().take(markdown::CHARS_MAX).collect();
    let empty = text.trim().is_empty() && !props.writing;
    html! {
        <g {class} data-node={node.id.clone()} data-testid={format!("node-{}", node.id)} tabindex="0" role="group"
            aria-current={props.selected.then_some("true")} aria-label={format!("{}, {}: {shown}", node.id, node.kind.spec().name)}
            data-colour={view::note_colour(node).to_owned()} transform={format!("translate({} {})", card.x, card.y)}>
            <rect class="card-shadow" x="0" y="1.5" width={width.to_string()} height={height.to_string()} rx="6" />
            <rect class="card paper" width={width.to_string()} height={height.to_string()} rx="6" />
            if props.writing {
                <NoteEditor id={node.id.clone()} text={text.to_owned()} {width} {height} />
            } else {
                { for layout.codes.iter().map(|(from, to)| html! {
                    <rect class="note-code" x="10" y={from.to_string()} width={(width - 20.0).to_string()}
                        height={(to - from).to_string()} rx="4" />
                }) }
                { for layout.rules.iter().map(|at| html! {
                    <path class="note-rule" d={format!("M14 {at}H{}", width - 14.0)} />
                }) }
                { for layout.lines.iter().map(|note_line| line(&store, note_line)) }
            }
            if empty {
                <text class="note-line quiet" x="14" y="30" font-size="12.5">{ "Double-click to write" }</text>
            }
            if node.locked {
                { lock_mark(width, height) }
            }
        </g>
    }
}

fn line(store: &Store, line: &NoteLine) -> Html {
    let class = classes!("note-line", line.heading.then_some("heading"), line.quiet.then_some("quiet"));
    html! {
        <text {class} x={line.x.to_string()} y={line.y.to_string()} font-size={line.size.to_string()}>
            { for line.spans.iter().map(|(_, span)| stretch(store, span)) }
        </text>
    }
}

fn stretch(store: &Store, span: &Span) -> Html {
    let class = classes!(
        span.strong.then_some("strong"),
        span.stressed.then_some("stressed"),
        span.code.then_some("code"),
        span.link.is_some().then_some("linked")
    );
    let text = html! { <tspan {class}>{ &span.text }</tspan> };
    let Some(link) = &span.link else { return text };
    // A click on a note chooses it: only who means it leaves the page by it.
    let store = store.clone();
    let onclick = Callback::from(move |event: MouseEvent| {
        let edits = store.session().state.mode == Mode::Edit;
        if edits && !event.ctrl_key() && !event.meta_key() {
            event.prevent_default();
        }
    });
    html! {
        <a href={link.to_string()} target="_blank" rel="noopener noreferrer" draggable="false" tabindex="-1" {onclick}>
            <title>{ format!("{link} (with Ctrl)") }</title>
            { text }
        </a>
    }
}

#[derive(Properties, PartialEq)]
struct NoteEditorProps {
    id: String,
    text: String,
    width: f32,
    height: f32,
}

/// Ends when it is left; what was written then is one step.
#[component(NoteEditor)]
fn note_editor(props: &NoteEditorProps) -> Html {
    let store = use_store();
    let field = use_node_ref();
    {
        let field = field.clone();
        use_effect_with((), move |()| {
            if let Some(field) = field.cast::<HtmlTextAreaElement>() {
                dom::focus(&field);
                let end = field.value().encode_utf16().count() as u32;
                let _ = field.set_selection_range(end, end);
            }
        });
    }
    let onblur = {
        let (id, before) = (props.id.clone(), props.text.clone());
        Callback::from(move |event: FocusEvent| {
            let text = event.target_unchecked_into::<HtmlTextAreaElement>().value();
            if text != before {
                let (id, name) = (id.clone(), "Text".to_owned());
                store.dispatch(Command::SetProperty { id, name, value: Some(Value::String(text)) });
            }
            store.dispatch(Command::Write { note: None });
        })
    };
    html! {
        <foreignObject width={props.width.to_string()} height={props.height.to_string()} data-over="note">
            <div class="note-field" xmlns="http://www.w3.org/1999/xhtml">
            <textarea class="note-writing" ref={field} data-testid="note-text" aria-label="Text of the note"
                spellcheck="false" maxlength="10000" {onblur} value={props.text.clone()} />
            </div>
        </foreignObject>
    }
}
