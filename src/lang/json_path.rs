//! The JSON paths of EventBridge: names and places from the whole down, and `[*]` for every item of a list (EB-13).
//! `$`, `$.detail.order`, `$.resources[0]`, `$.detail['order id']`, `$.detail.lines[*].sku`.

use std::borrow::Cow;

use serde_json::Value;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonPath(Vec<Step>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Name(String),
    Index(usize),
    /// `[*]`.
    Every,
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
                steps.push(match index {
                    "*" => Step::Every,
                    index => Step::Index(index.parse().map_err(|_| wrong())?),
                });
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

    /// What lies there; behind `[*]`, the list of what lies there in each item that has it.
    #[must_use]
    pub fn find<'a>(&self, whole: &'a Value) -> Option<Cow<'a, Value>> {
        find(&self.0, whole)
    }
}

fn find<'a>(steps: &[Step], whole: &'a Value) -> Option<Cow<'a, Value>> {
    let mut value = whole;
    for (place, step) in steps.iter().enumerate() {
        value = match step {
            Step::Name(name) => value.as_object()?.get(name)?,
            Step::Index(index) => value.as_array()?.get(*index)?,
            Step::Every => {
                let found = value.as_array()?.iter().filter_map(|item| find(&steps[place + 1..], item));
                return Some(Cow::Owned(found.map(Cow::into_owned).collect()));
            }
        };
    }
    Some(Cow::Borrowed(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_path_leads_to_a_value_or_one_of_each_item() {
        let whole =
            json!({ "detail": { "order id": 7, "lines": [{ "sku": "a" }, { "sku": "b" }] }, "detail-type": "x" });
        let at = |path: &str| JsonPath::parse(path).expect(path).find(&whole).map(Cow::into_owned);
        assert_eq!(at("$"), Some(whole.clone()));
        assert_eq!(at("$.detail-type"), Some(json!("x")));
        assert_eq!(at("$.detail['order id']"), Some(json!(7)));
        assert_eq!(at("$.detail.lines[1].sku"), Some(json!("b")));
        assert_eq!(at("$.detail.lines[*].sku"), Some(json!(["a", "b"])));
        assert_eq!(at("$.detail.lines[*].gone"), Some(json!([])));
        assert_eq!(at("$.detail[*]"), None);
        assert_eq!(at("$.detail.lines[2]"), None);
        assert_eq!(at("$.detail.lines.sku"), None);
        for wrong in ["", "detail", "$detail", "$.", "$..x", "$.a[**]", "$.a[", "$.a.*", "$.a[?(@.b)]", "$['a"] {
            assert!(JsonPath::parse(wrong).is_err(), "{wrong}");
        }
    }
}
