//! What stands on a card, the same on the page and in a picture of it.

use crate::editor::{CARD_EDGE, CARD_TEXT_X, HEADLINE_MAX, HEADLINE_SIZE, NAME_GAP, NAME_SIZE};
use crate::figure::{Face, compact, elided, of_parts, text_width};
use crate::services::{Kind, Pair};

/// From a text to the card's edge.
const EDGE: f32 = 10.0;
const SUBTITLE_SIZE: f32 = 11.0;

/// The name, as much of it as a headline leaves room for.
#[must_use]
pub fn card_name(id: &str, width: f32, headline: &str) -> String {
    let beside = if headline.is_empty() { 0.0 } else { NAME_GAP + text_width(headline, HEADLINE_SIZE, Face::Mono) };
    elided(id, width - CARD_TEXT_X - CARD_EDGE - beside, NAME_SIZE, Face::Strong)
}

/// The one number that matters, beside the name: exact up to a million, then to three digits.
#[must_use]
pub fn card_headline(headline: &str) -> String {
    match headline.parse::<u64>() {
        Ok(number) => compact(number),
        Err(_) if headline.chars().count() > HEADLINE_MAX => {
            let short: String = headline.chars().take(HEADLINE_MAX - 1).collect();
            format!("{short}…")
        }
        Err(_) => headline.to_owned(),
    }
}

/// The subtitle has its line to itself. What it says last goes first where there is no room.
#[must_use]
pub fn card_subtitle(text: &str, width: f32) -> String {
    of_parts(text, width - CARD_TEXT_X - EDGE, SUBTITLE_SIZE)
}

/// Whether anything can enter, or leave, a kind of node by a link that a hand draws.
#[must_use]
pub fn ports(kind: Kind) -> (bool, bool) {
    let is_input = |pair: &Pair| pair.to == kind && pair.link.is_written();
    (Pair::all().any(is_input), Pair::all().any(|pair| pair.from == kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_headline_is_short_however_much_it_counts() {
        assert_eq!(card_headline("20878"), "20,878");
        assert_eq!(card_headline("45678901"), "45.6 M");
        assert_eq!(card_headline("1200/s"), "1200/s");
        assert!(card_headline("0.123456789/s and more").chars().count() <= HEADLINE_MAX);
    }

    #[test]
    fn what_matters_less_gives_way_before_anything_is_cut() {
        assert_eq!(card_subtitle("Kinesis · 4 shards · 24 h · on demand · KMS", 236.0), "Kinesis · 4 shards · 24 h");
        assert!(card_subtitle("an_application_without_a_single_separator", 150.0).ends_with('…'));
        let whole = card_name("a-name-that-is-long", 400.0, "1");
        assert_eq!(whole, "a-name-that-is-long");
        assert!(card_name("a-name-that-is-long", 200.0, "100000/min").ends_with('…'));
    }
}
