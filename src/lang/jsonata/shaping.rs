//! Gives a tree the shape in which it is evaluated: paths become lists of steps, filters go to their steps, and each `%`
//! finds the step whose input it means.

use std::sync::Arc;

use super::error::{Outcome, Trouble};
use super::raw::{Raw, RawKind, RawTerm};
use super::tree::{Group, Kind, Lambda, Node, Stage, Term, Transform, Tree};
use super::value::Value;

/// What a `%` is looking for: so many levels up from where it is.
struct Slot {
    label: String,
    level: i64,
}

struct Shaper {
    slots: Vec<Slot>,
}

pub(super) fn shape(raw: Raw) -> Outcome<Tree> {
    let mut shaper = Shaper { slots: Vec::new() };
    let root = shaper.node(raw)?;
    if matches!(root.kind, Kind::Parent(_)) || !root.seeking.is_empty() {
        return Err(Trouble::at("S0217", root.position, ""));
    }
    Ok(Tree { root, slots: shaper.slots.into_iter().map(|slot| slot.label).collect() })
}

impl Shaper {
    fn boxed(&mut self, raw: Raw) -> Outcome<Box<Node>> {
        self.node(raw).map(Box::new)
    }

    /// A part, whose search for what is above is the whole's too.
    fn part(&mut self, raw: Raw, seeking: &mut Vec<usize>) -> Outcome<Node> {
        let node = self.node(raw)?;
        push_ancestry(seeking, &node);
        Ok(node)
    }

    fn parts(&mut self, raws: Vec<Raw>, seeking: &mut Vec<usize>) -> Outcome<Vec<Node>> {
        raws.into_iter().map(|raw| self.part(raw, seeking)).collect()
    }

    fn node(&mut self, raw: Raw) -> Outcome<Node> {
        let (position, keeps_list) = (raw.position, raw.keeps_list);
        let mut seeking = Vec::new();
        let seen = &mut seeking;
        let kind = match raw.kind {
            RawKind::End => return Err(Trouble::at("S0207", position, "(end)")),
            RawKind::Binary(operator @ ("." | "@" | "#" | "~>" | ":="), left, right) => {
                return self.structural(operator, *left, *right, position, keeps_list);
            }
            RawKind::Filter(left, filter) => return self.filter(*left, *filter, position, keeps_list),
            RawKind::Group(left, pairs) => return self.group(*left, pairs, position, keeps_list),
            RawKind::OrderBy(left, terms) => return self.order(*left, terms, position, keeps_list),
            RawKind::Negate(inner) => match self.node(*inner)? {
                Node { kind: Kind::Number(number), .. } => Kind::Number(-number),
                inner => {
                    push_ancestry(seen, &inner);
                    Kind::Negate(Box::new(inner))
                }
            },
            RawKind::Name(name) => {
                let mut step = Node::new(Kind::Name(name), position);
                step.keeps_list = keeps_list;
                let mut path = Node::new(Kind::Path(vec![step]), position);
                path.keeps_singleton = keeps_list;
                path.keeps_list = keeps_list;
                return Ok(path);
            }
            RawKind::Parent => {
                let slot = self.slots.len();
                self.slots.push(Slot { label: format!("!{slot}"), level: 1 });
                Kind::Parent(slot)
            }
            RawKind::Block(parts) => return self.block(parts, position, keeps_list),
            RawKind::Text(text) => Kind::Text(text),
            RawKind::Number(number) => Kind::Number(number),
            RawKind::Bool(is) => Kind::Bool(is),
            RawKind::Null => Kind::Null,
            RawKind::Regex(regex) => Kind::Regex(regex),
            RawKind::Variable(name) => Kind::Variable(name),
            RawKind::Wildcard => Kind::Wildcard,
            RawKind::Descendants => Kind::Descendants,
            compound => self.compound(compound, seen)?,
        };
        let mut node = Node::new(kind, position);
        node.seeking = seeking;
        node.keeps_list = keeps_list;
        Ok(node)
    }

