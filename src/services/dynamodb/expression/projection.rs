//! Projections: what of an item is shown (DDB-11).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::parser::Parser;
use super::path::{Path, Step, stand_apart};
use super::placeholders::Placeholders;
use crate::services::dynamodb::value::{Item, parts};

#[derive(Clone, Debug, PartialEq)]
pub struct Projection {
    paths: Vec<Path>,
}

/// What is shown below a step: all of it where there is nothing.
#[derive(Default)]
struct Shown<'a>(BTreeMap<&'a Step, Shown<'a>>);

impl Projection {
    /// # Errors
    /// What AWS says of an expression that is none.
    pub fn read(text: &str, placeholders: &mut Placeholders) -> Result<Self, String> {
        let mut parser = Parser::new(text, placeholders)?;
        let mut paths: Vec<Path> = vec![parser.path()?];
        while parser.tokens.takes(",") {
            paths.push(parser.path()?);
        }
        parser.at_end()?;
        Self::apart(&paths)?;
        Ok(Self { paths })
    }

    #[must_use]
    pub fn of(paths: Vec<Path>) -> Self {
        Self { paths }
    }

    fn apart(paths: &[Path]) -> Result<(), String> {
        paths
            .iter()
            .enumerate()
            .try_for_each(|(place, two)| paths[..place].iter().try_for_each(|one| stand_apart(one, two)))
    }

    /// Of an item what the paths lead to; elements of a list close ranks.
    #[must_use]
    pub fn apply(&self, item: &Item) -> Item {
        let mut shown = Shown::default();
        for path in &self.paths {
            path.iter().fold(&mut shown, |shown, step| shown.0.entry(step).or_default());
        }
        shown.of_item(item)
    }
}

impl Shown<'_> {
    fn of_item(&self, item: &Item) -> Item {
        let part = |(name, value): (&String, &Value)| {
            let shown = self.0.get(&Step::Name(name.clone()))?;
            Some((name.clone(), shown.of_value(value)?))
        };
        item.iter().filter_map(part).collect()
    }

    fn of_value(&self, value: &Value) -> Option<Value> {
        if self.0.is_empty() {
            return Some(value.clone());
        }
        match parts(value)? {
            ("M", Value::Object(map)) => {
                let map = self.of_item(map);
                (!map.is_empty()).then(|| json!({ "M": map }))
            }
            ("L", Value::Array(list)) => {
                let one = |(step, shown): (&&Step, &Self)| match step {
                    Step::Index(index) => shown.of_value(list.get(*index)?),
                    Step::Name(_) => None,
                };
                let list: Vec<Value> = self.0.iter().filter_map(one).collect();
                (!list.is_empty()).then(|| json!({ "L": list }))
            }
            _ => None,
        }
    }
}
