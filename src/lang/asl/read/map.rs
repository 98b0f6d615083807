//! A Map: its processor, where its items come from, and what a distributed Map adds (SFN-12, SFN-13).

use serde_json::Value;

use super::flow::FlowKind;
use super::place::short;
use super::values::{COUNT_MAX, Object, has_placeholder};
use super::{Code, Reader, quoted};
use crate::lang::asl::machine::{
    Distributed, Given, ItemBatcher, ItemReader, Items, MapState, QueryLanguage, ResultWriter, StateId, StateKind,
};

const LABEL_CHARS_MAX: usize = 40;
const BATCH_BYTES_MAX: i64 = 262_144;
const CONCURRENCY_MAX: i64 = COUNT_MAX;

/// What belongs to a distributed Map alone.
const DISTRIBUTED: [&str; 8] = [
    "ItemReader",
    "ItemBatcher",
    "ResultWriter",
    "Label",
    "ToleratedFailureCount",
    "ToleratedFailureCountPath",
    "ToleratedFailurePercentage",
    "ToleratedFailurePercentagePath",
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Nothing is said of it, which is as `INLINE`.
    Unsaid,
    Inline,
    Distributed {
        express: bool,
    },
}

impl Reader {
    pub(super) fn map(&mut self, id: StateId, object: &Object<'_>, language: QueryLanguage) -> Option<StateKind> {
        let named = self.only_one(object, &["ItemProcessor", "Iterator"]);
        let mode = self.mode(object, named);
        self.check_distributed(object, mode);
        let items = self.items(object, language);
        let item_selector = self.item_selector(object, language);
        let max_concurrency = self.given_whole(object, "MaxConcurrency", language, (0, CONCURRENCY_MAX));
        let distributed = self.distributed(object, language, mode);
        let Some(named) = named else {
            let aws = "These fields are required: [ItemProcessor]";
            self.schema(&object.place, aws, "says not what is done with an item; give ItemProcessor");
            return None;
        };
        let processor = self.object(object, named)?;
        let processor = self.flow(&processor, FlowKind::ItemProcessor, Some(id))?;
        Some(StateKind::Map(Box::new(MapState {
            processor,
            distributed,
            items,
            item_selector,
            max_concurrency: max_concurrency.unwrap_or(Given::Value(0)),
        })))
    }

    fn mode(&mut self, object: &Object<'_>, named: Option<&str>) -> Mode {
        let Some(named) = named else { return Mode::Unsaid };
        let Some(map) = object.get(named).and_then(Value::as_object) else { return Mode::Unsaid };
        let object = Object { map, place: object.place.field(named) };
        let Some(config) = self.object(&object, "ProcessorConfig") else { return Mode::Unsaid };
        self.no_others(&config, &["Mode", "ExecutionType"]);
        let kind = self.word(&config, "ExecutionType", &["STANDARD", "EXPRESS"]);
        match self.word(&config, "Mode", &["INLINE", "DISTRIBUTED"]) {
            Some("DISTRIBUTED") => {
                if !config.has("ExecutionType") {
                    let aws = "These fields are required: [ExecutionType]";
                    let message = "says not how an item's execution runs; give ExecutionType: STANDARD or EXPRESS";
                    self.schema(&config.place, aws, message);
                }
                if self.is_express {
                    let aws = "Express state machine does not support 'DISTRIBUTED' mode";
                    let message =
                        "an Express machine has no distributed Map; take the mode INLINE, or make the machine STANDARD";
                    self.schema(&config.place.field("Mode"), aws, message);
                }
                Mode::Distributed { express: kind == Some("EXPRESS") }
            }
            Some(_) if config.has("ExecutionType") => {
                let aws = "Field 'ExecutionType' is only supported in DISTRIBUTED mode".to_owned();
                self.schema_around(&config, "ExecutionType", aws, "is for the mode DISTRIBUTED alone; take it out");
                Mode::Inline
            }
            Some(_) => Mode::Inline,
            None => Mode::Unsaid,
        }
    }

