//! The colours of the stylesheet, read once a theme: `static/theme/tokens.css` alone says what they are.

use decoupled::figure::{Ink, Tone};
use web_sys::{CssStyleDeclaration, Element};

use super::super::dom;

pub struct Inks {
    pub serial: u32,
    text: String,
    muted: String,
    faint: String,
    lane: String,
    line: String,
    card: String,
    accent: String,
    good: String,
    warn: String,
    danger: String,
    hues: [String; 8],
    /// The same hues as bytes, for the pixel buffer.
    pub hue_bytes: [[u8; 3]; 8],
    /// The ring around a dot, so that it stands out from a line or a neighbour.
    pub outline: String,
    soft_accent: String,
    soft_danger: String,
    soft_warn: String,
    /// The system forces its colours on the page: what has the colour of its ground needs an edge.
    pub forced: bool,
    /// Read for a picture alone.
    others: Vec<(Ink, String)>,
    pub font: String,
    pub mono: String,
}

/// A service's glyph, on the colour of its family.
const GLYPH: &str = "#fff";

impl Inks {
    pub fn read(serial: u32) -> Option<Self> {
        let probe = dom::by_id("ink-probe")?;
        let style = dom::window()?.get_computed_style(&probe).ok()??;
        // A custom property gives back its text; a colour that uses it gives the colour.
        let read = |name: &str| colour(&probe, &style, name);
        let hues: [String; 8] = std::array::from_fn(|hue| read(&format!("hue-{hue}")));
        Some(Self {
            serial,
            text: read("text"),
            muted: read("muted"),
            faint: read("faint"),
            lane: read("lane"),
            line: read("line"),
            card: read("card"),
            accent: read("accent"),
            good: read("good"),
            warn: read("warn"),
            danger: read("danger"),
            hue_bytes: std::array::from_fn(|hue| bytes(&hues[hue])),
            hues,
            outline: read("dot-outline"),
            soft_accent: read("accent-soft"),
            soft_danger: read("danger-soft"),
            soft_warn: read("warn-soft"),
            forced: dom::matches_media("(forced-colors: active)"),
            others: Vec::new(),
            font: style.get_property_value("font-family").ok()?,
            mono: mono_family(&style),
        })
    }

    pub fn css(&self, ink: Ink) -> &str {
        match ink {
            Ink::Text => &self.text,
            Ink::Muted => &self.muted,
            Ink::Faint => &self.faint,
            Ink::Lane => &self.lane,
            Ink::Line => &self.line,
            Ink::Card => &self.card,
            Ink::Accent => &self.accent,
            Ink::Good => &self.good,
            Ink::Warn => &self.warn,
            Ink::Danger => &self.danger,
            Ink::Hue(hue) => self.hue(hue),
            Ink::Outline => &self.outline,
            Ink::Glyph => GLYPH,
            Ink::AccentSoft => &self.soft_accent,
            Ink::WarnSoft => &self.soft_warn,
            Ink::DangerSoft => &self.soft_danger,
            other => self.others.iter().find(|(ink, _)| *ink == other).map_or("none", |(_, css)| css),
        }
    }

    /// With the colours of what is an element on the page.
    pub fn of_picture(serial: u32) -> Option<Self> {
        const OTHERS: [(Ink, &str); 10] = [
            (Ink::Ground, "ground"),
            (Ink::Link, "link"),
            (Ink::CardLine, "card-line"),
            (Ink::CardShade, "card-shade"),
            (Ink::Port, "port"),
            (Ink::Source, "family-source"),
            (Ink::Integration, "family-integration"),
            (Ink::Analytics, "family-analytics"),
            (Ink::Compute, "family-compute"),
            (Ink::Failure, "family-failure"),
        ];
        let mut inks = Self::read(serial)?;
        let probe = dom::by_id("ink-probe")?;
        let style = dom::window()?.get_computed_style(&probe).ok()??;
        inks.others.extend(OTHERS.iter().map(|(ink, name)| (*ink, colour(&probe, &style, name))));
        Some(inks)
    }

    pub fn hue(&self, hue: u8) -> &str {
        &self.hues[usize::from(hue) % 8]
    }

    /// A badge's ground, line and text.
    pub fn badge(&self, tone: Tone) -> (&str, &str, &str) {
        match tone {
            Tone::Bad => (&self.soft_danger, &self.danger, &self.danger),
            Tone::Warn => (&self.soft_warn, &self.warn, &self.warn),
            Tone::Quiet | Tone::Plain | Tone::Good => (&self.card, &self.line, &self.muted),
        }
    }
}

fn colour(probe: &Element, style: &CssStyleDeclaration, name: &str) -> String {
    dom::set_style(probe, "color", &format!("var(--{name})"));
    style.get_property_value("color").unwrap_or_default()
}

/// A family's text holds no reference to a colour scheme, so the property's own text will do.
fn mono_family(style: &CssStyleDeclaration) -> String {
    let family = style.get_property_value("--mono").unwrap_or_default();
    if family.trim().is_empty() { "monospace".to_owned() } else { family.trim().to_owned() }
}

/// The three numbers of `rgb(1, 2, 3)`.
fn bytes(colour: &str) -> [u8; 3] {
    let mut numbers = colour.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse::<u8>().ok());
    std::array::from_fn(|_| numbers.next().unwrap_or(128))
}