    /// What has parts and stays as it is.
    fn compound(&mut self, kind: RawKind, seen: &mut Vec<usize>) -> Outcome<Kind> {
        Ok(match kind {
            RawKind::Binary(operator, left, right) => {
                let left = Box::new(self.part(*left, seen)?);
                Kind::Binary(operator, left, Box::new(self.part(*right, seen)?))
            }
            RawKind::List(items) => Kind::List(self.parts(items, seen)?),
            RawKind::Object(pairs) => {
                let pair = |(key, value)| Ok((self.part(key, seen)?, self.part(value, seen)?));
                Kind::Object(pairs.into_iter().map(pair).collect::<Outcome<_>>()?)
            }
            RawKind::Condition(condition, then, other) => {
                let condition = Box::new(self.part(*condition, seen)?);
                let then = Box::new(self.part(*then, seen)?);
                let other = other.map(|other| self.part(*other, seen).map(Box::new)).transpose()?;
                Kind::Condition(condition, then, other)
            }
            RawKind::Call(procedure, arguments) => {
                let arguments = self.parts(arguments, seen)?;
                Kind::Call(self.boxed(*procedure)?, arguments)
            }
            RawKind::Partial(procedure, arguments) => {
                let argument = |raw: Option<Raw>| raw.map(|raw| self.part(raw, seen)).transpose();
                let arguments = arguments.into_iter().map(argument).collect::<Outcome<_>>()?;
                Kind::Partial(self.boxed(*procedure)?, arguments)
            }
            RawKind::Lambda { parameters, signature, body } => {
                let body = with_thunks(self.node(*body)?);
                Kind::Lambda(Arc::new(Lambda { parameters, signature, body }))
            }
            RawKind::Transform { pattern, update, delete } => {
                let position = pattern.position;
                let (pattern, update) = (self.node(*pattern)?, self.node(*update)?);
                let delete = delete.map(|delete| self.node(*delete)).transpose()?;
                Kind::Transform(Arc::new(Transform { pattern, update, delete, position }))
            }
            _ => Kind::Null,
        })
    }

    fn block(&mut self, parts: Vec<Raw>, position: usize, keeps_list: bool) -> Outcome<Node> {
        let mut seeking = Vec::new();
        let parts = self.parts(parts, &mut seeking)?;
        let is_constructed = |part: &Node| {
            part.is_constructed
                || matches!(&part.kind, Kind::Path(steps) if steps.first().is_some_and(|step| step.is_constructed))
        };
        let is_constructed = parts.iter().any(is_constructed);
        Ok(Node { seeking, keeps_list, is_constructed, ..Node::new(Kind::Block(parts), position) })
    }

    fn structural(
        &mut self,
        operator: &str,
        left: Raw,
        right: Raw,
        position: usize,
        keeps_list: bool,
    ) -> Outcome<Node> {
        let mut node = match operator {
            "." => self.path(left, right, position)?,
            "~>" => {
                let (left, right) = (self.boxed(left)?, self.boxed(right)?);
                let keeps = left.keeps_list || right.keeps_list;
                Node { keeps_list: keeps, ..Node::new(Kind::Apply(left, right), position) }
            }
            ":=" => {
                let RawKind::Variable(name) = left.kind else { return Err(Trouble::at("S0212", position, "")) };
                let mut seeking = Vec::new();
                let value = Box::new(self.part(right, &mut seeking)?);
                Node { seeking, ..Node::new(Kind::Bind(name, value), position) }
            }
            _ => {
                let RawKind::Variable(name) = right.kind else { return Err(Trouble::at("S0214", position, operator)) };
                let node = self.node(left)?;
                if operator == "@" {
                    focused(node, name, position, keeps_list)?
                } else {
                    numbered(node, name, position)
                }
            }
        };
        node.keeps_list |= keeps_list;
        Ok(node)
    }

