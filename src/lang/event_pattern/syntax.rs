//! From a pattern's JSON to its clauses and branches: objects nest, arrays are leaves, `$or` forks (EB-7, EB-11).

use super::clause::{Branch, Clause};
use super::error::PatternError;
use super::{Dialect, Pattern, limits, operator_syntax};
use serde_json::{Map, Value};

/// Field names that turn a would-be `$or` into an ordinary key (EB-11): the operators, and Ruler's future ones.
const RESERVED: [&str; 24] = [
    "exactly",
    "equals-ignore-case",
    "prefix",
    "suffix",
    "anything-but",
    "exists",
    "wildcard",
    "numeric",
    "cidr",
    "=",
    "<",
    "<=",
    ">",
    ">=",
    "regex",
    "not-wildcard",
    "not-equals-ignore-case",
    "date-after",
    "date-on-or-after",
    "date-before",
    "date-on-or-before",
    "in-date-range",
    "ip-address-in-range",
    "ip-address-not-in-range",
];

/// Compiles a whole pattern and checks the dialect's limits.
pub(crate) fn compile(value: &Value, dialect: Dialect) -> Result<Pattern, PatternError> {
    let Value::Object(root) = value else {
        return Err(PatternError::new(dialect, "", "Filter is not an object"));
    };
    let mut compiler = Compiler {
        dialect,
        clauses: Vec::new(),
        branches: vec![Vec::new()],
        place: String::new(),
        field: String::new(),
    };
    // An empty filter policy is how SNS spells «no policy» (SNS-20); EventBridge refuses an empty pattern.
    if !(root.is_empty() && dialect.is_sns()) {
        compiler.object(root)?;
    }
    if dialect.is_sns() {
        limits::check_filter_policy(root, &compiler.clauses, dialect)?;
    } else {
        limits::check_event_pattern(&compiler.clauses)?;
    }
    let branches = compiler.branches.into_iter().map(|order| Branch::new(&compiler.clauses, order)).collect();
    Ok(Pattern { clauses: compiler.clauses, branches })
}

struct Compiler {
    dialect: Dialect,
    clauses: Vec<Clause>,
    /// The branches so far, as indices of clauses.
    branches: Vec<Vec<usize>>,
    /// Where in the pattern's own text, for errors: `$or[1].x[0]`.
    place: String,
    /// Which field of the event: the same without `$or`.
    field: String,
}

impl Compiler {
    fn refuse(&self, reason: impl std::fmt::Display) -> PatternError {
        PatternError::new(self.dialect, &self.place, reason)
    }

    fn object(&mut self, object: &Map<String, Value>) -> Result<(), PatternError> {
        if object.is_empty() {
            return Err(self.refuse("Empty objects are not allowed"));
        }
        for (name, value) in object {
            let (place, field) = (self.place.len(), self.field.len());
            push_name(&mut self.place, name);
            match (name.as_str(), value) {
                ("$or", Value::Array(alternatives)) if is_or(alternatives) => self.fork(alternatives)?,
                (_, Value::Object(inner)) => {
                    push_name(&mut self.field, name);
                    self.object(inner)?;
                }
                (_, Value::Array(elements)) => {
                    push_name(&mut self.field, name);
                    self.leaf(elements)?;
                }
                _ => return Err(self.refuse(format!("\"{name}\" must be an object or an array"))),
            }
            self.place.truncate(place);
            self.field.truncate(field);
        }
        Ok(())
    }

    /// Every branch so far goes on once with each alternative.
    fn fork(&mut self, alternatives: &[Value]) -> Result<(), PatternError> {
        let before = std::mem::take(&mut self.branches);
        let mut after = Vec::new();
        for (index, alternative) in alternatives.iter().enumerate() {
            let Value::Object(inner) = alternative else { continue };
            let place = self.place.len();
            self.place.push_str(&format!("[{index}]"));
            self.branches = before.clone();
            self.object(inner)?;
            self.place.truncate(place);
            after.append(&mut self.branches);
            if after.len() > limits::OR_COMBINATIONS_MAX {
                return Err(self.refuse(limits::too_many_branches(self.dialect)));
            }
        }
        self.branches = after;
        Ok(())
    }

    fn leaf(&mut self, elements: &[Value]) -> Result<(), PatternError> {
        if elements.is_empty() {
            return Err(self.refuse("Empty arrays are not allowed"));
        }
        let mut tests = Vec::with_capacity(elements.len());
        for (index, element) in elements.iter().enumerate() {
            let test = operator_syntax::read(element, self.dialect).map_err(|refused| {
                let place = format!("{}[{index}]{}", self.place, refused.below);
                PatternError::new(self.dialect, &place, refused.reason)
            })?;
            tests.push(test);
        }
        let added = self.clauses.len();
        self.clauses.push(Clause::new(self.field.clone(), tests));
        // A field that was already named in this branch is overridden, as Ruler does by default.
        for branch in &mut self.branches {
            branch.retain(|earlier| self.clauses[*earlier].path != self.field);
            branch.push(added);
        }
        Ok(())
    }
}

fn push_name(path: &mut String, name: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(name);
}

/// `$or` means OR only over two objects or more, without a reserved name in any of them; else it is a field.
fn is_or(alternatives: &[Value]) -> bool {
    alternatives.len() >= 2
        && alternatives.iter().all(|alternative| alternative.as_object().is_some_and(is_free_of_reserved_names))
}

fn is_free_of_reserved_names(object: &Map<String, Value>) -> bool {
    object.iter().all(|(name, value)| {
        !RESERVED.contains(&name.as_str()) && value.as_object().is_none_or(is_free_of_reserved_names)
    })
}
