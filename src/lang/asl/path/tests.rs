//! What paths lead to, table by table.

use serde_json::{Value, json};

use super::{Path, Root};
use crate::lang::asl::scope::Scope;
use crate::lang::steps::assert_linear;

fn path(text: &str) -> Path {
    Path::parse(text).unwrap_or_else(|error| panic!("{text}: {}", error.message))
}

fn found(text: &str, whole: &Value) -> Result<Value, String> {
    path(text).find(whole).map(|value| value.into_owned()).map_err(|missing| missing.message)
}

fn shop() -> Value {
    json!({
        "order id": 7,
        "customer": { "name": "Ada", "tags": ["new", "vip"] },
        "lines": [
            { "sku": "a", "price": 5, "sizes": [1, 2] },
            { "sku": "b", "price": 12.5, "gift": null },
            { "sku": "c", "price": 30, "sizes": [] },
        ],
        "limit": 10,
    })
}

#[test]
fn a_definite_path_leads_to_one_value() {
    let shop = shop();
    for (text, value) in [
        ("$", shop.clone()),
        ("$.customer.name", json!("Ada")),
        ("$['customer'].name", json!("Ada")),
        ("$[\"order id\"]", json!(7)),
        ("$.['order id']", json!(7)),
        ("$.lines[1].price", json!(12.5)),
        ("$.lines[-1].sku", json!("c")),
        ("$.lines[ 0 ]['sku']", json!("a")),
        ("$.lines[1].gift", Value::Null),
        ("$.lines[0]['sku', 'price']", json!({ "sku": "a", "price": 5 })),
        ("$.lines.length()", json!(3)),
        ("$.lines[*].price.sum()", json!(47.5)),
        ("$.customer.tags.length()", json!(2)),
    ] {
        assert_eq!(found(text, &shop), Ok(value), "{text}");
        assert!(path(text).is_definite(), "{text}");
    }
}

#[test]
fn an_indefinite_path_gives_a_list() {
    let shop = shop();
    for (text, value) in [
        ("$.lines[*].sku", json!(["a", "b", "c"])),
        ("$.lines.*.sku", json!(["a", "b", "c"])),
        ("$.lines[0,2].sku", json!(["a", "c"])),
        ("$.lines[1:].sku", json!(["b", "c"])),
        ("$.lines[:1].sku", json!(["a"])),
        ("$.lines[-2:].sku", json!(["b", "c"])),
        ("$.lines[:-1].sku", json!(["a", "b"])),
        ("$.lines[0:2].sku", json!(["a", "b"])),
        ("$.lines[5:].sku", json!([])),
        ("$..price", json!([5, 12.5, 30])),
        ("$..tags[0]", json!(["new"])),
        ("$['customer', 'gone']['name']", json!(["Ada"])),
        ("$.gone[*]", json!([])),
        ("$.gone[*].deeper", json!([])),
        ("$.customer.name[*]", json!([])),
    ] {
        assert_eq!(found(text, &shop), Ok(value), "{text}");
        assert!(!path(text).is_definite(), "{text}");
    }
}

