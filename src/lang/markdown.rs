//! A small Markdown, as far as notes need it: headings, paragraphs, lists, quotes, code, **strong**, *stressed* and
//! links. It gives parts with their texts, never HTML: what looks like a tag is text.

/// A stretch of text in one style.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    pub text: String,
    pub strong: bool,
    pub stressed: bool,
    pub code: bool,
    /// An address that begins with http, https or mailto.
    pub link: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// 1 to 6.
    Heading(u8, Vec<Span>),
    Paragraph(Vec<Span>),
    /// One item of a list; a number where the list has them.
    Item {
        depth: u8,
        number: Option<u32>,
        spans: Vec<Span>,
    },
    Quote(Vec<Span>),
    Code(String),
    Rule,
}

/// Styles within styles beyond this are taken as they are written.
const DEPTH_MAX: u8 = 8;
const ITEM_DEPTH_MAX: u8 = 5;

#[must_use]
pub fn parse(text: &str) -> Vec<Block> {
    let (mut blocks, mut open) = (Vec::new(), None);
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let bare = line.trim();
        if bare.starts_with("```") {
            close(&mut open, &mut blocks);
            let code: Vec<&str> = lines.by_ref().take_while(|line| !line.trim().starts_with("```")).collect();
            blocks.push(Block::Code(code.join("\n")));
        } else if bare.is_empty() {
            close(&mut open, &mut blocks);
        } else if let Some(begun) = begins(line) {
            close(&mut open, &mut blocks);
            match begun.kind {
                Kind::Rule => blocks.push(Block::Rule),
                // A heading is one line.
                Kind::Heading(_) => close(&mut Some(begun), &mut blocks),
                _ => open = Some(begun),
            }
        } else {
            let broken = line.ends_with("  ");
            let open = open.get_or_insert_with(|| Open { kind: Kind::Paragraph, text: String::new() });
            if !open.text.is_empty() && !open.text.ends_with('\n') {
                open.text.push(' ');
            }
            open.text.push_str(bare);
            if broken {
                open.text.push('\n');
            }
        }
    }
    close(&mut open, &mut blocks);
    blocks
}

enum Kind {
    Heading(u8),
    Paragraph,
    Item(u8, Option<u32>),
    Quote,
    Rule,
}

/// A block whose lines are still coming.
struct Open {
    kind: Kind,
    text: String,
}

fn close(open: &mut Option<Open>, blocks: &mut Vec<Block>) {
    let Some(Open { kind, text }) = open.take() else { return };
    let spans = spans(text.trim());
    blocks.push(match kind {
        Kind::Heading(level) => Block::Heading(level, spans),
        Kind::Paragraph | Kind::Rule => Block::Paragraph(spans),
        Kind::Item(depth, number) => Block::Item { depth, number, spans },
        Kind::Quote => Block::Quote(spans),
    });
}

/// The block that a line begins by its first characters.
fn begins(line: &str) -> Option<Open> {
    let bare = line.trim_start();
    let depth = u8::try_from((line.len() - bare.len()) / 2).unwrap_or(u8::MAX).min(ITEM_DEPTH_MAX);
    let some = |kind, text: &str| Some(Open { kind, text: text.trim().to_owned() });
    let hashes = bare.bytes().take_while(|byte| *byte == b'#').count();
    if (1..=6).contains(&hashes) && bare[hashes..].starts_with([' ', '\t']) {
        return some(Kind::Heading(hashes as u8), bare[hashes..].trim_end().trim_end_matches('#'));
    }
    let dashes = bare.trim_end();
    if dashes.len() >= 3 && ["-", "*", "_"].iter().any(|mark| dashes.replace(mark, "").is_empty()) {
        return some(Kind::Rule, "");
    }
    if let Some(rest) = ["- ", "* ", "+ "].iter().find_map(|mark| bare.strip_prefix(mark)) {
        return some(Kind::Item(depth, None), rest);
    }
    if let Some(rest) = bare.strip_prefix('>') {
        return some(Kind::Quote, rest);
    }
    let digits = bare.bytes().take_while(u8::is_ascii_digit).count();
    let rest = bare[digits..].strip_prefix(['.', ')']).filter(|rest| rest.starts_with(' '))?;
    let number = bare[..digits].parse().ok().filter(|_| digits <= 9)?;
    some(Kind::Item(depth, Some(number)), rest)
}

