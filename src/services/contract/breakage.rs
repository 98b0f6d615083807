//! What can break, and what that means for which kind of node or link. A fault that would change nothing is not offered.

use serde_json::{Map, Value};

use crate::engine::{MICROS_PER_SECOND, Micros, Outage};
use crate::services::LinkKind;

const USUAL: Micros = 10 * MICROS_PER_SECOND;

/// What a fault is told with, beside how long it lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dose {
    /// Nothing: it holds or does not.
    Whole,
    /// `Probability`, from 0 to 1: the part of what passes that is struck.
    Part,
    /// `Percent` of the usual time, 100 and more.
    Time,
    /// Nothing, not even a time: it strikes one message.
    Once,
    /// `Outage`: how it looks to those who call it; its kind's own way unless told.
    Outage,
}

/// A fault as a person is offered it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Breakage {
    /// The script's name of it.
    pub name: &'static str,
    pub label: &'static str,
    /// One sentence.
    pub help: &'static str,
    pub dose: Dose,
}

impl Breakage {
    const fn new(name: &'static str, label: &'static str, dose: Dose, help: &'static str) -> Self {
        Self { name, label, help, dose }
    }

    /// What it is told with where nobody says otherwise: for how long, and how much.
    #[must_use]
    pub fn usual(&self) -> (Micros, Map<String, Value>) {
        let setting = |name: &str, value: Value| Map::from_iter([(name.to_owned(), value)]);
        match self.dose {
            Dose::Whole | Dose::Outage => (USUAL, Map::new()),
            Dose::Once => (0, Map::new()),
            Dose::Part => (USUAL, setting("Probability", 0.5.into())),
            Dose::Time => (USUAL, setting("Percent", 300.into())),
        }
    }

    /// The fault of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        ALL.iter().copied().find(|breakage| breakage.name == name)
    }
}

static CRASH: Breakage =
    Breakage::new("Crash", "Crash", Dose::Outage, "It is down: calls to it fail, and its unfinished work is lost.");
static OUT_OF_SERVICE: Breakage =
    Breakage::new("Crash", "Out of service", Dose::Outage, "Calls fail with a server error; what it stores stays.");
static SLOW: Breakage =
    Breakage::new("Slow", "Slow down", Dose::Time, "Its work, and all that travels to and from it, takes longer.");
static SLOW_LINK: Breakage = Breakage::new("Slow", "Slow down", Dose::Time, "All that travels here takes longer.");
static THROTTLE: Breakage =
    Breakage::new("Throttle", "Throttle", Dose::Whole, "It refuses every call with ThrottlingException.");
static DROP: Breakage = Breakage::new("Drop", "Drop", Dose::Part, "Calls and answers get lost on the way.");
static DUPLICATE: Breakage = Breakage::new("Duplicate", "Duplicate", Dose::Part, "Calls and answers arrive twice.");
static PARTITION: Breakage =
    Breakage::new("Partition", "Partition", Dose::Whole, "The network is cut: nothing passes, either way.");
static POISON: Breakage =
    Breakage::new("Poison", "Poison", Dose::Once, "The next message it takes can never be processed.");
static AZ_OUTAGE: Breakage = Breakage::new(
    "AzOutage",
    "Lose the Zone",
    Dose::Whole,
    "The Availability Zone is lost: what runs on machines inside is down.",
);

static ALL: [&Breakage; 8] = [&CRASH, &SLOW, &THROTTLE, &DROP, &DUPLICATE, &PARTITION, &AZ_OUTAGE, &POISON];

/// What can befall a kind of node.
#[derive(Debug)]
pub struct Frailty {
    pub faults: &'static [&'static Breakage],
    /// How it looks to its callers when it is down, where the fault does not say.
    pub outage: Outage,
    /// Whether it runs on a machine: then the loss of one Availability Zone takes it down.
    pub is_zonal: bool,
}

impl Frailty {
    const fn new(faults: &'static [&'static Breakage], outage: Outage, is_zonal: bool) -> Self {
        Self { faults, outage, is_zonal }
    }
}

/// A program that works on what it takes.
pub static CONSUMER: Frailty =
    Frailty::new(&[&CRASH, &SLOW, &DROP, &DUPLICATE, &PARTITION, &POISON], Outage::Refusal, true);
/// A function is a consumer that is called, too.
pub static FUNCTION: Frailty =
    Frailty::new(&[&CRASH, &SLOW, &THROTTLE, &DROP, &DUPLICATE, &PARTITION, &POISON], Outage::ServerError, false);
/// A program that only sends, or only answers.
pub static PROGRAM: Frailty = Frailty::new(&[&CRASH, &SLOW, &DROP, &DUPLICATE, &PARTITION], Outage::Refusal, true);
/// What answers calls, and is no program of ours.
pub static SERVICE: Frailty =
    Frailty::new(&[&OUT_OF_SERVICE, &SLOW, &THROTTLE, &DROP, &DUPLICATE, &PARTITION], Outage::ServerError, false);
/// What acts within a service, where only the way out of it can break.
pub static PART: Frailty = Frailty::new(&[&SLOW, &DROP, &DUPLICATE, &PARTITION], Outage::ServerError, false);
/// What frames others: it strikes what is inside.
pub static FRAME: Frailty = Frailty::new(&[&AZ_OUTAGE, &CRASH, &SLOW, &PARTITION], Outage::Silence, false);
pub static NOTHING: Frailty = Frailty::new(&[], Outage::Silence, false);
static LINK: [&Breakage; 4] = [&SLOW_LINK, &DROP, &DUPLICATE, &PARTITION];

/// The faults that mean something for a kind of link.
#[must_use]
pub fn faults_of_link(kind: LinkKind) -> &'static [&'static Breakage] {
    match kind {
        // A queue moves messages to its dead-letter queue by itself: nothing travels a network there.
        LinkKind::Redrive => &[],
        _ => &LINK,
    }
}
