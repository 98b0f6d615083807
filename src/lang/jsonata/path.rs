//! Paths: steps over items, filters, variables that are bound on the way, order and groups.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::error::{Outcome, Trouble};
use super::evaluator::{Evaluator, ITEM_WORK, finite};
use super::function::Frame;
use super::library::boolean;
use super::tree::{Kind, Node, Stage, Term};
use super::value::{SEQUENCE, Tuple, Value, text_order};

impl Evaluator<'_> {
    pub fn path(&mut self, node: &Node, steps: &[Node], input: &Value, frame: &Rc<Frame>) -> Outcome {
        let starts_anew = matches!(steps.first().map(|step| &step.kind), Some(Kind::Variable(_)));
        let mut items = match input {
            Value::List(..) if !starts_anew => input.clone(),
            other => Value::sequence(vec![other.clone()]),
        };
        let mut tuples: Option<Vec<Tuple>> = None;
        let mut is_tuple = false;
        let mut result = Value::Undefined;
        for (place, step) in steps.iter().enumerate() {
            is_tuple |= step.is_tuple;
            if place == 0 && step.is_constructed {
                result = self.evaluate(step, &items, frame)?;
            } else if is_tuple {
                tuples = Some(self.tuple_step(step, &items, tuples.take(), frame)?);
            } else {
                result = self.step(step, items.clone(), frame, place + 1 == steps.len())?;
            }
            if !is_tuple && (result.is_undefined() || matches!(&result, Value::List(items, _) if items.is_empty())) {
                break;
            }
            if step.focus.is_none() {
                items = result.clone();
            }
        }
        let tuples = tuples.unwrap_or_default();
        if is_tuple && !node.is_tuple {
            result = Value::sequence(tuples.iter().map(Tuple::item).collect());
        } else if is_tuple {
            result = Value::Tuples(Rc::new(tuples.clone()));
        }
        if node.keeps_singleton {
            result = match result {
                Value::List(items, marks) if marks.is_constructed && !marks.is_sequence => {
                    Value::sequence(vec![Value::List(items, marks)])
                }
                other => other,
            };
            if let Value::List(_, marks) = &mut result {
                marks.keeps_singleton = true;
            }
        }
        match &node.group {
            Some(group) => {
                let grouped = if is_tuple { Value::Tuples(Rc::new(tuples)) } else { result };
                self.group(&group.pairs, group.position, grouped, frame)
            }
            None => Ok(result),
        }
    }

    fn step(&mut self, step: &Node, input: Value, frame: &Rc<Frame>, is_last: bool) -> Outcome {
        if let Kind::Sort(terms) = &step.kind {
            let sorted = self.sort_items(terms, step.position, input, frame)?;
            return self.filters(&step.stages, sorted, frame);
        }
        let mut found = Vec::new();
        for item in input.items().iter() {
            let value = self.evaluate(step, item, frame)?;
            let value = self.filters(&step.stages, value, frame)?;
            if !value.is_undefined() {
                found.push(value);
            }
        }
        if is_last && found.len() == 1 && matches!(&found[0], Value::List(_, marks) if !marks.is_sequence) {
            return Ok(found.remove(0));
        }
        let mut flat = Vec::with_capacity(found.len());
        for value in found {
            match value {
                Value::List(items, marks) if !marks.is_constructed => {
                    self.spend(ITEM_WORK * items.len() as u64)?;
                    flat.extend(items.iter().cloned());
                }
                Value::Tuples(_) => flat.extend(value.items().iter().cloned()),
                other => flat.push(other),
            }
        }
        Ok(Value::sequence(flat))
    }

    fn filters(&mut self, stages: &[Stage], mut value: Value, frame: &Rc<Frame>) -> Outcome {
        for stage in stages {
            match stage {
                Stage::Filter(filter) => value = self.filter(filter, value, frame)?,
                Stage::Index(name) => {
                    if let Value::Tuples(tuples) = &mut value {
                        for (place, tuple) in Rc::make_mut(tuples).iter_mut().enumerate() {
                            tuple.set(name, Value::Number(place as f64));
                        }
                    }
                }
            }
        }
        Ok(value)
    }

    fn tuple_step(
        &mut self,
        step: &Node,
        input: &Value,
        tuples: Option<Vec<Tuple>>,
        frame: &Rc<Frame>,
    ) -> Outcome<Vec<Tuple>> {
        let found = if let Kind::Sort(terms) = &step.kind {
            self.tuple_sort(step, terms, input, tuples, frame)?
        } else {
            let tuples = tuples.unwrap_or_else(|| input.clone().items().iter().cloned().map(Tuple::of).collect());
            let mut found = Vec::new();
            for tuple in &tuples {
                let inner = framed(frame, tuple, true);
                let value = self.evaluate(step, &tuple.item(), &inner)?;
                self.extend_tuples(step, tuple, value, &mut found)?;
            }
            found
        };
        match self.filters(&step.stages, Value::Tuples(Rc::new(found)), frame)? {
            Value::Tuples(tuples) => Ok(Rc::unwrap_or_clone(tuples)),
            other => Ok(other.items().iter().cloned().map(Tuple::of).collect()),
        }
    }

    fn tuple_sort(
        &mut self,
        step: &Node,
        terms: &[Term],
        input: &Value,
        tuples: Option<Vec<Tuple>>,
        frame: &Rc<Frame>,
    ) -> Outcome<Vec<Tuple>> {
        if let Some(tuples) = tuples {
            return self.merge_sort(tuples, &mut |it, one, other| {
                let (one_frame, other_frame) = (framed(frame, one, true), framed(frame, other, true));
                it.is_after(terms, step.position, (&one.item(), &one_frame), (&other.item(), &other_frame))
            });
        }
        let sorted = self.sort_items(terms, step.position, input.clone(), frame)?;
        let numbered = |(place, item): (usize, &Value)| {
            let mut tuple = Tuple::of(item.clone());
            if let Some(name) = &step.index {
                tuple.set(name, Value::Number(place as f64));
            }
            tuple
        };
        Ok(sorted.items().iter().enumerate().map(numbered).collect())
    }

    /// A tuple for each item that a step leads to from one tuple.
    fn extend_tuples(&mut self, step: &Node, tuple: &Tuple, value: Value, found: &mut Vec<Tuple>) -> Outcome<()> {
        let weight = ITEM_WORK * (1 + tuple.0.len() as u64);
        if let Value::Tuples(more) = &value {
            for one in more.iter() {
                self.spend(weight)?;
                let mut next = tuple.clone();
                one.0.iter().for_each(|(name, value)| next.set(name, value.clone()));
                found.push(next);
            }
            return Ok(());
        }
        if value.is_undefined() {
            return Ok(());
        }
        for (place, item) in value.items().iter().enumerate() {
            self.spend(weight)?;
            let mut next = tuple.clone();
            next.set(step.focus.as_deref().unwrap_or("@"), item.clone());
            if let Some(name) = &step.index {
                next.set(name, Value::Number(place as f64));
            }
            if let Some(slot) = step.ancestor {
                next.set(&self.tree.slots[slot], tuple.item());
            }
            found.push(next);
        }
        Ok(())
    }

    pub fn filter(&mut self, filter: &Node, input: Value, frame: &Rc<Frame>) -> Outcome {
        if let Value::Tuples(tuples) = &input {
            let mut kept = Vec::new();
            for (place, tuple) in tuples.iter().enumerate() {
                let keeps = match filter.kind {
                    Kind::Number(number) => self.times(&Value::Number(number), place, tuples.len())?,
                    _ => {
                        let value = self.evaluate(filter, &tuple.item(), &framed(frame, tuple, true))?;
                        self.times(&value, place, tuples.len())?
                    }
                };
                kept.extend(std::iter::repeat_n(tuple.clone(), keeps));
            }
            return Ok(Value::Tuples(Rc::new(kept)));
        }
        let items = input.items();
        if let Kind::Number(number) = filter.kind {
            let place = libm::floor(number);
            let place = if place < 0.0 { items.len() as f64 + place } else { place };
            let item = if place >= 0.0 { items.get(place as usize).cloned() } else { None };
            return Ok(match item {
                Some(list @ Value::List(..)) => list,
                item => Value::sequence(item.filter(|item| !item.is_undefined()).into_iter().collect()),
            });
        }
        let mut kept = Vec::new();
        for (place, item) in items.iter().enumerate() {
            let value = self.evaluate(filter, item, frame)?;
            let times = self.times(&value, place, items.len())?;
            kept.extend(std::iter::repeat_n(item.clone(), times));
        }
        Ok(Value::sequence(kept))
    }

    /// How often an item is kept: numbers name places, anything else is true or not.
    fn times(&mut self, value: &Value, place: usize, length: usize) -> Outcome<usize> {
        let is_here = |number: f64| {
            let index = libm::floor(number);
            (if index < 0.0 { length as f64 + index } else { index }) == place as f64
        };
        match value {
            Value::Number(number) if !number.is_nan() => Ok(usize::from(is_here(finite(*number)?))),
            Value::List(items, _) if items.iter().all(|item| matches!(item, Value::Number(_))) => {
                self.spend(items.len() as u64)?;
                let numbers =
                    items.iter().filter_map(|item| if let Value::Number(number) = item { Some(*number) } else { None });
                Ok(numbers.filter(|number| is_here(*number)).count())
            }
            other => Ok(usize::from(boolean(other)?.unwrap_or_default())),
        }
    }

    fn sort_items(&mut self, terms: &[Term], position: usize, input: Value, frame: &Rc<Frame>) -> Outcome {
        let items = match input {
            Value::List(items, marks) if items.len() <= 1 => return Ok(Value::List(items, marks)),
            other => other.items(),
        };
        let sorted = self.merge_sort(items.to_vec(), &mut |it, one, other| {
            it.is_after(terms, position, (one, frame), (other, frame))
        })?;
        Ok(Value::list(sorted))
    }

    /// Whether one item comes behind another.
    fn is_after(
        &mut self,
        terms: &[Term],
        position: usize,
        one: (&Value, &Rc<Frame>),
        other: (&Value, &Rc<Frame>),
    ) -> Outcome<bool> {
        use std::cmp::Ordering;
        for term in terms {
            let left = self.evaluate(&term.expression, one.0, one.1)?;
            let right = self.evaluate(&term.expression, other.0, other.1)?;
            // What is undefined comes last, whichever way the others go.
            let mut order = match (&left, &right) {
                (Value::Undefined, Value::Undefined) => continue,
                (Value::Undefined, _) => return Ok(true),
                (_, Value::Undefined) => return Ok(false),
                (Value::Number(left), Value::Number(right)) => left.partial_cmp(right).unwrap_or(Ordering::Greater),
                (Value::Text(left), Value::Text(right)) => text_order(left, right),
                (Value::Number(_) | Value::Text(_), Value::Number(_) | Value::Text(_)) => {
                    let mut trouble = Trouble::with("T2007", left);
                    trouble.value2 = right;
                    return Err(trouble.near(position, "^"));
                }
                _ => {
                    let is_left = !matches!(left, Value::Number(_) | Value::Text(_));
                    return Err(Trouble::with("T2008", if is_left { left } else { right }).near(position, "^"));
                }
            };
            if term.is_descending {
                order = order.reverse();
            }
            if order != Ordering::Equal {
                return Ok(order == Ordering::Greater);
            }
        }
        Ok(false)
    }

    /// In order, where what is equal stays as it was.
    pub fn merge_sort<T: Clone>(
        &mut self,
        mut items: Vec<T>,
        is_after: &mut dyn FnMut(&mut Self, &T, &T) -> Outcome<bool>,
    ) -> Outcome<Vec<T>> {
        if items.len() <= 1 {
            return Ok(items);
        }
        self.spend(items.len() as u64)?;
        let right = items.split_off(items.len() / 2);
        let left = self.merge_sort(items, is_after)?;
        let right = self.merge_sort(right, is_after)?;
        let mut merged = Vec::with_capacity(left.len() + right.len());
        let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
        while let (Some(one), Some(other)) = (left.peek(), right.peek()) {
            let next = if is_after(self, one, other)? { right.next() } else { left.next() };
            merged.extend(next);
        }
        merged.extend(left.chain(right));
        Ok(merged)
    }

    /// An object: the items that give the same name are one list, of which the value is made.
    pub fn group(&mut self, pairs: &[(Node, Node)], position: usize, input: Value, frame: &Rc<Frame>) -> Outcome {
        let mut groups: Vec<(Rc<str>, usize, Gathered)> = Vec::new();
        let mut places: BTreeMap<Rc<str>, usize> = BTreeMap::new();
        for item in gathered(input) {
            let (context, inner) = match &item {
                Gathered::Item(value) => (value.clone(), frame.clone()),
                Gathered::Tuples(tuples) => (tuples[0].item(), framed(frame, &tuples[0], true)),
            };
            for (place, (key, _)) in pairs.iter().enumerate() {
                let key = match self.evaluate(key, &context, &inner)? {
                    Value::Undefined => continue,
                    Value::Text(key) => key,
                    other => return Err(Trouble::with("T1003", other).near(position, "")),
                };
                let Some(known) = places.get(&key) else {
                    self.spend(ITEM_WORK)?;
                    places.insert(key.clone(), groups.len());
                    groups.push((key, place, item.clone()));
                    continue;
                };
                let (_, expression, data) = &mut groups[*known];
                if *expression != place {
                    return Err(Trouble::with("D1009", Value::Text(key)).near(position, ""));
                }
                match (data, &item) {
                    (Gathered::Item(all), Gathered::Item(value)) => {
                        *all = self.append(std::mem::replace(all, Value::Undefined), value.clone())?;
                    }
                    (Gathered::Tuples(all), Gathered::Tuples(more)) => all.extend(more.iter().cloned()),
                    _ => {}
                }
            }
        }
        let mut fields = Vec::with_capacity(groups.len());
        for (key, expression, data) in groups {
            let value = &pairs[expression].1;
            let value = match data {
                Gathered::Item(context) => self.evaluate(value, &context, frame)?,
                Gathered::Tuples(tuples) => {
                    let tuple = self.reduced(tuples)?;
                    self.evaluate(value, &tuple.item(), &framed(frame, &tuple, false))?
                }
            };
            if !value.is_undefined() {
                fields.push((key, value));
            }
        }
        Ok(Value::object(fields))
    }

    /// One tuple of several: each variable is the list of its values.
    fn reduced(&mut self, tuples: Vec<Tuple>) -> Outcome<Tuple> {
        let mut tuples = tuples.into_iter();
        let mut result = tuples.next().unwrap_or_default();
        for tuple in tuples {
            for (name, value) in tuple.0 {
                let place = result.0.iter().position(|(known, _)| *known == name);
                let old =
                    place.map_or(Value::Undefined, |place| std::mem::replace(&mut result.0[place].1, Value::Undefined));
                let both = self.append(old, value)?;
                result.set(&name, both);
            }
        }
        Ok(result)
    }
}

/// What a group is made of.
#[derive(Clone)]
enum Gathered {
    Item(Value),
    Tuples(Vec<Tuple>),
}

/// The items; where there are none, one that is undefined: so an object may be made of nothing.
fn gathered(input: Value) -> Vec<Gathered> {
    let all: Vec<Gathered> = match input {
        Value::Tuples(tuples) => tuples.iter().map(|tuple| Gathered::Tuples(vec![tuple.clone()])).collect(),
        other => other.items().iter().cloned().map(Gathered::Item).collect(),
    };
    if all.is_empty() { vec![Gathered::Item(Value::Undefined)] } else { all }
}

/// A frame with the variables of a tuple.
fn framed(frame: &Rc<Frame>, tuple: &Tuple, has_item: bool) -> Rc<Frame> {
    let inner = Frame::within(frame);
    for (name, value) in &tuple.0 {
        if has_item || &**name != "@" {
            inner.bind(name, value.clone());
        }
    }
    inner
}

/// A list that is marked as a path's result.
pub(super) fn as_sequence(items: Vec<Value>) -> Value {
    Value::List(Rc::new(items.into()), SEQUENCE)
}
