//! What a test shows of its stages: JSON as text, and a few numbers.

use serde_json::{Map, Value};

use crate::lang::asl::execution::scope::Stage;

#[derive(Clone, Debug, Default)]
pub(super) struct Inspection {
    values: Map<String, Value>,
    /// Numbers and objects that are shown as they are.
    plain: Map<String, Value>,
    /// Whether JSON is written with blanks, as it came (recorded).
    is_spaced: bool,
}

impl Inspection {
    pub(super) fn written_with_blanks(is_spaced: bool) -> Self {
        Self { is_spaced, ..Self::default() }
    }

    pub(super) fn put(&mut self, name: &str, value: Value) {
        self.values.insert(name.to_owned(), value);
    }

    pub(super) fn put_plain(&mut self, name: &str, value: Value) {
        self.plain.insert(name.to_owned(), value);
    }

    pub(super) fn put_if_absent(&mut self, name: &str, value: &Value) {
        if !self.values.contains_key(name) {
            self.put(name, value.clone());
        }
    }

    pub(super) fn remove(&mut self, name: &str) {
        self.values.remove(name);
    }

    pub(super) fn see(&mut self, stage: Stage, value: &Value) {
        let name = match stage {
            Stage::Input => "input",
            Stage::AfterInputPath => "afterInputPath",
            Stage::AfterParameters => "afterParameters",
            Stage::AfterArguments => "afterArguments",
            Stage::Result => "result",
            Stage::AfterResultSelector => "afterResultSelector",
            Stage::AfterResultPath => "afterResultPath",
            Stage::Assigned | Stage::Output => return,
        };
        self.put(name, value.clone());
    }

    pub(super) fn to_json(&self) -> Value {
        let texts = self.values.iter().map(|(name, value)| (name.clone(), self.text(value).into()));
        texts.chain(self.plain.iter().map(|(name, value)| (name.clone(), value.clone()))).collect()
    }

    /// A value as the answer writes it.
    pub(super) fn text(&self, value: &Value) -> String {
        if self.is_spaced { spaced(value) } else { value.to_string() }
    }
}

fn spaced(value: &Value) -> String {
    let mut text = String::new();
    write_spaced(value, &mut text);
    text
}

/// JSON with a blank behind each comma and colon.
fn write_spaced(value: &Value, text: &mut String) {
    match value {
        Value::Array(items) => {
            text.push('[');
            for (place, item) in items.iter().enumerate() {
                text.push_str(if place > 0 { ", " } else { "" });
                write_spaced(item, text);
            }
            text.push(']');
        }
        Value::Object(fields) => {
            text.push('{');
            for (place, (name, value)) in fields.iter().enumerate() {
                text.push_str(if place > 0 { ", " } else { "" });
                text.push_str(&Value::from(name.as_str()).to_string());
                text.push_str(": ");
                write_spaced(value, text);
            }
            text.push('}');
        }
        plain => text.push_str(&plain.to_string()),
    }
}
