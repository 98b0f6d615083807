//! The links of a scene: which kinds AWS lets one connect, and their properties.

use super::spec::{Property, PropertyKind, property};
use crate::lang::event_pattern::Dialect;
use crate::services::{Kind, eventbridge, sns};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkKind {
    /// A producer (or a consumer that passes on) to anything that accepts its call.
    Send,
    /// A partner's event source to the bus that carries its name.
    PartnerEventSource,
    /// A queue or stream to the worker that polls it.
    Poll,
    Subscription,
    EventSourceMapping,
    /// An event bus to a rule of its own.
    Rule,
    /// An event bus to an archive of its own.
    Archive,
    Target,
    /// A global endpoint to one of its two buses; see [`LinkKind::is_written`].
    GlobalEndpoint,
    /// A pipe to what it has its items enriched by; see [`LinkKind::is_written`].
    Enrichment,
    /// To a dead-letter queue; see [`LinkKind::is_written`].
    Redrive,
    /// To where the record of an invocation goes; see [`LinkKind::is_written`].
    Destination,
    /// A KCL application to the table of its leases.
    LeaseTable,
}

/// What one kind of link is.
#[derive(Debug)]
pub struct LinkSpec {
    pub kind: LinkKind,
    /// The scene's `type`.
    pub name: &'static str,
    /// What it is called in a sentence.
    pub label: &'static str,
    /// What a hand may draw it between; only properties draw it elsewhere.
    pub from: &'static [Kind],
    pub to: &'static [Kind],
    pub properties: &'static [Property],
    pub not_modelled: &'static [(&'static str, &'static str)],
}

const POSITIONS: PropertyKind = PropertyKind::Choice(&["TRIM_HORIZON", "LATEST"]);

/// In AWS the ARN of a consumer instead of the stream's.
const FAN_OUT: Property = property(
    "EnhancedFanOut",
    "Enhanced fan-out",
    PropertyKind::Boolean,
    "false",
    "Of a stream: registered as a consumer, it is pushed 2 MB/s of each shard for itself, instead of sharing them.",
    "KDS-10",
);

const SCALING: &[Property] = &[property(
    "MaximumConcurrency",
    "Maximum concurrency",
    PropertyKind::Integer { min: 2, max: 1_000 },
    "",
    "Most batches at a time; with a reserved concurrency below it, the rest is throttled.",
    "SQS-47",
)];

const POLLERS: &[Property] = &[
    property(
        "MinimumPollers",
        "Minimum pollers",
        PropertyKind::Integer { min: 2, max: 200 },
        "2",
        "Event pollers that are always there.",
        "SQS-47",
    ),
    property(
        "MaximumPollers",
        "Maximum pollers",
        PropertyKind::Integer { min: 2, max: 2_000 },
        "200",
        "Event pollers that a backlog may bring.",
        "SQS-47",
    ),
];

static MAPPING_DESTINATION: &[Property] = &[property(
    "Destination",
    "Destination",
    PropertyKind::Node(&["AWS::SQS::Queue", "AWS::SNS::Topic"]),
    "",
    "A standard queue or topic; it is told shard, sequence numbers and reason, and not given the records.",
    "KDS-27",
)];

static MAPPING_DESTINATIONS: &[Property] = &[property(
    "OnFailure",
    "On failure",
    PropertyKind::Object(MAPPING_DESTINATION),
    "",
    "For records that are given up.",
    "KDS-27",
)];

static SUBSCRIPTION_REDRIVE: &[Property] = &[property(
    "deadLetterTargetArn",
    "Dead-letter queue",
    PropertyKind::Node(&["AWS::SQS::Queue"]),
    "",
    "Where a message goes that the subscriber did not take.",
    "SNS-18",
)];

