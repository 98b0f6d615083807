//! What an answer with status 200 says of the entries of a batch that were refused (SQS-9, SNS-6).

use serde_json::Value;

use crate::services::{ApiError, Response};

/// The codes of entries that may go through the next time.
const RETRYABLE: [&str; 4] =
    ["ProvisionedThroughputExceededException", "InternalFailure", "ThrottlingException", "Throttling"];

/// The error of the first refused entry of a batch that was answered with 200.
pub fn refused_part(response: &Response) -> ApiError {
    let json = response.to_json();
    let entries = ["Failed", "Records", "Entries"].into_iter().filter_map(|list| json.get(list)?.as_array());
    let text =
        |entry: &Value, names: [&str; 2]| names.iter().find_map(|name| entry.get(*name)?.as_str().map(str::to_owned));
    let failed = entries.flatten().find_map(|entry| Some((text(entry, ["Code", "ErrorCode"])?, entry)));
    let (code, message) = failed.map_or_else(
        || ("PartialFailure".to_owned(), "an entry of the batch was refused".to_owned()),
        |(code, entry)| (code, text(entry, ["Message", "ErrorMessage"]).unwrap_or_default()),
    );
    let code = known_code(&code);
    ApiError { code, message, retryable: RETRYABLE.contains(&code), retry_after: None }
}

/// The codes a batch entry can fail with, as the ledger's names.
fn known_code(code: &str) -> &'static str {
    const KNOWN: [&str; 11] = [
        "ProvisionedThroughputExceededException",
        "InternalFailure",
        "ThrottlingException",
        "Throttling",
        "InvalidParameterValue",
        "InvalidParameter",
        "InvalidMessageContents",
        "MissingParameter",
        "InvalidArgument",
        "MalformedDetail",
        "NotAuthorizedForSourceException",
    ];
    KNOWN.into_iter().find(|known| *known == code).unwrap_or("PartialFailure")
}
