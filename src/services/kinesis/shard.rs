//! A shard: a range of hash keys and the records that fell into it, in order (KDS-1, KDS-2).

use super::api::Record;
use super::throughput::{Reads, Writes};
use crate::engine::{ActorId, LinkId, Log, Micros};
use crate::services::Window;

/// Bytes of data and keys in one answer of `GetRecords` (KDS-7).
const READ_SIZE_MAX: u64 = 10 * 1_048_576;

/// A connected reader, as far as the stream can see one.
#[derive(Clone, Debug)]
pub struct Reader {
    pub actor: ActorId,
    pub link: LinkId,
    /// The least sequence number it has not read.
    pub from: u128,
    /// How old the last record of its last read was; 0 when there was none.
    pub lag: Micros,
}

#[derive(Clone, Debug)]
pub struct Shard {
    pub id: u32,
    /// The first and the last hash key it takes.
    pub range: (u128, u128),
    /// The shards that took its hash keys before.
    pub parents: Vec<u32>,
    pub opened: Micros,
    /// Closed shards take no records and stay readable (KDS-15).
    pub closed: Option<Micros>,
    pub records: Log<Record>,
    pub last_sequence: u128,
    pub writes: Writes,
    pub reads: Reads,
    pub readers: Vec<Reader>,
    pub iterators: Window,
    pub counts: Counts,
    /// Records and bytes since an on-demand stream looked last, and what it saw then.
    pub load: (u64, u64),
}

/// Metrics of one shard (KDS-25).
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    pub incoming_records: u64,
    pub incoming_bytes: u64,
    pub outgoing_records: u64,
    pub outgoing_bytes: u64,
    pub writes_throttled: u64,
    pub reads_throttled: u64,
}

/// What one read found.
pub struct Reading {
    pub records: Vec<Record>,
    /// The least sequence number still to be read.
    pub from: u128,
    pub size: u64,
    /// How old the last record read is when more can be read; 0 when caught up (KDS-25).
    pub behind: Micros,
    /// Whether the shard is closed and this was the last of it.
    pub at_end: bool,
}

impl Reading {
    /// How old the last record read is.
    #[must_use]
    pub fn lag(&self, now: Micros) -> Micros {
        self.records.last().map_or(0, |record| now.saturating_sub(record.arrived))
    }
}

impl Shard {
    #[must_use]
    pub fn new(id: u32, range: (u128, u128), parents: Vec<u32>, opened: Micros) -> Self {
        Self {
            id,
            range,
            parents,
            opened,
            closed: None,
            records: Log::default(),
            last_sequence: first_sequence(id),
            writes: Writes::default(),
            reads: Reads::default(),
            readers: Vec::new(),
            iterators: Window::default(),
            counts: Counts::default(),
            load: (0, 0),
        }
    }

    #[must_use]
    pub fn is_open(&self) -> bool {
        self.closed.is_none()
    }

    #[must_use]
    pub fn holds(&self, hash: u128) -> bool {
        self.range.0 <= hash && hash <= self.range.1
    }

    /// The place of the first record with at least this sequence number.
    #[must_use]
    pub fn place_of(&self, sequence: u128) -> usize {
        self.records.partition_point(|record| record.sequence < sequence)
    }

    /// Reads from a sequence number on, of what came at `until` or before, as much as `fits`: it is asked for each
    /// record, with how many were read and their bytes with this one.
    #[must_use]
    pub fn read(&self, from: u128, until: Option<Micros>, mut fits: impl FnMut(u64, u64) -> bool) -> Reading {
        let is_readable = |record: &&Record| until.is_some_and(|until| record.arrived <= until);
        let start = self.place_of(from);
        let mut reading = Reading { records: Vec::new(), from, size: 0, behind: 0, at_end: false };
        for record in self.records.range(start..).take_while(is_readable) {
            let size = reading.size + record.size();
            if !fits(reading.records.len() as u64, size) {
                break;
            }
            reading.size = size;
            reading.from = record.sequence + 1;
            reading.records.push(record.clone());
        }
        let next = start + reading.records.len();
        if let (Some(last), Some(until)) = (reading.records.last(), until)
            && self.records.get(next).as_ref().is_some_and(is_readable)
        {
            reading.behind = until.saturating_sub(last.arrived);
        }
        reading.at_end = !self.is_open() && next == self.records.len();
        reading
    }

