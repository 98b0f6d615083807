//! What is asked of a table's items: AWS's JSON, read.

use serde_json::{Map, Value};

use super::expression::clause::Clause;
use super::expression::key_range::KeyRange;
use super::expression::path::Step;
use super::expression::placeholders::Placeholders;
use super::expression::projection::Projection;
use super::expression::update::Update;
use super::key::{Key, Schema};
use super::legacy;
use super::value::{Item, invalid, invalid_parameter, read_item};
use crate::services::{ApiError, whole_number};

/// What a write returns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Returns {
    #[default]
    None,
    AllOld,
    AllNew,
    UpdatedOld,
    UpdatedNew,
}

const RETURNS: [(&str, Returns); 5] = [
    ("ALL_NEW", Returns::AllNew),
    ("UPDATED_OLD", Returns::UpdatedOld),
    ("ALL_OLD", Returns::AllOld),
    ("NONE", Returns::None),
    ("UPDATED_NEW", Returns::UpdatedNew),
];

#[derive(Clone, Debug, PartialEq)]
pub enum Operation {
    Get { projection: Option<Projection> },
    Put { item: Item },
    Update { update: Update },
    Delete,
}

/// A request for one item.
#[derive(Clone, Debug, PartialEq)]
pub struct OneItem {
    pub key: Key,
    pub operation: Operation,
    pub condition: Option<Clause>,
    pub returns: Returns,
    pub is_consistent: bool,
    /// Whether it wants to know what it cost.
    pub reports: bool,
}

/// `Query`, which has a range, or `Scan`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ManyItems {
    pub range: Option<KeyRange>,
    pub filter: Option<Clause>,
    pub projection: Option<Projection>,
    pub limit: Option<usize>,
    pub start: Option<Key>,
    pub is_backward: bool,
    pub counts_only: bool,
    pub is_consistent: bool,
    pub reports: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    One(OneItem),
    Many(ManyItems),
    DescribeTable,
}

impl OneItem {
    #[must_use]
    pub fn new(key: Key, operation: Operation, condition: Option<Clause>) -> Self {
        Self { key, operation, condition, returns: Returns::None, is_consistent: true, reports: false }
    }

    #[must_use]
    pub fn is_write(&self) -> bool {
        !matches!(self.operation, Operation::Get { .. })
    }
}

pub fn missing(name: &str) -> ApiError {
    invalid(format!(
        "1 validation error detected: Value null at '{name}' failed to satisfy constraint: Member must not be null"
    ))
}

/// `TableName` is ignored: the call names its node.
///
/// # Errors
/// What AWS says of a wrong request.
pub fn read(action: &str, input: &Value, schema: &Schema) -> Result<Action, ApiError> {
    match action {
        "DescribeTable" => Ok(Action::DescribeTable),
        "Query" | "Scan" => read_many(action, input, schema).map(Action::Many),
        _ => read_one(action, input, schema).map(Action::One),
    }
}

fn object<'a>(input: &'a Value, parameter: &str, name: &str) -> Result<&'a Map<String, Value>, ApiError> {
    match input.get(parameter) {
        None | Some(Value::Null) => Err(missing(name)),
        Some(value) => value
            .as_object()
            .ok_or_else(|| ApiError::client("SerializationException", "Unexpected value type in payload")),
    }
}

fn text<'a>(input: &'a Value, name: &str) -> Option<&'a str> {
    input.get(name).and_then(Value::as_str)
}

fn flag(input: &Value, name: &str) -> bool {
    input.get(name).and_then(Value::as_bool).unwrap_or(false)
}

fn reports(input: &Value) -> bool {
    matches!(text(input, "ReturnConsumedCapacity"), Some("TOTAL" | "INDEXES"))
}

fn read_one(action: &str, input: &Value, schema: &Schema) -> Result<OneItem, ApiError> {
    let (expressions, others): (&[&str], &[&str]) = match action {
        "UpdateItem" => (&["UpdateExpression", "ConditionExpression"], &["AttributeUpdates", "Expected"]),
        "GetItem" => (&["ProjectionExpression"], &["AttributesToGet"]),
        _ => (&["ConditionExpression"], &["Expected"]),
    };
    not_mixed(input, expressions, others)?;
    let mut placeholders = Placeholders::read(input)?;
    let given = if action == "PutItem" { object(input, "Item", "item") } else { object(input, "Key", "key") };
    let item = read_item(given?)?;
    let returns = returns(action, text(input, "ReturnValues"))?;
    let update = match text(input, "UpdateExpression") {
        Some(text) if action == "UpdateItem" => Some(named("UpdateExpression", Update::read(text, &mut placeholders))?),
        _ if action == "UpdateItem" => Some(legacy::update(input.get("AttributeUpdates"))?),
        _ => None,
    };
    let condition = match text(input, "ConditionExpression") {
        Some(text) => Some(named("ConditionExpression", Clause::read(text, &mut placeholders))?),
        None => legacy::condition(input.get("Expected"), text(input, "ConditionalOperator"))?,
    };
    let projection = projection(input, &mut placeholders)?;
    placeholders.all_used()?;
    let key = if action == "PutItem" { schema.key_of_item(&item)? } else { schema.key_of_request(&item)? };
    if let Some(name) = update.as_ref().and_then(|update| key_touched(update, schema)) {
        return Err(invalid_parameter(format_args!(
            "Cannot update attribute {name}. This attribute is part of the key"
        )));
    }
    let operation = match (action, update) {
        ("GetItem", _) => Operation::Get { projection },
        ("PutItem", _) => Operation::Put { item },
        (_, Some(update)) => Operation::Update { update },
        _ => Operation::Delete,
    };
    let is_consistent = flag(input, "ConsistentRead");
    Ok(OneItem { key, operation, condition, returns, is_consistent, reports: reports(input) })
}

