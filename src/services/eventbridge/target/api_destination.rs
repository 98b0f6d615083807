//! API destinations: an HTTPS endpoint, the connection that authorizes its calls, and the rate it may be called at
//! (EB-17).
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html>
//!
//! Simplified: the secret lies in the scene, not in Secrets Manager, and the token of an OAuth connection is made from
//! its client's id instead of being fetched.

use serde_json::Value;

use super::error_code::TIMEOUT;
use crate::engine::seconds;
use crate::lang::base64::base64;
use crate::services::{Deadline, Settings, whole_number};

/// Every call is given up after that time.
pub const API_DESTINATION: Deadline = Deadline::of(seconds(5), TIMEOUT);
const RATE_MAX: u64 = 300;

#[derive(Clone, Debug)]
pub struct ApiDestination {
    pub per_second: u64,
    pub method: String,
    pub headers: Vec<(String, String)>,
}

impl ApiDestination {
    #[must_use]
    pub fn read(settings: &Settings) -> Self {
        let destination = settings.get("ApiDestination").unwrap_or_default();
        let rate = destination.get("InvocationRateLimitPerSecond").and_then(whole_number);
        let method = destination.get("HttpMethod").and_then(Value::as_str).unwrap_or("POST");
        let mut headers = vec![("Content-Type".to_owned(), "application/json; charset=utf-8".to_owned())];
        headers.extend(settings.get("Connection").and_then(|connection| authorization(&connection)));
        Self { per_second: rate.unwrap_or(RATE_MAX).clamp(1, RATE_MAX), method: method.to_owned(), headers }
    }
}

/// The header by which a connection authorizes a call.
fn authorization(connection: &Value) -> Option<(String, String)> {
    let parameters = connection.get("AuthParameters")?;
    let text = |group: &str, name: &str| {
        parameters.get(group).and_then(|group| group.get(name)).and_then(Value::as_str).map(str::to_owned)
    };
    match connection.get("AuthorizationType")?.as_str()? {
        "BASIC" => {
            let (user, password) = (text("BasicAuthParameters", "Username")?, text("BasicAuthParameters", "Password")?);
            Some(("Authorization".to_owned(), format!("Basic {}", base64(format!("{user}:{password}").as_bytes()))))
        }
        "API_KEY" => Some((text("ApiKeyAuthParameters", "ApiKeyName")?, text("ApiKeyAuthParameters", "ApiKeyValue")?)),
        _ => {
            let client = parameters.get("OAuthParameters")?.get("ClientParameters")?.get("ClientID")?.as_str()?;
            Some(("Authorization".to_owned(), format!("Bearer {}", base64(client.as_bytes()))))
        }
    }
}

/// What is wrong with a connection, in a sentence.
#[must_use]
pub fn connection_problem(connection: &Value) -> Option<String> {
    authorization(connection).is_none().then(|| {
        "AuthParameters must have what its AuthorizationType needs: BasicAuthParameters {Username, Password}, \
         ApiKeyAuthParameters {ApiKeyName, ApiKeyValue} or OAuthParameters {ClientParameters {ClientID}}"
            .to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_connection_makes_a_header() {
        let header = |connection: Value| authorization(&connection).map(|(name, value)| format!("{name}: {value}"));
        let basic = json!({ "AuthorizationType": "BASIC",
            "AuthParameters": { "BasicAuthParameters": { "Username": "Aladdin", "Password": "open sesame" } } });
        assert_eq!(header(basic).as_deref(), Some("Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="));
        let key = json!({ "AuthorizationType": "API_KEY",
            "AuthParameters": { "ApiKeyAuthParameters": { "ApiKeyName": "x-key", "ApiKeyValue": "secret" } } });
        assert_eq!(header(key).as_deref(), Some("x-key: secret"));
        let oauth = json!({ "AuthorizationType": "OAUTH_CLIENT_CREDENTIALS",
            "AuthParameters": { "OAuthParameters": { "ClientParameters": { "ClientID": "shop" } } } });
        assert_eq!(header(oauth).as_deref(), Some("Authorization: Bearer c2hvcA=="));
        assert!(connection_problem(&json!({ "AuthorizationType": "BASIC", "AuthParameters": {} })).is_some());
    }
}
