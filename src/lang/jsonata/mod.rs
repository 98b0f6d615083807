//! stub
use serde_json::{Map, Value};
pub struct JsonataError {
    pub code: String,
    pub message: String,
}
pub struct Expression;
impl Expression {
    pub fn parse(_t: &str) -> Result<Self, JsonataError> {
        Ok(Self)
    }
    pub fn evaluate(
        &self,
        _d: &Value,
        _b: &Map<String, Value>,
        _s: &mut dyn crate::lang::asl::execution::scope::World,
    ) -> Result<Option<Value>, JsonataError> {
        Ok(None)
    }
}
