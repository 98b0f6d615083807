//! Calls and their answers.

use serde_json::{Value, json};

use super::{At, Control};
use crate::lang::asl::chance::Seeded;

const PLACE: &str = "arn:aws:states:us-east-1:000000000000";

fn pass(result: u64) -> String {
    json!({ "StartAt": "P", "States": { "P": { "Type": "Pass", "Result": result, "End": true } } }).to_string()
}

struct Account {
    control: Control,
    chance: Seeded,
    now: u64,
}

impl Account {
    /// With the machine `orders`.
    fn new() -> Self {
        let mut account = Self { control: Control::default(), chance: Seeded(1), now: 0 };
        account.fine("CreateStateMachine", json!({ "name": "orders", "definition": pass(1), "roleArn": "r" }));
        account
    }

    fn call(&mut self, action: &str, input: Value) -> Result<Value, (&'static str, String)> {
        self.now += 1_000_000;
        let mut at = At { now: self.now, chance: &mut self.chance, place: PLACE };
        self.control.call(action, &input, &mut at).map_err(|error| (error.code, error.message))
    }

    fn fine(&mut self, action: &str, input: Value) -> Value {
        self.call(action, input).unwrap_or_else(|error| panic!("{action}: {error:?}"))
    }

    /// The code of the refusal.
    fn refused(&mut self, action: &str, input: Value) -> &'static str {
        self.call(action, input).expect_err(action).0
    }
}

fn orders(qualifier: &str) -> String {
    format!("{PLACE}:stateMachine:orders{qualifier}")
}

#[test]
fn a_machine_is_made_once_under_its_name() {
    let mut account = Account::new();
    let same = json!({ "name": "orders", "definition": pass(1), "roleArn": "r" });
    let answer = account.fine("CreateStateMachine", same);
    assert_eq!(answer, json!({ "stateMachineArn": orders(""), "creationDate": "2026-01-01T00:00:01.000Z" }));
    let other = json!({ "name": "orders", "definition": pass(2), "roleArn": "r" });
    assert_eq!(account.refused("CreateStateMachine", other), "StateMachineAlreadyExists");
    for (input, code) in [
        (json!({ "name": "a b", "definition": pass(1), "roleArn": "r" }), "InvalidName"),
        (json!({ "name": "a".repeat(81), "definition": pass(1), "roleArn": "r" }), "ValidationException"),
        (json!({ "name": "a", "definition": "{}", "roleArn": "r" }), "InvalidDefinition"),
        (json!({ "name": "a", "definition": pass(1) }), "ValidationException"),
        (
            json!({ "name": "a", "definition": pass(1), "roleArn": "r", "versionDescription": "v" }),
            "ValidationException",
        ),
        (
            json!({ "name": "a", "definition": pass(1), "roleArn": "r", "loggingConfiguration": { "level": "ALL" } }),
            "InvalidLoggingConfiguration",
        ),
    ] {
        assert_eq!(account.refused("CreateStateMachine", input.clone()), code, "{input}");
    }
    let list = account.fine("ListStateMachines", json!({}));
    assert_eq!(list["stateMachines"].as_array().map(Vec::len), Some(1));
    let gone = json!({ "stateMachineArn": orders("") });
    assert_eq!(account.fine("DeleteStateMachine", gone.clone()), json!({}));
    assert_eq!(account.fine("DeleteStateMachine", gone.clone()), json!({}));
    assert_eq!(account.refused("DescribeStateMachine", gone), "StateMachineDoesNotExist");
    assert_eq!(account.refused("DescribeStateMachine", json!({ "stateMachineArn": "orders" })), "InvalidArn");
}

