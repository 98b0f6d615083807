//! Expressions, each against what AWS answers to them.

use serde_json::{Value, json};

use super::clause::Clause;
use super::placeholders::Placeholders;
use super::projection::Projection;
use super::update::Update;
use crate::services::dynamodb::value::Item;

fn item() -> Item {
    let item = json!({ "id": { "S": "a" }, "n": { "N": "5" }, "tags": { "SS": ["x", "y"] }, "flag": { "BOOL": true },
        "cart": { "L": [{ "S": "p" }, { "M": { "price": { "N": "2.5" } } }, { "S": "r" }] },
        "address": { "M": { "city": { "S": "Oslo" }, "zip": { "S": "0150" } } }, "bytes": { "B": "AAEC" } });
    item.as_object().expect("it is an object").clone()
}

fn placeholders() -> Placeholders {
    Placeholders::read(&json!({
        "ExpressionAttributeNames": { "#s": "status", "#n": "n" },
        "ExpressionAttributeValues": { ":five": { "N": "5.0" }, ":a": { "S": "a" }, ":ten": { "N": "10" }, ":x": { "SS": ["x"] },
            ":z": { "SS": ["z"] }, ":list": { "L": [{ "S": "q" }] }, ":t": { "BOOL": true }, ":pre": { "S": "Os" },
            ":type": { "S": "SS" }, ":odd": { "S": "ODD" }, ":bytes": { "B": "AAE=" } }
    }))
    .expect("they are placeholders")
}

fn condition(text: &str) -> Result<bool, String> {
    Clause::read(text, &mut placeholders()).map(|clause| clause.holds(&item()))
}

#[test]
fn conditions_hold_or_do_not() {
    for (text, wanted) in [
        ("n = :five", true),
        ("id = :five", false),
        ("id <> :five", true),
        ("nothing <> :five", true),
        ("n < :ten AND n >= :five", true),
        ("n BETWEEN :five AND :ten and not n = :ten", true),
        ("id < :ten", false),
        ("n IN (:a, :five)", true),
        ("attribute_exists(address.city) AND attribute_not_exists(address.street)", true),
        ("attribute_exists(cart[3])", false),
        ("attribute_type(tags, :type)", true),
        ("begins_with(address.city, :pre) OR nothing = :a", true),
        ("begins_with(bytes, :bytes) AND contains(bytes, :bytes)", true),
        ("contains(address.city, :pre)", true),
        ("contains(tags, :a)", false),
        ("contains(cart, :a)", false),
        ("size(cart) < :five AND size(id) < :five", true),
        ("flag = :t", true),
        ("(n = :ten OR n = :five) AND NOT (id = :five)", true),
        ("#n = :five", true),
        ("attribute_not_exists(#s)", true),
        (":five = n", true),
    ] {
        assert_eq!(condition(text), Ok(wanted), "{text}");
    }
}

#[test]
fn what_is_no_condition_is_told_as_aws_tells_it() {
    for (text, said) in [
        ("", "The expression can not be empty;"),
        ("n = ", "Syntax error; token: \"<EOF>\", near: \"= \""),
        ("n == :five", "Syntax error; token: \"=\", near: \"== :five\""),
        ("status = :a", "Attribute name is a reserved keyword; reserved keyword: status"),
        ("n = :none", "An expression attribute value used in expression is not defined; attribute value: :none"),
        ("#none = :a", "An expression attribute name used in the document path is not defined; attribute name: #none"),
        ("exists(n)", "Invalid function name; function: exists"),
        ("((n = :five))", "The expression has redundant parentheses;"),
        (
            "n = n",
            "The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [n]",
        ),
        (
            "attribute_exists(n, id)",
            "Incorrect number of operands for operator or function; operator or function: attribute_exists, number of operands: 2",
        ),
        (
            "attribute_exists(:a)",
            "Operator or function requires a document path; operator or function: attribute_exists",
        ),
        (
            "begins_with(id, :ten)",
            "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N",
        ),
        (
            "attribute_type(id, :odd)",
            "Invalid attribute type name found; type: ODD, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}",
        ),
        (
            "n BETWEEN :ten AND :five",
            "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:10}, upper bound operand: AttributeValue: {N:5}",
        ),
        (
            "n = contains(id, :a)",
            "The function is not allowed to be used this way in an expression; function: contains",
        ),
        ("n < :t", "Incorrect operand type for operator or function; operator: <, operand type: BOOL"),
    ] {
        assert_eq!(condition(text), Err(said.to_owned()), "{text}");
    }
    let deep = format!("{}n = :five{}", "NOT (n = :ten OR ".repeat(200), ")".repeat(200));
    assert!(condition(&deep).is_err());
    assert!(condition(&"(".repeat(4_000)).is_err());
    assert!(condition(&"x".repeat(5_000)).is_err_and(|text| text.ends_with("expression size: 5000")));
}

fn updated(text: &str) -> Result<Item, String> {
    let update = Update::read(text, &mut placeholders())?;
    let mut item = item();
    update.apply(&mut item).map_err(|error| error.message)?;
    Ok(item)
}

