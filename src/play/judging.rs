//! Judging a scene's own checks while a run is played.

use super::player::Player;
use crate::scene::{OwnCheck, Scene};
use crate::sim::{Verdict, judged};

impl Player {
    /// The verdicts on those of a scene's checks that the run has reached, after the first so many; each as things stood
    /// at its time.
    #[must_use]
    pub fn verdicts(&self, scene: &Scene, after: usize) -> Vec<Verdict> {
        let checks = scene.own_checks().0;
        let reached = checks.iter().skip(after).take_while(|check| check.at <= self.run().now());
        let judge = |check: &OwnCheck<'_>| {
            let then = self.again(check.at, check.at).into_iter().next()?;
            Some(judged(check, &then))
        };
        reached.map_while(judge).collect()
    }
}
