//! A display list as SVG: one file that needs nothing else. Text is text, whatever it says: no script, no style, no
//! address of another file is ever written.

use super::primitive::{Anchor, Ink, Primitive, Shape};

const SANS: &str = "Inter, ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif";
const MONO: &str = "ui-monospace, 'SF Mono', 'JetBrains Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace";

/// What a picture is called and how large it is: left, top, width, height in canvas units.
#[derive(Clone, Copy, Debug)]
pub struct Frontispiece<'a> {
    pub title: &'a str,
    pub described: &'a str,
    pub bounds: (f32, f32, f32, f32),
}

/// A drawing in the making: what is pushed later lies above.
pub struct Svg<'a> {
    body: String,
    colour: &'a dyn Fn(Ink) -> String,
}

/// A message, as a picture shows it.
#[derive(Clone, Copy, Debug)]
pub struct TokenMark {
    pub at: (f32, f32),
    pub radius: f32,
    pub hue: u8,
    pub shape: Shape,
    pub ring: Option<f32>,
    pub opacity: f32,
    pub poisoned: bool,
}

impl<'a> Svg<'a> {
    /// `colour` says what each ink is, as CSS writes colours.
    #[must_use]
    pub fn new(colour: &'a dyn Fn(Ink) -> String) -> Self {
        Self { body: String::new(), colour }
    }

    /// A group that says what it is to those who do not see it.
    pub fn begin_group(&mut self, title: &str) {
        self.body += &format!("<g><title>{}</title>\n", escaped(title));
    }

    pub fn end_group(&mut self) {
        self.body += "</g>\n";
    }

    pub fn push(&mut self, primitive: &Primitive) {
        match primitive {
            Primitive::Rect { x, y, width, height, radius, fill, stroke } => {
                let paint = self.paint(*fill, *stroke, 1.0);
                let [x, y, width, height, radius] = [x, y, width, height, radius].map(|length| number(*length));
                self.body += &format!(
                    "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{radius}\"{paint}/>\n"
                );
            }
            Primitive::Line { from, to, ink, width, dashed } => {
                let d = format!("M{} {}L{} {}", number(from.0), number(from.1), number(to.0), number(to.1));
                self.path(&d, "", (None, Some(*ink)), *width, *dashed);
            }
            Primitive::Arc { x, y, radius, from, part, ink, width } => {
                self.path(&arc((*x, *y), *radius, *from, *part), "", (None, Some(*ink)), *width, false);
            }
            Primitive::Text { x, y, text, size, ink, anchor, mono } => {
                self.text((*x, *y), text, (*size, 400), *ink, (*anchor, *mono));
            }
            Primitive::Label { x, y, text, size, weight, ink, anchor, mono } => {
                self.text((*x, *y), text, (*size, *weight), *ink, (*anchor, *mono));
            }
            Primitive::Path { d, x, y, scale, fill, stroke, width, dashed } => {
                let moved = (*x, *y, *scale) != (0.0, 0.0, 1.0);
                let place =
                    format!(" transform=\"translate({} {}) scale({})\"", number(*x), number(*y), number(*scale));
                self.path(d, if moved { &place } else { "" }, (*fill, *stroke), *width, *dashed);
            }
            Primitive::Token { x, y, radius, hue, shape, ring, poisoned, .. } => {
                let (at, opacity) = ((*x, *y), 1.0);
                let (radius, hue, shape, ring, poisoned) = (*radius, *hue, *shape, *ring, *poisoned);
                self.token(&TokenMark { at, radius, hue, shape, ring, opacity, poisoned });
            }
        }
    }

    pub fn token(&mut self, mark: &TokenMark) {
        let (x, y) = mark.at;
        let radius = mark.radius;
        self.body += &format!("<g opacity=\"{}\">\n", number(mark.opacity.clamp(0.0, 1.0)));
        let hue = Ink::Hue(mark.hue);
        if let Some(left) = mark.ring {
            self.body += "<g opacity=\"0.28\">\n";
            self.path(&arc(mark.at, radius + 3.6, 0.0, 1.0), "", (None, Some(hue)), 2.0, false);
            self.body += "</g>\n";
            self.path(&arc(mark.at, radius + 3.6, 0.0, left), "", (None, Some(hue)), 2.0, false);
        }
        let mut boxed = |across: f32, down: f32, corner: f32| {
            self.push(&Primitive::Rect {
                x: x - across,
                y: y - down,
                width: 2.0 * across,
                height: 2.0 * down,
                radius: corner,
                fill: Some(hue),
                stroke: Some(Ink::Outline),
            });
        };
        match mark.shape {
            Shape::Disc => boxed(radius, radius, radius),
            Shape::Square => boxed(radius * 0.9, radius * 0.9, 2.0),
            Shape::Dash => boxed(radius, radius * 0.32, radius * 0.32),
            Shape::Diamond => {
                let half = number(radius * 1.22);
                let d = format!("M0-{half}L{half} 0L0 {half}L-{half} 0Z");
                let place = format!(" transform=\"translate({} {})\"", number(x), number(y));
                self.path(&d, &place, (Some(hue), Some(Ink::Outline)), 1.0, false);
            }
        }
        if mark.poisoned {
            let arm = number(radius * 0.42);
            let d = format!("M-{arm}-{arm}L{arm} {arm}M{arm}-{arm}L-{arm} {arm}");
            let place = format!(" transform=\"translate({} {})\"", number(x), number(y));
            self.path(&d, &place, (None, Some(Ink::Outline)), 1.5, false);
        }
        self.body += "</g>\n";
    }