    /// Whether the records of one answer fit (KDS-7).
    pub fn fits_answer(limit: u64) -> impl FnMut(u64, u64) -> bool {
        move |count, size| count < limit && size <= READ_SIZE_MAX
    }

    /// Remembers how far a connected reader has come.
    pub fn note_reader(&mut self, actor: ActorId, link: LinkId, from: u128, lag: Micros) {
        match self.readers.iter_mut().find(|reader| (reader.actor, reader.link) == (actor, link)) {
            Some(reader) => (reader.from, reader.lag) = (from, lag),
            None => self.readers.push(Reader { actor, link, from, lag }),
        }
    }

    /// How old the last record was that some connected reader read last, or the oldest is that it has not read.
    #[must_use]
    pub fn age(&self, now: Micros) -> Micros {
        let age = |reader: &Reader| {
            let unread = self.records.get(self.place_of(reader.from));
            unread.map_or(0, |record| now.saturating_sub(record.arrived)).max(reader.lag)
        };
        self.readers.iter().map(age).max().unwrap_or(0)
    }
}

/// Below every sequence number of a shard; those of later shards are higher.
#[must_use]
pub fn first_sequence(shard: u32) -> u128 {
    (u128::from(shard) + 1) << 96
}

/// Whether a sequence number was given by a shard.
#[must_use]
pub fn is_of_shard(sequence: u128, shard: u32) -> bool {
    sequence >> 96 == u128::from(shard) + 1
}

/// Where a partition key falls: MD5 as an unsigned big-endian number (KDS-1).
#[must_use]
pub fn hash_of(partition_key: &str) -> u128 {
    use md5::{Digest, Md5};
    u128::from_be_bytes(Md5::digest(partition_key.as_bytes()).into())
}

/// All 2^128 hash keys, cut into `count` ranges that differ by one key at most.
#[must_use]
pub fn even_ranges(count: u32) -> Vec<(u128, u128)> {
    let count = u128::from(count.max(1));
    if count == 1 {
        return vec![(0, u128::MAX)];
    }
    // 2^128 itself fits no u128: it is count × width + rest.
    let (mut width, mut rest) = (u128::MAX / count, u128::MAX % count + 1);
    if rest == count {
        (width, rest) = (width + 1, 0);
    }
    let start = |index: u128| index * width + index * rest / count;
    let end = |index: u128| if index + 1 == count { u128::MAX } else { start(index + 1) - 1 };
    (0..count).map(|index| (start(index), end(index))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index_of(key: &str, count: u32) -> usize {
        let hash = hash_of(key);
        let ranges = even_ranges(count);
        ranges.iter().position(|(start, end)| *start <= hash && hash <= *end).expect("the ranges cover every key")
    }

    /// KDS-E1.
    #[test]
    fn keys_fall_where_md5_says() {
        assert_eq!(hash_of("a"), 16_955_237_001_963_240_173_058_271_559_858_726_497);
        let keys = [
            ("a", 0, 0),
            ("b", 2, 1),
            ("c", 1, 0),
            ("user-1", 3, 1),
            ("user-2", 0, 0),
            ("user-3", 0, 0),
            ("order-1", 1, 0),
            ("order-2", 0, 0),
            ("sensor-7", 2, 1),
            ("AAPL", 2, 1),
            ("AMZN", 0, 0),
            ("GOOG", 3, 1),
        ];
        for (key, of_four, of_two) in keys {
            assert_eq!((index_of(key, 4), index_of(key, 2)), (of_four, of_two), "{key}");
        }
    }

    #[test]
    fn even_ranges_cover_every_hash_key_once() {
        for count in 1..=64 {
            let ranges = even_ranges(count);
            assert_eq!(ranges.len(), count as usize);
            assert_eq!((ranges[0].0, ranges[ranges.len() - 1].1), (0, u128::MAX));
            assert!(ranges.windows(2).all(|pair| pair[0].1 + 1 == pair[1].0), "{count} shards");
            let widths: Vec<u128> = ranges.iter().map(|(start, end)| end - start).collect();
            let (least, most) = (widths.iter().min(), widths.iter().max());
            assert!(most.zip(least).is_some_and(|(most, least)| most - least <= 1), "{count} shards");
        }
        assert_eq!(even_ranges(3)[1].0, 113_427_455_640_312_821_154_458_202_477_256_070_485);
    }
}
