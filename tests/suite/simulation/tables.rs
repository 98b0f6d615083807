//! What must hold of tables and of the applications that keep leases in them, from the facts alone.

use std::collections::{BTreeMap, BTreeSet};

use decoupled::engine::{ActorId, TraceRecord};
use decoupled::services::clients::kcl;
use decoupled::services::{Fact, Kind, Token, dynamodb, kinesis};
use decoupled::sim::Run;

#[derive(Default)]
pub struct Tables {
    /// The keys of each table's items.
    items: BTreeMap<ActorId, BTreeSet<String>>,
    /// The key that was written last in each table, and whether there was an item before.
    written: BTreeMap<ActorId, (String, bool)>,
    /// Records that lie in a stream, or did.
    put: BTreeSet<Token>,
    /// What each application was done with for the first time.
    done: BTreeSet<(ActorId, Token)>,
}

impl Tables {
    pub fn see(&mut self, record: &TraceRecord<Fact>) -> Result<(), String> {
        let actor = record.actor;
        match (&record.fact, record.message) {
            (Fact::Table(fact), _) => self.table(actor, fact),
            (Fact::Stream(kinesis::Fact::RecordPut { .. }), Some(token)) => {
                self.put.insert(token);
                Ok(())
            }
            (Fact::KclApplication(kcl::Fact::RecordProcessed), Some(token)) => self.done(actor, token),
            _ => Ok(()),
        }
    }

    fn table(&mut self, table: ActorId, fact: &dynamodb::Fact) -> Result<(), String> {
        let items = self.items.entry(table).or_default();
        match fact {
            dynamodb::Fact::ItemWritten { key } => {
                let was_there = !items.insert(key.clone());
                self.written.insert(table, (key.clone(), was_there));
            }
            dynamodb::Fact::ItemDeleted { key } => {
                let was_there = items.remove(key);
                self.written.insert(table, (key.clone(), was_there));
            }
            dynamodb::Fact::ChangeRecorded { event, key } => {
                let is_there = items.contains(key);
                let expected = match self.written.get(&table) {
                    Some((last, was_there)) if last == key => match (was_there, is_there) {
                        (false, true) => "INSERT",
                        (true, true) => "MODIFY",
                        (true, false) => "REMOVE",
                        (false, false) => "nothing",
                    },
                    _ => "nothing",
                };
                if *event != expected {
                    return Err(format!("{event} of {key} is recorded, {expected} happened"));
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn done(&mut self, application: ActorId, token: Token) -> Result<(), String> {
        if !self.put.contains(&token) {
            return Err("an application processed what was never put".to_owned());
        }
        if !self.done.insert((application, token)) {
            return Err("processed for the first time twice".to_owned());
        }
        Ok(())
    }

    /// Records that applications processed, and items that are there now.
    pub fn work(&self) -> [u64; 2] {
        [self.done.len() as u64, self.items.values().map(|items| items.len() as u64).sum()]
    }

    /// What of the report the facts do not say.
    pub fn wrong_counts(&self, run: &Run) -> Vec<String> {
        let report = decoupled::sim::report(run, &[]);
        let mut wrong = Vec::new();
        for (id, _) in run.nodes().filter(|(_, node)| node.kind() == Kind::Table) {
            let Some(actor) = run.actor_of(id) else { continue };
            let (reported, seen) = (&report["nodes"][id]["ItemCount"], self.items.get(&actor).map_or(0, BTreeSet::len));
            if *reported != seen {
                wrong.push(format!("{id}: ItemCount is {reported} by the report and {seen} by the facts"));
            }
        }
        wrong
    }
}