    fn path(&mut self, d: &str, place: &str, inks: (Option<Ink>, Option<Ink>), width: f32, dashed: bool) {
        let paint = self.paint(inks.0, inks.1, width);
        let dash = if dashed { " stroke-dasharray=\"4 4\"" } else { "" };
        self.body += &format!("<path d=\"{}\"{place}{paint}{dash}/>\n", escaped(d));
    }

    fn text(&mut self, at: (f32, f32), text: &str, face: (f32, u16), ink: Ink, set: (Anchor, bool)) {
        let (size, weight) = face;
        let anchor = match set.0 {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let family = if set.1 { format!(" font-family=\"{MONO}\"") } else { String::new() };
        let weight = if weight == 400 { String::new() } else { format!(" font-weight=\"{weight}\"") };
        self.body += &format!(
            "<text x=\"{}\" y=\"{}\" font-size=\"{}\" fill=\"{}\"{weight}{anchor}{family}>{}</text>\n",
            number(at.0),
            number(at.1),
            number(size),
            escaped(&(self.colour)(ink)),
            escaped(text)
        );
    }

    fn paint(&self, fill: Option<Ink>, stroke: Option<Ink>, width: f32) -> String {
        let fill = fill.map_or_else(|| "none".to_owned(), |ink| escaped(&(self.colour)(ink)));
        let stroke = stroke.map_or_else(String::new, |ink| {
            format!(" stroke=\"{}\" stroke-width=\"{}\"", escaped(&(self.colour)(ink)), number(width))
        });
        format!(" fill=\"{fill}\"{stroke}")
    }

    /// The whole file, on its own ground.
    #[must_use]
    pub fn finish(self, front: &Frontispiece<'_>) -> String {
        let (x, y, width, height) = front.bounds;
        let [x, y, width, height] = [x, y, width, height].map(number);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"{x} {y} {width} {height}\" width=\"{width}\" \
             height=\"{height}\" role=\"img\" font-family=\"{SANS}\" stroke-linecap=\"round\" \
             stroke-linejoin=\"round\">\n<title>{}</title>\n<desc>{}</desc>\n\
             <rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{}\"/>\n{}</svg>\n",
            escaped(front.title),
            escaped(front.described),
            escaped(&(self.colour)(Ink::Ground)),
            self.body
        )
    }
}

/// A part of a turn, clockwise, where 0 is twelve o'clock; a whole turn in two halves.
fn arc(centre: (f32, f32), radius: f32, from: f32, part: f32) -> String {
    let part = part.clamp(0.0, 1.0);
    let on = |turn: f32| {
        let angle = (turn - 0.25) * std::f32::consts::TAU;
        format!("{} {}", number(centre.0 + radius * libm::cosf(angle)), number(centre.1 + radius * libm::sinf(angle)))
    };
    let radius = number(radius);
    let half = from + part / 2.0;
    format!("M{}A{radius} {radius} 0 0 1 {}A{radius} {radius} 0 0 1 {}", on(from), on(half), on(from + part))
}

/// At most two decimals, and never anything but digits: what is no number is 0.
fn number(length: f32) -> String {
    if !length.is_finite() {
        return "0".to_owned();
    }
    let text = format!("{length:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Text that XML takes: its own characters by name, and what it cannot hold at all as a mark in its place.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe += "&amp;",
            '<' => safe += "&lt;",
            '>' => safe += "&gt;",
            '"' => safe += "&quot;",
            '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                safe.push('\u{fffd}')
            }
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_never_words() {
        for (length, text) in
            [(0.0, "0"), (-0.001, "0"), (12.5, "12.5"), (3.149, "3.15"), (f32::NAN, "0"), (f32::INFINITY, "0")]
        {
            assert_eq!(number(length), text);
        }
    }

    #[test]
    fn text_stays_text() {
        let colour = |_| "red\" onload=\"x".to_owned();
        let mut svg = Svg::new(&colour);
        svg.begin_group("</title><script>alert(1)</script>");
        let text = "]]>&<img src=x onerror=y>\u{0}".to_owned();
        let (size, ink, anchor, mono) = (11.0, Ink::Text, Anchor::Start, false);
        svg.push(&Primitive::Text { x: f32::NAN, y: 0.0, text, size, ink, anchor, mono });
        svg.end_group();
        let file = svg.finish(&Frontispiece { title: "<b>", described: "\"", bounds: (0.0, 0.0, 10.0, 10.0) });
        for word in ["<script", "<img", "<b>", "\" onload", "\u{0}", "NaN"] {
            assert!(!file.contains(word), "{word}: {file}");
        }
        assert!(file.contains("]]&gt;&amp;&lt;img src=x onerror=y&gt;\u{fffd}"), "{file}");
    }
}
