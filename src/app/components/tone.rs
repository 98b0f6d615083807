//! How good or bad something is, as the stylesheet calls it.

use decoupled::figure::Tone;

/// The class of a row by how good or bad what happened is.
pub fn tone_class(tone: Tone) -> &'static str {
    match tone {
        Tone::Bad => "bad",
        Tone::Warn => "warn",
        Tone::Good => "good",
        Tone::Quiet | Tone::Plain => "plain",
    }
}
