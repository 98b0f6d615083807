//! Durations and their distributions, sampled with the same bits on every platform.

use serde_json::Value;

use crate::engine::{Micros, Stream};
use crate::lang::duration::parse_duration;

/// A duration, or how durations are spread. All parameters in microseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Distribution {
    Constant(Micros),
    /// By its mean.
    Exponential(Micros),
    Uniform(Micros, Micros),
    /// By mean and standard deviation; cut off at zero.
    Normal(Micros, Micros),
}

impl Distribution {
    pub const ZERO: Self = Self::Constant(0);

    /// Reads `"250ms"`, `{"exponential":"1s"}`, `{"uniform":["1s","3s"]}` or `{"normal":["2s","300ms"]}`.
    ///
    /// # Errors
    /// A sentence that says what is wrong and what is allowed.
    pub fn parse(value: &Value) -> Result<Self, String> {
        const ALLOWED: &str = "a duration such as \"250ms\", \"2s\", \"5m\", or a distribution such as \
            {\"exponential\":\"1s\"}, {\"uniform\":[\"1s\",\"3s\"]}, {\"normal\":[\"2s\",\"300ms\"]}";
        let time = |value: &Value| value.as_str().ok_or_else(|| ALLOWED.to_owned()).and_then(parse_duration);
        let pair = |value: &Value| match value.as_array().map(Vec::as_slice) {
            Some([low, high]) => Ok((time(low)?, time(high)?)),
            _ => Err(format!("needs two durations; allowed is {ALLOWED}")),
        };
        match value {
            Value::String(_) => time(value).map(Self::Constant),
            Value::Object(map) if map.len() == 1 => match map.iter().next() {
                Some((name, mean)) if name == "exponential" => time(mean).map(Self::Exponential),
                Some((name, ends)) if name == "uniform" => match pair(ends)? {
                    (low, high) if low > high => Err("the first duration is above the second".to_owned()),
                    (low, high) => Ok(Self::Uniform(low, high)),
                },
                Some((name, shape)) if name == "normal" => pair(shape).map(|(mean, sd)| Self::Normal(mean, sd)),
                _ => Err(format!("unknown distribution; allowed is {ALLOWED}")),
            },
            _ => Err(format!("allowed is {ALLOWED}")),
        }
    }

    pub fn sample(self, stream: &mut Stream) -> Micros {
        match self {
            Self::Constant(time) => time,
            Self::Exponential(mean) => to_micros(stream.exponential() * mean as f64),
            Self::Uniform(low, high) => low + stream.below(high - low + 1),
            Self::Normal(mean, deviation) => to_micros(mean as f64 + stream.normal() * deviation as f64),
        }
    }

    #[must_use]
    pub fn mean(self) -> Micros {
        match self {
            Self::Constant(time) | Self::Exponential(time) | Self::Normal(time, _) => time,
            Self::Uniform(low, high) => low / 2 + high / 2,
        }
    }
}

/// Rounds to whole microseconds; negative becomes zero.
fn to_micros(time: f64) -> Micros {
    libm::rint(time.max(0.0)) as Micros
}
