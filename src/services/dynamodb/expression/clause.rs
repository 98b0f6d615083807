//! Conditions: read from text, and held against an item (DDB-9).

use serde_json::{Value, json};

use super::operators::{begins_with, contains, holds, size};
use super::parser::{Grave, Parser};
use super::path::{Path, Step, find, told};
use super::placeholders::Placeholders;
use crate::services::dynamodb::value::{Item, TYPES, are_equal, order, type_of};

#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    Path(Path),
    Value(Value),
    /// `size(…)` of a path or value.
    Size(Box<Operand>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Clause {
    All(Vec<Clause>),
    Any(Vec<Clause>),
    Not(Box<Clause>),
    Compare(Comparison, Operand, Operand),
    Between(Operand, [Operand; 2]),
    In(Operand, Vec<Operand>),
    Exists(Path),
    Absent(Path),
    IsType(Operand, String),
    BeginsWith(Operand, Operand),
    Contains(Operand, Operand),
}

/// What a call within a condition came out as.
enum Call {
    Clause(Clause),
    Size(Operand),
}

/// The functions that are conditions, and how many operands each has.
const FUNCTIONS: [(&str, usize); 6] = [
    ("attribute_exists", 1),
    ("attribute_not_exists", 1),
    ("attribute_type", 2),
    ("begins_with", 2),
    ("contains", 2),
    ("size", 1),
];

const COMPARISONS: [(&str, Comparison); 6] = [
    ("=", Comparison::Equal),
    ("<>", Comparison::NotEqual),
    ("<", Comparison::Less),
    ("<=", Comparison::AtMost),
    (">", Comparison::Greater),
    (">=", Comparison::AtLeast),
];

impl Operand {
    /// The value that it has in an item.
    #[must_use]
    pub fn in_item(&self, item: &Item) -> Option<Value> {
        match self {
            Self::Path(path) => find(item, path).cloned(),
            Self::Value(value) => Some(value.clone()),
            Self::Size(of) => Some(json!({ "N": size(&of.in_item(item)?)?.to_string() })),
        }
    }

    /// The type that it has in any item, if one knows it.
    #[must_use]
    pub fn known_type(&self) -> Option<&str> {
        match self {
            Self::Path(_) => None,
            Self::Value(value) => Some(type_of(value)).filter(|kind| !kind.is_empty()),
            Self::Size(_) => Some("N"),
        }
    }
}

impl Clause {
    /// # Errors
    /// What AWS says of an expression that is none.
    pub fn read(text: &str, placeholders: &mut Placeholders) -> Result<Self, String> {
        let mut parser = Parser::new(text, placeholders)?;
        let clause = any(&mut parser)?;
        parser.at_end()?;
        Ok(clause)
    }

    /// Whether it is so of an item; of one that is not there, of an item without attributes.
    #[must_use]
    pub fn holds(&self, item: &Item) -> bool {
        let values = |one: &Operand, two: &Operand| one.in_item(item).zip(two.in_item(item));
        match self {
            Self::All(clauses) => clauses.iter().all(|clause| clause.holds(item)),
            Self::Any(clauses) => clauses.iter().any(|clause| clause.holds(item)),
            Self::Not(clause) => !clause.holds(item),
            Self::Compare(Comparison::NotEqual, one, two) => match (one.in_item(item), two.in_item(item)) {
                (Some(one), Some(two)) => !are_equal(&one, &two),
                (one, two) => one.is_some() || two.is_some(),
            },
            Self::Compare(comparison, one, two) => {
                values(one, two).is_some_and(|(one, two)| holds(*comparison, &one, &two))
            }
            Self::Between(operand, [low, high]) => {
                let is =
                    |comparison, bound| values(operand, bound).is_some_and(|(one, two)| holds(comparison, &one, &two));
                is(Comparison::AtLeast, low) && is(Comparison::AtMost, high)
            }
            Self::In(operand, list) => {
                list.iter().any(|one| values(operand, one).is_some_and(|(value, one)| are_equal(&value, &one)))
            }
            Self::Exists(path) => find(item, path).is_some(),
            Self::Absent(path) => find(item, path).is_none(),
            Self::IsType(operand, kind) => operand.in_item(item).is_some_and(|value| type_of(&value) == kind),
            Self::BeginsWith(operand, with) => {
                values(operand, with).is_some_and(|(value, with)| begins_with(&value, &with))
            }
            Self::Contains(operand, part) => values(operand, part).is_some_and(|(value, part)| contains(&value, &part)),
        }
    }
}

fn any(parser: &mut Parser<'_>) -> Result<Clause, String> {
    let mut clauses = vec![all(parser)?];
    while parser.tokens.takes_word("OR") {
        clauses.push(all(parser)?);
    }
    Ok(if clauses.len() == 1 { clauses.remove(0) } else { Clause::Any(clauses) })
}

fn all(parser: &mut Parser<'_>) -> Result<Clause, String> {
    let mut clauses = vec![not(parser)?];
    while parser.tokens.takes_word("AND") {
        clauses.push(not(parser)?);
    }
    Ok(if clauses.len() == 1 { clauses.remove(0) } else { Clause::All(clauses) })
}

fn not(parser: &mut Parser<'_>) -> Result<Clause, String> {
    if parser.tokens.takes_word("NOT") {
        return parser.deeper(not).map(|clause| Clause::Not(Box::new(clause)));
    }
    if parser.tokens.takes("(") {
        return bracketed(parser);
    }
    if parser.at_call() {
        return match call(parser)? {
            Call::Clause(clause) => Ok(clause),
            Call::Size(operand) => compared(parser, operand),
        };
    }
    let operand = parser.plain_operand()?;
    compared(parser, operand)
}

fn bracketed(parser: &mut Parser<'_>) -> Result<Clause, String> {
    if parser.tokens.is_doubled() {
        parser.complain(Grave::Parentheses, "The expression has redundant parentheses;");
    }
    let clause = parser.deeper(any)?;
    parser.tokens.expect(")")?;
    Ok(clause)
}

fn operand(parser: &mut Parser<'_>) -> Result<Operand, String> {
    if !parser.at_call() {
        return parser.plain_operand();
    }
    let name = parser.tokens.peek().text;
    match call(parser)? {
        Call::Size(operand) => Ok(operand),
        Call::Clause(_) => {
            misused(parser, name);
            Ok(Operand::Value(Value::Null))
        }
    }
}

fn misused(parser: &mut Parser<'_>, name: &str) {
    let text = format!("The function is not allowed to be used this way in an expression; function: {name}");
    parser.complain(Grave::MisusedFunction, text);
}

fn compared(parser: &mut Parser<'_>, one: Operand) -> Result<Clause, String> {
    if parser.tokens.takes_word("BETWEEN") {
        let low = operand(parser)?;
        if !parser.tokens.takes_word("AND") {
            return Err(parser.tokens.wrong());
        }
        let high = operand(parser)?;
        check_bounds(parser, &low, &high);
        return Ok(Clause::Between(one, [low, high]));
    }
    if parser.tokens.takes_word("IN") {
        parser.tokens.expect("(")?;
        let mut list = vec![operand(parser)?];
        while parser.tokens.takes(",") {
            list.push(operand(parser)?);
        }
        parser.tokens.expect(")")?;
        return Ok(Clause::In(one, list));
    }
    let sign = parser.tokens.peek().text;
    let Some((_, comparison)) = COMPARISONS.iter().find(|(known, _)| *known == sign) else {
        return Err(parser.tokens.wrong());
    };
    parser.tokens.next();
    let two = operand(parser)?;
    check_distinct(parser, sign, &one, &two);
    if !matches!(comparison, Comparison::Equal | Comparison::NotEqual) {
        check_order(parser, sign, [&one, &two]);
    }
    Ok(Clause::Compare(*comparison, one, two))
}

/// What has no order cannot be compared by it.
fn check_order(parser: &mut Parser<'_>, sign: &str, operands: [&Operand; 2]) {
    let unordered = |operand: &&Operand| operand.known_type().is_some_and(|kind| !["S", "N", "B"].contains(&kind));
    if let Some(kind) = operands.into_iter().find(unordered).and_then(Operand::known_type) {
        let text = format!("Incorrect operand type for operator or function; operator: {sign}, operand type: {kind}");
        parser.complain(Grave::Operand, text);
    }
}

fn check_bounds(parser: &mut Parser<'_>, low: &Operand, high: &Operand) {
    let (Operand::Value(one), Operand::Value(two)) = (low, high) else { return };
    let told = |value: &Value| {
        let kind = type_of(value);
        format!("AttributeValue: {{{kind}:{}}}", value[kind].as_str().unwrap_or_default())
    };
    let rule = match order(one, two) {
        Some(order) if order.is_le() => return,
        Some(_) => "upper bound to be greater than or equal to lower bound",
        None if type_of(one) == type_of(two) => return,
        None => "same data type for lower and upper bounds",
    };
    let (low, high) = (told(one), told(two));
    let text = format!("The BETWEEN operator requires {rule}; lower bound operand: {low}, upper bound operand: {high}");
    parser.complain(Grave::Operand, text);
}

fn check_distinct(parser: &mut Parser<'_>, operator: &str, one: &Operand, two: &Operand) {
    if let (Operand::Path(one), Operand::Path(two)) = (one, two)
        && one == two
    {
        let text = format!(
            "The first operand must be distinct from the remaining operands for this operator or function; operator: \
             {operator}, first operand: {}",
            told(one)
        );
        parser.complain(Grave::Distinct, text);
    }
}

fn call(parser: &mut Parser<'_>) -> Result<Call, String> {
    let (name, mut operands) = parser.call(operand)?;
    let never = || Call::Clause(Clause::All(Vec::new()));
    let Some((_, count)) = FUNCTIONS.iter().find(|(known, _)| *known == name) else {
        parser.complain(Grave::UnknownFunction, format!("Invalid function name; function: {name}"));
        return Ok(never());
    };
    if operands.len() != *count {
        parser.complain_of_count(name, operands.len());
        return Ok(never());
    }
    let second = if *count == 2 { operands.pop() } else { None };
    let Some(first) = operands.pop() else { return Ok(never()) };
    Ok(match second {
        None => one_operand(parser, name, first),
        Some(second) => Call::Clause(two_operands(parser, name, first, second)),
    })
}

fn one_operand(parser: &mut Parser<'_>, name: &str, first: Operand) -> Call {
    if name == "size" {
        if let Some(kind) = first.known_type().filter(|kind| ["N", "BOOL", "NULL"].contains(kind)) {
            parser.complain_of_type(name, kind);
        }
        return Call::Size(Operand::Size(Box::new(first)));
    }
    let path: Vec<Step> = match first {
        Operand::Path(path) => path,
        _ => {
            parser.complain_of_path(name);
            Vec::new()
        }
    };
    Call::Clause(if name == "attribute_exists" { Clause::Exists(path) } else { Clause::Absent(path) })
}

fn two_operands(parser: &mut Parser<'_>, name: &str, first: Operand, second: Operand) -> Clause {
    check_distinct(parser, name, &first, &second);
    match name {
        "contains" => Clause::Contains(first, second),
        "begins_with" => {
            let kinds = [&first, &second].map(Operand::known_type);
            if let Some(kind) = kinds.into_iter().flatten().find(|kind| !["S", "B"].contains(kind)) {
                parser.complain_of_type(name, kind);
            }
            Clause::BeginsWith(first, second)
        }
        _ => {
            let kind = match &second {
                Operand::Value(value) => value.get("S").and_then(Value::as_str),
                _ => None,
            };
            match kind {
                None => {
                    parser.complain_of_type(name, second.known_type().unwrap_or("{NS,SS,L,BS,N,M,B,BOOL,NULL,S}"));
                }
                Some(kind) if !TYPES.contains(&kind) => {
                    let text = format!(
                        "Invalid attribute type name found; type: {kind}, valid types: {{B,NULL,SS,BOOL,L,BS,N,NS,S,M}}"
                    );
                    parser.complain(Grave::Operand, text);
                }
                Some(_) => {}
            }
            Clause::IsType(first, kind.unwrap_or_default().to_owned())
        }
    }
}
