//! What EventBridge calls an error in a dead letter (EB-14), and which errors it does not try again.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-event-delivery.html>

use crate::services::ApiError;
use crate::services::clients::http;

pub const NO_PERMISSIONS: &str = "NO_PERMISSIONS";
pub const INVALID_JSON: &str = "INVALID_JSON";
pub const THIRD_ACCOUNT: &str = "THIRD_ACCOUNT_HOP_DETECTED";
pub const THIRD_REGION: &str = "THIRD_REGION_HOP_DETECTED";
pub const TIMEOUT: &str = "TIMEOUT";
const CONNECTION_FAILURE: &str = "CONNECTION_FAILURE";

/// `ERROR_CODE`.
#[must_use]
pub fn error_code(error: &ApiError) -> &'static str {
    match error.code {
        code @ (NO_PERMISSIONS | INVALID_JSON | THIRD_ACCOUNT | THIRD_REGION | TIMEOUT) => code,
        "ResourceNotFoundException" | "AWS.SimpleQueueService.NonExistentQueue" | "NotFound" | "QueueDoesNotExist" => {
            "NO_RESOURCE"
        }
        "InvalidParameterValue"
        | "MissingParameter"
        | "InvalidParameter"
        | "InvalidMessageContents"
        | "ValidationException" => "INVALID_PARAMETER",
        "TooManyRequestsException"
        | "ThrottlingException"
        | "ProvisionedThroughputExceededException"
        | "RequestThrottled"
        | "Throttling"
        | http::THROTTLED => "THROTTLING",
        "Partition" | "Crash" | "AzOutage" | "Drop" | "ConnectionRefused" | "ConnectionReset" => CONNECTION_FAILURE,
        _ => "ERROR_FROM_TARGET",
    }
}

/// `ERROR_CODE` of EventBridge Scheduler: what the target's service says, or that no answer came (EB-24). A missing
/// permission has the services' usual code `[MODEL]`.
#[must_use]
pub fn scheduler_error_code(error: &ApiError) -> &'static str {
    match error_code(error) {
        NO_PERMISSIONS => "AccessDeniedException",
        TIMEOUT | CONNECTION_FAILURE => "AWS.Scheduler.InternalServerError",
        _ => error.code,
    }
}

/// Whether it is tried again; an endpoint's answers have rules of their own (EB-17).
#[must_use]
pub fn is_retried(error: &ApiError) -> bool {
    match error.code {
        http::UNAUTHORIZED | http::PROXY_AUTHENTICATION | http::CONFLICT => true,
        _ => error.retryable,
    }
}
