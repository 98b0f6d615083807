//! A change of the stream that takes time: it is UPDATING meanwhile, and goes on taking and giving records (KDS-14).

use super::model::Model;
use crate::services::Cx;

#[derive(Clone, Debug)]
pub enum Work {
    Split {
        shard: u32,
        at: u128,
    },
    Merge {
        shard: u32,
        adjacent: u32,
    },
    /// An even split among so many, by splits and merges of two.
    Resize {
        target: u32,
    },
    Encryption {
        key: Option<String>,
    },
}

impl Model {
    /// The time of what was under way is over.
    pub(super) fn updated(&mut self, cx: &mut Cx<'_>) {
        let Some((work, _, _)) = self.updating.take() else { return };
        match work {
            Work::Split { shard, at } => {
                self.split_now(shard, at, cx);
                self.count_changed(cx);
            }
            Work::Merge { shard, adjacent } => {
                self.merge_now(shard, adjacent, cx);
                self.count_changed(cx);
            }
            Work::Resize { target } => {
                self.step_towards(target, cx);
                if self.next_step(target).is_some() {
                    return self.begin(Work::Resize { target }, self.config.resharding_time, cx);
                }
            }
            Work::Encryption { key } => self.encryption_changed(key, cx),
        }
        self.settled(cx);
        if let Some(target) = self.wanted.take() {
            self.resize(target, cx);
        }
    }

    /// Stops what is under way.
    pub(super) fn stop_updating(&mut self, cx: &mut Cx<'_>) {
        if let Some((_, key, _)) = self.updating.take() {
            cx.cancel(key);
        }
        self.wanted = None;
    }
}
