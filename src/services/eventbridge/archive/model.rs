//! The archive's state machine: keeping, letting go, playing again.

use std::collections::VecDeque;
use std::sync::Arc;

use serde_json::{Value, json};

use super::super::api::{self, Request, Response};
use super::super::prices;
use super::fact::Fact;
use super::replay::{RUNNING_MAX, Running, SLICE, SLICE_PAUSE, State};
use crate::engine::{Micros, seconds};
use crate::figure::Figure;
use crate::lang::event_pattern::{Dialect, Pattern};
use crate::lang::instant::instant_text;
use crate::services::contract::inside::{Inside, ROWS_MAX, Row, SuggestedCall};
use crate::services::parts::arns::arn;
use crate::services::{
    self, Alarm, Answer, ApiError, Call, Caller, Cx, Deadline, Door, Draft, LinkKind, Message, Meta, Metric, Place,
    Service, Settings, Usage, token_text,
};

const SECONDS_PER_DAY: u64 = 86_400;

#[derive(Clone, Debug)]
pub enum Timer {
    RetentionEnds,
    Slice { replay: usize },
}

#[derive(Clone, Debug)]
pub struct Archived {
    /// A copy of its own.
    pub message: Message,
    /// When its bus took it.
    pub at: Micros,
}

#[derive(Clone)]
pub struct Model {
    pattern: Option<Result<Pattern, String>>,
    /// `None` for ever.
    retention: Option<Micros>,
    /// Oldest first.
    pub(super) events: VecDeque<Archived>,
    /// In the order in which they were started.
    pub(super) replays: Vec<Running>,
    alarm: Alarm,
    archived: u64,
    archived_bytes: u64,
    pub(super) replayed: u64,
}

impl Service for Model {
    type Timer = Timer;
    type Fact = Fact;

    fn new(settings: &Settings) -> Self {
        let mut model = Self {
            pattern: None,
            retention: None,
            events: VecDeque::new(),
            replays: Vec::new(),
            alarm: Alarm::default(),
            archived: 0,
            archived_bytes: 0,
            replayed: 0,
        };
        model.read(settings);
        model
    }

