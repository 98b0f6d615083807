//! States tried.