fn key_touched<'a>(update: &'a Update, schema: &Schema) -> Option<&'a str> {
    update.paths().find_map(|path| match path.first() {
        Some(Step::Name(name)) if schema.has(name) => Some(&**name),
        _ => None,
    })
}

fn returns(action: &str, given: Option<&str>) -> Result<Returns, ApiError> {
    let Some(given) = given else { return Ok(Returns::None) };
    let Some((_, returns)) = RETURNS.iter().find(|(name, _)| *name == given) else {
        let known = RETURNS.map(|(name, _)| name).join(", ");
        return Err(invalid(format!(
            "1 validation error detected: Value '{given}' at 'returnValues' failed to satisfy constraint: Member must \
             satisfy enum value set: [{known}]"
        )));
    };
    match returns {
        Returns::None | Returns::AllOld => {}
        _ if action == "UpdateItem" => {}
        _ => return Err(invalid("ReturnValues can only be ALL_OLD or NONE")),
    }
    Ok(*returns)
}

fn projection(input: &Value, placeholders: &mut Placeholders) -> Result<Option<Projection>, ApiError> {
    if let Some(text) = text(input, "ProjectionExpression") {
        return named("ProjectionExpression", Projection::read(text, placeholders)).map(Some);
    }
    let names = input.get("AttributesToGet").and_then(Value::as_array);
    let path = |name: &Value| Some(vec![Step::Name(name.as_str()?.to_owned())]);
    Ok(names.map(|names| Projection::of(names.iter().filter_map(path).collect())))
}

fn named<T>(parameter: &str, read: Result<T, String>) -> Result<T, ApiError> {
    read.map_err(|text| invalid(format!("Invalid {parameter}: {text}")))
}

/// Either expressions or what came before them, and placeholders only with expressions (DDB-7).
fn not_mixed(input: &Value, expressions: &[&str], others: &[&str]) -> Result<(), ApiError> {
    let given = |names: &[&str]| -> Vec<String> {
        names
            .iter()
            .filter(|name| input.get(**name).is_some_and(|value| !value.is_null()))
            .map(|&name| name.to_owned())
            .collect()
    };
    let (used, mixed) = (given(expressions), given(others));
    if !used.is_empty() && !mixed.is_empty() {
        let (mixed, used) = (mixed.join(", "), used.join(", "));
        return Err(invalid(format!(
            "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: \
             {{{mixed}}} Expression parameters: {{{used}}}"
        )));
    }
    if input.get("ExpressionAttributeNames").is_some() && used.is_empty() {
        return Err(invalid("ExpressionAttributeNames can only be specified when using expressions"));
    }
    let with_values: Vec<&str> = expressions.iter().copied().filter(|name| *name != "ProjectionExpression").collect();
    if input.get("ExpressionAttributeValues").is_some() && given(&with_values).is_empty() && !with_values.is_empty() {
        let (are, names) = (if with_values.len() > 1 { "are" } else { "is" }, with_values.join(" and "));
        return Err(invalid(format!(
            "ExpressionAttributeValues can only be specified when using expressions: {names} {are} null"
        )));
    }
    Ok(())
}

fn read_many(action: &str, input: &Value, schema: &Schema) -> Result<ManyItems, ApiError> {
    let is_query = action == "Query";
    let all = ["FilterExpression", "KeyConditionExpression", "ProjectionExpression"];
    let expressions: Vec<&str> = all.into_iter().filter(|name| is_query || *name != all[1]).collect();
    not_mixed(
        input,
        &expressions,
        &["AttributesToGet", "QueryFilter", "ScanFilter", "ConditionalOperator", "KeyConditions"],
    )?;
    if let Some(name) =
        ["QueryFilter", "ScanFilter", "KeyConditions", "IndexName"].iter().find(|name| input.get(**name).is_some())
    {
        return Err(invalid(format!("{name} is not read here; use expressions, and the table's own key.")));
    }
    let mut placeholders = Placeholders::read(input)?;
    let mut clause =
        |name: &str| text(input, name).map(|text| named(name, Clause::read(text, &mut placeholders))).transpose();
    let range = match if is_query { clause("KeyConditionExpression")? } else { None } {
        Some(clause) => Some(KeyRange::of(clause, schema)?),
        None if is_query => {
            return Err(invalid(
                "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.",
            ));
        }
        None => None,
    };
    let filter = clause("FilterExpression")?;
    let projection = projection(input, &mut placeholders)?;
    placeholders.all_used()?;
    let limit = input.get("Limit").filter(|limit| !limit.is_null());
    let limit = match limit.map(whole_number) {
        Some(None | Some(0)) => {
            return Err(invalid(format!(
                "1 validation error detected: Value '{}' at 'limit' failed to satisfy constraint: Member must have value \
                 greater than or equal to 1",
                limit.unwrap_or(&Value::Null)
            )));
        }
        Some(Some(limit)) => Some(usize::try_from(limit).unwrap_or(usize::MAX)),
        None => None,
    };
    let start = input.get("ExclusiveStartKey").and_then(Value::as_object);
    let start = start.map(|key| schema.key_of_request(&read_item(key)?)).transpose()?;
    Ok(ManyItems {
        range,
        filter,
        projection,
        limit,
        start,
        is_backward: input.get("ScanIndexForward").and_then(Value::as_bool) == Some(false),
        counts_only: text(input, "Select") == Some("COUNT"),
        is_consistent: flag(input, "ConsistentRead"),
        reports: reports(input),
    })
}