fn after(text: &str, name: &str) -> Value {
    updated(text).expect("the update fits").get(name).cloned().unwrap_or(Value::Null)
}

#[test]
fn updates_change_what_they_name() {
    for (text, name, wanted) in [
        ("SET n = n + :ten", "n", json!({ "N": "15" })),
        ("SET n = :five - n", "n", json!({ "N": "0" })),
        ("SET fresh = if_not_exists(fresh, :five) + :ten", "fresh", json!({ "N": "15" })),
        ("SET n = if_not_exists(n, :ten)", "n", json!({ "N": "5" })),
        ("SET #s = :a, n = :ten", "status", json!({ "S": "a" })),
        ("SET fresh = list_append(:list, :list)", "fresh", json!({ "L": [{ "S": "q" }, { "S": "q" }] })),
        ("set cart[9] = :a REMOVE cart[0], cart[1]", "cart", json!({ "L": [{ "S": "r" }, { "S": "a" }] })),
        (
            "SET cart[1].price = :ten",
            "cart",
            json!({ "L": [{ "S": "p" }, { "M": { "price": { "N": "10" } } }, { "S": "r" }] }),
        ),
        ("REMOVE address.zip", "address", json!({ "M": { "city": { "S": "Oslo" } } })),
        ("ADD n :ten, fresh :five", "fresh", json!({ "N": "5" })),
        ("ADD tags :z", "tags", json!({ "SS": ["x", "y", "z"] })),
        ("DELETE tags :x", "tags", json!({ "SS": ["y"] })),
        ("DELETE fresh :x", "fresh", Value::Null),
        ("SET before2 = n, n = :ten", "before2", json!({ "N": "5" })),
    ] {
        assert_eq!(after(text, name), wanted, "{text}");
    }
    let emptied = Update::read("DELETE tags :x", &mut placeholders()).expect("it is an update");
    let mut item = Item::from_iter([("tags".to_owned(), json!({ "SS": ["x"] }))]);
    assert_eq!(emptied.apply(&mut item).map(|()| item.len()), Ok(0));
}

#[test]
fn what_is_no_update_or_does_not_fit_is_told_as_aws_tells_it() {
    for (text, said) in [
        ("n = :five", "Syntax error; token: \"n\", near: \"n =\""),
        ("SET n = n + :a", "Incorrect operand type for operator or function; operator or function: +, operand type: S"),
        ("SET n = :a SET id = :a", "The \"SET\" section can only be used once in an update expression;"),
        (
            "SET address = :a, address.city = :a",
            "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [address], path two: [address, city]",
        ),
        (
            "SET address.x = :a, address[1] = :a",
            "Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [address, x], path two: [address, [1]]",
        ),
        (
            "ADD n :a",
            "Incorrect operand type for operator or function; operator: ADD, operand type: STRING, typeSet: ALLOWED_FOR_ADD_OPERAND",
        ),
        (
            "DELETE tags :five",
            "Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER, typeSet: ALLOWED_FOR_DELETE_OPERAND",
        ),
        (
            "SET n = list_append(cart, :a)",
            "Incorrect operand type for operator or function; operator or function: list_append, operand type: S",
        ),
        ("SET n = nothing + :ten", "The provided expression refers to an attribute that does not exist in the item"),
        ("SET n = id + :ten", "An operand in the update expression has an incorrect data type"),
        ("ADD id :ten", "An operand in the update expression has an incorrect data type"),
        ("SET nothing.deep = :a", "The document path provided in the update expression is invalid for update"),
    ] {
        assert_eq!(updated(text), Err(said.to_owned()), "{text}");
    }
}

#[test]
fn a_projection_shows_what_it_names() {
    let shown =
        |text: &str| Projection::read(text, &mut placeholders()).map(|shown| Value::Object(shown.apply(&item())));
    let wanted = json!({ "id": { "S": "a" }, "cart": { "L": [{ "M": { "price": { "N": "2.5" } } }, { "S": "r" }] },
        "address": { "M": { "zip": { "S": "0150" } } } });
    assert_eq!(shown("id, cart[2], cart[1].price, address.zip, nothing.deep"), Ok(wanted));
    assert!(shown("id, id").is_err_and(|text| text.starts_with("Two document paths overlap")));
}

#[test]
fn placeholders_are_whole_and_all_used() {
    let said = |input: Value| Placeholders::read(&input).map(|_| ()).map_err(|error| error.message);
    assert_eq!(
        said(json!({ "ExpressionAttributeValues": {} })),
        Err("ExpressionAttributeValues must not be empty".to_owned())
    );
    let wrong = "ExpressionAttributeNames contains invalid key: Syntax error; key: \"s\"";
    assert_eq!(said(json!({ "ExpressionAttributeNames": { "s": "x" } })), Err(wrong.to_owned()));
    let mut given =
        Placeholders::read(&json!({ "ExpressionAttributeNames": { "#a": "a", "#b": "b" } })).expect("they are");
    assert!(Clause::read("attribute_exists(#a)", &mut given).is_ok());
    let unused = "Value provided in ExpressionAttributeNames unused in expressions: keys: {#b}";
    assert_eq!(given.all_used().map_err(|error| error.message), Err(unused.to_owned()));
}
