//! The native test suite: one binary, one module a question.
mod conformance;
mod golden;
mod support;
