//! What can be seen to happen: each service's facts are one enum made by [`facts!`].

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::figure::Tone;

/// How a fact reads.
pub trait Describe {
    /// Past participle, such as `VisibilityTimeoutExpired`.
    fn name(&self) -> &'static str;
    /// A short sentence for trace and badge.
    fn detail(&self) -> String;
    /// What the sentence tells, as data: its fields in camelCase. Times are in microseconds; of another message it
    /// has the number.
    fn with(&self) -> Value;
    fn tone(&self) -> Tone;
}

/// A field of a fact.
pub trait Field {
    fn value(&self) -> Value;
}

macro_rules! field {
    ($($type:ty),+) => { $(impl Field for $type { fn value(&self) -> Value { self.clone().into() } })+ };
}
field!(u16, u32, u64, bool, String, &'static str);

impl Field for Arc<str> {
    fn value(&self) -> Value {
        (**self).into()
    }
}

/// The fields of a fact, by their names in camelCase.
pub fn fields(fields: Vec<(&str, Value)>) -> Value {
    Value::Object(fields.into_iter().map(|(name, value)| (camel_case(name), value)).collect::<Map<_, _>>())
}

fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |text, word| text + &word[..1].to_ascii_uppercase() + &word[1..])
}

/// Makes a service's `Fact` enum: `Name { field: Type } => Tone, "format", arguments;` for each fact.
macro_rules! facts {
    ($($(#[$doc:meta])* $name:ident $({ $($field:ident : $type:ty),* $(,)? })? => $tone:ident, $($format:expr),+;)+) => {
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum Fact { $($(#[$doc])* $name $({ $($field: $type),* })?),+ }

        impl $crate::services::fact::Describe for Fact {
            fn name(&self) -> &'static str {
                match self { $(Self::$name $({ $($field: _),* })? => stringify!($name)),+ }
            }
            fn detail(&self) -> String {
                match self { $(Self::$name $({ $($field),* })? => format!($($format),+)),+ }
            }
            fn with(&self) -> serde_json::Value {
                match self {
                    $(Self::$name $({ $($field),* })? => $crate::services::fact::fields([
                        $($((stringify!($field), $crate::services::fact::Field::value($field))),*)?
                    ].into())),+
                }
            }
            fn tone(&self) -> $crate::figure::Tone {
                match self { $(Self::$name $({ $($field: _),* })? => $crate::figure::Tone::$tone),+ }
            }
        }
    };
}
pub(crate) use facts;
