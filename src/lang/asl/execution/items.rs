//! The items of a Map: from its input, or read from objects; one by one, or in batches (SFN-12, SFN-13).

use md5::{Digest, Md5};
use serde_json::{Map, Value, json};

use super::failure::Failure;
use super::numbers;
use super::query;
use super::scope::{Scope, World};
use super::thread::Item;
use crate::lang::asl::machine::{ItemBatcher, Items, MapState, QueryLanguage};
use crate::lang::hex::hex_text;

/// Bytes that a batch may have.
const BATCH_BYTES_MAX: usize = 262_144;

/// Where the items of a Map come from.
pub enum Source {
    Items(Vec<Item>),
    Reader(Reader),
}

/// What is to be read.
pub struct Reader {
    pub resource: String,
    pub arguments: Value,
    pub config: Map<String, Value>,
}

/// # Errors
/// What cannot be found or evaluated, or is no list.
pub fn source(
    map: &MapState,
    language: QueryLanguage,
    input: &Value,
    scope: &Scope<'_>,
    world: &mut dyn World,
) -> Result<Source, Failure> {
    let is_distributed = map.distributed.is_some();
    if let Some(reader) = map.distributed.as_ref().and_then(|distributed| distributed.reader.as_ref()) {
        let arguments = match &reader.arguments {
            Some(arguments) => self::arguments(arguments, language, &scope.with_input(input), world)?,
            None => Value::Null,
        };
        let config = reader.reader_config.clone();
        return Ok(Source::Reader(Reader { resource: reader.resource.clone(), arguments, config }));
    }
    let value = match &map.items {
        Items::Input => input.clone(),
        Items::Path(path) => query::find(path, input, scope)?,
        Items::Given(given) => query::jsonata(given, "Items", (scope, &[]), world)?,
    };
    match value {
        Value::Array(items) => Ok(Source::Items(listed(items))),
        Value::Object(fields) if is_distributed => Ok(Source::Items(keyed(fields))),
        other => Err(no_list(&map.items, language, &other)),
    }
}

/// What a Map's items are, where they are no list.
fn no_list(items: &Items, language: QueryLanguage, value: &Value) -> Failure {
    match items {
        Items::Given(given) => query::unexpected(given.as_str().unwrap_or_default(), "Items", "array", value),
        Items::Input if language == QueryLanguage::Jsonata => {
            let was = query::type_name(value);
            Failure::evaluation("Items", format!("Map state input must be an array but was: {was}"))
        }
        Items::Input => Failure::runtime("Reference path \"$\" must point to array."),
        Items::Path(path) => Failure::runtime(format!("Reference path \"{path}\" must point to array.")),
    }
}

fn listed(items: Vec<Value>) -> Vec<Item> {
    (0..).zip(items).map(|(index, value)| Item { index, value, key: None }).collect()
}

fn keyed(fields: Map<String, Value>) -> Vec<Item> {
    let item = |(index, (key, value)): (u64, (String, Value))| {
        let value = json!({ "Key": key, "Value": value });
        Item { index, value, key: Some(key) }
    };
    (0..).zip(fields).map(item).collect()
}

/// `Parameters` or `Arguments` of a reader or writer.
///
/// # Errors
/// What cannot be found or evaluated.
pub fn arguments(
    arguments: &Value,
    language: QueryLanguage,
    scope: &Scope<'_>,
    world: &mut dyn World,
) -> Result<Value, Failure> {
    match language {
        QueryLanguage::JsonPath => query::template(arguments, scope.input, scope, world),
        QueryLanguage::Jsonata => query::jsonata(arguments, "Arguments", (scope, &[]), world),
    }
}

/// `ItemSelector`.
///
/// # Errors
/// What cannot be found or evaluated.
pub fn select(
    selector: &Value,
    language: QueryLanguage,
    scope: &Scope<'_>,
    world: &mut dyn World,
) -> Result<Value, Failure> {
    match language {
        QueryLanguage::JsonPath => query::template(selector, scope.input, scope, world),
        QueryLanguage::Jsonata => query::jsonata(selector, "ItemSelector", (scope, &[]), world),
    }
}

