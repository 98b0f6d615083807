//! The JSON paths of EventBridge: names and places from the whole down to one value, and nothing that could select
//! several (EB-13). `$`, `$.detail.order`, `$.resources[0]`, `$.detail['order id']`.

use serde_json::Value;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonPath(Vec<Step>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Name(String),
    Index(usize),
}

impl JsonPath {
    /// # Errors
    /// A sentence that names the path and what is allowed.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("\"{text}\" is not a JSON path; write such as $.detail.order or $.resources[0]");
        let mut rest = text.strip_prefix('$').ok_or_else(wrong)?;
        let mut steps = Vec::new();
        while !rest.is_empty() {
            if let Some(inside) = rest.strip_prefix("['") {
                let (name, behind) = inside.split_once("']").ok_or_else(wrong)?;
                steps.push(Step::Name(name.to_owned()));
                rest = behind;
            } else if let Some(inside) = rest.strip_prefix('[') {
                let (index, behind) = inside.split_once(']').ok_or_else(wrong)?;
                steps.push(Step::Index(index.parse().map_err(|_| wrong())?));
                rest = behind;
            } else {
                let named = rest.strip_prefix('.').ok_or_else(wrong)?;
                let end = named.find(['.', '[']).unwrap_or(named.len());
                let (name, behind) = named.split_at(end);
                if name.is_empty() || name.contains(['*', '?', '(', ')', '\'', '"', ' ']) {
                    return Err(wrong());
                }
                steps.push(Step::Name(name.to_owned()));
                rest = behind;
            }
        }
        Ok(Self(steps))
    }

    /// What lies there.
    #[must_use]
    pub fn find<'a>(&self, whole: &'a Value) -> Option<&'a Value> {
        self.0.iter().try_fold(whole, |value, step| match step {
            Step::Name(name) => value.as_object()?.get(name),
            Step::Index(index) => value.as_array()?.get(*index),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_path_leads_to_one_value() {
        let whole =
            json!({ "detail": { "order id": 7, "lines": [{ "sku": "a" }, { "sku": "b" }] }, "detail-type": "x" });
        let at = |path: &str| JsonPath::parse(path).expect(path).find(&whole).cloned();
        assert_eq!(at("$"), Some(whole.clone()));
        assert_eq!(at("$.detail-type"), Some(json!("x")));
        assert_eq!(at("$.detail['order id']"), Some(json!(7)));
        assert_eq!(at("$.detail.lines[1].sku"), Some(json!("b")));
        assert_eq!(at("$.detail.lines[2]"), None);
        assert_eq!(at("$.detail.lines.sku"), None);
        for wrong in ["", "detail", "$detail", "$.", "$..x", "$.a[*]", "$.a[", "$.a.*", "$.a[?(@.b)]", "$['a"] {
            assert!(JsonPath::parse(wrong).is_err(), "{wrong}");
        }
    }
}
