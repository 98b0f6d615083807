//! What can be seen to happen: each service's facts are one enum made by [`facts!`].

use crate::figure::Tone;

/// How a fact reads.
pub trait Describe {
    /// Past participle, such as `VisibilityTimeoutExpired`.
    fn name(&self) -> &'static str;
    /// A short sentence for trace and badge.
    fn detail(&self) -> String;
    fn tone(&self) -> Tone;
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
            fn tone(&self) -> $crate::figure::Tone {
                match self { $(Self::$name $({ $($field: _),* })? => $crate::figure::Tone::$tone),+ }
            }
        }
    };
}
pub(crate) use facts;
