//! A row of the lease table (KDS-19).

use serde_json::{Value, json};

use crate::services::dynamodb::api::{Condition, Item};
use crate::services::kinesis::api::shard_id;

/// The key's name in the table.
pub const KEY: &str = "leaseKey";
pub const OWNER: &str = "leaseOwner";
pub const COUNTER: &str = "leaseCounter";
pub const CHECKPOINT: &str = "checkpoint";
pub const SWITCHES: &str = "ownerSwitchesSinceCheckpoint";
/// The owner that still has to checkpoint before the new one begins.
pub const CHECKPOINT_OWNER: &str = "checkpointOwner";
pub const THROUGHPUT: &str = "throughputKBps";

/// Up to where a shard is processed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checkpoint {
    TrimHorizon,
    Latest,
    After(u128),
    ShardEnd,
}

impl Checkpoint {
    #[must_use]
    pub fn to_text(self) -> String {
        match self {
            Self::TrimHorizon => "TRIM_HORIZON".to_owned(),
            Self::Latest => "LATEST".to_owned(),
            Self::After(sequence) => sequence.to_string(),
            Self::ShardEnd => "SHARD_END".to_owned(),
        }
    }

    fn from_text(text: &str) -> Self {
        match text {
            "LATEST" => Self::Latest,
            "SHARD_END" => Self::ShardEnd,
            number => number.parse().map_or(Self::TrimHorizon, Self::After),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    pub shard: u32,
    pub owner: Option<String>,
    pub counter: u64,
    pub checkpoint: Checkpoint,
    pub switches: u64,
    pub parents: Vec<u32>,
    pub checkpoint_owner: Option<String>,
    /// Bytes a second, as its owner has seen them.
    pub throughput: u64,
}

#[must_use]
pub fn text(value: &str) -> Value {
    json!({ "S": value })
}

#[must_use]
pub fn number(value: u64) -> Value {
    json!({ "N": value.to_string() })
}

/// A number with three decimals.
#[must_use]
pub fn thousandths(value: u64) -> Value {
    json!({ "N": format!("{}.{:03}", value / 1_000, value % 1_000) })
}

#[must_use]
pub fn text_of<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name)?.get("S")?.as_str()
}

#[must_use]
pub fn number_of(item: &Item, name: &str) -> Option<u64> {
    item.get(name)?.get("N")?.as_str()?.parse().ok()
}

#[must_use]
pub fn thousandths_of(item: &Item, name: &str) -> Option<u64> {
    let (whole, part) = item.get(name)?.get("N")?.as_str()?.split_once('.')?;
    Some(whole.parse::<u64>().ok()? * 1_000 + part.parse::<u64>().ok()?)
}

fn shard_of(key: &str) -> Option<u32> {
    key.strip_prefix("shardId-")?.parse().ok()
}

impl Lease {
    /// A lease that nobody has.
    #[must_use]
    pub fn free(shard: u32, checkpoint: Checkpoint, parents: Vec<u32>) -> Self {
        Self { shard, owner: None, counter: 0, checkpoint, switches: 0, parents, checkpoint_owner: None, throughput: 0 }
    }

    /// `None` for the other rows of the table.
    #[must_use]
    pub fn from_item(item: &Item) -> Option<Self> {
        let parents = item.get("parentShardId").and_then(|set| set.get("SS")?.as_array());
        let parents = parents.into_iter().flatten().filter_map(|parent| shard_of(parent.as_str()?)).collect();
        Some(Self {
            shard: shard_of(text_of(item, KEY)?)?,
            owner: text_of(item, OWNER).map(str::to_owned),
            counter: number_of(item, COUNTER).unwrap_or(0),
            checkpoint: text_of(item, CHECKPOINT).map_or(Checkpoint::TrimHorizon, Checkpoint::from_text),
            switches: number_of(item, SWITCHES).unwrap_or(0),
            parents,
            checkpoint_owner: text_of(item, CHECKPOINT_OWNER).map(str::to_owned),
            throughput: thousandths_of(item, THROUGHPUT).unwrap_or(0),
        })
    }

    #[must_use]
    pub fn key(&self) -> String {
        shard_id(self.shard)
    }

    #[must_use]
    pub fn item(&self) -> Item {
        let mut item = Item::new();
        item.insert(KEY.to_owned(), text(&self.key()));
        item.insert(COUNTER.to_owned(), number(self.counter));
        item.insert(CHECKPOINT.to_owned(), text(&self.checkpoint.to_text()));
        item.insert("checkpointSubSequenceNumber".to_owned(), number(0));
        item.insert(SWITCHES.to_owned(), number(self.switches));
        if !self.parents.is_empty() {
            let parents: Vec<String> = self.parents.iter().map(|parent| shard_id(*parent)).collect();
            item.insert("parentShardId".to_owned(), json!({ "SS": parents }));
        }
        item
    }

    /// That the row is still as it is known here.
    #[must_use]
    pub fn unchanged(&self) -> Vec<Condition> {
        let owner = match &self.owner {
            Some(owner) => Condition::Equals(OWNER.to_owned(), text(owner)),
            None => Condition::Absent(OWNER.to_owned()),
        };
        vec![owner, Condition::Equals(COUNTER.to_owned(), number(self.counter))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// KDS-19.
    #[test]
    fn a_lease_is_a_row() {
        let lease = Lease { counter: 7, switches: 2, ..Lease::free(3, Checkpoint::After(99), vec![0, 1]) };
        let item = lease.item();
        assert_eq!(text_of(&item, KEY), Some("shardId-000000000003"));
        assert_eq!(text_of(&item, CHECKPOINT), Some("99"));
        assert_eq!(Lease::from_item(&item), Some(lease));
        assert_eq!(Lease::from_item(&Item::from_iter([(KEY.to_owned(), text("$leader"))])), None);
        assert_eq!(thousandths_of(&Item::from_iter([("x".to_owned(), thousandths(1_045))]), "x"), Some(1_045));
        for checkpoint in [Checkpoint::Latest, Checkpoint::ShardEnd, Checkpoint::TrimHorizon] {
            assert_eq!(Checkpoint::from_text(&checkpoint.to_text()), checkpoint);
        }
    }
}
