//! A small Markdown, as far as notes need it: headings, paragraphs, lists, quotes, code, **strong**, *stressed* and
//! links. It gives parts with their texts, never HTML: what looks like a tag is text.

use std::sync::Arc;

use super::steps;

/// Characters of a text: what is beyond is neither read nor drawn.
pub const CHARS_MAX: usize = 10_000;

/// A stretch of text in one style.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    pub text: String,
    pub strong: bool,
    pub stressed: bool,
    pub code: bool,
    /// An address that begins with http, https or mailto.
    pub link: Option<Arc<str>>,
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
    let text = text.char_indices().nth(CHARS_MAX).map_or(text, |(end, _)| &text[..end]);
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
        let mut links = Links::default();
        let mut ticks = None;
        while let Some(first) = text[at..].chars().next() {
            steps::took(1);
            let rest = &text[at..];
            let step = match first {
                '\\' if rest[1..].starts_with(|c: char| c.is_ascii_punctuation()) => {
                    self.plain.push_str(&rest[1..2]);
                    2
                }
                '`' => {
                    let longest = longest_behind(ticks.get_or_insert_with(|| runs_of_ticks(text)), at);
                    self.code(rest, longest, style)
                }
                '[' if depth < DEPTH_MAX && style.link.is_none() => match links.at(text, at) {
                    Some((label, address)) => {
                        let step = label.len() + address.len() + 4;
                        self.within(label, style, &Span { link: Some(address.into()), ..style.clone() }, depth);
                        step
                    }
                    None => 0,
                },
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

    /// Each gives how many bytes it took; none when it is no more than a character. `longest` is the longest run of its
    /// marks further on.
    fn code(&mut self, rest: &str, longest: usize, style: &Span) -> usize {
        let marks = rest.bytes().take_while(|byte| *byte == b'`').count();
        let mark = &rest[..marks];
        let length = if longest >= marks { rest[marks..].find(mark) } else { None };
        let Some(length) = length else {
            self.plain.push_str(mark);
            return marks;
        };
        steps::took(length + 2 * marks);
        self.flush(style);
        let text = rest[marks..marks + length].trim().to_owned();
        if !text.is_empty() {
            self.done.push(Span { text, code: true, ..style.clone() });
        }
        length + 2 * marks
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
        steps::took(found + mark.len());
        let run = text[at..].chars().take_while(|c| *c == sign).count();
        let ends = at > 0 && !text[..at].ends_with(char::is_whitespace);
        let goes_on = mark.starts_with('_') && text[at + run..].starts_with(|c: char| c.is_alphanumeric());
        // In `*a **b** c*` the doubled marks are another's.
        if ends && !goes_on && (run == mark.len() || run == 3) {
            return Some(if run == 3 { at + run - mark.len() } else { at });
        }
        from = at + run;
    }
    steps::took(text.len() - from);
    None
}

/// The next place of something in a text, searched for once however often it is asked for on the way there.
#[derive(Default)]
struct Ahead(Option<(usize, Option<usize>)>);

impl Ahead {
    /// `from` never goes back.
    fn next(&mut self, text: &str, from: usize, find: impl Fn(&str) -> Option<usize>) -> Option<usize> {
        if let Some((_, found)) = self.0.filter(|(_, found)| found.is_none_or(|at| at >= from)) {
            return found;
        }
        let found = find(&text[from..]).map(|at| from + at);
        steps::took(found.unwrap_or(text.len()) - from);
        self.0 = Some((from, found));
        found
    }
}

/// `[label](address)`, wherever it may stand in a text.
#[derive(Default)]
struct Links {
    middle: Ahead,
    end: Ahead,
    line: Ahead,
    space: Ahead,
}

impl Links {
    /// Label and address of the one that begins at a place.
    fn at<'a>(&mut self, text: &'a str, at: usize) -> Option<(&'a str, &'a str)> {
        let middle = self.middle.next(text, at + 1, |text| text.find("]("))?;
        let address = middle + 2;
        let end = self.end.next(text, address, |text| text.find(')'))?;
        let safe = ["http://", "https://", "mailto:"].iter().any(|scheme| text[address..end].starts_with(scheme));
        let breaks = self.line.next(text, at + 1, |text| text.find('\n')).is_some_and(|line| line < middle);
        let space = self.space.next(text, address, |text| text.find(char::is_whitespace));
        let is_link = middle > at + 1 && safe && !breaks && space.is_none_or(|space| space > end);
        is_link.then(|| (&text[at + 1..middle], &text[address..end]))
    }
}

/// Where runs of backticks begin, and how long the longest of those behind each is.
fn runs_of_ticks(text: &str) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut runs: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    while let Some(found) = text[at..].find('`') {
        let length = bytes[at + found..].iter().take_while(|byte| **byte == b'`').count();
        runs.push((at + found, length));
        at += found + length;
    }
    steps::took(text.len());
    let mut longest = 0;
    for (_, length) in runs.iter_mut().rev() {
        longest = longest.max(std::mem::replace(length, longest));
    }
    runs
}

/// Of the run that a place lies in.
fn longest_behind(runs: &[(usize, usize)], at: usize) -> usize {
    let run = runs.partition_point(|(from, _)| *from <= at);
    run.checked_sub(1).map_or(0, |run| runs[run].1)
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
    fn steps_grow_as_the_text_does() {
        let pieces = [
            "*",
            "**a ",
            "_a",
            "__",
            "[",
            "[a](",
            "[](",
            "](",
            "[a](http://b ",
            "[[a](x)",
            "`",
            "``a",
            "`a``b",
            "> ",
            "# ",
            "\\",
            "é*ü_",
            "***a",
            "*a **b ",
            "_*",
            "\\`",
            "[*a*",
            "- \n",
            "```\n",
            "1. a\n",
            "a  \n",
            "*a[b](http://c)`d`",
        ];
        steps::assert_linear(&pieces, 120, |text| {
            for block in text.split("\n\n") {
                let _ = spans(block);
            }
        });
        // Marks of every length, none of which finds a partner.
        let ladder = |longest: usize| (1..longest).rev().map(|length| "`".repeat(length) + " ").collect::<String>();
        let taken = |text: &str| steps::counted(|| drop(spans(text)));
        assert!(taken(&ladder(400)) < 10 * ladder(400).len() as u64);
    }

    #[test]
    fn a_link_in_a_hundred_pieces_holds_its_address_once() {
        let text = format!("[{}](https://{})", "*a* ".repeat(500), "x".repeat(3_000));
        let spans = spans(&text);
        let first = spans[0].link.clone().expect("a link");
        assert!(
            spans.len() > 500
                && spans.iter().all(|span| span.link.as_ref().is_some_and(|one| Arc::ptr_eq(one, &first)))
        );
    }

    #[test]
    fn what_is_beyond_the_bound_is_not_read() {
        for piece in ["*", "**a ", "[a](", "é", "# a\n", "- b\n\n"] {
            let text = piece.repeat(200_000);
            let bounded: String = text.chars().take(CHARS_MAX).collect();
            assert_eq!(parse(&text), parse(&bounded), "{piece}");
        }
    }
}
