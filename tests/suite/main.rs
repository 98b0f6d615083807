//! The native test suite: one binary, one module a question.

mod conformance;
mod editor;
mod golden;
mod support;
mod view;
