//! The native test suite: one binary, one module a question.

mod amendments;
mod checkpoints;
mod conformance;
mod determinism;
mod editor;
mod format;
mod frames;
mod golden;
mod journeys;
mod kernel;
mod numbers;
mod picture;
mod queue;
mod queueing;
mod scripting;
mod share;
mod simulation;
mod streams;
mod support;
mod tidy;
mod topics;
mod view;
mod wire;
mod zones;
