//! How wide texts are, before anybody draws them. Fonts differ from screen to screen: these are the widths of the widest
//! of the usual ones, so that what has room here has room everywhere, and a scene is laid out alike for all.

/// Widths of the characters from the space to the tilde, in 200ths of the size.
const WIDTHS: &[u8; 95] = b"\x40\x51\x5c\xa8\x80\xbf\x9c\x37\x4f\x4f\x64\xa8\x40\x49\x40\x44\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x44\x44\xa8\xa8\xa8\x6b\xc8\x89\x8a\x8c\x9a\x7f\x74\x9b\x97\x3b\x3b\x84\x70\xad\x96\x9e\x79\x9e\x8b\x7f\x7b\x93\x89\xc6\x8a\x7b\x8a\x4f\x44\x4f\xa8\x64\x64\x7b\x7f\x6e\x7f\x7c\x47\x7f\x7f\x38\x38\x74\x38\xc3\x7f\x7b\x7f\x7f\x53\x69\x4f\x7f\x77\xa4\x77\x77\x69\x80\x44\x80\xa8";
const MONO_WIDTH: f32 = 0.603;
/// Strong letters are so much wider.
const STRONG: f32 = 1.16;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    Plain,
    Strong,
    Mono,
}

fn char_width(c: char, face: Face) -> f32 {
    let code = u32::from(c);
    match (face, code) {
        // Scripts whose letters are as wide as high.
        (_, 0x1100..0x2000 | 0x2e80..) => 1.0,
        (Face::Mono, _) => MONO_WIDTH,
        (_, 0x20..0x7f) => f32::from(WIDTHS[code as usize - 0x20]) / 200.0,
        // `·`
        (_, 0xb7) => 0.32,
        (_, 0..0x1100 | 0x2010..0x2015) => 0.68,
        _ => 1.0,
    }
}

#[must_use]
pub fn text_width(text: &str, size: f32, face: Face) -> f32 {
    let width: f32 = text.chars().map(|c| char_width(c, face)).sum();
    width * size * if face == Face::Strong { STRONG } else { 1.0 }
}

/// How many bytes of a text fit into a width. Reads no further than that.
#[must_use]
pub fn fitting(text: &str, room: f32, size: f32, face: Face) -> usize {
    let scale = size * if face == Face::Strong { STRONG } else { 1.0 };
    let mut width = 0.0;
    let over = text.char_indices().find(|(_, c)| {
        width += char_width(*c, face) * scale;
        // Sums of fractions differ by the order of their parts.
        width > room + 0.01
    });
    over.map_or(text.len(), |(at, _)| at)
}

/// The text, or as much of its beginning as has room with an ellipsis behind it.
#[must_use]
pub fn elided(text: &str, room: f32, size: f32, face: Face) -> String {
    if fitting(text, room, size, face) == text.len() { text.to_owned() } else { cut(text, room, size, face) }
}

#[inline(never)] // second part
fn cut(text: &str, room: f32, size: f32, face: Face) -> String {
    let end = fitting(text, room - text_width("…", size, face), size, face);
    format!("{}…", text[..end].trim_end())
}

/// A text whose parts stand between dots: what it says last goes first where there is no room.
#[must_use]
pub fn of_parts(text: &str, room: f32, size: f32) -> String {
    let mut shown = text;
    while text_width(shown, size, Face::Plain) > room
        && let Some((before, _)) = shown.rsplit_once(" · ")
    {
        shown = before;
    }
    elided(shown, room, size, Face::Plain)
}

/// A text in lines of that width, broken at spaces where there are some; what more than `most` lines would hold is left
/// out, and the last of them ends with an ellipsis.
#[must_use]
#[inline(never)] // second part
pub fn wrapped(text: &str, room: f32, size: f32, face: Face, most: usize) -> Vec<String> {
    let (mut lines, mut rest) = (Vec::new(), text.trim());
    while !rest.is_empty() {
        let end = fitting(rest, room, size, face);
        if end == rest.len() || lines.len() + 1 == most {
            lines.push(elided(rest, room, size, face));
            break;
        }
        // A space may stand just behind what has room.
        let reach = rest[end..].chars().next().map_or(end, |c| end + c.len_utf8());
        let end = rest[..reach].rfind(' ').filter(|at| *at > 0).unwrap_or(end);
        let end = if end == 0 { reach } else { end };
        lines.push(rest[..end].trim_end().to_owned());
        rest = rest[end..].trim_start();
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_room_stays_whole_and_what_has_none_says_so() {
        let face = Face::Plain;
        let width = text_width("order-events", 13.5, face);
        assert_eq!(elided("order-events", width + 0.1, 13.5, face), "order-events");
        let short = elided("order-events", width - 1.0, 13.5, face);
        assert!(short.ends_with('…') && text_width(&short, 13.5, face) <= width - 1.0, "{short}");
        assert_eq!(elided("漢字漢字", 30.0, 10.0, face), "漢字…");
    }

    #[test]
    fn lines_hold_all_words_and_none_is_too_wide() {
        let text = "detail.state in stopped, terminated, unreasonablyLongWordWithoutAnySpaceInIt";
        let lines = wrapped(text, 100.0, 10.5, Face::Mono, 20);
        assert!(lines.iter().all(|line| text_width(line, 10.5, Face::Mono) <= 100.0), "{lines:?}");
        assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
        let two = wrapped(text, 100.0, 10.5, Face::Mono, 2);
        assert!(two.len() == 2 && two[1].ends_with('…'), "{two:?}");
        assert!(wrapped("", 10.0, 10.0, Face::Plain, 2).is_empty());
        assert_eq!(wrapped("ab", 0.5, 10.0, Face::Plain, 9), ["a", "b"]);
    }
}
