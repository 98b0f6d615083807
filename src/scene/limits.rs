//! Every bound of a scene, in one place. Reaching one is a problem with its place, never a frozen tab.

/// Bytes of a scene file.
pub const FILE_BYTES_MAX: usize = 8 * 1024 * 1024;
/// As many cards as a browser still drags without a stutter.
pub const NODES_MAX: usize = 5_000;
pub const LINKS_MAX: usize = 8_000;
pub const SCRIPT_ENTRIES_MAX: usize = 100_000;
/// Of a scene's own.
pub const CHECKS_MAX: usize = 200;
/// Characters of a node's or link's id.
pub const ID_CHARS_MAX: usize = 255;
/// Problems listed; the rest is counted.
pub const PROBLEMS_MAX: usize = 200;
/// Characters of a scene in an address. Browsers take more; what addresses are pasted into often does not.
pub const SHARE_CHARS_MAX: usize = 32_000;
/// Bytes of the scene file that such an address unfolds to, and the values in it.
pub const SHARE_TEXT_BYTES_MAX: usize = 1024 * 1024;
pub const SHARE_VALUES_MAX: usize = 30_000;
