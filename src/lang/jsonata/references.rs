//! What an expression reads, as can be told without evaluating it: Step Functions refuses some of it when a machine is made
//! (SFN-7).

use super::Expression;
use super::tree::{Kind, Node, Stage};

/// Names in the order in which they stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct References {
    /// Fields of the input that an expression of Step Functions does not have.
    pub top_level: Vec<String>,
    /// `result` of `$states.result`.
    pub of_states: Vec<String>,
}

impl Expression {
    #[must_use]
    pub fn references(&self) -> References {
        let mut found = References::default();
        look(&self.tree.root, true, &mut found);
        found
    }
}

fn add(names: &mut Vec<String>, name: &str) {
    if !names.iter().any(|known| known == name) {
        names.push(name.to_owned());
    }
}

/// `at_top`: whether names are looked for in the whole input, and not in what a path has led to.
fn look(node: &Node, at_top: bool, found: &mut References) {
    match &node.kind {
        Kind::Name(name) if at_top => add(&mut found.top_level, name),
        Kind::Path(steps) => {
            if let [first, second, ..] = &steps[..]
                && let (Kind::Variable(variable), Kind::Name(name)) = (&first.kind, &second.kind)
                && variable == "states"
            {
                add(&mut found.of_states, name);
            }
            for (place, step) in steps.iter().enumerate() {
                look(step, at_top && place == 0, found);
            }
        }
        Kind::Sort(terms) => terms.iter().for_each(|term| look(&term.expression, false, found)),
        Kind::Binary(_, left, right) | Kind::Apply(left, right) => {
            look(left, at_top, found);
            look(right, at_top, found);
        }
        Kind::Negate(inner) | Kind::Bind(_, inner) => look(inner, at_top, found),
        Kind::List(items) | Kind::Block(items) => items.iter().for_each(|item| look(item, at_top, found)),
        Kind::Object(pairs) => pairs.iter().for_each(|(name, value)| {
            look(name, at_top, found);
            look(value, at_top, found);
        }),
        Kind::Condition(test, then, other) => {
            look(test, at_top, found);
            look(then, at_top, found);
            other.iter().for_each(|other| look(other, at_top, found));
        }
        Kind::Call(called, arguments) => {
            look(called, at_top, found);
            arguments.iter().for_each(|argument| look(argument, at_top, found));
        }
        Kind::Partial(called, arguments) => {
            look(called, at_top, found);
            arguments.iter().flatten().for_each(|argument| look(argument, at_top, found));
        }
        Kind::Lambda(lambda) => look(&lambda.body, at_top, found),
        Kind::Thunk(inner) => look(inner, at_top, found),
        Kind::Transform(transform) => {
            look(&transform.pattern, false, found);
            look(&transform.update, false, found);
            transform.delete.iter().for_each(|delete| look(delete, false, found));
        }
        _ => {}
    }
    node.predicates.iter().for_each(|filter| look(filter, false, found));
    for stage in &node.stages {
        if let Stage::Filter(filter) = stage {
            look(filter, false, found);
        }
    }
    for (name, value) in node.group.iter().flat_map(|group| &group.pairs) {
        look(name, false, found);
        look(value, false, found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_at_the_top_are_told_from_those_within() {
        for (text, top_level, of_states) in [
            ("$states.input.a[b > 1].c", &[][..], &["input"][..]),
            ("phone & $x.y", &["phone"], &[]),
            ("$map($states.result, function($v) { $v.a + b })", &["b"], &["result"]),
            ("{ 'a': c, 'b': [d, $e] }", &["c", "d"], &[]),
            ("$states.input.list.{ 'a': c }", &[], &["input"]),
            ("$states.input.list^(>price).name", &[], &["input"]),
            ("$x := a.b; $x", &["a"], &[]),
            ("$sum($states.input.orders{ id: total }.*)", &[], &["input"]),
        ] {
            let text = format!("({text})");
            let references = Expression::parse(&text).expect("it is an expression").references();
            assert_eq!(references.top_level, top_level, "{text}");
            assert_eq!(references.of_states, of_states, "{text}");
        }
    }
}
