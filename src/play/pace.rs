//! Whether virtual time keeps up with what is asked for.

use crate::engine::{MICROS_PER_MILLI, Micros};

/// Over so long it is measured.
const SPAN_MS: f64 = 500.0;
/// Below this part of what is asked for, it does not.
const KEPT_UP: f64 = 0.9;

#[derive(Clone, Debug, Default)]
pub struct Pace {
    real_ms: f64,
    virtual_micros: f64,
    held_back: Option<f64>,
}

impl Pace {
    /// How fast virtual time really goes, when that is less than asked for.
    pub fn held_back(&self) -> Option<f64> {
        self.held_back
    }

    /// Virtual time has moved on while real time did.
    pub fn measure(&mut self, real_ms: f64, moved: Micros, asked: f64) {
        self.real_ms += real_ms;
        self.virtual_micros += moved as f64;
        if self.real_ms >= SPAN_MS {
            let real = self.virtual_micros / MICROS_PER_MILLI as f64 / self.real_ms;
            *self = Self { held_back: (real < asked * KEPT_UP).then_some(real), ..Self::default() };
        }
    }
}