/// The styled parts of a line of text.
#[must_use]
pub fn spans(text: &str) -> Vec<Span> {
    let mut writer = Writer::default();
    writer.inline(text, &Span::default(), 0);
    writer.flush(&Span::default());
    writer.done
}

#[derive(Default)]
struct Writer {
    done: Vec<Span>,
    plain: String,
}

impl Writer {
    fn flush(&mut self, style: &Span) {
        if !self.plain.is_empty() {
            self.done.push(Span { text: std::mem::take(&mut self.plain), ..style.clone() });
        }
    }

    /// Writes what stands between two marks, in a style of its own.
    fn within(&mut self, text: &str, outer: &Span, style: &Span, depth: u8) {
        self.flush(outer);
        self.inline(text, style, depth + 1);
        self.flush(style);
    }

    fn inline(&mut self, text: &str, style: &Span, depth: u8) {
        let mut at = 0;
        // A mark that finds no partner once finds none further on.
        let mut lonely = Vec::new();
        while let Some(first) = text[at..].chars().next() {
            let rest = &text[at..];
            let step = match first {
                '\\' if rest[1..].starts_with(|c: char| c.is_ascii_punctuation()) => {
                    self.plain.push_str(&rest[1..2]);
                    2
                }
                '`' => self.code(rest, style),
                '[' if depth < DEPTH_MAX && style.link.is_none() => self.link(rest, style, depth),
                '*' | '_' if depth < DEPTH_MAX => {
                    let after_word = text[..at].ends_with(|c: char| c.is_alphanumeric());
                    self.emphasis(rest, after_word, style, depth, &mut lonely)
                }
                _ => 0,
            };
            if step == 0 {
                self.plain.push(first);
            }
            at += if step == 0 { first.len_utf8() } else { step };
        }
    }

    /// Each gives how many bytes it took; none when it is no more than a character.
    fn code(&mut self, rest: &str, style: &Span) -> usize {
        let marks = rest.bytes().take_while(|byte| *byte == b'`').count();
        let mark = &rest[..marks];
        let Some(length) = rest[marks..].find(mark) else {
            self.plain.push_str(mark);
            return marks;
        };
        self.flush(style);
        let text = rest[marks..marks + length].trim().to_owned();
        if !text.is_empty() {
            self.done.push(Span { text, code: true, ..style.clone() });
        }
        length + 2 * marks
    }

    fn link(&mut self, rest: &str, style: &Span, depth: u8) -> usize {
        let Some((label, behind)) = rest[1..].split_once("](") else { return 0 };
        let Some((address, _)) = behind.split_once(')') else { return 0 };
        let safe = ["http://", "https://", "mailto:"].iter().any(|scheme| address.starts_with(scheme));
        if label.is_empty() || !safe || label.contains('\n') || address.contains(char::is_whitespace) {
            return 0;
        }
        self.within(label, style, &Span { link: Some(address.to_owned()), ..style.clone() }, depth);
        label.len() + address.len() + 4
    }

    fn emphasis(
        &mut self,
        rest: &str,
        after_word: bool,
        style: &Span,
        depth: u8,
        lonely: &mut Vec<&'static str>,
    ) -> usize {
        let Some(mark) = ["**", "__", "*", "_"].into_iter().find(|mark| rest.starts_with(mark)) else { return 0 };
        let inner = &rest[mark.len()..];
        let opens = !(inner.starts_with(char::is_whitespace) || mark.starts_with('_') && after_word);
        if !opens || lonely.contains(&mark) {
            return if mark.len() == 2 { self.literal(mark) } else { 0 };
        }
        let Some(length) = partner(inner, mark) else {
            lonely.push(mark);
            return if mark.len() == 2 { self.literal(mark) } else { 0 };
        };
        let strong = mark.len() == 2;
        let inside = Span { strong: style.strong || strong, stressed: style.stressed || !strong, ..style.clone() };
        self.within(&inner[..length], style, &inside, depth);
        length + 2 * mark.len()
    }

