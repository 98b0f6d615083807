//! Functions of lists.

use std::rc::Rc;

use super::{Line, argument, boolean, of_item};
use crate::lang::jsonata::error::{Outcome, Trouble};
use crate::lang::jsonata::evaluator::{Evaluator, ITEM_WORK};
use crate::lang::jsonata::path::as_sequence;
use crate::lang::jsonata::value::{Items, Value, text_order};

pub(super) const TABLE: &[Line] = &[
    ("append", "<xx:a>", 2, append),
    ("count", "<a:n>", 1, |_, arguments| {
        Ok(Value::Number(match arguments.into_iter().next() {
            Some(Value::List(items, _)) => items.len() as f64,
            _ => 0.0,
        }))
    }),
    ("distinct", "<x:x>", 1, distinct),
    ("exists", "<x:b>", 1, |_, arguments| {
        Ok(Value::Bool(arguments.first().is_some_and(|value| !value.is_undefined())))
    }),
    ("filter", "<af>", 2, filter),
    ("map", "<af>", 2, map),
    ("reduce", "<afj?:j>", 3, reduce),
    ("reverse", "<a:a>", 1, reverse),
    ("shuffle", "<a:a>", 1, shuffle),
    ("single", "<af?>", 2, single),
    ("sort", "<af?:a>", 2, sort),
    ("zip", "<a+>", 0, zip),
];

/// The list and the function that most of them take; none where there is no list.
fn list_and_function(arguments: Vec<Value>) -> Option<(Rc<Items>, Value, Value)> {
    let mut arguments = arguments.into_iter();
    let list = argument(&mut arguments);
    let called = argument(&mut arguments);
    if list.is_undefined() { None } else { Some((list.clone().items(), list, called)) }
}

fn append(it: &mut Evaluator, arguments: Vec<Value>) -> Outcome {
    let mut arguments = arguments.into_iter();
    let left = argument(&mut arguments);
    it.append(left, argument(&mut arguments))
}

fn map(it: &mut Evaluator, arguments: Vec<Value>) -> Outcome {
    let Some((items, list, called)) = list_and_function(arguments) else { return Ok(Value::Undefined) };
    let mut results = Vec::new();
    for (place, item) in items.iter().enumerate() {
        it.spend(ITEM_WORK)?;
        let arguments = of_item(&called, item.clone(), Value::Number(place as f64), &list);
        let result = it.apply(&called, arguments, &Value::Undefined, "")?;
        if !result.is_undefined() {
            results.push(result);
        }
    }
    Ok(as_sequence(results))
}

fn passes(it: &mut Evaluator, called: &Value, item: &Value, place: usize, list: &Value) -> Outcome<bool> {
    it.spend(1)?;
    let arguments = of_item(called, item.clone(), Value::Number(place as f64), list);
    let result = it.apply(called, arguments, &Value::Undefined, "")?;
    Ok(boolean(&result)?.unwrap_or_default())
}

fn filter(it: &mut Evaluator, arguments: Vec<Value>) -> Outcome {
    let Some((items, list, called)) = list_and_function(arguments) else { return Ok(Value::Undefined) };
    let mut kept = Vec::new();
    for (place, item) in items.iter().enumerate() {
        if passes(it, &called, item, place, &list)? {
            kept.push(item.clone());
        }
    }
    Ok(as_sequence(kept))
}

fn single(it: &mut Evaluator, arguments: Vec<Value>) -> Outcome {
    let Some((items, list, called)) = list_and_function(arguments) else { return Ok(Value::Undefined) };
    let mut found = None;
    for (place, item) in items.iter().enumerate() {
        if !called.is_undefined() && !passes(it, &called, item, place, &list)? {
            continue;
        }
        if found.replace(item.clone()).is_some() {
            return Err(Trouble::new("D3138"));
        }
    }
    found.ok_or_else(|| Trouble::new("D3139"))
}