pub static LINKS: &[LinkSpec] = &[
    LinkSpec {
        kind: LinkKind::Send,
        name: "Send",
        label: "sends to",
        from: &[Kind::Producer, Kind::Worker, Kind::Function, Kind::KclApplication],
        to: &[
            Kind::Queue,
            Kind::Topic,
            Kind::Stream,
            Kind::EventBus,
            Kind::GlobalEndpoint,
            Kind::Function,
            Kind::Endpoint,
        ],
        properties: &[],
        not_modelled: &[],
    },
    LinkSpec {
        kind: LinkKind::PartnerEventSource,
        name: "PartnerEventSource",
        label: "is associated with",
        from: &[Kind::SaasPartner],
        to: &[Kind::EventBus],
        properties: &[],
        not_modelled: &[],
    },
    LinkSpec {
        kind: LinkKind::Poll,
        name: "Poll",
        label: "is polled by",
        from: &[Kind::Queue, Kind::Stream, Kind::Table],
        to: &[Kind::Worker, Kind::KclApplication, Kind::Pipe],
        properties: &[
            property(
                "StartingPosition",
                "Starting position",
                POSITIONS,
                "\"TRIM_HORIZON\"",
                "Where a stream's reader begins: at the oldest record, or after the newest.",
                "KDS-8",
            )
            .fixed(),
            FAN_OUT,
        ],
        not_modelled: &[],
    },
    LinkSpec {
        kind: LinkKind::Subscription,
        name: "AWS::SNS::Subscription",
        label: "delivers to",
        from: &[Kind::Topic],
        to: &[Kind::Queue, Kind::Function, Kind::Endpoint],
        properties: &[
            property(
                "FilterPolicy",
                "Filter policy",
                PropertyKind::Pattern(Dialect::SnsMessageAttributes),
                "",
                "Only messages it accepts are delivered; without one, all are.",
                "SNS-20",
            ),
            property(
                "FilterPolicyScope",
                "Filter policy scope",
                PropertyKind::Choice(&["MessageAttributes", "MessageBody"]),
                "\"MessageAttributes\"",
                "What the filter policy looks at.",
                "SNS-20",
            ),
            property(
                "RawMessageDelivery",
                "Raw message delivery",
                PropertyKind::Boolean,
                "false",
                "The body alone, without SNS's JSON envelope.",
                "SNS-11",
            ),
            property(
                "Protocol",
                "Protocol",
                PropertyKind::Choice(&sns::Protocol::NAMES),
                "",
                "How an endpoint is reached: https unless set. A queue is reached by sqs, a function by lambda.",
                "SNS-9",
            ),
            property(
                "DeliveryPolicy",
                "Delivery policy",
                PropertyKind::Json,
                "",
                "Retries and throttling of an HTTP/S endpoint, before its topic's policy.",
                "SNS-16",
            ),
            property(
                "RedrivePolicy",
                "Redrive policy",
                PropertyKind::Object(SUBSCRIPTION_REDRIVE),
                "",
                "Moves what cannot be delivered to a dead-letter queue.",
                "SNS-18",
            ),
            property(
                "ReplayPolicy",
                "Replay policy",
                PropertyKind::Json,
                "",
                "Delivers what a FIFO topic's archive has of a time, such as {\"PointType\": \"Timestamp\", \
                 \"StartingPoint\": \"2026-01-01T00:00:30Z\"}.",
                "SNS-26",
            ),
        ],
        not_modelled: &[],
    },
    LinkSpec {
        kind: LinkKind::EventSourceMapping,
        name: "AWS::Lambda::EventSourceMapping",
        label: "is polled by",
        from: &[Kind::Queue, Kind::Stream],
        to: &[Kind::Function],
        properties: &[
            property(
                "BatchSize",
                "Batch size",
                PropertyKind::Integer { min: 1, max: 10_000 },
                "",
                "Most records in one invocation: 10 for a queue and 100 for a stream unless set.",
                "SQS-44",
            ),
            property(
                "StartingPosition",
                "Starting position",
                PropertyKind::Choice(&["TRIM_HORIZON", "LATEST", "AT_TIMESTAMP"]),
                "\"TRIM_HORIZON\"",
                "Where a stream's reader begins.",
                "KDS-26",
            )
            .fixed(),
            property(
                "StartingPositionTimestamp",
                "Starting time",
                PropertyKind::Integer { min: 0, max: 1_000_000_000 },
                "",
                "With AT_TIMESTAMP: seconds since the beginning of the run.",
                "KDS-26",
            )
            .fixed(),
            property(
                "ParallelizationFactor",
                "Parallelization factor",
                PropertyKind::Integer { min: 1, max: 10 },
                "1",
                "Batches of a shard at a time; records of one key stay in one lane, and so in order.",
                "KDS-26",
            ),
            property(
                "BisectBatchOnFunctionError",
                "Bisect on error",
                PropertyKind::Boolean,
                "false",
                "A batch that fails is cut in two, down to the record that cannot be processed.",
                "KDS-27",
            ),
            property(
                "MaximumRetryAttempts",
                "Retries",
                PropertyKind::Integer { min: -1, max: 10_000 },
                "",
                "Until the records expire unless set; meanwhile their shard waits.",
                "KDS-27",
            ),
            property(
                "MaximumRecordAgeInSeconds",
                "Highest age",
                PropertyKind::Integer { min: -1, max: 604_800 },
                "",
                "Older records are given up: 60 s and more, or without limit.",
                "KDS-27",
            )
            .in_unit("s"),
            property(
                "DestinationConfig",
                "Destinations",
                PropertyKind::Object(MAPPING_DESTINATIONS),
                "",
                "Where it is told which records of a stream were given up.",
                "KDS-27",
            ),
            property(
                "TumblingWindowInSeconds",
                "Tumbling window",
                PropertyKind::Integer { min: 0, max: 900 },
                "0",
                "A state goes from invocation to invocation, and a final one closes each window of this length.",
                "KDS-29",
            )
            .in_unit("s"),
            FAN_OUT,
            property("Enabled", "Enabled", PropertyKind::Boolean, "true", "Whether it polls.", "SQS-44"),
            property(
                "MaximumBatchingWindowInSeconds",
                "Batching window",
                PropertyKind::Integer { min: 0, max: 300 },
                "0",
                "How long messages or records are gathered, in seconds, before a batch that is not full is handed over.",
                "SQS-44",
            ),
            property(
                "FilterCriteria",
                "Filter criteria",
                PropertyKind::Json,
                "",
                "{\"Filters\": [{\"Pattern\": \"…\"}]}: what fits no pattern is skipped unseen, and deleted from a queue.",
                "SQS-48",
            ),
            property(
                "FunctionResponseTypes",
                "Function response types",
                PropertyKind::Json,
                "",
                "[\"ReportBatchItemFailures\"]: only messages that the function does not name as failed are done.",
                "SQS-46",
            ),
            property(
                "ScalingConfig",
                "Scaling",
                PropertyKind::Object(SCALING),
                "",
                "A limit of its own for a queue's mapping; not together with provisioned pollers.",
                "SQS-47",
            ),
            property(
                "ProvisionedPollerConfig",
                "Provisioned pollers",
                PropertyKind::Object(POLLERS),
                "",
                "Event pollers kept ready for a queue, each with up to 10 batches at a time.",
                "SQS-47",
            ),
        ],
        not_modelled: &[],
    },
    LinkSpec {
        kind: LinkKind::Rule,
        name: "Rule",
        label: "has the rule",
        from: &[Kind::EventBus],
        to: &[Kind::Rule],
        properties: &[],
        not_modelled: &[],
    },
    LinkSpec {
        kind: LinkKind::Archive,
        name: "Archive",
        label: "is kept by",
        from: &[Kind::EventBus],
        to: &[Kind::Archive],
        properties: &[],
        not_modelled: &[],
    },
    LinkSpec {
        kind: LinkKind::Target,
        name: "Target",
        label: "targets",
        from: &[Kind::Rule, Kind::Schedule, Kind::Pipe],
        to: &[Kind::Queue, Kind::Topic, Kind::Stream, Kind::Function, Kind::EventBus, Kind::Endpoint],
        properties: eventbridge::target::PROPERTIES,
        not_modelled: eventbridge::target::NOT_MODELLED,
    },
    LinkSpec {
        kind: LinkKind::GlobalEndpoint,
        name: "GlobalEndpoint",
        label: "routes to",
        from: &[],
        to: &[],
        properties: &[],
        not_modelled: &[],
    },
    LinkSpec {
        kind: LinkKind::Enrichment,
        name: "Enrichment",
        label: "is enriched by",
        from: &[],
        to: &[],
        properties: &[],
        not_modelled: &[],
    },
    LinkSpec {
        kind: LinkKind::Redrive,
        name: "RedrivePolicy",
        label: "dead-letters to",
        from: &[Kind::Queue],
        to: &[Kind::Queue],
        properties: &[],
        not_modelled: &[],
    },
    LinkSpec {
        kind: LinkKind::Destination,
        name: "Destination",
        label: "reports to",
        from: &[],
        to: &[],
        properties: &[],
        not_modelled: &[],
    },
    LinkSpec {
        kind: LinkKind::LeaseTable,
        name: "LeaseTable",
        label: "keeps its leases in",
        from: &[Kind::KclApplication],
        to: &[Kind::Table],
        properties: &[],
        not_modelled: &[],
    },
];