    fn start(&mut self, _cx: &mut Cx<'_>) {}

    fn configure(&mut self, settings: &Settings, cx: &mut Cx<'_>) {
        self.read(settings);
        self.alarm.stop(cx);
        self.let_go(cx);
    }

    fn retire(&mut self, cx: &mut Cx<'_>) {
        cx.book(self.stored(), Place::Stored, Place::Dropped("ResourceDeleted"));
        self.events.clear();
        self.alarm.stop(cx);
    }

    fn call(&mut self, call: Call, cx: &mut Cx<'_>) {
        let Call { caller, request, messages } = call;
        let services::Request::Events(request) = request else {
            let error = ApiError::client("InvalidAction", "An archive takes what its bus shows it.");
            return cx.answer(caller, Err(error), messages);
        };
        match request {
            Request::Match => {
                let mut matched = false;
                for event in messages {
                    matched |= self.keep(event, cx);
                }
                cx.answer(caller, Ok(Response::Match { matched }.into()), Vec::new());
            }
            Request::StartReplay(what) => self.start_replay(caller, what, cx),
            Request::CancelReplay { name } => self.cancel(caller, &name, cx),
            Request::DescribeReplay { name } => {
                let replay = self.replays.iter().find(|replay| replay.what.name == name).map(Running::to_json);
                self.tell(caller, replay.ok_or_else(|| unknown(&name)), cx);
            }
            Request::ListReplays => {
                let all: Vec<Value> = self.replays.iter().map(Running::to_json).collect();
                self.tell(caller, Ok(json!({ "Replays": all })), cx);
            }
            Request::DescribeArchive => {
                let bytes: usize = self.events.iter().map(|event| event.message.body.len()).sum();
                let days = self.retention.map_or(0, |time| time / seconds(SECONDS_PER_DAY));
                let shape = json!({ "ArchiveName": &*cx.name(), "State": "ENABLED", "RetentionDays": days,
                    "EventCount": self.events.len(), "SizeBytes": bytes });
                self.tell(caller, Ok(shape), cx);
            }
            _ => {
                let error = ApiError::client("InvalidAction", "An archive takes what its bus shows it.");
                cx.answer(caller, Err(error), messages);
            }
        }
    }

    /// A bus that did not take a replayed event has lost it: the archive still has its own.
    fn answer(&mut self, answer: Answer, cx: &mut Cx<'_>) {
        let code = answer.result.err().map_or("AnswerNotAwaited", |error| error.code);
        cx.book(answer.messages.len() as u64, Place::Travelling, Place::Dropped(code));
    }

    fn wake(&mut self, timer: Timer, cx: &mut Cx<'_>) {
        match timer {
            Timer::RetentionEnds => {
                self.alarm.rang();
                self.let_go(cx);
            }
            Timer::Slice { replay } => self.play_slice(replay, cx),
        }
    }

    fn stored(&self) -> u64 {
        self.events.len() as u64
    }

    fn each_held(&self, see: &mut dyn FnMut(&Message)) {
        self.events.iter().for_each(|archived| see(&archived.message));
    }

    fn metrics(&self, _now: Micros) -> Vec<(&'static str, Metric)> {
        vec![
            ("ArchivedEvents", Metric::Count(self.archived)),
            ("EventCount", Metric::Level(self.events.len() as u64)),
            ("ReplayedEvents", Metric::Count(self.replayed)),
        ]
    }

    fn usage(&self, _now: Micros) -> Usage {
        vec![(prices::ARCHIVED_BYTES, self.archived_bytes)]
    }

    fn figure(&self, now: Micros) -> Figure {
        self.draw(now)
    }

    fn inside(&self, now: Micros) -> Option<Inside> {
        let row = |event: &Archived| Row {
            token: Some(event.message.token),
            hue: event.message.hue,
            cells: vec![token_text(event.message.token), instant_text(event.at), event.message.body.to_string()],
            calls: Vec::new(),
            opens: None,
        };
        let input = json!({ "ReplayName": format!("replay-{}", self.replays.len() + 1),
            "EventStartTime": instant_text(0), "EventEndTime": instant_text(now + seconds(1)) });
        Some(Inside {
            columns: Inside::named(&["Event", "Time", "Body"]),
            rows: self.events.iter().take(ROWS_MAX).map(row).collect(),
            total: self.events.len() as u64,
            calls: vec![SuggestedCall { action: "StartReplay", input }],
        })
    }

    fn parse_call(&self, action: &str, input: &Value) -> Result<(services::Request, Vec<Draft>), ApiError> {
        api::parse_archive_call(action, input).map(|request| (request.into(), Vec::new()))
    }
}

impl Model {
    fn read(&mut self, settings: &Settings) {
        self.pattern = settings
            .get("EventPattern")
            .map(|pattern| Pattern::from_value(&pattern, Dialect::EventBridge).map_err(|error| error.message));
        self.retention = Some(settings.integer("RetentionDays"))
            .filter(|days| *days > 0)
            .map(|days| seconds(days * SECONDS_PER_DAY));
    }

    /// Whether it keeps the event; a replayed one is not archived again.
    fn keep(&mut self, event: Message, cx: &mut Cx<'_>) -> bool {
        let value: Value = serde_json::from_str(&event.body).expect("a bus sends its own envelopes");
        let refusal = match &self.pattern {
            _ if value.get("replay-name").is_some() => Some("a replayed event is not archived again".to_owned()),
            Some(Ok(pattern)) if !pattern.matches(&value) => Some("the archive's pattern does not match".to_owned()),
            Some(Err(why)) => Some(why.clone()),
            _ => None,
        };
        if let Some(clause) = refusal {
            cx.fact(Fact::EventNotArchived { clause }, Some(event.token));
            cx.book(1, Place::Travelling, Place::Dropped("NotArchived"));
            return false;
        }
        self.archived += 1;
        self.archived_bytes += event.body.len() as u64;
        cx.fact(Fact::EventArchived, Some(event.token));
        cx.book(1, Place::Travelling, Place::Stored);
        let at = event.meta.as_deref().and_then(|meta| meta.ingested).unwrap_or(cx.now());
        self.events.push_back(Archived { message: event, at });
        self.let_go(cx);
        true
    }

    fn let_go(&mut self, cx: &mut Cx<'_>) {
        let Some(retention) = self.retention else { return };
        let due = |event: &Archived| event.at.saturating_add(retention);
        while self.events.front().is_some_and(|event| due(event) <= cx.now()) {
            let event = self.events.pop_front().expect("it has a first");
            cx.fact(Fact::ArchivedEventExpired, Some(event.message.token));
            cx.book(1, Place::Stored, Place::Expired);
        }
        self.alarm.set(self.events.front().map(due), Timer::RetentionEnds, cx);
    }

    fn tell(&self, caller: Caller, shape: Result<Value, ApiError>, cx: &mut Cx<'_>) {
        if let Err(error) = &shape {
            cx.fact(Fact::RequestRefused { code: error.code }, None);
        }
        cx.answer(caller, shape.map(|shape| Response::Shape(shape).into()), Vec::new());
    }

