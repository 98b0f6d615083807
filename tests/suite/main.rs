//! The native test suite: one binary, one module a question.

mod amendments;
mod bounds;
mod checkpoints;
mod conformance;
mod determinism;
mod editor;
mod facts;
mod format;
mod frames;
mod golden;
mod hands_on_time;
mod journeys;
mod kernel;
mod numbers;
mod picture;
mod player;
mod queue;
mod queueing;
mod random_hands;
#[cfg(feature = "cli")]
mod runner;
mod scripting;
mod share;
mod simulation;
mod state_machine;
mod streams;
mod support;
mod tidy;
mod topics;
mod view;
mod wire;
mod zones;