#[test]
fn an_update_makes_a_revision_where_something_is_new() {
    let mut account = Account::new();
    let update = |fields: Value| {
        let mut input = json!({ "stateMachineArn": orders("") });
        for (name, value) in fields.as_object().into_iter().flatten() {
            input[name] = value.clone();
        }
        input
    };
    let unchanged = account.fine("UpdateStateMachine", update(json!({ "definition": pass(1), "publish": true })));
    assert_eq!((unchanged.get("revisionId"), &unchanged["stateMachineVersionArn"]), (None, &json!(orders(":1"))));
    let again = account.fine("UpdateStateMachine", update(json!({ "roleArn": "r", "publish": true })));
    assert_eq!(again["stateMachineVersionArn"], orders(":1"));
    let changed = account.fine("UpdateStateMachine", update(json!({ "definition": pass(2), "publish": true })));
    assert_eq!(changed["stateMachineVersionArn"], orders(":2"));
    let described = account.fine("DescribeStateMachine", update(json!({})));
    assert_eq!((&described["revisionId"], &described["definition"]), (&changed["revisionId"], &json!(pass(2))));
    let first = account.fine("DescribeStateMachine", json!({ "stateMachineArn": orders(":1") }));
    assert_eq!((&first["stateMachineArn"], &first["definition"]), (&json!(orders(":1")), &json!(pass(1))));
    assert_eq!(account.refused("UpdateStateMachine", update(json!({}))), "MissingRequiredParameter");
    assert_eq!(account.refused("UpdateStateMachine", update(json!({ "definition": "{}" }))), "InvalidDefinition");
    let stale = update(json!({ "revisionId": "INITIAL" }));
    assert_eq!(account.refused("PublishStateMachineVersion", stale), "ConflictException");
}

#[test]
fn versions_keep_their_numbers() {
    let mut account = Account::new();
    let machine = json!({ "stateMachineArn": orders("") });
    for number in 1..=3 {
        let update = json!({ "stateMachineArn": orders(""), "definition": pass(number + 10) });
        account.fine("UpdateStateMachine", update);
        let published = account.fine("PublishStateMachineVersion", machine.clone());
        assert_eq!(published["stateMachineVersionArn"], orders(&format!(":{number}")));
        assert_eq!(account.fine("PublishStateMachineVersion", machine.clone()), published);
    }
    let gone = json!({ "stateMachineVersionArn": orders(":3") });
    assert_eq!(account.fine("DeleteStateMachineVersion", gone.clone()), json!({}));
    assert_eq!(account.fine("DeleteStateMachineVersion", gone), json!({}));
    let next = account.fine("PublishStateMachineVersion", machine.clone());
    assert_eq!(next["stateMachineVersionArn"], orders(":4"));
    let mut input = machine;
    input["maxResults"] = 2.into();
    let page = account.fine("ListStateMachineVersions", input.clone());
    let arns = |page: &Value| -> Vec<Value> {
        let list = page["stateMachineVersions"].as_array().into_iter().flatten();
        list.map(|version| version["stateMachineVersionArn"].clone()).collect()
    };
    assert_eq!(arns(&page), [orders(":4"), orders(":2")]);
    input["nextToken"] = page["nextToken"].clone();
    let page = account.fine("ListStateMachineVersions", input.clone());
    assert_eq!((arns(&page), page.get("nextToken")), (vec![json!(orders(":1"))], None));
    for (name, value, code) in [
        ("maxResults", json!(1_001), "ValidationException"),
        ("maxResults", json!(-1), "ParamValidationError"),
        ("nextToken", json!(""), "ParamValidationError"),
        ("nextToken", json!("x".repeat(1_025)), "ValidationException"),
        ("nextToken", json!("x"), "InvalidToken"),
    ] {
        let mut input = input.clone();
        input[name] = value;
        assert_eq!(account.refused("ListStateMachineVersions", input.clone()), code, "{input}");
    }
}