    fn start_replay(&mut self, caller: Caller, what: api::Replay, cx: &mut Cx<'_>) {
        let running = self.replays.iter().filter(|replay| replay.is_running()).count();
        let refused = if self.replays.iter().any(|replay| replay.what.name == what.name) {
            let text = format!("Replay {} already exists.", what.name);
            Some(ApiError::client("ResourceAlreadyExistsException", text))
        } else {
            (running >= RUNNING_MAX).then(|| {
                ApiError::client("LimitExceededException", format!("{RUNNING_MAX} replays may run at a time."))
            })
        };
        if let Some(error) = refused {
            return self.tell(caller, Err(error), cx);
        }
        cx.fact(Fact::ReplayStarted { name: what.name.clone() }, None);
        let shape = json!({ "ReplayArn": arn("events", &format!("replay/{}", what.name)),
            "State": State::Starting.name(), "ReplayStartTime": instant_text(cx.now()) });
        let replay = self.replays.len();
        self.replays.push(Running::new(what, cx.now()));
        cx.wake_in(SLICE_PAUSE, Timer::Slice { replay });
        self.tell(caller, Ok(shape), cx);
    }

    fn cancel(&mut self, caller: Caller, name: &str, cx: &mut Cx<'_>) {
        let replay = self.replays.iter_mut().find(|replay| replay.what.name == name);
        let shape = match replay {
            None => Err(unknown(name)),
            Some(replay) if !replay.is_running() => {
                let text = format!("Replay {name} is {}.", replay.state.name());
                Err(ApiError::client("IllegalStatusException", text))
            }
            Some(replay) => {
                replay.state = State::Cancelling;
                Ok(json!({ "State": replay.state.name() }))
            }
        };
        self.tell(caller, shape, cx);
    }

    /// Plays the next minute that has events, in no order, and comes back for the one after.
    fn play_slice(&mut self, place: usize, cx: &mut Cx<'_>) {
        let routes = cx.routes();
        let bus = routes.iter().find(|route| route.kind == LinkKind::Archive && !route.outward);
        let replay = &mut self.replays[place];
        let name = replay.what.name.clone();
        let end = |replay: &mut Running, state: State, now: Micros| {
            replay.state = state;
            replay.ended = Some(now);
        };
        if replay.state == State::Cancelling {
            end(replay, State::Cancelled, cx.now());
            return cx.fact(Fact::ReplayCancelled { name }, None);
        }
        let Some(bus) = bus else {
            end(replay, State::Failed, cx.now());
            return cx.fact(Fact::ReplayFailed { name }, None);
        };
        replay.state = State::Running;
        let (from, until) = (replay.what.from.max(replay.next), replay.what.until);
        let mut due = self.events.iter().filter(|event| (from..until).contains(&event.at));
        let Some(first) = due.next() else {
            end(replay, State::Completed, cx.now());
            return cx.fact(Fact::ReplayCompleted { name, events: replay.events }, None);
        };
        let minute = first.at / SLICE * SLICE;
        replay.next = minute + SLICE;
        let mut slice: Vec<Message> = std::iter::once(first)
            .chain(due.filter(|event| event.at < minute + SLICE))
            .map(|event| event.message.clone())
            .collect();
        for last in (1..slice.len()).rev() {
            let other = cx.rng("replay").below(last as u64 + 1) as usize;
            slice.swap(last, other);
        }
        let events = slice.len() as u64;
        replay.events += events;
        self.replayed += events;
        let rules = Arc::clone(&replay.what.rules);
        let text = instant_text(minute)[..16].to_owned();
        cx.fact(Fact::SliceReplayed { name: name.clone(), minute: text, events }, None);
        for archived in slice {
            let mut event = cx.pass(&archived);
            event.body = named(&event.body, &name);
            let meta = event.meta.as_deref().cloned().unwrap_or_default();
            event.meta = Some(Arc::new(Meta { ingested: Some(cx.now()), ..meta }));
            let request = Request::Replay { rules: Arc::clone(&rules) };
            cx.call_within(bus, request.into(), vec![event], Deadline::SERVICE);
        }
        cx.wake_in(SLICE_PAUSE, Timer::Slice { replay: place });
    }
}

/// The event with the name of the replay that plays it (EB-2).
fn named(body: &str, replay: &str) -> Arc<str> {
    let mut event: Value = serde_json::from_str(body).expect("a bus sends its own envelopes");
    event["replay-name"] = replay.into();
    event.to_string().into()
}

fn unknown(name: &str) -> ApiError {
    ApiError::client("ResourceNotFoundException", format!("Replay {name} does not exist."))
}
