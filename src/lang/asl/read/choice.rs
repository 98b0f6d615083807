//! A Choice's rules (SFN-10): which comparisons there are, what each takes, and how they are joined.

use serde_json::Value;

use super::flow::Names;
use super::place::Place;
use super::values::{Object, has_placeholder};
use super::{Reader, quoted};
use crate::lang::asl::machine::{ChoiceRule, Comparison, Is, Operand, Order, Ordered, QueryLanguage, StateKind, Test};
use crate::lang::asl::path::Path;
use crate::lang::steps;

/// Rules within rules.
const DEPTH_MAX: usize = 64;

const JOINS: [&str; 3] = ["And", "Or", "Not"];

const TESTS: [(&str, Is); 6] = [
    ("IsNull", Is::Null),
    ("IsPresent", Is::Present),
    ("IsNumeric", Is::Numeric),
    ("IsString", Is::String),
    ("IsBoolean", Is::Boolean),
    ("IsTimestamp", Is::Timestamp),
];

const KINDS: [(&str, Ordered); 3] =
    [("String", Ordered::String), ("Numeric", Ordered::Numeric), ("Timestamp", Ordered::Timestamp)];

const ORDERS: [(&str, Order); 5] = [
    ("Equals", Order::Equals),
    ("LessThan", Order::LessThan),
    ("GreaterThan", Order::GreaterThan),
    ("LessThanEquals", Order::LessThanEquals),
    ("GreaterThanEquals", Order::GreaterThanEquals),
];

/// A comparison's name, understood.
enum Operator {
    Order(Ordered, Order),
    Boolean,
    Matches,
    Is(Is),
}

/// The operator of a field, and whether its operand lies at a path.
fn operator(name: &str) -> Option<(Operator, bool)> {
    if let Some((_, what)) = TESTS.iter().find(|(test, _)| *test == name) {
        return Some((Operator::Is(*what), false));
    }
    if name == "StringMatches" {
        return Some((Operator::Matches, false));
    }
    let (plain, at_path) = name.strip_suffix("Path").map_or((name, false), |plain| (plain, true));
    if plain == "BooleanEquals" {
        return Some((Operator::Boolean, at_path));
    }
    let (of, rest) = KINDS.iter().find_map(|(kind, of)| Some((*of, plain.strip_prefix(kind)?)))?;
    let (_, order) = ORDERS.iter().find(|(name, _)| *name == rest)?;
    Some((Operator::Order(of, *order), at_path))
}

/// SFN-9: an instant with `T`, and `Z` or an offset.
pub(super) fn is_timestamp(text: &str) -> bool {
    let Some((date, time)) = text.split_once('T') else { return false };
    let Some(zone) = time.find(['Z', '+', '-']) else { return false };
    let (clock, zone) = time.split_at(zone);
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let has_zone = zone == "Z" || (zone.len() == 6 && numbers(&zone[1..], ':', &[(2, 23), (2, 59)]));
    let is_date = numbers(date, '-', &[(4, 9_999), (2, 12), (2, 31)]) && !date.contains("-00");
    is_date && numbers(clock, ':', &[(2, 23), (2, 59), (2, 60)]) && is_digits(fraction) && has_zone
}

/// Numbers of so many digits, each up to its most.
fn numbers(text: &str, between: char, parts: &[(usize, u32)]) -> bool {
    let mut given = text.split(between);
    let fits = |(digits, most): &(usize, u32)| {
        given.next().is_some_and(|part| {
            part.len() == *digits
                && part.bytes().all(|byte| byte.is_ascii_digit())
                && part.parse::<u32>().is_ok_and(|number| number <= *most)
        })
    };
    parts.iter().all(fits) && given.next().is_none()
}

impl Reader {
    pub(super) fn choice(&mut self, object: &Object<'_>, language: QueryLanguage, names: &Names<'_>) -> StateKind {
        self.require(object, &["Choices"]);
        let mut rules = Vec::new();
        if let Some(items) = self.list(object, "Choices") {
            let place = object.place.field("Choices");
            if items.is_empty() {
                self.schema(&place, "Choices must not be empty", "has no rule; add one");
            }
            for (index, item) in items.iter().enumerate() {
                let place = place.item(index);
                match item.as_object() {
                    Some(map) => rules.extend(self.rule(&Object { map, place }, language, names)),
                    None => self.schema(&place, "Expected value of type Object", "a rule is an object with Next"),
                }
            }
        }
        let default = self.name_of(object, "Default");
        let default = default.and_then(|name| self.target(&object.place.field("Default"), name, names));
        StateKind::Choice { rules, default }
    }

    fn rule(&mut self, object: &Object<'_>, language: QueryLanguage, names: &Names<'_>) -> Option<ChoiceRule> {
        self.require(object, &["Next"]);
        self.comment(object);
        let assign = self.assign(object, language);
        let output = if language == QueryLanguage::Jsonata { self.template(object, "Output", language) } else { None };
        let test = match language {
            QueryLanguage::Jsonata => self.condition(object),
            QueryLanguage::JsonPath => self.test(object, 0),
        };
        let next = self.name_of(object, "Next")?;
        let next = self.target(&object.place.field("Next"), next, names)?;
        Some(ChoiceRule { test: test?, next, assign, output })
    }

    fn condition(&mut self, object: &Object<'_>) -> Option<Test> {
        self.no_others(object, &["Condition", "Next", "Assign", "Output", "Comment"]);
        self.require(object, &["Condition"]);
        let value = object.get("Condition")?;
        let place = object.place.field("Condition");
        let is_fit = match value {
            Value::Bool(_) => true,
            Value::String(text) => self.expression(&place, text) || has_placeholder(text),
            _ => false,
        };
        if !is_fit {
            let message = "has to be true, false or an expression: {% $states.input.total > 100 %}";
            self.schema(&place, "Expected value of type Boolean or a JSONata expression", message);
        }
        Some(Test::Condition(value.clone()))
    }

