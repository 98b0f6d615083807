//! The scene inside a share link: a version byte and the scene's file without spaces, deflated, as base64url.
//!
//! Anybody can write such an address, so whoever opens one is bounded before anything is done: in characters, in the
//! size it unfolds to, in values and in depth (the JSON reader's own 128).

use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};

use super::document::Scene;
use super::limits::{SHARE_CHARS_MAX, SHARE_TEXT_BYTES_MAX, SHARE_VALUES_MAX};
use super::problem::Problem;
use super::read::read_scene;
use super::text::outside_strings;
use super::write::compact_scene;
use crate::lang::base64::{base64url, bytes_from_base64url};

const VERSION: u8 = 1;
/// The parameter of the address that holds it, as the place of its problems.
const PLACE: &str = "#s";
/// Pressed as small as it gets: a scene is small, and an address is dear.
const LEVEL: u8 = 10;

/// The scene as it stands in an address after `s=`.
///
/// # Errors
/// It is too large for one: how large, and what to do instead.
pub fn write_share(scene: &Scene) -> Result<String, Problem> {
    let text = compact_scene(scene);
    let mut bytes = vec![VERSION];
    bytes.extend(compress_to_vec(text.as_bytes(), LEVEL));
    let share = base64url(&bytes);
    if share.len() > SHARE_CHARS_MAX || unfolds_too_far(&text) {
        let message = format!(
            "The address is too long: this scene takes {} characters, and what passes on addresses cuts them off \
             beyond {SHARE_CHARS_MAX}. Save it as a file and pass that on.",
            share.len()
        );
        return Err(Problem::new(PLACE, message));
    }
    Ok(share)
}

/// The scene of an address. Like a file it never fails: what cannot be opened is an empty scene and the reason.
#[must_use]
pub fn read_share(share: &str) -> (Scene, Vec<Problem>) {
    match text_of(share) {
        Ok(text) => read_scene(&text),
        Err(message) => (Scene::default(), vec![Problem::new(PLACE, message)]),
    }
}

fn text_of(share: &str) -> Result<String, String> {
    if share.len() > SHARE_CHARS_MAX {
        let length = share.len();
        return Err(format!(
            "has {length} characters; a link holds at most {SHARE_CHARS_MAX}. Ask for the scene as a file."
        ));
    }
    let bytes = bytes_from_base64url(share).map_err(|place| {
        format!("is damaged at character {}. Copy the whole address again; programs cut long ones off.", place + 1)
    })?;
    let deflated = match bytes.split_first() {
        Some((&VERSION, deflated)) => deflated,
        Some((version, _)) => {
            return Err(format!(
                "is of version {version}; this page reads version {VERSION}. Open it with a newer Decoupled."
            ));
        }
        None => return Err("is empty. Copy the whole address again.".to_owned()),
    };
    let text = decompress_to_vec_with_limit(deflated, SHARE_TEXT_BYTES_MAX).map_err(|error| match error.status {
        TINFLStatus::HasMoreOutput => {
            let most = SHARE_TEXT_BYTES_MAX / 1024;
            format!("unfolds to more than {most} KiB, which no link of ours does. Ask for the scene as a file.")
        }
        _ => "is damaged or cut off. Copy the whole address again.".to_owned(),
    })?;
    let text = String::from_utf8(text).map_err(|_| "is damaged: it holds no text. Copy the whole address again.")?;
    if unfolds_too_far(&text) {
        return Err(format!("holds more than {SHARE_VALUES_MAX} values. Ask for the scene as a file."));
    }
    Ok(text)
}

/// Whether a JSON text is longer, or has more values, than is opened from an address: each costs many times its
/// characters in memory.
fn unfolds_too_far(text: &str) -> bool {
    let values = outside_strings(text).filter(|byte| matches!(byte, b',' | b'[' | b'{')).count();
    text.len() > SHARE_TEXT_BYTES_MAX || values > SHARE_VALUES_MAX
}
