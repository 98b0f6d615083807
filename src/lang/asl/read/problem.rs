//! What is wrong with a definition: where, in our words with the remedy, and as AWS reports it.

use serde_json::{Value, json};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// AWS refuses the definition.
    Error,
    /// It can be deployed, and is hardly what was meant.
    Warning,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// `States.Pay.Retry[0].IntervalSeconds`; empty for the whole.
    pub place: String,
    pub level: Level,
    /// What is wrong and what helps.
    pub message: String,
    /// `None`: AWS says nothing of it.
    pub aws: Option<Diagnostic>,
}

/// As `ValidateStateMachineDefinition` lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    pub code: Code,
    pub message: String,
    /// `/States/Pay`; `None` for what stands nowhere.
    pub location: Option<String>,
}

/// AWS's codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    InvalidJsonDescription,
    MissingDescription,
    SchemaValidationFailed,
    MissingEndState,
    DuplicateStateName,
    InvalidStateName,
    DuplicateLabelName,
    InvalidLabelName,
    MissingTransitionTarget,
    TooDeeplyNested,
    InvalidJsonataExpression,
    UnsupportedJsonataExpression,
    NoDollar,
    NoPath,
    PassResultIsStatic,
}

impl Code {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::InvalidJsonDescription => "INVALID_JSON_DESCRIPTION",
            Self::MissingDescription => "MISSING_DESCRIPTION",
            Self::SchemaValidationFailed => "SCHEMA_VALIDATION_FAILED",
            Self::MissingEndState => "MISSING_END_STATE",
            Self::DuplicateStateName => "DUPLICATE_STATE_NAME",
            Self::InvalidStateName => "INVALID_STATE_NAME",
            Self::DuplicateLabelName => "DUPLICATE_LABEL_NAME",
            Self::InvalidLabelName => "INVALID_LABEL_NAME",
            Self::MissingTransitionTarget => "MISSING_TRANSITION_TARGET",
            Self::TooDeeplyNested => "TOO_DEEPLY_NESTED",
            Self::InvalidJsonataExpression => "INVALID_JSONATA_EXPRESSION",
            Self::UnsupportedJsonataExpression => "UNSUPPORTED_JSONATA_EXPRESSION",
            Self::NoDollar => "NO_DOLLAR",
            Self::NoPath => "NO_PATH",
            Self::PassResultIsStatic => "PASS_RESULT_IS_STATIC",
        }
    }
}

/// What `ValidateStateMachineDefinition` answers (SFN-5).
#[must_use]
pub fn validation(problems: &[Problem], warnings_too: bool, results_max: usize) -> Value {
    let told = |problem: &&Problem| warnings_too || problem.level == Level::Error;
    let mut diagnostics: Vec<Value> = problems
        .iter()
        .filter(told)
        .filter_map(|problem| {
            let aws = problem.aws.as_ref()?;
            let severity = if problem.level == Level::Error { "ERROR" } else { "WARNING" };
            let mut one = json!({ "severity": severity, "code": aws.code.name(), "message": aws.message });
            if let Some(location) = &aws.location {
                one["location"] = json!(location);
            }
            Some(one)
        })
        .collect();
    let truncated = diagnostics.len() > results_max;
    diagnostics.truncate(results_max);
    let result = if is_valid(problems) { "OK" } else { "FAIL" };
    json!({ "result": result, "diagnostics": diagnostics, "truncated": truncated })
}

/// Why AWS would not take the definition: the message of `InvalidDefinition`.
#[must_use]
pub fn refusal(problems: &[Problem]) -> Option<String> {
    let errors: Vec<String> = problems
        .iter()
        .filter(|problem| problem.level == Level::Error)
        .filter_map(|problem| problem.aws.as_ref())
        .map(|aws| format!("{}: {} at {}", aws.code.name(), aws.message, aws.location.as_deref().unwrap_or("null")))
        .collect();
    (!errors.is_empty()).then(|| format!("Invalid State Machine Definition: '{}'", errors.join(", ")))
}

/// Whether AWS would take the definition.
#[must_use]
pub fn is_valid(problems: &[Problem]) -> bool {
    problems.iter().all(|problem| problem.level == Level::Warning)
}