    fn literal(&mut self, mark: &str) -> usize {
        self.plain.push_str(mark);
        mark.len()
    }
}

/// Where the mark stands again that ends what it began.
fn partner(text: &str, mark: &str) -> Option<usize> {
    let sign = mark.chars().next()?;
    let mut from = 0;
    while let Some(found) = text[from..].find(mark) {
        let at = from + found;
        let run = text[at..].chars().take_while(|c| *c == sign).count();
        let ends = at > 0 && !text[..at].ends_with(char::is_whitespace);
        let goes_on = mark.starts_with('_') && text[at + run..].starts_with(|c: char| c.is_alphanumeric());
        // In `*a **b** c*` the doubled marks are another's.
        if ends && !goes_on && (run == mark.len() || run == 3) {
            return Some(if run == 3 { at + run - mark.len() } else { at });
        }
        from = at + run;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `b` strong, `i` stressed, `c` code, `>` a link.
    fn short(text: &str) -> String {
        let mark = |span: &Span| {
            let on = [(span.strong, "b"), (span.stressed, "i"), (span.code, "c"), (span.link.is_some(), ">")];
            let marks: String = on.iter().filter(|(on, _)| *on).map(|(_, mark)| *mark).collect();
            format!("{marks}[{}]", span.text)
        };
        spans(text).iter().map(mark).collect()
    }

    #[test]
    fn styles_nest_and_what_has_no_partner_stays() {
        assert_eq!(short("a **b** *c* `d*e`"), "[a ]b[b][ ]i[c][ ]c[d*e]");
        assert_eq!(short("**a *b* c**"), "b[a ]bi[b]b[ c]");
        assert_eq!(short("*a **b** c*"), "i[a ]bi[b]i[ c]");
        assert_eq!(short("***a***"), "bi[a]");
        assert_eq!(short("2 * 3 * 4, snake_case_name, **open"), "[2 * 3 * 4, snake_case_name, **open]");
        assert_eq!(short("\\*a\\* `open"), "[*a* `open]");
    }

    #[test]
    fn a_link_is_one_to_the_web_alone() {
        assert_eq!(short("see [**this**](https://a.b/c)."), "[see ]b>[this][.]");
        for text in ["[x](javascript:alert(1))", "[x](data:text/html,y)", "[x]", "[](https://a)", "<b>x</b>"] {
            assert_eq!(short(text), format!("[{text}]"));
        }
    }

    #[test]
    fn blocks_are_told_by_how_they_begin() {
        let text = "# T #\none\ntwo  \nthree\n\n- a\n  - b\n    c\n2. d\n> q\n---\n```\n# no\n  code\n```\n#nor";
        let plain = |spans: &[Span]| spans.iter().map(|span| &*span.text).collect::<String>();
        let told: Vec<String> = parse(text)
            .iter()
            .map(|block| match block {
                Block::Heading(level, spans) => format!("h{level} {}", plain(spans)),
                Block::Paragraph(spans) => format!("p {}", plain(spans)),
                Block::Item { depth, number, spans } => format!("{depth}{number:?} {}", plain(spans)),
                Block::Quote(spans) => format!("> {}", plain(spans)),
                Block::Code(text) => format!("code {text}"),
                Block::Rule => "rule".to_owned(),
            })
            .collect();
        let expected = ["h1 T", "p one two\nthree", "0None a", "1None b c", "0Some(2) d", "> q", "rule"];
        assert_eq!(told[..7], expected);
        assert_eq!(told[7..], ["code # no\n  code", "p #nor"]);
    }

    #[test]
    fn hostile_text_is_read_in_time_and_nothing_of_it_is_lost() {
        for piece in ["*", "**a ", "_a", "[", "[a](", "`", "``a", "> ", "# ", "\\", "é*ü_"] {
            let text = piece.repeat(4_000);
            let blocks = parse(&text);
            assert!(!blocks.is_empty() && blocks.len() < 5_000, "{piece}");
        }
    }
}
