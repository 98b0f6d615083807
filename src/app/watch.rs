//! The watch: how long the engine may work, as the library asks it.

use super::dom;

/// Whether so many milliseconds have not passed yet.
pub fn within(wait_ms: f64) -> impl FnMut() -> bool {
    let began = dom::now_ms();
    move || dom::now_ms() - began < wait_ms
}
