//! The ready scenes, compiled in: what a visitor sees first, and what a teacher starts from.

/// One scene of the gallery. Its notes say what to look for.
#[derive(Clone, Copy, Debug)]
pub struct GalleryScene {
    pub id: &'static str,
    pub title: &'static str,
    /// One sentence.
    pub summary: &'static str,
    text: Text,
}

#[derive(Clone, Copy, Debug)]
enum Text {
    Here(&'static str),
    /// Where it stands in [`LATER`].
    Later(Range),
}

type Range = (usize, usize);

impl GalleryScene {
    /// The scene file.
    #[must_use]
    pub fn text(&self) -> &'static str {
        match self.text {
            Text::Here(text) => text,
            Text::Later(range) => later(range),
        }
    }
}

/// What it reads is in the second part of the page's program with it.
#[inline(never)] // second part
fn later((from, to): Range) -> &'static str {
    &LATER[from..to]
}

/// Stand at the two ends of data that the page's second part brings (`src/bin/xtask/split.rs`).
macro_rules! later_begins {
    () => {
        "\0later data begins\0"
    };
}
macro_rules! later_ends {
    () => {
        "\0later data ends\0"
    };
}

macro_rules! scene_text {
    ($id:literal) => {
        include_str!(concat!("gallery/", $id, ".scene.json"))
    };
}

macro_rules! gallery {
    ($first:literal, $first_title:literal, $first_summary:literal;
     $($id:literal, $title:literal, $summary:literal;)+) => {
        /// The texts of all scenes but the first.
        static LATER: &str = concat!(later_begins!(), $(scene_text!($id),)+ later_ends!());

        const LATER_COUNT: usize = [$($id),+].len();

        const RANGES: [Range; LATER_COUNT] = {
            let mut ranges = [$((0, scene_text!($id).len())),+];
            let (mut at, mut from) = (0, later_begins!().len());
            while at < LATER_COUNT {
                ranges[at] = (from, from + ranges[at].1);
                from = ranges[at].1;
                at += 1;
            }
            ranges
        };

        /// In the order they are shown; the first is what a new visitor sees.
        pub static ALL: &[GalleryScene; 1 + LATER_COUNT] = &{
            let first = Text::Here(scene_text!($first));
            let mut all = [
                GalleryScene { id: $first, title: $first_title, summary: $first_summary, text: first },
                $(GalleryScene { id: $id, title: $title, summary: $summary, text: Text::Later((0, 0)) }),+
            ];
            let mut at = 0;
            while at < LATER_COUNT {
                all[1 + at].text = Text::Later(RANGES[at]);
                at += 1;
            }
            all
        };
    };
}

