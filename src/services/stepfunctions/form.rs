//! The state machine's inspector, as data.

use crate::engine::MICROS_PER_MILLI;
use crate::figure::Shape;
use crate::services::{Family, Group, Property, PropertyKind, Spec, frailty, knob, property};

/// One way, of what leaves it, and how long one state after another takes `[MODEL]`.
const HOP: u64 = 15 * MICROS_PER_MILLI;

static PROPERTIES: &[Property] = &[
    property(
        "Definition",
        "Definition",
        PropertyKind::Json,
        "{\"StartAt\": \"Done\", \"States\": {\"Done\": {\"Type\": \"Succeed\"}}}",
        "Amazon States Language: the states and how they lead to each other.",
        "SFN-5",
    )
    .live(),
    property(
        "DefinitionString",
        "Definition as text",
        PropertyKind::Json,
        "",
        "The definition as CloudFormation holds it: a text, or Fn::Sub. It takes the place of Definition.",
        "SFN-5",
    ),
    property(
        "DefinitionSubstitutions",
        "Substitutions",
        PropertyKind::Json,
        "",
        "What takes the place of ${names} in the definition; the id of a node, mostly.",
        "SFN-5",
    ),
    property(
        "StateMachineType",
        "Type",
        PropertyKind::Choice(&["STANDARD", "EXPRESS"]),
        "\"STANDARD\"",
        "Standard runs each state once and for up to a year; Express for five minutes, and perhaps twice.",
        "SFN-1",
    )
    .fixed(),
    property(
        "StateMachineName",
        "Name",
        PropertyKind::Text { max: 80 },
        "",
        "In its ARN; the node's id unless given.",
        "SFN-2",
    )
    .fixed(),
    property(
        "RoleArn",
        "Role",
        PropertyKind::Text { max: 256 },
        "",
        "Only its name is seen: every call is allowed.",
        "SFN-15",
    ),
    knob(
        "Objects",
        "Objects",
        PropertyKind::Json,
        "",
        "What distributed maps read from S3: {\"bucket/key\": content}, each content a text or JSON.",
        "SFN-13",
    ),
    knob(
        "TransitionsPerSecond",
        "Transitions per second",
        PropertyKind::Integer { min: 1, max: 1_000_000 },
        "5000",
        "State transitions of Standard executions, on the average; what is over it waits. 800 in most Regions.",
        "SFN-3",
    ),
    knob(
        "TransitionBurst",
        "Transition burst",
        PropertyKind::Integer { min: 1, max: 1_000_000 },
        "5000",
        "State transitions that may come at once.",
        "SFN-3",
    ),
    knob(
        "StartsPerSecond",
        "Starts per second",
        PropertyKind::Integer { min: 1, max: 1_000_000 },
        "300",
        "Standard executions that may begin, on the average; what is over it is refused.",
        "SFN-3",
    ),
    knob(
        "StartBurst",
        "Start burst",
        PropertyKind::Integer { min: 1, max: 1_000_000 },
        "1300",
        "Standard executions that may begin at once.",
        "SFN-3",
    ),
    knob(
        "Width",
        "Width",
        PropertyKind::Integer { min: 320, max: 6_000 },
        "",
        "How wide its card is drawn; a run does not go by it.",
        "",
    ),
    knob("Height", "Height", PropertyKind::Integer { min: 280, max: 6_000 }, "", "How high its card is drawn.", ""),
    knob(
        "DuplicateRate",
        "Duplicate rate",
        PropertyKind::Probability,
        "0",
        "Part of an Express machine's asynchronous executions that run twice: it promises at least once.",
        "SFN-1",
    ),
];

/// A machine to begin with.
const DRAWN_WITH: &str = r#"{"StartAt":"Greet","States":{"Greet":{"Type":"Pass","Next":"Wait a little"},
"Wait a little":{"Type":"Wait","Seconds":2,"Next":"Done"},"Done":{"Type":"Succeed"}}}"#;

pub static SPEC: Spec = Spec {
    kind: "AWS::StepFunctions::StateMachine",
    name: "State machine",
    summary: "Walks through states, each of which may call a service",
    stem: "workflow",
    group: Group::Workflows,
    family: Family::Integration,
    size: (320.0, 280.0),
    room: Some(super::config::room),
    headline: Some("StateMachineType"),
    glyph: "M9 4h6v5H9zM4 15h6v5H4zM14 15h6v5h-6zM12 9v3M7 15v-3h10v3",
    properties: PROPERTIES,
    drawn_with: &[("Definition", DRAWN_WITH)],
    named_in: &["Definition", "DefinitionString", "DefinitionSubstitutions"],
    not_modelled: &[
        ("EncryptionConfiguration", "encryption with a key of one's own is not modelled"),
        ("LoggingConfiguration", "every execution's history is here, also an Express one's"),
        ("TracingConfiguration", "the trace here shows every state"),
        ("DefinitionS3Location", "there is no S3 here: put the definition into Definition"),
        ("Tags", "tags are not modelled; they change nothing that can be seen here"),
    ],
    charts: &[
        "ExecutionsStarted",
        "ExecutionsSucceeded",
        "ExecutionsFailed",
        "ExecutionsRunning",
        "ExecutionTime",
        "ExecutionThrottled",
    ],
    link: "https://docs.aws.amazon.com/step-functions/latest/dg/welcome.html",
    frailty: &frailty::PART,
    hop: HOP,
    shape: Some(Shape::Diamond),
    prices: &super::prices::PRICES,
    push: super::api::push,
    pairs: super::links::PAIRS,
    problems: super::problems::problems,
    ..Spec::BLANK
};
