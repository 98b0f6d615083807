//! A look inside the queue: its messages as rows, with the calls the API has for each.

use serde_json::json;

use super::model::Model;
use super::slots::{Entry, State};
use crate::engine::{Micros, clock_text};
use crate::services::contract::inside::{Inside, ROWS_MAX, Row, SuggestedCall};
use crate::services::token_text;

const COLUMNS: [&str; 6] = ["Message", "Body", "State", "Receives", "Sent", "Group"];
/// Characters of a body that a row holds: the table shows as many as fit, and messages are found by all of them.
const BODY_CHARS_MAX: usize = 1_000;

impl Model {
    pub(super) fn look_inside(&self, _now: Micros) -> Inside {
        let rows = self.backlog.iter().take(ROWS_MAX).map(|slot| self.row(slot)).collect();
        let mut send = json!({ "MessageBody": "hello" });
        if self.config.fifo {
            send["MessageGroupId"] = "a".into();
            if !self.config.content_based {
                send["MessageDeduplicationId"] = "1".into();
            }
        }
        let mut calls = vec![
            SuggestedCall { action: "SendMessage", input: send },
            SuggestedCall {
                action: "ReceiveMessage",
                input: json!({ "MaxNumberOfMessages": 1, "WaitTimeSeconds": 1, "MessageSystemAttributeNames": ["All"] }),
            },
            SuggestedCall { action: "PurgeQueue", input: json!({}) },
            SuggestedCall { action: "GetQueueAttributes", input: json!({ "AttributeNames": ["All"] }) },
        ];
        if self.is_dead_letter_queue {
            calls.push(SuggestedCall { action: "StartMessageMoveTask", input: json!({}) });
        }
        Inside { columns: Inside::named(&COLUMNS), rows, total: self.backlog.len(), calls }
    }

    fn row(&self, slot: u32) -> Row {
        let entry = self.backlog.slots.entry(slot);
        let message = &entry.message;
        let cells = vec![
            token_text(message.token),
            start_of(&message.body),
            state_text(entry),
            entry.received.to_string(),
            clock_text(entry.sent),
            message.message_group_id().unwrap_or_default().to_owned(),
        ];
        let handle = self.backlog.slots.receipt(slot).to_text();
        let mut calls = Vec::new();
        if entry.received > 0 && entry.state != State::Delayed {
            calls.push(SuggestedCall { action: "DeleteMessage", input: json!({ "ReceiptHandle": &*handle }) });
        }
        if entry.state == State::InFlight {
            for seconds in [0, 30] {
                let input = json!({ "ReceiptHandle": &*handle, "VisibilityTimeout": seconds });
                calls.push(SuggestedCall { action: "ChangeMessageVisibility", input });
            }
        }
        Row { token: Some(message.token), hue: message.hue, cells, calls, opens: None }
    }
}

fn start_of(body: &str) -> String {
    let mut start: String = body.chars().take(BODY_CHARS_MAX).collect();
    if start.len() < body.len() {
        start.push('…');
    }
    start
}

fn state_text(entry: &Entry) -> String {
    let until = || entry.hidden().map_or_else(String::new, |(_, until)| clock_text(until));
    match entry.state {
        State::Visible => "visible".to_owned(),
        State::VisibleAgain => "visible again".to_owned(),
        State::Delayed => format!("delayed until {}", until()),
        State::InFlight => format!("in flight until {}", until()),
    }
}
