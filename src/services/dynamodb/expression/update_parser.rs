//! An `UpdateExpression`, read (DDB-10).

use serde_json::Value;

use super::clause::Operand;
use super::parser::{Grave, Parser};
use super::path::{Path, stand_apart};
use super::placeholders::Placeholders;
use super::tokens::Kind;
use super::update::{Change, Term, Update};
use crate::services::dynamodb::value::type_of;

/// The sections that an update may have, each once.
const SECTIONS: [&str; 4] = ["SET", "REMOVE", "ADD", "DELETE"];

impl Update {
    /// # Errors
    /// What AWS says of an expression that is none.
    pub fn read(text: &str, placeholders: &mut Placeholders) -> Result<Self, String> {
        let mut parser = Parser::new(text, placeholders)?;
        let (mut changes, mut seen) = (Vec::new(), Vec::new());
        loop {
            let Some(section) = SECTIONS.into_iter().find(|section| parser.tokens.is_word(section)) else {
                return Err(parser.tokens.wrong());
            };
            parser.tokens.next();
            if seen.contains(&section) {
                let text = format!("The \"{section}\" section can only be used once in an update expression;");
                parser.complain(Grave::Section, text);
            }
            seen.push(section);
            changes.push(change(&mut parser, section)?);
            while parser.tokens.takes(",") {
                changes.push(change(&mut parser, section)?);
            }
            if parser.tokens.peek().kind == Kind::End {
                break;
            }
        }
        if let Err(text) = stand_apart_all(&changes) {
            parser.complain(Grave::Overlap, text);
        }
        parser.at_end()?;
        Ok(Self { changes })
    }
}

fn stand_apart_all(changes: &[Change]) -> Result<(), String> {
    // Only neighbours in order can overlap: a path stands right before those that begin with it.
    let mut paths: Vec<(&Path, usize)> = changes.iter().map(Change::path).zip(0..).collect();
    paths.sort_unstable();
    paths.windows(2).try_for_each(|pair| {
        let (one, two) = if pair[0].1 < pair[1].1 { (pair[0], pair[1]) } else { (pair[1], pair[0]) };
        stand_apart(one.0, two.0)
    })
}

fn change(parser: &mut Parser<'_>, section: &'static str) -> Result<Change, String> {
    let path = parser.path()?;
    match section {
        "SET" => {
            parser.tokens.expect("=")?;
            Ok(Change::Set(path, sum(parser)?))
        }
        "REMOVE" => Ok(Change::Remove(path)),
        _ => {
            let value = match parser.plain_operand()? {
                Operand::Value(value) => value,
                _ => return Err(parser.tokens.wrong()),
            };
            check_member(parser, section, &value);
            Ok(if section == "ADD" { Change::Add(path, value) } else { Change::Delete(path, value) })
        }
    }
}

/// `ADD` takes a number or a set, `DELETE` a set.
fn check_member(parser: &mut Parser<'_>, section: &str, value: &Value) {
    let (name, allowed) = match type_of(value) {
        "S" => ("STRING", false),
        "N" => ("NUMBER", section == "ADD"),
        "B" => ("BINARY", false),
        "NULL" => ("NULL", false),
        "BOOL" => ("BOOLEAN", false),
        "L" => ("LIST", false),
        "M" => ("MAP", false),
        _ => ("", true),
    };
    if !allowed {
        let text = format!(
            "Incorrect operand type for operator or function; operator: {section}, operand type: {name}, typeSet: \
             ALLOWED_FOR_{section}_OPERAND"
        );
        parser.complain(Grave::Operand, text);
    }
}

fn sum(parser: &mut Parser<'_>) -> Result<Term, String> {
    let one = term(parser)?;
    let sign = parser.tokens.peek();
    let make = match sign.text {
        "+" => Term::Plus,
        "-" => Term::Minus,
        _ => return Ok(one),
    };
    parser.tokens.next();
    let two = term(parser)?;
    check_kind(parser, sign.text, &one, "N");
    check_kind(parser, sign.text, &two, "N");
    Ok(make(Box::new(one), Box::new(two)))
}

/// A value that stands there as it is must fit.
fn check_kind(parser: &mut Parser<'_>, operator: &str, term: &Term, wanted: &str) {
    let kind = match term {
        Term::Value(value) => type_of(value),
        Term::ListAppend(..) => "L",
        _ => "",
    };
    if !kind.is_empty() && kind != wanted {
        parser.complain_of_type(operator, kind);
    }
}

fn term(parser: &mut Parser<'_>) -> Result<Term, String> {
    if !parser.at_call() {
        return Ok(match parser.plain_operand()? {
            Operand::Path(path) => Term::Path(path),
            Operand::Value(value) => Term::Value(value),
            Operand::Size(_) => Term::Value(Value::Null),
        });
    }
    let (name, mut terms) = parser.call(term)?;
    let is_known = ["if_not_exists", "list_append"].contains(&name);
    if !is_known {
        parser.complain(Grave::UnknownFunction, format!("Invalid function name; function: {name}"));
    } else if terms.len() != 2 {
        parser.complain_of_count(name, terms.len());
    }
    let (Some(two), Some(one)) = (terms.pop(), terms.pop()) else { return Ok(Term::Value(Value::Null)) };
    Ok(if name == "list_append" {
        check_kind(parser, name, &one, "L");
        check_kind(parser, name, &two, "L");
        Term::ListAppend(Box::new(one), Box::new(two))
    } else if let Term::Path(path) = one {
        Term::IfNotExists(path, Box::new(two))
    } else {
        if is_known {
            parser.complain_of_path(name);
        }
        Term::Value(Value::Null)
    })
}
