//! A state machine as its definition says it (SFN-5, 9…13): what [`super::read`] makes of Amazon States Language, and the
//! interpreter and the drawing go by. States of all flows, nested ones too, stand in one list and are known by their place in it.

use serde_json::{Map, Value};

use super::path::Path;
use super::resource::Resource;

/// Whether an expression in there may read the context object.
#[must_use]
pub fn may_read_context(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains("$$") || text.contains("$states"),
        Value::Array(items) => items.iter().any(may_read_context),
        Value::Object(fields) => fields.values().any(may_read_context),
        _ => false,
    }
}

/// A state's place in [`Machine::states`].
pub type StateId = usize;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum QueryLanguage {
    #[default]
    JsonPath,
    Jsonata,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Machine {
    pub comment: Option<String>,
    pub query_language: QueryLanguage,
    /// How long an execution may take, in seconds.
    pub timeout_seconds: Option<u64>,
    pub flow: Flow,
    /// In the order of the document.
    pub states: Vec<State>,
}

/// States that lead to each other: the machine's own, a branch's of a Parallel, an item processor's of a Map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    pub start: StateId,
    /// In the order of the document.
    pub states: Vec<StateId>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct State {
    pub name: String,
    /// Where it stands in the definition: `States.Pay`, `States.All.Branches[0].States.One`.
    pub place: String,
    pub comment: Option<String>,
    pub language: QueryLanguage,
    /// Whether its expressions may read the context object; making one takes time.
    pub reads_context: bool,
    /// The Parallel or Map in one of whose flows it lies.
    pub within: Option<StateId>,
    /// `None` where the flow ends (`End`, Succeed, Fail), and for a Choice, whose rules say where it goes on.
    pub next: Option<StateId>,
    pub fields: Fields,
    pub retry: Vec<Retrier>,
    pub catch: Vec<Catcher>,
    pub kind: StateKind,
}

/// What shapes a state's input and output. A JSONPath state has the first five, a JSONata state `arguments` and `output`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fields {
    pub input_path: Selection,
    pub parameters: Option<Value>,
    pub result_selector: Option<Value>,
    pub result_path: Selection,
    pub output_path: Selection,
    pub arguments: Option<Value>,
    pub output: Option<Value>,
    pub assign: Option<Map<String, Value>>,
}

impl Fields {
    /// Whether nothing is made of the input: it is handed on as it came.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        let whole = [&self.input_path, &self.result_path, &self.output_path];
        let given = [&self.parameters, &self.result_selector, &self.arguments, &self.output];
        whole.iter().all(|path| **path == Selection::Whole)
            && given.iter().all(|field| field.is_none())
            && self.assign.is_none()
    }
}

/// `InputPath`, `ResultPath` or `OutputPath`.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Selection {
    /// `$`, which is also what holds where nothing is said.
    #[default]
    Whole,
    /// `null`.
    Nothing,
    At(Path),
}

/// A value of a field, or how it is found at run time.
#[derive(Clone, Debug, PartialEq)]
pub enum Given<T> {
    Value(T),
    /// The field with `Path` at its end: a path or an intrinsic function, as it is written.
    Path(String),
    /// `{% … %}`, as it is written.
    Expression(String),
}

#[derive(Clone, Debug, PartialEq)]
pub enum StateKind {
    Task(Task),
    Pass { result: Option<Value> },
    Choice { rules: Vec<ChoiceRule>, default: Option<StateId> },
    Wait(Until),
    Parallel { branches: Vec<Flow> },
    Map(Box<MapState>),
    Succeed,
    Fail { error: Option<Given<String>>, cause: Option<Given<String>> },
}

