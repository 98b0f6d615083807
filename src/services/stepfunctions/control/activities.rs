//! Activities as resources: names that workers ask by (SFN-22). Their tasks need no such entry here.

use serde_json::{Value, json};

use super::checks;
use super::tags;
use super::{Answer, At, Control};
use crate::engine::Micros;
use crate::lang::instant::instant_text;
use crate::services::ApiError;

#[derive(Clone, Debug)]
pub(super) struct Activity {
    arn: String,
    created: Micros,
    pub(super) tags: Vec<(String, String)>,
}

impl Control {
    /// Whoever creates it again gets the same.
    pub(super) fn create_activity(&mut self, input: &Value, at: &mut At<'_>) -> Answer {
        let name = checks::name(input)?;
        let tags = tags::given(input, "tags")?;
        let arn = format!("{}:activity:{name}", at.place);
        let activity = self.activities.entry(name).or_insert(Activity { arn, created: at.now, tags });
        Ok(json!({ "activityArn": activity.arn, "creationDate": instant_text(activity.created) }))
    }

    pub(super) fn describe_activity(&self, input: &Value) -> Answer {
        let arn = checks::required_text(input, "activityArn")?;
        let parts = checks::parts_of(&arn, "activity")?;
        match self.activities.get(parts[0]) {
            Some(activity) => Ok(json!({ "activityArn": activity.arn, "name": parts[0],
                "creationDate": instant_text(activity.created) })),
            None => Err(ApiError::client("ActivityDoesNotExist", format!("Activity Does Not Exist: '{arn}'"))),
        }
    }

    pub(super) fn list_activities(&self, input: &Value) -> Answer {
        let one = |(name, activity): (&String, &Activity)| json!({ "activityArn": activity.arn, "name": name, "creationDate": instant_text(activity.created) });
        checks::page(input, "activities", self.activities.iter().map(one).collect())
    }

    pub(super) fn delete_activity(&mut self, input: &Value) -> Answer {
        let arn = checks::required_text(input, "activityArn")?;
        let parts = checks::parts_of(&arn, "activity")?;
        self.activities.remove(parts[0]);
        Ok(json!({}))
    }
}