    fn path(&mut self, left: Raw, right: Raw, position: usize) -> Outcome<Node> {
        let left = self.node(left)?;
        let mut path = as_path(left);
        let mut rest = self.node(right)?;
        let Kind::Path(steps) = &mut path.kind else { return Ok(path) };
        if let Kind::Path(more) = &mut rest.kind {
            steps.append(more);
        } else {
            rest.stages.extend(rest.predicates.drain(..).map(Stage::Filter));
            steps.push(rest);
        }
        for step in &mut *steps {
            let literal = match &mut step.kind {
                Kind::Number(number) => Value::Number(*number),
                Kind::Bool(is) => Value::Bool(*is),
                Kind::Null => Value::Null,
                Kind::Text(text) => {
                    step.kind = Kind::Name(std::mem::take(text));
                    continue;
                }
                _ => continue,
            };
            let mut trouble = Trouble::with("S0213", literal);
            trouble.position = Some(step.position);
            return Err(trouble);
        }
        path.keeps_singleton |= steps.iter().any(|step| step.keeps_list);
        let last = steps.len() - 1;
        for place in [0, last] {
            steps[place].is_constructed |= matches!(steps[place].kind, Kind::List(_));
        }
        path.position = position;
        self.resolve(&mut path)?;
        Ok(path)
    }

    fn filter(&mut self, left: Raw, filter: Raw, position: usize, keeps_list: bool) -> Outcome<Node> {
        let mut node = self.node(left)?;
        let filter = self.node(filter)?;
        let is_path = matches!(node.kind, Kind::Path(_));
        with_last_step(&mut node, |step| {
            if step.group.is_some() {
                return Err(Trouble::at("S0209", position, ""));
            }
            for slot in filter.seeking.clone() {
                if self.slots[slot].level == 1 {
                    self.seek(step, slot)?;
                } else {
                    self.slots[slot].level -= 1;
                }
            }
            if !filter.seeking.is_empty() {
                push_ancestry(&mut step.seeking, &filter);
            }
            if is_path {
                step.stages.push(Stage::Filter(filter));
            } else {
                step.predicates.push(filter);
            }
            Ok(())
        })?;
        node.keeps_list |= keeps_list;
        Ok(node)
    }

    fn group(&mut self, left: Raw, pairs: Vec<(Raw, Raw)>, position: usize, keeps_list: bool) -> Outcome<Node> {
        let mut node = self.node(left)?;
        if node.group.is_some() {
            return Err(Trouble::at("S0210", position, ""));
        }
        let pairs = pairs.into_iter().map(|(key, value)| Ok((self.node(key)?, self.node(value)?)));
        node.group = Some(Box::new(Group { pairs: pairs.collect::<Outcome<_>>()?, position }));
        node.keeps_list |= keeps_list;
        Ok(node)
    }

    fn order(&mut self, left: Raw, terms: Vec<RawTerm>, position: usize, keeps_list: bool) -> Outcome<Node> {
        let left = self.node(left)?;
        let mut path =
            if matches!(left.kind, Kind::Path(_)) { left } else { Node::new(Kind::Path(vec![left]), position) };
        let mut seeking = Vec::new();
        let mut sorted = Vec::new();
        for RawTerm { is_descending, expression } in terms {
            sorted.push(Term { is_descending, expression: self.part(expression, &mut seeking)? });
        }
        if let Kind::Path(steps) = &mut path.kind {
            steps.push(Node { seeking, ..Node::new(Kind::Sort(sorted), position) });
        }
        self.resolve(&mut path)?;
        path.keeps_list |= keeps_list;
        Ok(path)
    }

    /// Lets the last step's `%` look among the steps before it.
    fn resolve(&mut self, path: &mut Node) -> Outcome<()> {
        let Kind::Path(steps) = &mut path.kind else { return Ok(()) };
        let Some((last, before)) = steps.split_last_mut() else { return Ok(()) };
        let mut slots = last.seeking.clone();
        if let Kind::Parent(slot) = last.kind {
            slots.push(slot);
        }
        for slot in slots {
            let mut index = before.len();
            while self.slots[slot].level > 0 {
                if index == 0 {
                    path.seeking.push(slot);
                    break;
                }
                index -= 1;
                // Steps that bind the same input one after the other count once.
                while index > 0 && before[index].focus.is_some() && before[index - 1].focus.is_some() {
                    index -= 1;
                }
                self.seek(&mut before[index], slot)?;
            }
        }
        Ok(())
    }

