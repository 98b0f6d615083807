//! Confirmation of subscriptions (SNS-9): HTTP/S and e-mail endpoints get nothing before their owners agree.
//!
//! What a scene subscribes was subscribed before its run began, and is confirmed, unless the endpoint does not
//! confirm; what is subscribed while it runs is asked.

use std::sync::Arc;

use serde_json::json;

use super::api::Response;
use super::delivery::{Errand, Note};
use super::fact::Fact;
use super::model::Model;
use super::parsing::invalid;
use super::subscription::{Confirmation, Subscription};
use super::{api, publish};
use crate::engine::{Micros, seconds};
use crate::lang::instant::instant_text;
use crate::services::Delivery;
use crate::services::{ApiError, Caller, Cx, Door, Kind};

/// Two days.
const TOKEN_VALID: Micros = seconds(2 * 86_400);

impl Model {
    /// Whether a subscription that is new has to be asked for.
    pub(super) fn must_confirm(subscription: &Subscription, run_begins: bool, cx: &Cx<'_>) -> bool {
        let peer = cx.settings_of(subscription.route.peer);
        let confirms = subscription.route.peer_kind != Kind::Endpoint || peer.boolean("ConfirmsSubscription");
        subscription.protocol.needs_confirmation() && !(run_begins && confirms)
    }

    /// Makes a new subscription pending and sends it its token.
    #[inline(never)] // second part
    pub(super) fn ask_to_confirm(&mut self, place: usize, cx: &mut Cx<'_>) {
        let (arn, now) = (Arc::clone(&self.arn), cx.now());
        let draw = cx.rng("confirmation token");
        let token = format!("{:016x}{:016x}", draw.bits(), draw.bits());
        cx.hand_out(Arc::from(&*token), self.subscriptions[place].route.link);
        let message = format!(
            "You have chosen to subscribe to the topic {arn}.\nTo confirm the subscription, visit the SubscribeURL \
             included in this message."
        );
        let url = "https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription";
        let mut body = json!({
            "Type": "SubscriptionConfirmation",
            "MessageId": "",
            "Token": token,
            "TopicArn": &*arn,
            "Message": message,
            "SubscribeURL": format!("{url}&TopicArn={arn}&Token={token}"),
            "Timestamp": instant_text(now),
            "SignatureVersion": "1",
            "Signature": "EXAMPLE",
            "SigningCertURL": "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0.pem",
        });
        let mut produced = cx.produce(Arc::from(""), None, 0);
        body["MessageId"] = api::message_id_of(produced.token).into();
        produced.body = Arc::from(body.to_string());
        let subscription = &mut self.subscriptions[place];
        subscription.confirmation = Confirmation::Pending { token, since: now };
        let (link, subscription) = (subscription.route.link, Arc::clone(&subscription.route.peer_name));
        cx.fact(Fact::ConfirmationSent { subscription: Arc::clone(&subscription) }, Some(produced.token));
        let (id, errand) = (produced.token, Errand::Confirmation);
        let note = Note { errand, subscription, id, lane: None, placed: false, refused: None };
        let delivery = Delivery { link, of: id, message: produced, retries: 0, first_attempt: now, note };
        self.launch(delivery, cx);
    }

    #[inline(never)] // second part
    pub(super) fn confirm(&mut self, caller: Caller, token: &str, cx: &mut Cx<'_>) {
        let now = cx.now();
        let found = self
            .subscriptions
            .iter_mut()
            .find(|found| matches!(&found.confirmation, Confirmation::Pending { token: known, .. } if known == token));
        let valid = |since: Micros| now < since.saturating_add(TOKEN_VALID);
        let result = match found {
            Some(subscription) => match subscription.confirmation {
                Confirmation::Pending { since, .. } if valid(since) => {
                    cx.shared().callbacks.take_back(token);
                    subscription.confirmation = Confirmation::Confirmed;
                    let name = Arc::clone(&subscription.route.peer_name);
                    let arn = subscription.arn.to_string();
                    cx.fact(Fact::SubscriptionConfirmed { subscription: name }, None);
                    Ok(Response::Subscription { arn }.into())
                }
                _ => Err(invalid("Token")),
            },
            None => Err(ApiError::client("InvalidParameter", "Invalid token")),
        };
        if let Err(error) = &result {
            cx.fact(publish::refused_because(error), None);
        }
        cx.answer(caller, result, Vec::new());
    }
}
