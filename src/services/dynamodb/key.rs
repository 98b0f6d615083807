//! A table's key: the attributes that its schema names, and their values in one item (DDB-1).

use std::fmt;

use serde_json::{Map, Value, json};

use super::decimal::Decimal;
use super::value::{Item, invalid, invalid_parameter, parts, type_of};
use crate::lang::base64::{base64, bytes_from_base64};
use crate::services::ApiError;

const HASH_SIZE_MAX: usize = 2_048;
const SORT_SIZE_MAX: usize = 1_024;

/// One attribute of the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPart {
    pub name: String,
    /// `S`, `N` or `B`; where a scene does not say, any of them.
    pub kind: Option<&'static str>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schema {
    pub hash: KeyPart,
    pub sort: Option<KeyPart>,
}

/// A value of a key, in the order that a table has.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scalar {
    Number(Decimal),
    Text(String),
    Bytes(Vec<u8>),
}

/// Under what an item is kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    pub hash: Scalar,
    pub sort: Option<Scalar>,
}

impl Scalar {
    #[must_use]
    pub fn of(value: &Value) -> Option<Self> {
        let (kind, held) = parts(value)?;
        let text = held.as_str()?;
        match kind {
            "S" => Some(Self::Text(text.to_owned())),
            "N" => Decimal::read(text).ok().map(Self::Number),
            "B" => Some(Self::Bytes(bytes_from_base64(text))),
            _ => None,
        }
    }

    #[must_use]
    pub fn to_value(&self) -> Value {
        match self {
            Self::Text(text) => json!({ "S": text }),
            Self::Number(number) => json!({ "N": number.to_string() }),
            Self::Bytes(bytes) => json!({ "B": base64(bytes) }),
        }
    }

    fn size(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Number(_) => 1,
            Self::Bytes(bytes) => bytes.len(),
        }
    }
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => number.fmt(f),
            Self::Bytes(bytes) => f.write_str(&base64(bytes)),
        }
    }
}

/// Its hash key, and behind a slash its sort key.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.sort {
            Some(sort) => write!(f, "{}/{sort}", self.hash),
            None => self.hash.fmt(f),
        }
    }
}

impl Key {
    #[must_use]
    pub fn text(hash: &str) -> Self {
        Self { hash: Scalar::Text(hash.to_owned()), sort: None }
    }
}

impl Schema {
    #[must_use]
    pub fn of_text(name: &str) -> Self {
        Self { hash: KeyPart { name: name.to_owned(), kind: None }, sort: None }
    }

    fn parts(&self) -> impl Iterator<Item = &KeyPart> {
        std::iter::once(&self.hash).chain(&self.sort)
    }

    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.parts().any(|part| part.name == name)
    }

    /// What `DescribeTable` says of it.
    #[must_use]
    pub fn told(&self) -> Value {
        let names = self.parts().zip(["HASH", "RANGE"]);
        names.map(|(part, kind)| json!({ "AttributeName": part.name, "KeyType": kind })).collect()
    }

    /// The attributes of a key, as a `Key` has them.
    #[must_use]
    pub fn attributes(&self, key: &Key) -> Item {
        let values = std::iter::once(&key.hash).chain(&key.sort);
        self.parts().zip(values).map(|(part, value)| (part.name.clone(), value.to_value())).collect()
    }

    /// The key of a whole item.
    ///
    /// # Errors
    /// Where it lacks one, or has one of another type.
    pub fn key_of_item(&self, item: &Item) -> Result<Key, ApiError> {
        self.key_with(|part| {
            let value = item.get(&part.name);
            let value =
                value.ok_or_else(|| invalid_parameter(format_args!("Missing the key {} in the item", part.name)))?;
            let kind = type_of(value);
            let scalar = Scalar::of(value).filter(|_| part.kind.is_none_or(|wanted| wanted == kind));
            scalar.ok_or_else(|| {
                let (name, wanted) = (&part.name, part.kind.unwrap_or("S"));
                invalid_parameter(format_args!("Type mismatch for key {name} expected: {wanted} actual: {kind}"))
            })
        })
    }

    /// The key that a request gives.
    ///
    /// # Errors
    /// Where it is not the table's key.
    pub fn key_of_request(&self, given: &Map<String, Value>) -> Result<Key, ApiError> {
        let mismatch = || invalid("The provided key element does not match the schema");
        if given.len() != self.parts().count() {
            return Err(invalid("The number of conditions on the keys is invalid"));
        }
        self.key_with(|part| {
            let value = given.get(&part.name).ok_or_else(mismatch)?;
            let is_kind = |kind| parts(value).is_some_and(|(is, _)| is == kind);
            Scalar::of(value).filter(|_| part.kind.is_none_or(is_kind)).ok_or_else(mismatch)
        })
    }

    fn key_with(&self, value: impl Fn(&KeyPart) -> Result<Scalar, ApiError>) -> Result<Key, ApiError> {
        let checked = |part: &KeyPart, most: usize, text: &str| {
            let scalar = value(part)?;
            if scalar.size() == 0 {
                let kind = if matches!(scalar, Scalar::Text(_)) { "string" } else { "binary" };
                let name = &part.name;
                return Err(invalid(format!(
                    "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an \
                     empty {kind} value. Key: {name}"
                )));
            }
            if scalar.size() > most { Err(invalid_parameter(text)) } else { Ok(scalar) }
        };
        let hash = "Size of hashkey has exceeded the maximum size limit of2048 bytes";
        let sort = "Aggregated size of all range keys has exceeded the size limit of 1024 bytes";
        Ok(Key {
            hash: checked(&self.hash, HASH_SIZE_MAX, hash)?,
            sort: self.sort.as_ref().map(|part| checked(part, SORT_SIZE_MAX, sort)).transpose()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(value: Value) -> Map<String, Value> {
        value.as_object().expect("it is an object").clone()
    }

    #[test]
    fn a_key_is_all_that_its_schema_names_and_in_order() {
        let part = |name: &str, kind| KeyPart { name: name.to_owned(), kind: Some(kind) };
        let schema = Schema { hash: part("id", "S"), sort: Some(part("at", "N")) };
        let key = |at: &str| schema.key_of_request(&object(json!({ "id": { "S": "a" }, "at": { "N": at } })));
        let (nine, ten) = (key("9").expect("it is a key"), key("10").expect("it is a key"));
        assert!(nine < ten);
        assert_eq!(
            (nine.to_string(), schema.key_of_item(&schema.attributes(&nine)).ok()),
            ("a/9".to_owned(), Some(nine))
        );
        for (wrong, said) in [
            (json!({ "id": { "S": "a" } }), "number of conditions"),
            (json!({ "id": { "S": "a" }, "other": { "N": "1" } }), "does not match the schema"),
            (json!({ "id": { "N": "1" }, "at": { "N": "1" } }), "does not match the schema"),
            (json!({ "id": { "S": "" }, "at": { "N": "1" } }), "empty string value. Key: id"),
        ] {
            let error = schema.key_of_request(&object(wrong)).expect_err("it is no key");
            assert!(error.message.contains(said), "{}", error.message);
        }
        let error = schema.key_of_item(&object(json!({ "id": { "N": "1" }, "at": { "N": "1" } })));
        let said = "One or more parameter values were invalid: Type mismatch for key id expected: S actual: N";
        assert_eq!(error.map_err(|error| error.message), Err(said.to_owned()));
    }
}