    fn seek(&mut self, node: &mut Node, slot: usize) -> Outcome<()> {
        match &mut node.kind {
            Kind::Name(_) | Kind::Wildcard => {
                self.slots[slot].level -= 1;
                if self.slots[slot].level == 0 {
                    if let Some(earlier) = node.ancestor.replace(slot) {
                        self.slots[slot].label = self.slots[earlier].label.clone();
                    }
                    node.is_tuple = true;
                }
            }
            Kind::Parent(_) => self.slots[slot].level += 1,
            Kind::Block(parts) => {
                if let Some(last) = parts.last_mut() {
                    self.seek(last, slot)?;
                    node.is_tuple = true;
                }
            }
            Kind::Path(steps) => {
                for (place, step) in steps.iter_mut().rev().enumerate() {
                    if place > 0 && self.slots[slot].level <= 0 {
                        break;
                    }
                    self.seek(step, slot)?;
                }
                node.is_tuple = true;
            }
            _ => return Err(Trouble::at("S0217", node.position, "")),
        }
        Ok(())
    }
}

fn push_ancestry(seeking: &mut Vec<usize>, part: &Node) {
    seeking.extend(&part.seeking);
    if let Kind::Parent(slot) = part.kind {
        seeking.push(slot);
    }
}

fn as_path(node: Node) -> Node {
    if matches!(node.kind, Kind::Path(_)) {
        return node;
    }
    let mut path = Node::new(Kind::Null, node.position);
    if let Kind::Parent(slot) = node.kind {
        path.seeking.push(slot);
    }
    path.kind = Kind::Path(vec![node]);
    path
}

/// Lets something be done to a path's last step, or to what is no path itself.
fn with_last_step<T>(node: &mut Node, work: impl FnOnce(&mut Node) -> T) -> T {
    match &mut node.kind {
        Kind::Path(steps) => match steps.last_mut() {
            Some(last) => work(last),
            None => work(node),
        },
        _ => work(node),
    }
}

fn focused(mut node: Node, name: String, position: usize, keeps_list: bool) -> Outcome<Node> {
    with_last_step(&mut node, |step| {
        if !step.stages.is_empty() || !step.predicates.is_empty() {
            return Err(Trouble::at("S0215", position, ""));
        }
        if matches!(step.kind, Kind::Sort(_)) {
            return Err(Trouble::at("S0216", position, ""));
        }
        step.keeps_list |= keeps_list;
        step.focus = Some(name);
        step.is_tuple = true;
        Ok(())
    })?;
    Ok(node)
}

fn numbered(node: Node, name: String, position: usize) -> Node {
    let was_path = matches!(node.kind, Kind::Path(_));
    let mut path = if was_path { node } else { Node::new(Kind::Path(vec![node]), position) };
    with_last_step(&mut path, |step| {
        if !was_path {
            let predicates = std::mem::take(&mut step.predicates);
            step.stages.extend(predicates.into_iter().map(Stage::Filter));
        }
        if step.stages.is_empty() {
            step.index = Some(name);
        } else {
            step.stages.push(Stage::Index(name));
        }
        step.is_tuple = true;
    });
    path
}

/// Calls at the end of a function become thunks.
fn with_thunks(mut node: Node) -> Node {
    match node.kind {
        Kind::Call(..) if node.predicates.is_empty() => {
            let position = node.position;
            Node::new(Kind::Thunk(Arc::new(node)), position)
        }
        Kind::Condition(condition, then, other) => {
            let other = other.map(|other| Box::new(with_thunks(*other)));
            node.kind = Kind::Condition(condition, Box::new(with_thunks(*then)), other);
            node
        }
        Kind::Block(mut parts) => {
            if let Some(last) = parts.pop() {
                parts.push(with_thunks(last));
            }
            node.kind = Kind::Block(parts);
            node
        }
        kind => {
            node.kind = kind;
            node
        }
    }
}