    fn check_distributed(&mut self, object: &Object<'_>, mode: Mode) {
        for name in DISTRIBUTED.into_iter().filter(|name| object.has(name)) {
            let message = "is for a distributed Map alone; set ItemProcessor.ProcessorConfig.Mode to DISTRIBUTED";
            match mode {
                Mode::Distributed { .. } => {}
                Mode::Unsaid => self.advise(&object.place.field(name), message),
                Mode::Inline => {
                    let aws = format!("Field '{name}' is only supported in DISTRIBUTED mode");
                    self.schema_around(object, name, aws, message);
                }
            }
        }
    }

    fn items(&mut self, object: &Object<'_>, language: QueryLanguage) -> Items {
        if language == QueryLanguage::JsonPath {
            return match object.get("ItemsPath") {
                Some(Value::String(text)) if text == "$" => Items::Input,
                Some(_) => self.path(object, "ItemsPath").map_or(Items::Input, Items::Path),
                None => Items::Input,
            };
        }
        let Some(value) = self.template(object, "Items", language) else { return Items::Input };
        let is_fit = match &value {
            Value::Array(_) | Value::Object(_) => true,
            Value::String(text) => super::template::is_expression(text) || has_placeholder(text),
            _ => false,
        };
        if !is_fit {
            let message = "has to be a list or an expression: {% $states.input.items %}";
            self.schema(&object.place.field("Items"), "Expected value of type Array or a JSONata expression", message);
        }
        Items::Given(value)
    }

    fn item_selector(&mut self, object: &Object<'_>, language: QueryLanguage) -> Option<Value> {
        if language == QueryLanguage::Jsonata {
            return self.template(object, "ItemSelector", language);
        }
        let name = self.only_one(object, &["ItemSelector", "Parameters"])?;
        self.template(object, name, language)
    }

    fn distributed(&mut self, object: &Object<'_>, language: QueryLanguage, mode: Mode) -> Option<Distributed> {
        let label = self.label(object);
        let reader = self.item_reader(object, language);
        let batcher = self.item_batcher(object, language);
        let count = self.given_whole(object, "ToleratedFailureCount", language, (0, COUNT_MAX));
        let percentage = self.given_number(object, "ToleratedFailurePercentage", language, (0.0, 100.0));
        let writer = self.result_writer(object, language);
        let Mode::Distributed { express } = mode else { return None };
        Some(Distributed {
            express,
            label,
            reader,
            batcher,
            tolerated_failure_count: count,
            tolerated_failure_percentage: percentage,
            writer,
        })
    }

    /// Part of its executions' names, so without what a name may not have.
    fn label(&mut self, object: &Object<'_>) -> Option<String> {
        let label = self.string(object, "Label")?;
        if has_placeholder(label) {
            return Some(label.to_owned());
        }
        let place = object.place.field("Label");
        let length = label.chars().count();
        let is_foreign = |c: char| c.is_whitespace() || c.is_control() || "?*<>{}[]:;,\\|^~$#%&`\"".contains(c);
        if length == 0 || length > LABEL_CHARS_MAX {
            let aws = format!("Label length must be between 1 and {LABEL_CHARS_MAX} characters");
            self.error(&place, Code::InvalidLabelName, aws, format!("has {length} characters; allowed is 1 to 40"));
        } else if label.contains(is_foreign) {
            let aws = format!("Invalid label name: {}", short(label, LABEL_CHARS_MAX));
            let message =
                format!("{} has characters that a label may not have; use letters, digits, - and _", quoted(label));
            self.error(&place, Code::InvalidLabelName, aws, message);
        } else if !self.labels.insert(label.to_owned()) {
            let aws = format!("Duplicate label name: {label}");
            let message = format!("{} is another Map's label too; choose another", quoted(label));
            self.error(&place, Code::DuplicateLabelName, aws, message);
        }
        Some(label.to_owned())
    }