    fn test(&mut self, object: &Object<'_>, depth: usize) -> Option<Test> {
        steps::took(1);
        if depth > DEPTH_MAX {
            let message = "joins rules too deep; split it into several Choice states";
            self.error(&object.place, super::Code::TooDeeplyNested, "The Choice rule is too deeply nested", message);
            return None;
        }
        let is_rule = |name: &&String| JOINS.contains(&name.as_str()) || operator(name).is_some();
        let mut operators = object.map.keys().filter(is_rule);
        let first = operators.next();
        if let (Some(first), Some(second)) = (first, operators.next()) {
            let aws = format!("Fields '{first}' and '{second}' are mutually exclusive");
            let message = format!("stands beside {first}; a rule has one comparison: join two with And");
            self.schema_around(object, second, aws, message);
        }
        let Some(name) = first else {
            self.unknown_in_rule(object, depth, &["Variable"]);
            let message = "compares nothing; give a comparison such as StringEquals";
            self.schema(&object.place, "A Choice rule must have exactly one comparison operator", message);
            return None;
        };
        if JOINS.contains(&name.as_str()) {
            self.unknown_in_rule(object, depth, &[name]);
            return self.joined(object, name, depth);
        }
        self.unknown_in_rule(object, depth, &["Variable", name]);
        self.require(object, &["Variable"]);
        let variable = self.path(object, "Variable");
        let comparison = self.comparison(object, name);
        Some(Test::Compare { variable: variable?, comparison: comparison? })
    }

    /// `Next` and `Assign` belong to the outermost rule alone.
    fn unknown_in_rule(&mut self, object: &Object<'_>, depth: usize, own: &[&str]) {
        let outer: &[&str] = if depth == 0 { &["Next", "Assign", "Comment"] } else { &["Comment"] };
        for name in object.map.keys() {
            let is_other = operator(name).is_some() || JOINS.contains(&name.as_str());
            if own.contains(&name.as_str()) || outer.contains(&name.as_str()) || is_other {
                continue;
            }
            let what = if matches!(name.as_str(), "Next" | "Assign") {
                "belongs to the outermost rule alone"
            } else if matches!(name.as_str(), "Condition" | "Output") {
                "is a field of JSONata, and the state's language is JSONPath"
            } else {
                "is no comparison"
            };
            let known = TESTS.iter().map(|(test, _)| *test).chain(["Variable", "StringMatches", "BooleanEquals"]);
            let near: Vec<&str> = if what == "is no comparison" { known.collect() } else { Vec::new() };
            self.unsupported(object, name, &near, what);
        }
    }

    fn joined(&mut self, object: &Object<'_>, name: &str, depth: usize) -> Option<Test> {
        let place = object.place.field(name);
        if name == "Not" {
            let inner = self.object(object, name)?;
            return self.test(&inner, depth + 1).map(|test| Test::Not(Box::new(test)));
        }
        let items = self.list(object, name)?;
        if items.is_empty() {
            self.schema(&place, format!("{name} must not be empty"), "joins nothing; give it rules");
        }
        let mut tests = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let place = place.item(index);
            match item.as_object() {
                Some(map) => tests.push(self.test(&Object { map, place }, depth + 1)),
                None => self.schema(&place, "Expected value of type Object", "a rule is an object with a comparison"),
            }
        }
        let tests: Vec<Test> = tests.into_iter().collect::<Option<_>>()?;
        Some(if name == "And" { Test::And(tests) } else { Test::Or(tests) })
    }

    fn comparison(&mut self, object: &Object<'_>, name: &str) -> Option<Comparison> {
        let (operator, at_path) = operator(name)?;
        let (value, place) = (object.get(name)?, object.place.field(name));
        if at_path {
            let operand = Operand::Path(self.path(object, name)?);
            return Some(match operator {
                Operator::Order(of, order) => Comparison::Order { of, order, operand },
                _ => Comparison::BooleanEquals(operand),
            });
        }
        match operator {
            Operator::Is(what) => self.boolean(object, name).map(|expected| Comparison::Is { what, expected }),
            Operator::Matches => self.string(object, name).map(|text| Comparison::StringMatches(text.to_owned())),
            Operator::Boolean => {
                self.boolean(object, name).map(|value| Comparison::BooleanEquals(Operand::Value(value.into())))
            }
            Operator::Order(of, order) => {
                self.operand(object, name, &place, of)?;
                Some(Comparison::Order { of, order, operand: Operand::Value(value.clone()) })
            }
        }
    }

    fn operand(&mut self, object: &Object<'_>, name: &str, place: &Place<'_>, of: Ordered) -> Option<()> {
        match of {
            Ordered::Numeric => {
                let value = object.get(name)?;
                self.number_of(place, value, f64::MIN, f64::MAX).map(|_| ())
            }
            Ordered::String => {
                let text = self.string(object, name)?;
                if Path::parse(text).is_ok() && text.len() > 1 {
                    let aws = "Field value looks like a path, but the field name does not end with 'Path'";
                    let message =
                        format!("compares with the text {}; {name}Path compares with what lies there", quoted(text));
                    self.warn(place, super::Code::NoPath, aws, message);
                }
                Some(())
            }
            Ordered::Timestamp => {
                let text = self.string(object, name)?;
                if !is_timestamp(text) && !has_placeholder(text) {
                    let message = format!("{} is no time; write such as 2026-08-18T17:33:00Z", quoted(text));
                    self.schema(place, "Value is not a valid RFC 3339 timestamp", message);
                }
                Some(())
            }
        }
    }
}