gallery! {
    "fan-out", "Shop: fan-out with a slow shipper",
        "One order, three consumers: a topic copies each message, and one worker is too slow.";
    "visibility-timeout", "Visibility timeout too short",
        "The work takes longer than the timeout, so every message is worked on twice.";
    "dead-letter-queue", "Dead-letter queue",
        "A poison message comes back three times, then it is put aside.";
    "hot-shard", "Kinesis: a hot shard",
        "One partition key gets all the traffic: its shard throttles while the others idle. Spread, nothing is refused.";
    "content-routing", "EventBridge: routing by content",
        "An EC2 state change, an S3 upload and a partner's order find their rules.";
    "back-pressure", "Back-pressure",
        "The producer is faster than the worker; the queue takes the difference.";
    "competing-consumers", "Lambda and workers on one stream and one queue",
        "A queue's message goes to one consumer; a stream's record goes to all.";
    "filter-policies", "SNS filter policies",
        "Subscriptions take only what they want: by attribute, by number, by absence.";
    "processed-twice", "Processed twice: with and without an idempotency table",
        "A worker fails after the effect: the message comes back, and only a table keeps it from happening again.";
    "heartbeats", "Heartbeats: long work, short timeout",
        "A worker that says it is still at work keeps its message, and loses it soon when it dies.";
    "lambda-scaling", "Lambda: throttled, or bounded at the source",
        "The same backlog with and without a maximum concurrency of the mapping.";
    "partial-batch-responses", "Lambda: partial batch responses",
        "One bad order returns the whole batch, or itself alone.";
    "order-pipeline", "Order pipeline: failures after publishing",
        "Queue, function, topic, three queues: nothing is lost, and duplicates can be counted.";
    "asynchronous-invocation", "Lambda: events, retries and destinations",
        "Events wait in the function's own queue; what became of them is reported.";
    "fifo-groups", "FIFO: a line for each customer",
        "Orders of one customer keep their order; a failing one holds up its own group alone.";
    "deduplication", "Deduplication: the same order sent twice",
        "A FIFO queue takes a repeated send once, a standard queue twice.";
    "fair-queue", "Fair queue: a noisy neighbour",
        "A tenant floods the queue, and the others are served first all the same.";
    "sns-retries", "SNS: retries, then a dead-letter queue",
        "An endpoint that fails is tried in phases; what it never takes is put aside, and nobody else waits.";
    "fifo-replay", "SNS FIFO: order, held groups and replay",
        "A group waits for the one subscription that fails, and an archive delivers everything once more.";
    "resharding-under-load", "Kinesis: resharding under load",
        "A shard is split while records come, and its parent is read to the end before its children.";
    "kcl-take-over", "KCL: a worker crashes, another takes over",
        "Leases in a table, counted up by their owners: one that stands still is taken by another.";
    "kcl-and-plain-api", "KCL beside the plain API",
        "Plain readers each read everything; workers of the library divide the shards among them.";
    "poison-record", "Lambda on a stream: a poison record",
        "One bad record blocks its shard, or is searched for by halves and put aside.";
    "eventbridge-retries", "EventBridge: retries, then a dead-letter queue",
        "An API that is ill is tried again and again; what it never takes is put aside with the reason.";
    "archive-and-replay", "EventBridge: archive and replay after a bug fix",
        "A pattern with a wrong letter hears of nothing; once it is mended, the archive plays what it missed.";
    "saas-partner", "EventBridge: a SaaS partner's events for three teams",
        "A partner's bus, three rules, three teams, and none knows of the others.";
    "pipe", "Pipe: from a queue through a filter and an enrichment",
        "One source and one target, with a filter and a function between, and no glue code.";
    "schedule", "Scheduler: by the clock",
        "A rate, a cron expression in Berlin's time, and a reminder that deletes itself.";
    "availability-zones", "Two Availability Zones: one is lost",
        "The workers of one Zone go down with it; the queue spans Zones and gives what they held to the other.";
    "order-saga", "Step Functions: an order saga with compensation",
        "What was done for an order is undone in the other order when its charge or its courier fails.";
    "human-approval", "Step Functions: a person approves, by task token",
        "An execution waits for whoever has its token; one token is never used, and its time runs out.";
    "map-tolerated-failures", "Step Functions: a Map over a thousand items",
        "Two items in a hundred are broken: one Map tolerates five, the other none.";
    "map-batches", "Step Functions: a distributed Map in batches",
        "Rows of a CSV file, one by one and by fives: fewer calls, larger failures.";
    "express-and-standard", "Step Functions: Express against Standard",
        "At least once against once: a table counts who is charged twice.";
    "retry-with-jitter", "Step Functions: retries in step, and with jitter",
        "A crowd that comes back at the same instant is refused again; one that is spread gets through.";
    "parallel-branches", "Step Functions: three branches, one fails",
        "Flight, hotel and car at the same time: one failure stops the others, and all is cancelled.";
    "payload-too-large", "Step Functions: too large a payload, and the claim check",
        "A document that grows from state to state breaks at 256 KiB; its number does not.";
    "choreography-and-orchestration", "Choreography and orchestration of the same order",
        "Events that nobody directs, and a state machine that does, side by side.";
    "poll-a-job", "Step Functions: ask again until it is done",
        "Wait, ask, choose, and go round: a loop with a bound.";
}

/// The text of a gallery scene.
#[must_use]
pub fn find(id: &str) -> Option<&'static str> {
    ALL.iter().find(|scene| scene.id == id).map(GalleryScene::text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::{read_scene, write_scene};

    #[test]
    fn every_scene_opens_without_a_problem_and_is_written_as_it_was() {
        for scene in ALL {
            let (read, problems) = read_scene(scene.text());
            assert_eq!((problems, read.problems()), (vec![], vec![]), "{}", scene.id);
            assert_eq!(read.name, scene.title);
            assert!(!read.notes.is_empty(), "{} says what to look for", scene.id);
            assert_eq!(read_scene(&write_scene(&read)).0, read);
        }
    }
}