    fn item_reader(&mut self, object: &Object<'_>, language: QueryLanguage) -> Option<ItemReader> {
        let reader = self.object(object, "ItemReader")?;
        let own = arguments_of(language);
        self.no_others(&reader, &["Resource", "ReaderConfig", own, "Comment"]);
        self.require(&reader, &["Resource"]);
        let resource = self.string(&reader, "Resource").unwrap_or_default().to_owned();
        let arguments = self.template(&reader, own, language);
        let mut max_items = None;
        if let Some(config) = self.object(&reader, "ReaderConfig") {
            self.no_others(
                &config,
                &[
                    "InputType",
                    "CSVDelimiter",
                    "CSVHeaderLocation",
                    "CSVHeaders",
                    "ItemsPointer",
                    "ManifestType",
                    "MaxItems",
                    "MaxItemsPath",
                    "Transformation",
                ],
            );
            let kinds = ["JSON", "JSONL", "CSV", "MANIFEST", "PARQUET"];
            let kind = self.word(&config, "InputType", &kinds);
            let location = self.word(&config, "CSVHeaderLocation", &["FIRST_ROW", "GIVEN"]);
            if kind == Some("CSV") && location == Some("GIVEN") && !config.has("CSVHeaders") {
                let message = "has headers to be given, and gives none; give CSVHeaders";
                self.schema(&config.place, "These fields are required: [CSVHeaders]", message);
            }
            self.list(&config, "CSVHeaders");
            max_items = self.given_whole(&config, "MaxItems", language, (0, 100_000_000));
        }
        let place = reader.place.field("ReaderConfig");
        let reader_config = self.plain_object(&place, reader.get("ReaderConfig").filter(|config| config.is_object()));
        Some(ItemReader { resource, arguments, reader_config, max_items })
    }

    fn item_batcher(&mut self, object: &Object<'_>, language: QueryLanguage) -> Option<ItemBatcher> {
        let batcher = self.object(object, "ItemBatcher")?;
        self.no_others(
            &batcher,
            &[
                "BatchInput",
                "MaxItemsPerBatch",
                "MaxItemsPerBatchPath",
                "MaxInputBytesPerBatch",
                "MaxInputBytesPerBatchPath",
                "Comment",
            ],
        );
        let max_items = self.given_whole(&batcher, "MaxItemsPerBatch", language, (1, COUNT_MAX));
        let max_input_bytes = self.given_whole(&batcher, "MaxInputBytesPerBatch", language, (1, BATCH_BYTES_MAX));
        if !batcher.map.keys().any(|name| name.starts_with("Max")) {
            let aws = "One of these fields is required: [MaxItemsPerBatch, MaxInputBytesPerBatch]";
            self.schema(&batcher.place, aws, "says not how large a batch is; give MaxItemsPerBatch");
        }
        let batch_input = self.template(&batcher, "BatchInput", language);
        Some(ItemBatcher { max_items, max_input_bytes, batch_input })
    }

    fn result_writer(&mut self, object: &Object<'_>, language: QueryLanguage) -> Option<ResultWriter> {
        let writer = self.object(object, "ResultWriter")?;
        let own = arguments_of(language);
        self.no_others(&writer, &["Resource", "WriterConfig", own, "Comment"]);
        let resource = self.string(&writer, "Resource").unwrap_or_default().to_owned();
        let arguments = self.template(&writer, own, language);
        if let Some(config) = self.object(&writer, "WriterConfig") {
            self.no_others(&config, &["Transformation", "OutputType"]);
            self.word(&config, "Transformation", &["NONE", "COMPACT", "FLATTEN"]);
            self.word(&config, "OutputType", &["JSON", "JSONL"]);
        }
        let place = writer.place.field("WriterConfig");
        let writer_config = self.plain_object(&place, writer.get("WriterConfig").filter(|config| config.is_object()));
        Some(ResultWriter { resource, arguments, writer_config })
    }
}

fn arguments_of(language: QueryLanguage) -> &'static str {
    if language == QueryLanguage::Jsonata { "Arguments" } else { "Parameters" }
}
