//! A subscription as the topic sees it: its link, its filter, and what the drawing tells of it.

use super::filter::Filter;
use crate::services::Route;
use crate::services::eventbridge::api::one_line;

/// Characters of a filter's text that fit on the card.
const LABEL_CHARS: usize = 20;

#[derive(Clone, Debug)]
pub struct Subscription {
    pub route: Route,
    pub filter: Filter,
    pub raw: bool,
    /// `all`, or the filter in a few words.
    pub label: String,
    /// Whether the latest message passed the filter.
    pub passed: Option<bool>,
}

impl Subscription {
    #[must_use]
    pub fn read(route: &Route) -> Self {
        let settings = &route.settings;
        let filter = Filter::read(settings);
        let label = match (&filter, settings.get("FilterPolicy")) {
            (Filter::Invalid(_), _) => "not valid".to_owned(),
            (_, Some(policy)) => one_line(&policy, LABEL_CHARS),
            (_, None) => "all".to_owned(),
        };
        Self { route: route.clone(), filter, raw: settings.boolean("RawMessageDelivery"), label, passed: None }
    }
}