impl StateKind {
    /// `Task`, as the definition and the names of events have it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Task(_) => "Task",
            Self::Pass { .. } => "Pass",
            Self::Choice { .. } => "Choice",
            Self::Wait(_) => "Wait",
            Self::Parallel { .. } => "Parallel",
            Self::Map(_) => "Map",
            Self::Succeed => "Succeed",
            Self::Fail { .. } => "Fail",
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// As it is written; a JSONata expression is not allowed here.
    pub resource_text: String,
    pub resource: Resource,
    pub credentials: Option<Value>,
    pub timeout_seconds: Option<Given<i64>>,
    pub heartbeat_seconds: Option<Given<i64>>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Until {
    Seconds(Given<i64>),
    Timestamp(Given<String>),
}

#[derive(Clone, Debug, PartialEq)]
pub struct ChoiceRule {
    pub test: Test,
    pub next: StateId,
    pub assign: Option<Map<String, Value>>,
    /// JSONata's.
    pub output: Option<Value>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// JSONata's `Condition`: `{% … %}` as it is written, or a plain boolean.
    Condition(Value),
    And(Vec<Test>),
    Or(Vec<Test>),
    Not(Box<Test>),
    Compare {
        variable: Path,
        comparison: Comparison,
    },
}

/// A test of one value (SFN-10).
#[derive(Clone, Debug, PartialEq)]
pub enum Comparison {
    /// `NumericLessThan` and its like: the operand is a constant, or with `Path` at the name's end lies at a path.
    Order {
        of: Ordered,
        order: Order,
        operand: Operand,
    },
    BooleanEquals(Operand),
    /// `*` stands for any characters, `\\*` for a star.
    StringMatches(String),
    Is {
        what: Is,
        expected: bool,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ordered {
    String,
    Numeric,
    Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Equals,
    LessThan,
    GreaterThan,
    LessThanEquals,
    GreaterThanEquals,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Is {
    Null,
    Present,
    Numeric,
    String,
    Boolean,
    Timestamp,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    Value(Value),
    Path(Path),
}

/// SFN-18.
#[derive(Clone, Debug, PartialEq)]
pub struct Retrier {
    pub error_equals: Vec<String>,
    pub interval_seconds: u64,
    pub max_attempts: u64,
    pub backoff_rate: f64,
    pub max_delay_seconds: Option<u64>,
    pub jitter: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Catcher {
    pub error_equals: Vec<String>,
    pub next: StateId,
    pub result_path: Selection,
    pub assign: Option<Map<String, Value>>,
    /// JSONata's.
    pub output: Option<Value>,
}

/// SFN-12, SFN-13.
#[derive(Clone, Debug, PartialEq)]
pub struct MapState {
    pub processor: Flow,
    pub distributed: Option<Distributed>,
    pub items: Items,
    /// `ItemSelector`, or `Parameters` as the older form has it.
    pub item_selector: Option<Value>,
    /// 0: as many as possible.
    pub max_concurrency: Given<i64>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Items {
    /// The state's input itself.
    Input,
    /// `ItemsPath`.
    Path(Path),
    /// JSONata's `Items`: an expression, or an array whose items may hold some.
    Given(Value),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Distributed {
    /// `ExecutionType`: the children's.
    pub express: bool,
    pub label: Option<String>,
    pub reader: Option<ItemReader>,
    pub batcher: Option<ItemBatcher>,
    pub tolerated_failure_count: Option<Given<i64>>,
    /// 0…100.
    pub tolerated_failure_percentage: Option<Given<f64>>,
    pub writer: Option<ResultWriter>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ItemReader {
    /// `arn:aws:states:::s3:getObject`, `arn:aws:states:::s3:listObjectsV2`.
    pub resource: String,
    /// `Parameters` or `Arguments`.
    pub arguments: Option<Value>,
    /// `InputType` (`JSON`, `JSONL`, `CSV`, `MANIFEST`, `PARQUET`) and what belongs to it, as it is written.
    pub reader_config: Map<String, Value>,
    pub max_items: Option<Given<i64>>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ItemBatcher {
    pub max_items: Option<Given<i64>>,
    pub max_input_bytes: Option<Given<i64>>,
    pub batch_input: Option<Value>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ResultWriter {
    pub resource: String,
    pub arguments: Option<Value>,
    pub writer_config: Map<String, Value>,
}
