//! Where the words of a note come to lie. The page and a picture of it draw the same lines, so a note's height is known
//! without either.

use crate::figure::{Face as Letters, elided, fitting, text_width};
use crate::lang::markdown::{Block, Span, parse};
use crate::scene::SceneNode;
use crate::services::canvas::note;
use crate::services::whole_number;

const PADDING: f32 = 14.0;
/// Between blocks, and between the items of a list.
const GAP: f32 = 8.0;
const ITEM_GAP: f32 = 3.0;
const INDENT: f32 = 16.0;
const HEIGHT_MIN: f32 = 48.0;
/// A line of text, from its left end on its base line.
#[derive(Clone, Debug, PartialEq)]
pub struct NoteLine {
    pub x: f32,
    pub y: f32,
    pub size: f32,
    /// A heading's line is strong throughout.
    pub heading: bool,
    pub quiet: bool,
    /// Each with where it begins, about.
    pub spans: Vec<(f32, Span)>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct NoteLayout {
    pub width: f32,
    pub height: f32,
    pub lines: Vec<NoteLine>,
    /// Where a rule is drawn from edge to edge.
    pub rules: Vec<f32>,
    /// Grounds under code: from where to where down.
    pub codes: Vec<(f32, f32)>,
}

#[must_use]
pub fn note_width(node: &SceneNode) -> f32 {
    let given = node.properties.get("Width").and_then(whole_number);
    given.map_or(note::WIDTH, |width| width as f32).clamp(note::WIDTH_MIN, note::WIDTH_MAX)
}

/// The text as its author wrote it.
#[must_use]
pub fn note_text(node: &SceneNode) -> &str {
    node.properties.get("Text").and_then(serde_json::Value::as_str).unwrap_or_default()
}

#[must_use]
pub fn note_layout(node: &SceneNode) -> NoteLayout {
    let width = note_width(node);
    let mut writer = Writer { layout: NoteLayout { width, ..NoteLayout::default() }, y: PADDING };
    let mut before = None;
    for block in &parse(note_text(node)) {
        let is_item = matches!(block, Block::Item { .. });
        writer.y += match before {
            None => 0.0,
            Some(true) if is_item => ITEM_GAP,
            Some(_) => GAP,
        };
        writer.block(block);
        before = Some(is_item);
    }
    writer.layout.height = (writer.y + PADDING).max(HEIGHT_MIN);
    writer.layout
}

struct Writer {
    layout: NoteLayout,
    y: f32,
}

/// How a block's lines are set: size, from line to line, from the left.
#[derive(Clone, Copy)]
struct Face {
    size: f32,
    leading: f32,
    x: f32,
    heading: bool,
    quiet: bool,
}

const BODY: Face = Face { size: 12.5, leading: 18.0, x: PADDING, heading: false, quiet: false };

impl Writer {
    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(level, spans) => {
                let (size, leading) =
                    [(17.0, 22.0), (15.0, 20.0)].get(*level as usize - 1).copied().unwrap_or((13.0, 18.0));
                self.wrapped(spans, Face { size, leading, heading: true, ..BODY });
            }
            Block::Paragraph(spans) => self.wrapped(spans, BODY),
            Block::Quote(spans) => self.wrapped(spans, Face { x: PADDING + 10.0, quiet: true, ..BODY }),
            Block::Item { depth, number, spans } => {
                let x = PADDING + INDENT * f32::from(*depth);
                let mark = number.map_or_else(|| "•".to_owned(), |number| format!("{number}."));
                let room = if number.is_some() {
                    INDENT.max(text_width(&mark, BODY.size, Letters::Plain) + 5.0)
                } else {
                    13.0
                };
                let mark = Span { text: mark, ..Span::default() };
                let line = NoteLine {
                    x,
                    y: self.y + 13.0,
                    size: BODY.size,
                    heading: false,
                    quiet: true,
                    spans: vec![(x, mark)],
                };
                self.layout.lines.push(line);
                self.wrapped(spans, Face { x: x + room, ..BODY });
            }
            Block::Code(text) => self.code(text),
            Block::Rule => {
                self.layout.rules.push(self.y + 4.0);
                self.y += 8.0;
            }
        }
    }

    fn line(&mut self, face: Face, spans: Vec<(f32, Span)>) {
        let Face { size, leading, x, heading, quiet } = face;
        let y = self.y + leading / 2.0 + size * 0.36;
        self.layout.lines.push(NoteLine { x, y, size, heading, quiet, spans });
        self.y += leading;
    }

    /// Lines of code are cut where the paper ends.
    fn code(&mut self, text: &str) {
        let face = Face { size: 11.0, leading: 16.0, x: PADDING + 6.0, ..BODY };
        let from = self.y;
        self.y += 5.0;
        let room = self.layout.width - 2.0 * face.x;
        for line in text.lines() {
            let text = elided(line, room, face.size, Letters::Mono);
            self.line(face, vec![(face.x, Span { text, code: true, ..Span::default() })]);
        }
        self.y += 5.0;
        self.layout.codes.push((from, self.y));
    }

    fn wrapped(&mut self, spans: &[Span], face: Face) {
        let right = self.layout.width - PADDING;
        let (mut line, mut x): (Vec<(f32, Span)>, f32) = (Vec::new(), face.x);
        for span in spans {
            for (index, part) in span.text.split('\n').enumerate() {
                if index > 0 {
                    self.line(face, std::mem::take(&mut line));
                    x = face.x;
                }
                // As they are drawn.
                let (size, letters) = match span {
                    Span { code: true, .. } => (face.size - 1.0, Letters::Mono),
                    Span { strong, .. } if *strong || face.heading => (face.size, Letters::Strong),
                    _ => (face.size, Letters::Plain),
                };
                for word in part.split_inclusive(' ') {
                    for word in pieces(word, (right - face.x).max(20.0), size, letters) {
                        let bare = text_width(word.trim_end(), size, letters);
                        if x + bare > right && !line.is_empty() {
                            self.line(face, std::mem::take(&mut line));
                            x = face.x;
                        }
                        put(&mut line, x, span, word);
                        x += text_width(word, size, letters);
                    }
                }
            }
        }
        self.line(face, line);
    }
}

/// A word, or what fits of one that is longer than a line, again and again.
fn pieces(word: &str, room: f32, size: f32, letters: Letters) -> Vec<&str> {
    let (mut parts, mut from, bare) = (Vec::new(), 0, word.trim_end().len());
    loop {
        let rest = &word[from..];
        let end = fitting(rest, room, size, letters);
        if from + end >= bare {
            parts.push(rest);
            return parts;
        }
        let end = if end == 0 { rest.chars().next().map_or(rest.len(), char::len_utf8) } else { end };
        parts.push(&rest[..end]);
        from += end;
    }
}

/// Appends a word, to the span before it where that has the same style.
fn put(line: &mut Vec<(f32, Span)>, x: f32, style: &Span, word: &str) {
    if word.is_empty() {
        return;
    }
    if let Some((_, last)) = line.last_mut()
        && (last.strong, last.stressed, last.code) == (style.strong, style.stressed, style.code)
        && last.link == style.link
    {
        return last.text.push_str(word);
    }
    line.push((x, Span { text: word.to_owned(), ..style.clone() }));
}
