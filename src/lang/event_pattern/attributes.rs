//! Message attributes as the JSON object that an attribute filter policy is matched against (SNS-21).

use serde_json::{Map, Value};

/// Builds the object from `(name, data type, string value)`.
///
/// `String` becomes a string, `Number` a number, `String.Array` its parsed array; other types, `Binary` among them,
/// are ignored. An attribute whose value does not read as its type is an error naming it: the service filters such a
/// message out as `InvalidAttributes`, whatever the policy says (SNS-27).
pub fn attributes_value<'a>(
    attributes: impl IntoIterator<Item = (&'a str, &'a str, &'a str)>,
) -> Result<Value, String> {
    let mut object = Map::new();
    for (name, data_type, text) in attributes {
        let value = match data_type {
            "String" => Value::from(text),
            "Number" => match serde_json::from_str::<Value>(text.trim()) {
                Ok(number @ Value::Number(_)) => number,
                _ => return Err(format!("attribute {name} is a Number, but {text:?} is not one")),
            },
            "String.Array" => match serde_json::from_str::<Value>(text) {
                Ok(array @ Value::Array(_)) => array,
                _ => return Err(format!("attribute {name} is a String.Array, but {text:?} is not a JSON array")),
            },
            _ => continue,
        };
        object.insert(name.to_owned(), value);
    }
    Ok(Value::Object(object))
}

#[cfg(test)]
mod tests {
    use super::attributes_value;
    use serde_json::json;

    #[test]
    fn each_type_becomes_its_json() {
        let attributes = [
            ("colour", "String", "1"),
            ("price", "Number", "1.50"),
            ("sports", "String.Array", r#"["rugby",1,true,null]"#),
            ("photo", "Binary", "AAAA"),
        ];
        let expected = json!({"colour": "1", "price": 1.5, "sports": ["rugby", 1, true, null]});
        assert_eq!(attributes_value(attributes), Ok(expected));
    }

    #[test]
    fn a_value_that_does_not_read_as_its_type_is_named() {
        for (data_type, text) in [("Number", "ten"), ("Number", "\"1\""), ("String.Array", "rugby")] {
            let error = attributes_value([("odd", data_type, text)]).expect_err("refused");
            assert!(error.contains("odd") && error.contains(data_type), "{error}");
        }
    }
}
