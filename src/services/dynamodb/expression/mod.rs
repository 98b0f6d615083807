//! DynamoDB's expressions: conditions, updates, projections, read from text (DDB-6 … DDB-12).
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html>

pub mod clause;
pub mod key_range;
mod operators;
mod parser;
pub mod path;
pub mod placeholders;
pub mod projection;
mod reserved;
mod tokens;
pub mod update;
mod update_parser;

#[cfg(test)]
mod tests;