fn reduce(it: &mut Evaluator, arguments: Vec<Value>) -> Outcome {
    let first = arguments.get(2).cloned().unwrap_or(Value::Undefined);
    let Some((items, list, called)) = list_and_function(arguments) else { return Ok(Value::Undefined) };
    let arity = if let Value::Function(function) = &called { function.arity() } else { 0 };
    if arity < 2 {
        return Err(Trouble::new("D3050"));
    }
    let mut rest = items.iter().enumerate();
    let mut result = first;
    if result.is_undefined() {
        result = rest.next().map_or(Value::Undefined, |(_, item)| item.clone());
    }
    for (place, item) in rest {
        let mut arguments = vec![result, item.clone()];
        if arity >= 3 {
            arguments.push(Value::Number(place as f64));
        }
        if arity >= 4 {
            arguments.push(list.clone());
        }
        result = it.apply(&called, arguments, &Value::Undefined, "")?;
    }
    Ok(result)
}

fn reverse(it: &mut Evaluator, arguments: Vec<Value>) -> Outcome {
    let list = argument(&mut arguments.into_iter());
    match &list {
        Value::List(items, _) if items.len() > 1 => {
            it.spend(ITEM_WORK * items.len() as u64)?;
            Ok(Value::list(items.iter().rev().cloned().collect()))
        }
        _ => Ok(list),
    }
}

fn shuffle(it: &mut Evaluator, arguments: Vec<Value>) -> Outcome {
    let list = argument(&mut arguments.into_iter());
    let Value::List(items, _) = &list else { return Ok(list) };
    if items.len() <= 1 {
        return Ok(list);
    }
    it.spend(ITEM_WORK * items.len() as u64)?;
    let mut shuffled: Vec<Value> = items.to_vec();
    for place in (1..shuffled.len()).rev() {
        let other = (it.surroundings.random() * (place + 1) as f64) as usize;
        shuffled.swap(place, other.min(place));
    }
    Ok(Value::list(shuffled))
}

fn distinct(it: &mut Evaluator, arguments: Vec<Value>) -> Outcome {
    let list = argument(&mut arguments.into_iter());
    let Value::List(items, marks) = &list else { return Ok(list) };
    if items.len() <= 1 {
        return Ok(list);
    }
    let mut results: Vec<Value> = Vec::new();
    'items: for item in items.iter() {
        for known in &results {
            if it.equal(known, item)? {
                continue 'items;
            }
        }
        results.push(item.clone());
    }
    Ok(if marks.is_sequence { as_sequence(results) } else { Value::list(results) })
}

fn sort(it: &mut Evaluator, arguments: Vec<Value>) -> Outcome {
    let Some((items, list, called)) = list_and_function(arguments) else { return Ok(Value::Undefined) };
    if items.len() <= 1 {
        return Ok(list);
    }
    let items = items.to_vec();
    let sorted = if called.is_undefined() {
        let are_numbers = items.iter().all(|item| matches!(item, Value::Number(_)));
        if !are_numbers && !items.iter().all(|item| matches!(item, Value::Text(_))) {
            return Err(Trouble::new("D3070"));
        }
        it.merge_sort(items, &mut |it, one, other| {
            it.spend(1)?;
            Ok(match (one, other) {
                (Value::Number(one), Value::Number(other)) => one > other,
                (Value::Text(one), Value::Text(other)) => text_order(one, other).is_gt(),
                _ => false,
            })
        })?
    } else {
        it.merge_sort(items, &mut |it, one, other| {
            let result = it.apply(&called, vec![one.clone(), other.clone()], &Value::Undefined, "")?;
            Ok(is_truthy(&result))
        })?
    };
    Ok(Value::list(sorted))
}

/// As JavaScript's `if` sees a value: lists and objects are true, even empty ones.
fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Undefined | Value::Null => false,
        Value::Bool(is) => *is,
        Value::Number(number) => *number != 0.0 && !number.is_nan(),
        Value::Text(text) => !text.is_empty(),
        _ => true,
    }
}

fn zip(it: &mut Evaluator, arguments: Vec<Value>) -> Outcome {
    let length = |value: &Value| if let Value::List(items, _) = value { items.len() } else { 0 };
    let shortest = arguments.iter().map(length).min().unwrap_or_default();
    it.spend(ITEM_WORK * (shortest * arguments.len()) as u64)?;
    let lists: Vec<Rc<Items>> = arguments.into_iter().map(Value::items).collect();
    Ok(Value::list(
        (0..shortest).map(|place| Value::list(lists.iter().map(|list| list[place].clone()).collect())).collect(),
    ))
}