#[test]
fn an_alias_leads_to_versions_by_weights() {
    let mut account = Account::new();
    for number in [1, 2] {
        let update = json!({ "stateMachineArn": orders(""), "definition": pass(number + 10), "publish": true });
        account.fine("UpdateStateMachine", update);
    }
    let route = |version: &str, weight: i64| json!({ "stateMachineVersionArn": orders(version), "weight": weight });
    let alias = |name: &str, routes: Value| json!({ "name": name, "routingConfiguration": routes });
    for (name, routes, code) in [
        ("live", json!([]), "ParamValidationError"),
        ("live", json!([route(":1", 50), route(":2", 25), route(":3", 25)]), "ValidationException"),
        ("live", json!([route(":1", 50), route(":1", 50)]), "ValidationException"),
        ("live", json!([route("", 70), route(":1", 30)]), "ValidationException"),
        ("live", json!([route(":1", 101)]), "ValidationException"),
        ("live", json!([route(":1", -1)]), "ParamValidationError"),
        ("live", json!([route(":1", 70), route(":2", 31)]), "ValidationException"),
        ("live", json!([route(":3", 100)]), "ValidationException"),
        ("", json!([route(":1", 100)]), "ParamValidationError"),
        ("12", json!([route(":1", 100)]), "ValidationException"),
        ("a b", json!([route(":1", 100)]), "ValidationException"),
    ] {
        assert_eq!(account.refused("CreateStateMachineAlias", alias(name, routes.clone())), code, "{name} {routes}");
    }
    let live = alias("live", json!([route(":1", 90), route(":2", 10)]));
    let made = account.fine("CreateStateMachineAlias", live.clone());
    assert_eq!(made["stateMachineAliasArn"], orders(":live"));
    assert_eq!(account.fine("CreateStateMachineAlias", live), made, "whoever makes it again gets the same");
    let other = alias("live", json!([route(":1", 100)]));
    assert_eq!(account.refused("CreateStateMachineAlias", other), "ConflictException");
    let held = json!({ "stateMachineVersionArn": orders(":2") });
    assert_eq!(account.refused("DeleteStateMachineVersion", held.clone()), "ConflictException");
    let update = json!({ "stateMachineAliasArn": orders(":live"), "routingConfiguration": [route(":1", 100)] });
    account.fine("UpdateStateMachineAlias", update);
    let named = json!({ "stateMachineAliasArn": orders(":live") });
    let described = account.fine("DescribeStateMachineAlias", named.clone());
    assert_eq!(described["routingConfiguration"], json!([route(":1", 100)]));
    let listed = account.fine("ListStateMachineAliases", json!({ "stateMachineArn": orders("") }));
    assert_eq!(listed["stateMachineAliases"][0]["stateMachineAliasArn"], orders(":live"));
    account.fine("DeleteStateMachineVersion", held);
    account.fine("DeleteStateMachineAlias", named.clone());
    assert_eq!(account.refused("DescribeStateMachineAlias", named), "ResourceNotFound");
}

#[test]
fn tags_and_activities_are_kept() {
    let mut account = Account::new();
    let resource = |fields: Value| {
        let mut input = json!({ "resourceArn": orders("") });
        for (name, value) in fields.as_object().into_iter().flatten() {
            input[name] = value.clone();
        }
        input
    };
    let tags =
        json!([{ "key": "team", "value": "a" }, { "key": "team", "value": "b" }, { "key": "cost", "value": "" }]);
    account.fine("TagResource", resource(json!({ "tags": tags })));
    account.fine("UntagResource", resource(json!({ "tagKeys": ["cost", "other"] })));
    let left = account.fine("ListTagsForResource", resource(json!({})));
    assert_eq!(left, json!({ "tags": [{ "key": "team", "value": "b" }] }));
    assert_eq!(account.refused("ListTagsForResource", json!({ "resourceArn": orders(":1") })), "ResourceNotFound");

    let made = account.fine("CreateActivity", json!({ "name": "approve" }));
    assert_eq!(made["activityArn"], format!("{PLACE}:activity:approve"));
    assert_eq!(account.fine("CreateActivity", json!({ "name": "approve" })), made);
    assert_eq!(account.refused("CreateActivity", json!({ "name": "a/b" })), "InvalidName");
    let named = json!({ "activityArn": made["activityArn"] });
    assert_eq!(account.fine("DescribeActivity", named.clone())["name"], "approve");
    assert_eq!(account.fine("DeleteActivity", named.clone()), json!({}));
    assert_eq!(account.refused("DescribeActivity", named), "ActivityDoesNotExist");
    assert_eq!(account.refused("DescribeActivity", json!({ "activityArn": "approve" })), "InvalidArn");
}
