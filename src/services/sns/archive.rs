//! The archive of a FIFO topic, and its replay to a subscription (SNS-26).

use std::collections::VecDeque;
use std::sync::Arc;

use super::fact::Fact;
use super::filter::Sight;
use super::model::{Model, Timer};
use super::publication::Publication;
use super::replay::{Replay, Status};
use crate::engine::Micros;
use crate::services::{Alarm, Cx, Door, Message, Place, Token};

#[derive(Clone, Debug)]
struct Archived {
    /// A copy of its own.
    message: Message,
    /// The message it was copied from, whose id the replayed ones keep.
    id: Token,
    sequence: Option<u64>,
    at: Micros,
}

#[derive(Clone, Debug, Default)]
pub struct Archive {
    /// Oldest first.
    messages: VecDeque<Archived>,
    timer: Alarm,
}

impl Archive {
    #[must_use]
    pub fn stored(&self) -> u64 {
        self.messages.len() as u64
    }

    pub fn each_held(&self, see: &mut dyn FnMut(&Message)) {
        self.messages.iter().for_each(|archived| see(&archived.message));
    }

    /// When the oldest message that is still there was published.
    #[must_use]
    pub fn beginning(&self) -> Option<Micros> {
        self.messages.front().map(|archived| archived.at)
    }
}

impl Model {
    pub(super) fn keep_in_archive(&mut self, publication: &Publication<'_>, cx: &mut Cx<'_>) {
        if self.config.archive.is_none() {
            return;
        }
        let message = cx.copy(publication.message);
        cx.fact(Fact::MessageArchived, Some(message.token));
        cx.book(1, Place::Travelling, Place::Stored);
        let (id, sequence, at) = (publication.id, publication.sequence, publication.at);
        self.archive.messages.push_back(Archived { message, id, sequence, at });
        self.watch_archive(cx);
    }

    /// Without an archive policy nothing is kept; a shorter one lets go at once.
    pub(super) fn watch_archive(&mut self, cx: &mut Cx<'_>) {
        let now = cx.now();
        match self.config.archive {
            None => {
                cx.book(self.archive.stored(), Place::Stored, Place::Dropped("ArchiveRemoved"));
                self.archive.messages.clear();
            }
            Some(retention) => {
                while self.archive.beginning().is_some_and(|at| at.saturating_add(retention) <= now) {
                    let archived = self.archive.messages.pop_front().expect("it has a beginning");
                    cx.fact(Fact::ArchivedMessageExpired, Some(archived.message.token));
                    cx.book(1, Place::Stored, Place::Expired);
                }
            }
        }
        let retention = self.config.archive.unwrap_or(0);
        let due = self.archive.beginning().map(|at| at.saturating_add(retention));
        self.archive.timer.set(due, Timer::ArchiveEnds, cx);
    }

    #[inline(never)] // second part
    pub(super) fn archive_ends(&mut self, cx: &mut Cx<'_>) {
        self.archive.timer.rang();
        self.watch_archive(cx);
    }

    pub(super) fn close_archive(&mut self, cx: &mut Cx<'_>) {
        cx.book(self.archive.stored(), Place::Stored, Place::Dropped("ResourceDeleted"));
        self.archive.messages.clear();
        self.archive.timer.stop(cx);
    }

    /// Begins the replays whose policies are new, and forgets those whose policy is gone.
    #[inline(never)] // second part
    pub(super) fn look_at_replays(&mut self, cx: &mut Cx<'_>) {
        for place in 0..self.subscriptions.len() {
            let subscription = &mut self.subscriptions[place];
            let policy = subscription.route.settings.get("ReplayPolicy");
            if policy.as_ref() == subscription.replay.as_ref().map(|replay| &replay.policy) {
                continue;
            }
            subscription.replay = policy.and_then(|policy| Replay::parse(&policy).ok());
            if subscription.replay.is_some() {
                self.replay(place, cx);
            }
        }
    }

    /// Sends what the archive has of the time that is asked for, in order; what is published meanwhile follows.
    fn replay(&mut self, place: usize, cx: &mut Cx<'_>) {
        let subscription = &mut self.subscriptions[place];
        let name = Arc::clone(&subscription.route.peer_name);
        let Some(replay) = &mut subscription.replay else { return };
        if self.config.archive.is_none() {
            replay.status = Status::Failed;
            return;
        }
        let span = replay.start..=replay.end;
        let archived: Vec<Archived> =
            self.archive.messages.iter().filter(|archived| span.contains(&archived.at)).cloned().collect();
        cx.fact(Fact::ReplayStarted { subscription: Arc::clone(&name), messages: archived.len() as u64 }, None);
        // Held open until all are on their way.
        replay.outstanding = 1;
        for archived in archived {
            let mut publication = Publication::new(&archived.message, archived.sequence, archived.at);
            (publication.id, publication.replayed) = (archived.id, true);
            let sight = Sight::new(&archived.message, archived.message.body.clone());
            self.notify_in_its_words(place, &publication, &sight, cx);
        }
        self.replay_went_on(&name, cx);
    }

    /// One copy less is outstanding.
    pub(super) fn replay_went_on(&mut self, subscriber: &str, cx: &mut Cx<'_>) {
        let mut found = self.subscriptions.iter_mut().filter(|found| *found.route.peer_name == *subscriber);
        let Some(subscription) = found.find(|found| found.replay.is_some()) else { return };
        let name = Arc::clone(&subscription.route.peer_name);
        let Some(replay) = &mut subscription.replay else { return };
        replay.outstanding = replay.outstanding.saturating_sub(1);
        if replay.outstanding == 0 && replay.status == Status::InProgress {
            replay.status = Status::Completed;
            cx.fact(Fact::ReplayCompleted { subscription: name }, None);
        }
    }
}
