//! A Map under test: its items, what each of them becomes, and how many may fail (SFN-12, SFN-13).

use serde_json::{Map, Value, json};

use super::Test;
use super::mock::Mocked;
use super::outcome::Done;
use super::request::Refused;
use crate::lang::asl::execution::failure::{EXCEED_TOLERATED_FAILURE_THRESHOLD, Error, Failure, ITEM_READER_FAILED};
use crate::lang::asl::execution::items::{self, Source};
use crate::lang::asl::execution::scope::{Scope, World};
use crate::lang::asl::execution::thread::Item;
use crate::lang::asl::execution::{fields, numbers};
use crate::lang::asl::machine::{Distributed, MapState, QueryLanguage, State};

impl Test {
    pub(super) fn map(
        &mut self,
        state: &State,
        map: &MapState,
        world: &mut dyn World,
    ) -> Result<Result<Done, Failure>, Refused> {
        let has_writer = map.distributed.as_ref().is_some_and(|distributed| distributed.writer.is_some());
        let refused = if has_writer { self.mocked_object() } else { self.mocked_list(None) };
        if let Some(refused) = refused {
            return Err(refused);
        }
        let items = match self.map_items(state, map, world) {
            Ok(items) => items,
            Err(failure) => return Ok(Err(failure)),
        };
        let failures = self.configuration.map_iteration_failure_count;
        if failures.is_some_and(|failures| failures > items as u64) {
            return Err(Refused::validation(
                "MapIterationFailureCount cannot exceed the number of items in the Map state input.",
            ));
        }
        if let (Some(failures), Some(Mocked::Error(_))) = (failures, self.mock.as_ref().map(|mock| &mock.mocked)) {
            let scope = Scope { input: &self.input, context: &self.context, variables: &self.variables };
            match is_exceeded(map.distributed.as_ref(), failures, items as u64, &scope, world) {
                Ok(false) => {}
                Ok(true) => {
                    let cause = "The specified tolerated failure threshold was exceeded";
                    return Ok(Err(Failure::of(Error::new(EXCEED_TOLERATED_FAILURE_THRESHOLD, cause))));
                }
                Err(failure) => return Ok(Err(failure)),
            }
        }
        Ok(self.mocked(world))
    }

    /// Shows what is made of the items; so many there are.
    fn map_items(&mut self, state: &State, map: &MapState, world: &mut dyn World) -> Result<usize, Failure> {
        let by_paths = state.language == QueryLanguage::JsonPath;
        let scope = Scope { input: &self.input, context: &self.context, variables: &self.variables };
        let input = fields::select(&state.fields.input_path, scope.input, &scope)?;
        if by_paths {
            self.inspection.put("afterInputPath", input.clone());
        }
        let items = match items::source(map, state.language, &input, &scope, world)? {
            Source::Items(items) => items,
            Source::Reader(reader) => {
                let text = |name: &str| reader.arguments[name].as_str().unwrap_or_default().to_owned();
                let data = self.configuration.map_item_reader_data.clone().unwrap_or_else(|| "[]".to_owned());
                let objects = Map::from_iter([(format!("{}/{}", text("Bucket"), text("Key")), Value::from(data))]);
                let failed = |cause| Failure::of(Error::new(ITEM_READER_FAILED, cause));
                items::read(&reader, &objects).map_err(failed)?
            }
        };
        if by_paths {
            self.inspection.put("afterItemsPath", values_of(&items));
        }
        let count = items.len();
        let within = scope.with_input(&input);
        let concurrency = numbers::integer(&map.max_concurrency, "MaxConcurrency", &within, world)?;
        self.inspection.put_plain("maxConcurrency", concurrency.into());
        self.show_tolerated(map.distributed.as_ref(), world)?;
        let selected = match &map.item_selector {
            Some(selector) => {
                let mut selected = Vec::with_capacity(count);
                for item in &items {
                    let mut context = self.context.clone();
                    if let Some(fields) = context.as_object_mut() {
                        fields
                            .insert("Map".to_owned(), json!({ "Item": { "Index": item.index, "Value": item.value } }));
                    }
                    let scope = Scope { input: &input, context: &context, variables: &self.variables };
                    selected.push(items::select(selector, state.language, &scope, world)?);
                }
                self.inspection.put("afterItemSelector", Value::Array(selected.clone()));
                selected
            }
            None => items.into_iter().map(|item| item.value).collect(),
        };
        if let Some(batcher) = map.distributed.as_ref().and_then(|distributed| distributed.batcher.as_ref()) {
            let scope = Scope { input: &self.input, context: &self.context, variables: &self.variables };
            let batches = items::batches((batcher, state.language), selected, &input, &scope, world)?;
            self.inspection.put("afterItemBatcher", values_of(&batches));
        }
        Ok(count)
    }

    fn show_tolerated(&mut self, distributed: Option<&Distributed>, world: &mut dyn World) -> Result<(), Failure> {
        let Some(distributed) = distributed else { return Ok(()) };
        let scope = Scope { input: &self.input, context: &self.context, variables: &self.variables };
        let (tolerated, _) = numbers::tolerated(Some(distributed), &scope, world)?;
        if distributed.tolerated_failure_count.is_some() {
            self.inspection.put_plain("toleratedFailureCount", tolerated.count.into());
        }
        if distributed.tolerated_failure_percentage.is_some() {
            self.inspection.put_plain("toleratedFailurePercentage", tolerated.percentage.into());
        }
        Ok(())
    }
}

/// Whether more items have failed than a Map says it tolerates; one that says nothing fails with its item's own error.
fn is_exceeded(
    distributed: Option<&Distributed>,
    failures: u64,
    items: u64,
    scope: &Scope<'_>,
    world: &mut dyn World,
) -> Result<bool, Failure> {
    let Some(distributed) = distributed else { return Ok(false) };
    let (tolerated, _) = numbers::tolerated(Some(distributed), scope, world)?;
    let by_count = distributed.tolerated_failure_count.is_some() && failures > tolerated.count;
    let part = if items == 0 { 0.0 } else { failures as f64 * 100.0 / items as f64 };
    let by_percentage = distributed.tolerated_failure_percentage.is_some() && part > tolerated.percentage;
    Ok(by_count || by_percentage)
}

fn values_of(items: &[Item]) -> Value {
    items.iter().map(|item| item.value.clone()).collect()
}
