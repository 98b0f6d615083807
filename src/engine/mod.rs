//! A generic discrete-event kernel.
