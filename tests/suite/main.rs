//! The native test suite: one binary.
