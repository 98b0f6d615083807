//! ARNs, and the account and Region that all of a scene lies in unless a node says otherwise.

pub const ACCOUNT: &str = "000000000000";
pub const REGION: &str = "us-east-1";

/// `arn("sqs", "orders")` is `arn:aws:sqs:us-east-1:000000000000:orders`.
#[must_use]
pub fn arn(service: &str, resource: &str) -> String {
    format!("arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}")
}
