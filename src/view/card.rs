//! What stands on a card, the same on the page and in a picture of it.

use crate::services::{Kind, Pair};

// Lengths are units of the canvas.

/// Where the texts begin, beside the tile.
pub const CARD_TEXT_X: f32 = 46.0;
/// The headline and the card's edge take so much beside the name.
const HEADLINE_WIDTH: f32 = 66.0;
/// From the subtitle to the card's edge.
const EDGE: f32 = 10.0;
/// The usual width of a character of the name, and of the subtitle.
const NAME_CHARACTER: f32 = 7.0;
const SUBTITLE_CHARACTER: f32 = 5.6;
/// So many characters are shown however narrow the card.
const CHARACTERS_MIN: f32 = 4.0;

/// The name leaves room for the headline.
#[must_use]
pub fn card_name(id: &str, width: f32) -> String {
    shortened(id, width - CARD_TEXT_X - HEADLINE_WIDTH, NAME_CHARACTER)
}

/// The subtitle has its line to itself.
#[must_use]
pub fn card_subtitle(text: &str, width: f32) -> String {
    shortened(text, width - CARD_TEXT_X - EDGE, SUBTITLE_CHARACTER)
}

/// As much as fits, by the usual width of a character.
fn shortened(text: &str, room: f32, character: f32) -> String {
    let chars = (room / character).max(CHARACTERS_MIN) as usize;
    if text.chars().count() <= chars {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(chars - 1).collect();
    short.push('…');
    short
}

/// Whether anything can enter, or leave, a kind of node by a link that a hand draws.
#[must_use]
pub fn ports(kind: Kind) -> (bool, bool) {
    let is_input = |pair: &Pair| pair.to == kind && pair.link.is_written();
    (Pair::all().any(is_input), Pair::all().any(|pair| pair.from == kind))
}