/// What the lists of a kind of link would allow, and does not go: the KCL reads streams alone, and what reads a table's
/// stream here is a pipe.
const APART: [(Kind, Kind); 3] =
    [(Kind::Queue, Kind::KclApplication), (Kind::Table, Kind::KclApplication), (Kind::Table, Kind::Worker)];

impl LinkKind {
    #[must_use]
    pub fn spec(self) -> &'static LinkSpec {
        LINKS.iter().find(|spec| spec.kind == self).expect("every kind of link has its spec")
    }

    /// Whether a scene writes it as a link. The others are drawn from properties: [`super::Reference`].
    #[must_use]
    pub fn is_written(self) -> bool {
        !matches!(self, Self::Redrive | Self::Destination | Self::Enrichment | Self::GlobalEndpoint)
    }

    /// The kind of a scene's `type`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        LINKS.iter().find(|spec| spec.name == name).map(|spec| spec.kind)
    }

    /// The link AWS has from one kind of node to another: the first legal one.
    #[must_use]
    pub fn between(from: Kind, to: Kind) -> Option<Self> {
        LINKS.iter().find(|spec| spec.kind.connects(from, to)).map(|spec| spec.kind)
    }

    #[must_use]
    pub fn connects(self, from: Kind, to: Kind) -> bool {
        self.spec().from.contains(&from) && self.spec().to.contains(&to) && !APART.contains(&(from, to))
    }
}

/// Why nothing can be drawn from one kind to another, with the remedy.
#[must_use]
pub fn refusal(from: Kind, to: Kind) -> String {
    let names = |kinds: &mut dyn Iterator<Item = Kind>| {
        let names: Vec<&str> = kinds.map(|kind| kind.spec().name).collect();
        names.join(", ")
    };
    let reached = |&kind: &Kind| LinkKind::between(from, kind).is_some();
    let reachable = names(&mut Kind::ALL.iter().copied().filter(reached));
    let (from, to) = (from.spec().name, to.spec().name);
    if reachable.is_empty() {
        format!("Nothing can be drawn from {} {from}; draw towards it.", article(from))
    } else {
        let (mut first, second) = (article(from).to_owned(), article(to));
        first[..1].make_ascii_uppercase();
        format!("{first} {from} cannot be connected to {second} {to}. It can go to: {reachable}.")
    }
}

/// Before a service's name as it is spoken: an SQS queue.
fn article(name: &str) -> &'static str {
    if name.starts_with(['A', 'E', 'I', 'O', 'U']) || name.starts_with("SQS") || name.starts_with("SNS") {
        "an"
    } else {
        "a"
    }
}