/// `ItemBatcher`: items together, at most so many or so many bytes, with what each batch has in common.
///
/// # Errors
/// What cannot be found or evaluated.
pub fn batches(
    (batcher, language): (&ItemBatcher, QueryLanguage),
    items: Vec<Value>,
    input: &Value,
    scope: &Scope<'_>,
    world: &mut dyn World,
) -> Result<Vec<Item>, Failure> {
    let scope = &scope.with_input(input);
    let mut most = |given: &Option<_>, field| {
        let number = given.as_ref().map(|given| numbers::integer(given, field, scope, world)).transpose()?;
        Ok::<_, Failure>(number.and_then(|number| usize::try_from(number).ok()).filter(|number| *number > 0))
    };
    let items_max = most(&batcher.max_items, "MaxItemsPerBatch")?.unwrap_or(usize::MAX);
    let bytes_max =
        most(&batcher.max_input_bytes, "MaxInputBytesPerBatch")?.unwrap_or(BATCH_BYTES_MAX).min(BATCH_BYTES_MAX);
    let common = match &batcher.batch_input {
        Some(common) => match language {
            QueryLanguage::JsonPath => query::template(common, input, scope, world)?,
            QueryLanguage::Jsonata => query::jsonata(common, "ItemBatcher/BatchInput", (scope, &[]), world)?,
        },
        None => Value::Null,
    };
    let batch_of = |items: Vec<Value>| match &common {
        Value::Null => json!({ "Items": items }),
        common => json!({ "BatchInput": common, "Items": items }),
    };
    let overhead = batch_of(Vec::new()).to_string().len();
    let (mut all, mut batch, mut bytes) = (Vec::new(), Vec::new(), overhead);
    for item in items {
        let more = item.to_string().len() + 1;
        if !batch.is_empty() && (batch.len() >= items_max || bytes + more > bytes_max) {
            all.push(batch_of(std::mem::take(&mut batch)));
            bytes = overhead;
        }
        bytes += more;
        batch.push(item);
    }
    if !batch.is_empty() {
        all.push(batch_of(batch));
    }
    Ok(listed(all))
}

/// Reads the items of an object, or the list of a bucket's objects.
///
/// # Errors
/// The cause of `States.ItemReaderFailed`.
pub fn read(reader: &Reader, objects: &Map<String, Value>) -> Result<Vec<Item>, String> {
    let text = |name: &str| reader.arguments[name].as_str().unwrap_or_default();
    let bucket = text("Bucket");
    if reader.resource.ends_with(":listObjectsV2") {
        let start = format!("{bucket}/{}", text("Prefix"));
        let within = objects.iter().filter(|(name, _)| name.starts_with(&start));
        let object = |(name, content): (&String, &Value)| {
            let text = written(content);
            // In quotes, as S3 gives it.
            let etag = format!("\"{}\"", hex_text(&Md5::digest(text.as_bytes())));
            json!({ "Etag": etag, "Key": name[bucket.len() + 1..], "LastModified": 1_767_225_600.0, "Size": text.len(),
                "StorageClass": "STANDARD" })
        };
        return Ok(listed(within.map(object).collect()));
    }
    let name = format!("{bucket}/{}", text("Key"));
    let content = objects.get(&name).ok_or("The specified key does not exist. (Service: S3, Status Code: 404)")?;
    let kind = reader.config.get("InputType").and_then(Value::as_str).unwrap_or("JSON");
    match kind {
        "CSV" => Ok(listed(csv(&written(content), &reader.config)?)),
        "JSONL" => {
            let text = written(content);
            let lines = text.lines().filter(|line| !line.trim().is_empty());
            let read = lines.map(|line| {
                serde_json::from_str(line).map_err(|_| "Attempting to parse an invalid JSON line.".to_owned())
            });
            Ok(listed(read.collect::<Result<_, String>>()?))
        }
        _ => {
            let value = match content {
                Value::String(text) => {
                    serde_json::from_str(text).map_err(|_| "The object is not valid JSON.".to_owned())?
                }
                value => value.clone(),
            };
            match value {
                Value::Array(items) => Ok(listed(items)),
                _ => Err("Attempting to map over non-iterable node.".to_owned()),
            }
        }
    }
}

/// An object's content as bytes have it.
fn written(content: &Value) -> String {
    content.as_str().map_or_else(|| content.to_string(), str::to_owned)
}

/// The rows of a CSV file, each an object by the file's headers.
fn csv(text: &str, config: &Map<String, Value>) -> Result<Vec<Value>, String> {
    let delimiter = match config.get("CSVDelimiter").and_then(Value::as_str) {
        Some("PIPE") => '|',
        Some("SEMICOLON") => ';',
        Some("SPACE") => ' ',
        Some("TAB") => '\t',
        _ => ',',
    };
    let mut rows = csv_rows(text, delimiter).into_iter();
    let given = config.get("CSVHeaderLocation").and_then(Value::as_str) == Some("GIVEN");
    let headers: Vec<String> = if given {
        let names = config.get("CSVHeaders").and_then(Value::as_array).cloned().unwrap_or_default();
        names.iter().map(|name| name.as_str().unwrap_or_default().to_owned()).collect()
    } else {
        rows.next().ok_or("The CSV file has no header.")?
    };
    let object = |row: Vec<String>| {
        let cells = row.into_iter().map(Value::String).chain(std::iter::repeat(Value::String(String::new())));
        Value::Object(headers.iter().cloned().zip(cells).collect())
    };
    Ok(rows.map(object).collect())
}

/// Cells in quotes may hold delimiters, line ends and doubled quotes.
fn csv_rows(text: &str, delimiter: char) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '"' if quoted && chars.peek() == Some(&'"') => cell.push(chars.next().unwrap_or('"')),
            '"' => quoted = !quoted,
            '\r' if !quoted => {}
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            char if char == delimiter && !quoted => row.push(std::mem::take(&mut cell)),
            char => cell.push(char),
        }
    }
    if !cell.is_empty() || !row.is_empty() {
        row.push(cell);
        rows.push(row);
    }
    rows
}