#[test]
fn a_filter_keeps_what_passes_it() {
    let shop = shop();
    for (filter, skus) in [
        ("@.price < 10", json!(["a"])),
        ("@.price>=12.5", json!(["b", "c"])),
        ("@.sku == 'b'", json!(["b"])),
        ("'b' != @.sku", json!(["a", "c"])),
        ("@.gift", json!(["b"])),
        ("!@.gift", json!(["a", "c"])),
        ("@.gift == null", json!(["b"])),
        ("@.gone != 1", json!(["a", "b", "c"])),
        ("@.gone == @.gone", json!([])),
        ("@.price < 10 || @.price > 20", json!(["a", "c"])),
        ("@.price > 1 && (@.sku == 'a' || @.sku == 'c')", json!(["a", "c"])),
        ("!(@.sku == 'a')", json!(["b", "c"])),
        ("@.sku in ['a', 'b']", json!(["a", "b"])),
        ("@.sku nin [\"a\"]", json!(["b", "c"])),
        ("@.sizes contains 2", json!(["a"])),
        ("@.sizes empty true", json!(["c"])),
        ("@.sizes size 2", json!(["a"])),
        ("@.sizes subsetof [1, 2, 3]", json!(["a", "c"])),
        ("@.sizes anyof [2]", json!(["a"])),
        ("@.sizes noneof [2]", json!(["c"])),
        ("@.sizes all [1, 2]", json!(["a"])),
        ("@.sizes.length() > 0", json!(["a"])),
        ("@.price > $.limit", json!(["b", "c"])),
        ("@['price'] == '5'", json!(["a"])),
        ("@['price'] === '5'", json!([])),
        ("@.price !== 5", json!(["b", "c"])),
        ("@.sku =~ /[AB]/i", json!(["a", "b"])),
        ("@.sku =~ /a|bc/", json!(["a"])),
        ("@.price =~ /5/", json!([])),
    ] {
        let text = format!("$.lines[?({filter})].sku");
        assert_eq!(found(&text, &shop), Ok(skus), "{text}");
    }
    assert_eq!(found("$.customer[?(@.name == 'Ada')].name", &shop), Ok(json!(["Ada"])), "an object is asked itself");
    assert_eq!(found("$..[?(@.price == 5)].sku", &shop), Ok(json!(["a"])));
}

// SFN-6
#[test]
fn a_definite_path_that_leads_to_nothing_has_jayways_sentence() {
    let shop = shop();
    for (text, message) in [
        ("$.x", "No results for path: $['x']"),
        ("$.customer.x", "No results for path: $['customer']['x']"),
        ("$.x.y", "Missing property in path $['x']"),
        ("$.lines[3]", "No results for path: $['lines'][3]"),
    ] {
        assert_eq!(found(text, &shop), Err(message.to_owned()), "{text}");
    }
    assert!(path("$.lines[3]").find(&shop).is_err_and(|missing| missing.is_past_end));
    let message = found("$.limit.x", &shop).expect_err("a number has no fields");
    assert!(
        message.starts_with("Expected to find an object with property ['x'] in path $['limit'] but found"),
        "{message}"
    );
    let message = found("$.customer[0]", &shop).expect_err("an object has no indexes");
    assert!(message.starts_with("Filter: [0] can only be applied to arrays. Current context is: {"), "{message}");
}

#[test]
fn a_path_begins_at_the_input_the_context_or_a_variable() {
    let (input, context) = (json!({ "a": 1 }), json!({ "Execution": { "Id": "e" } }));
    let variables = serde_json::Map::from_iter([("total".to_owned(), json!({ "net": [8] }))]);
    let scope = Scope { input: &input, context: &context, variables: &variables };
    let at = |text: &str| path(text).find_in(&scope).map(|value| value.into_owned()).map_err(|missing| missing.message);
    assert_eq!(at("$.a"), Ok(json!(1)));
    assert_eq!(at("$$.Execution.Id"), Ok(json!("e")));
    assert_eq!(at("$$"), Ok(context.clone()));
    assert_eq!(at("$total.net[0]"), Ok(json!(8)));
    assert_eq!(at("$other"), Err("The variable $other is not assigned".to_owned()));
    assert_eq!(path("$total['net']").root(), &Root::Variable("total".to_owned()));
}

