//! Futures that were left: whoever goes back and acts differently may find the way back to what they left.

use std::sync::Arc;

use super::saved::Saved;
use crate::engine::Micros;
use crate::scene::Scene;
use crate::sim::Run;

/// So many are kept; then the oldest is forgotten.
const FUTURES_MAX: usize = 3;
/// Saved moments of one that lie after no edit; beyond, every second one goes.
const SAVED_MAX: usize = 12;
/// Messages, calls and timers in all of them together; beyond, the oldest future is forgotten.
const WEIGHT_MAX: u64 = 1_000_000;

#[derive(Clone)]
pub(super) struct Future {
    pub saved: Vec<Arc<Saved>>,
    pub spacing: u64,
    /// The furthest it had come.
    pub head: Box<Run>,
    /// When it was left.
    pub at: Micros,
}

impl Future {
    fn weight(&self) -> u64 {
        self.head.weight() + self.saved.iter().map(|saved| saved.weight).sum::<u64>()
    }

    fn scene(&self) -> Scene {
        Scene { script: self.head.script().to_vec(), ..self.head.document().clone() }
    }
}

#[derive(Clone, Default)]
pub(super) struct Futures {
    kept: Vec<Future>,
    /// The last of them was left a moment ago.
    news: bool,
}

impl Futures {
    pub fn keep(&mut self, future: Future) {
        self.keep_quietly(future);
        self.news = true;
    }

    /// The way there is known already.
    pub fn keep_quietly(&mut self, mut future: Future) {
        let plain = |saved: &[Arc<Saved>]| saved.iter().filter(|saved| !saved.edited).count();
        while plain(&future.saved) > SAVED_MAX {
            let mut stays = false;
            future.saved.retain(|saved| {
                stays ^= !saved.edited;
                saved.edited || stays
            });
            future.spacing *= 2;
        }
        self.kept.push(future);
        let weight = |kept: &[Future]| kept.iter().map(Future::weight).sum::<u64>();
        while self.kept.len() > FUTURES_MAX || (self.kept.len() > 1 && weight(&self.kept) > WEIGHT_MAX) {
            self.kept.remove(0);
        }
    }

    /// The one that this scene leads to.
    pub fn take(&mut self, scene: &Scene) -> Option<Future> {
        let leads = |future: &Future| future.head.script() == scene.script && future.head.document().plays_like(scene);
        self.kept.iter().rposition(leads).map(|index| self.kept.remove(index))
    }

    /// How far the one that was just left had come, and its scene.
    pub fn take_news(&mut self) -> Option<(Micros, Scene)> {
        let last = self.kept.last().filter(|_| std::mem::take(&mut self.news))?;
        Some((last.head.now(), last.scene()))
    }
}
