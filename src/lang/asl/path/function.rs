//! Jayway's functions at the end of a path: `$.lines.length()`.

use serde_json::Value;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    Length,
    Min,
    Max,
    Avg,
    Stddev,
    Sum,
    Keys,
    First,
    Last,
}

const NAMES: [(&str, Function); 10] = [
    ("length", Function::Length),
    ("size", Function::Length),
    ("min", Function::Min),
    ("max", Function::Max),
    ("avg", Function::Avg),
    ("stddev", Function::Stddev),
    ("sum", Function::Sum),
    ("keys", Function::Keys),
    ("first", Function::First),
    ("last", Function::Last),
];

impl Function {
    pub fn from_name(name: &str) -> Option<Self> {
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, function)| *function)
    }

    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(_, function)| *function == self).map_or("", |(name, _)| name)
    }

    /// None where the value is of no kind that it takes.
    pub fn of(self, value: &Value) -> Option<Value> {
        match (self, value) {
            (Self::Length, Value::Array(items)) => Some(items.len().into()),
            (Self::Length, Value::Object(fields)) => Some(fields.len().into()),
            (Self::Length, Value::String(text)) => Some(text.chars().count().into()),
            (Self::Keys, Value::Object(fields)) => Some(fields.keys().cloned().collect()),
            (Self::First, Value::Array(items)) => items.first().cloned(),
            (Self::Last, Value::Array(items)) => items.last().cloned(),
            (Self::Length | Self::Keys | Self::First | Self::Last, _) => None,
            (_, Value::Array(items)) => self.of_numbers(items.iter().filter_map(Value::as_f64).collect()),
            _ => None,
        }
    }

    fn of_numbers(self, numbers: Vec<f64>) -> Option<Value> {
        if numbers.is_empty() {
            return None;
        }
        let sum: f64 = numbers.iter().sum();
        let mean = sum / numbers.len() as f64;
        let result = match self {
            Self::Min => numbers.iter().copied().fold(f64::INFINITY, f64::min),
            Self::Max => numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            Self::Avg => mean,
            Self::Stddev => libm::sqrt(
                numbers.iter().map(|number| (number - mean) * (number - mean)).sum::<f64>() / numbers.len() as f64,
            ),
            _ => sum,
        };
        serde_json::Number::from_f64(result).map(Value::Number)
    }
}
