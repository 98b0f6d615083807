//! What a Task asks for (SFN-20, SFN-21): the ARN in `Resource`, and `ItemReader`'s and `ResultWriter`'s.

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resource {
    /// A function's own ARN: `arn:aws:lambda:us-east-1:123456789012:function:pay:live`.
    Function { name: String },
    /// `arn:aws:states:us-east-1:123456789012:activity:approve`.
    Activity { name: String },
    /// `arn:aws:states:::sqs:sendMessage.waitForTaskToken`, `arn:aws:states:::aws-sdk:sfn:startExecution`.
    Service { service: String, action: String, pattern: Pattern, sdk: bool },
    /// Anything else, such as a placeholder that is still to be filled in.
    Other,
}

/// How long a task waits for its service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pattern {
    /// For the service's answer.
    #[default]
    RequestResponse,
    /// `.sync`: until the job has ended; its output is text.
    Sync,
    /// `.sync:2`: as that, with its output as JSON.
    Sync2,
    /// `.waitForTaskToken`: until somebody calls back with the token.
    WaitForTaskToken,
}

impl Pattern {
    /// What stands behind the action's name.
    #[must_use]
    pub fn suffix(self) -> &'static str {
        match self {
            Self::RequestResponse => "",
            Self::Sync => ".sync",
            Self::Sync2 => ".sync:2",
            Self::WaitForTaskToken => ".waitForTaskToken",
        }
    }
}

impl Resource {
    #[must_use]
    pub fn parse(arn: &str) -> Self {
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        let [head, partition, service, _region, _account, rest] = parts[..] else { return Self::Other };
        if head != "arn" || !partition.starts_with("aws") {
            return Self::Other;
        }
        match (service, rest.split_once(':')) {
            ("lambda", Some(("function", name))) => {
                Self::Function { name: name.split(':').next().unwrap_or_default().to_owned() }
            }
            ("states", Some(("activity", name))) => Self::Activity { name: name.to_owned() },
            ("states", Some(("aws-sdk", named))) => Self::service(named, true),
            ("states", Some(_)) => Self::service(rest, false),
            _ => Self::Other,
        }
    }

    fn service(named: &str, sdk: bool) -> Self {
        let Some((service, call)) = named.split_once(':') else { return Self::Other };
        let patterns = [Pattern::WaitForTaskToken, Pattern::Sync2, Pattern::Sync];
        let (action, pattern) = patterns
            .into_iter()
            .find_map(|pattern| Some((call.strip_suffix(pattern.suffix())?, pattern)))
            .unwrap_or((call, Pattern::RequestResponse));
        Self::Service { service: service.to_owned(), action: action.to_owned(), pattern, sdk }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_says_what_is_called_and_how_long_to_wait() {
        let service = |service: &str, action: &str, pattern, sdk| Resource::Service {
            service: service.to_owned(),
            action: action.to_owned(),
            pattern,
            sdk,
        };
        for (arn, resource) in [
            ("arn:aws:lambda:eu-west-1:123456789012:function:pay:live", Resource::Function { name: "pay".to_owned() }),
            (
                "arn:aws:states:eu-west-1:123456789012:activity:approve",
                Resource::Activity { name: "approve".to_owned() },
            ),
            ("arn:aws:states:::lambda:invoke", service("lambda", "invoke", Pattern::RequestResponse, false)),
            (
                "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
                service("sqs", "sendMessage", Pattern::WaitForTaskToken, false),
            ),
            (
                "arn:aws:states:::states:startExecution.sync:2",
                service("states", "startExecution", Pattern::Sync2, false),
            ),
            ("arn:aws:states:::states:startExecution.sync", service("states", "startExecution", Pattern::Sync, false)),
            (
                "arn:aws-cn:states:::aws-sdk:dynamodb:getItem",
                service("dynamodb", "getItem", Pattern::RequestResponse, true),
            ),
            ("${PayFunction}", Resource::Other),
            ("arn:aws:sqs:eu-west-1:123456789012:orders", Resource::Other),
        ] {
            assert_eq!(Resource::parse(arn), resource, "{arn}");
        }
    }
}
