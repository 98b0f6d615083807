//! Whether virtual time keeps up with what is asked for, and what holds it back.

use crate::engine::{MICROS_PER_MILLI, Micros};

/// Over so long it is measured.
const SPAN_MS: f64 = 500.0;
/// Below this part of what is asked for, it does not.
const KEPT_UP: f64 = 0.9;
/// A tab that was hidden does not catch up: no frame counts for more.
pub const FRAME_MS_MAX: f64 = 100.0;

/// Virtual time goes slower than is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HeldBack {
    /// Virtual seconds a second.
    pub speed: f64,
    /// The browser gives too few frames; else more happens than can be worked off.
    pub few_frames: bool,
}

#[derive(Clone, Debug, Default)]
pub struct Pace {
    real_ms: f64,
    /// Of that, what the frames were given.
    framed_ms: f64,
    virtual_micros: f64,
    held_back: Option<HeldBack>,
}

impl Pace {
    pub fn held_back(&self) -> Option<HeldBack> {
        self.held_back
    }

    /// Virtual time has moved on in a frame that came so long after the one before.
    pub fn measure(&mut self, since_ms: f64, moved: Micros, asked: f64) {
        self.real_ms += since_ms;
        self.framed_ms += since_ms.min(FRAME_MS_MAX);
        self.virtual_micros += moved as f64;
        if self.real_ms >= SPAN_MS {
            let speed = self.virtual_micros / MICROS_PER_MILLI as f64 / self.real_ms;
            let few_frames = self.framed_ms < self.real_ms * KEPT_UP;
            let held_back = (speed < asked * KEPT_UP).then_some(HeldBack { speed, few_frames });
            *self = Self { held_back, ..Self::default() };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said after a second of frames that each took so long.
    fn after(frame_ms: f64, done: f64) -> Option<HeldBack> {
        let mut pace = Pace::default();
        let mut passed = 0.0;
        while passed < 1_000.0 {
            pace.measure(frame_ms, (frame_ms.min(FRAME_MS_MAX) * done * 1e4) as Micros, 10.0);
            passed += frame_ms;
        }
        pace.held_back()
    }

    #[test]
    fn it_says_what_holds_time_back() {
        assert_eq!(after(16.0, 1.0), None);
        assert_eq!(after(16.0, 0.5).map(|held| held.few_frames), Some(false));
        assert_eq!(after(1_000.0, 1.0), Some(HeldBack { speed: 1.0, few_frames: true }));
    }
}