#[test]
fn what_is_no_path_is_refused() {
    for text in [
        "",
        "a",
        ".a",
        "..a",
        "()",
        "$.",
        "$..",
        "$...",
        "$.a.",
        "$..a..",
        "$.a[",
        "$.a[]",
        "$.a[:]",
        "$['a]",
        "$.a b",
        "$.a[?@.b]",
        "$.a[?(@.b]",
        "$.a[?(@.b ==)]",
        "$.a[?(1)]",
        "$.a()",
        "$.a.gone()",
        "$.a.length().b",
        "$.a[1",
        "$ ",
        "$.a[99999999999]",
        "$.a[1-2]",
        "$['a' 'b']",
        "$.a[?(@.b == [1)]",
        "$9",
        "$$$.a",
        "States.UUID()",
    ] {
        assert!(Path::parse(text).is_err(), "{text}");
    }
    assert!(Path::parse(&format!("$.a[?({}@.b{})]", "(".repeat(50), ")".repeat(50))).is_err(), "too deep");
    assert!(Path::parse(&format!("${}", ".a".repeat(101))).is_err(), "too long");
    assert!(Path::parse(&format!("${} ", "v".repeat(81))).is_err(), "a long name");
}

#[test]
fn a_text_is_read_in_linear_time() {
    assert_linear(&["a", ".a", "[0]", "['a']", "..a", "[?(", "!(", "@.a ", "'a\\'", "1,"], 8, |text| {
        for start in ["$", "$.a[?(", "$['", "$.a[0,"] {
            let _ = Path::parse(&format!("{start}{text}"));
        }
    });
}

#[test]
fn what_would_grow_beyond_bounds_is_not_found() {
    let mut deep = json!(1);
    for _ in 0..100 {
        deep = json!({ "a": deep, "b": "x".repeat(1_000) });
    }
    assert_eq!(found("$..*..*..*..*", &deep), Err("What the path leads to is too large".to_owned()));
    let hostile = json!([{ "t": "a".repeat(3_000) }]);
    assert_eq!(found("$[?(@.t =~ /(a+)+b/)]", &hostile), Err("What the path leads to is too large".to_owned()));
    let wide = Value::from(vec![Value::from(vec![0; 100]); 100]);
    assert!(found("$[?(@ nin $[*][*])]", &wide).is_err());
}

// SFN-6
#[test]
fn a_result_path_puts_a_value_into_the_input() {
    let put = |text: &str, input: Value| path(text).set(input, json!("new")).map_err(|conflict| conflict.step);
    assert_eq!(put("$", json!({ "a": 1 })), Ok(json!("new")));
    assert_eq!(put("$.b", json!({ "a": 1 })), Ok(json!({ "a": 1, "b": "new" })));
    assert_eq!(put("$.a", json!({ "a": 1 })), Ok(json!({ "a": "new" })));
    assert_eq!(put("$.b.c['d e']", json!({})), Ok(json!({ "b": { "c": { "d e": "new" } } })));
    assert_eq!(put("$.a[1].b", json!({ "a": [0, {}] })), Ok(json!({ "a": [0, { "b": "new" }] })));
    assert_eq!(put("$.a[2]", json!({ "a": [0, 1] })), Err("2".to_owned()));
    assert_eq!(put("$.a.b", json!({ "a": 1 })), Err("b".to_owned()));
    assert_eq!(put("$.b[0]", json!({})), Err("0".to_owned()));
    assert_eq!(put("$.total", json!([1])), Err("total".to_owned()));
    let conflict = path("$.total").set(json!([1]), json!(2)).expect_err("a list has no fields");
    assert_eq!(conflict.cause(&json!([1])), "Unable to apply step \"total\" to input [1]");
    assert_eq!(path("$.a.b").follow(&json!({ "a": { "b": 3 } })), Ok(&json!(3)));
    assert!(path("$.a.c").follow(&json!({ "a": { "b": 3 } })).is_err_and(|conflict| conflict.step == "c"));
    for (text, is_reference) in [
        ("$.a[0]['b']", true),
        ("$", true),
        ("$.a[*]", false),
        ("$.a[-1]", false),
        ("$..a", false),
        ("$.a.length()", false),
    ] {
        assert_eq!(path(text).is_reference(), is_reference, "{text}");
    }
}
