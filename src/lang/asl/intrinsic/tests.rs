//! What the functions give, table by table. SFN-14

use proptest::prelude::*;
use serde_json::{Value, json};

use super::Intrinsic;
use crate::lang::asl::chance::{Chance, Seeded};
use crate::lang::asl::scope::Scope;
use crate::lang::steps::assert_linear;

fn evaluated(text: &str, input: &Value) -> Result<Value, String> {
    let context = json!({ "Execution": { "Name": "e-1-x" } });
    let intrinsic = Intrinsic::parse(text)?;
    let scope = Scope { input, context: &context, variables: &() };
    intrinsic.evaluate(&scope, &mut Seeded(7)).map_err(|failure| format!("{}: {}", failure.error, failure.cause))
}

#[test]
fn each_function_gives_its_value() {
    let input = json!({ "list": [1, 2, 3, 4, 5], "text": "a,b,,c", "object": { "a": 1, "b": [] }, "none": null });
    for (text, value) in [
        ("States.Array()", json!([])),
        ("States.Array(1, 'x', null, true, $.none)", json!([1, "x", null, true, null])),
        ("States.ArrayPartition($.list, 2)", json!([[1, 2], [3, 4], [5]])),
        ("States.ArrayPartition(States.Array(), 3)", json!([])),
        ("States.ArrayContains($.list, 3)", json!(true)),
        ("States.ArrayContains($.list, '3')", json!(false)),
        ("States.ArrayRange(1, 9, 2)", json!([1, 3, 5, 7, 9])),
        ("States.ArrayRange(1.6, 1.4, 1)", json!([1])),
        ("States.ArrayRange(5, 1, -2)", json!([5, 3, 1])),
        ("States.ArrayRange(5, 1, 1)", json!([])),
        ("States.ArrayGetItem($.list, 4)", json!(5)),
        ("States.ArrayLength($.list)", json!(5)),
        ("States.ArrayUnique(States.Array(1, 1, 1.5, '1', '1', null, null))", json!([1, 1.5, "1", null])),
        ("States.Base64Encode('hello')", json!("aGVsbG8=")),
        ("States.Base64Decode('aGVsbG8=')", json!("hello")),
        ("States.Hash('hello', 'MD5')", json!("5d41402abc4b2a76b9719d911017c592")),
        ("States.Hash('hello', 'SHA-1')", json!("aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d")),
        ("States.JsonMerge($.object, States.StringToJson('{\"b\": 2}'), false)", json!({ "a": 1, "b": 2 })),
        ("States.StringToJson('')", json!(null)),
        ("States.StringToJson(' ')", json!(null)),
        ("States.StringToJson('-0')", json!(0)),
        ("States.StringToJson('[1, {\"a\": true}]')", json!([1, { "a": true }])),
        ("States.JsonToString($.object)", json!("{\"a\":1,\"b\":[]}")),
        ("States.MathAdd(1.49, 1.5)", json!(3)),
        ("States.MathAdd(1.5, 1.51)", json!(4)),
        ("States.MathAdd(-1.5, 0)", json!(-1)),
        ("States.MathAdd(-1.51, 0)", json!(-2)),
        ("States.MathAdd(-0.5, 0.5)", json!(1)),
        ("States.StringSplit($.text, ',')", json!(["a", "b", "c"])),
        ("States.StringSplit('one.two+three', '.+')", json!(["one", "two", "three"])),
        ("States.StringSplit($$.Execution.Name, '-')", json!(["e", "1", "x"])),
        ("States.Format('{} and {}', 1, 'two')", json!("1 and two")),
        ("States.Format('it\\'s \\{{}\\} \\\\', $.none)", json!("it's {null} \\")),
        ("States.Format('{}', $.object)", json!("{a=1, b=[]}")),
        ("States.Array('\\{\\}')", json!(["{}"])),
        ("States.MathAdd(States.ArrayLength($.list), -1)", json!(4)),
        ("States.ArrayLength($.list[?(@ > 2)])", json!(3)),
        ("States.ArrayLength( $['list'] )", json!(5)),
    ] {
        assert_eq!(evaluated(text, &input), Ok(value), "{text}");
    }
}

#[test]
fn what_a_function_does_not_take_is_a_runtime_error() {
    let input = json!({ "list": [1], "long": "x".repeat(10_001) });
    for (text, function) in [
        ("States.ArrayPartition($.list, 0)", "ArrayPartition"),
        ("States.ArrayPartition('x', 1)", "ArrayPartition"),
        ("States.ArrayContains('x', 1)", "ArrayContains"),
        ("States.ArrayRange(1, 1001, 1)", "ArrayRange"),
        ("States.ArrayRange(1, 9, 0)", "ArrayRange"),
        ("States.ArrayRange(1, 10, 0.49)", "ArrayRange"),
        ("States.ArrayGetItem($.list, 1)", "ArrayGetItem"),
        ("States.ArrayGetItem($.list, -1)", "ArrayGetItem"),
        ("States.Base64Encode($.long)", "Base64Encode"),
        ("States.Base64Decode('*')", "Base64Decode"),
        ("States.Hash($.long, 'MD5')", "Hash"),
        ("States.Hash('x', 'SHA-3')", "Hash"),
        ("States.StringToJson('{bad')", "StringToJson"),
        ("States.MathRandom(1, 1)", "MathRandom"),
        ("States.MathRandom(1, 9, 'x')", "MathRandom"),
        ("States.MathAdd('1', 2)", "MathAdd"),
        ("States.MathAdd(9223372036854775807, 1)", "MathAdd"),
        ("States.StringSplit(1, ',')", "StringSplit"),
        ("States.Format('{} {}', 1)", "Format"),
        ("States.Format('{}', 1, 2)", "Format"),
        ("States.Format('{', 1)", "Format"),
        ("States.Array(States.ArrayLength('x'))", "ArrayLength"),
    ] {
        let cause = format!(
            "States.Runtime: The function '{text}' had the following error: Invalid arguments in States.{function}"
        );
        assert_eq!(evaluated(text, &input), Err(cause), "{text}");
    }
    assert_eq!(
        evaluated("States.Format('{}', States.Format('{}', $.gone))", &json!({ "other": 1 })),
        Err("States.Runtime: The function 'States.Format('{}', States.Format('{}', $.gone))' had the following error: The \
             JsonPath argument for the field '$.gone' could not be found in the input '{\"other\":1}'"
            .to_owned())
    );
    assert!(
        evaluated("States.Format('{}', $.list[1])", &input).is_err(),
        "among arguments, an index past the end is missing"
    );
}

#[test]
fn chance_is_the_callers() {
    let once = evaluated("States.Array(States.UUID(), States.MathRandom(1, 1000))", &Value::Null);
    assert_eq!(once, evaluated("States.Array(States.UUID(), States.MathRandom(1, 1000))", &Value::Null));
    let seeded = evaluated("States.Array(States.MathRandom(0, 99, 5), States.MathRandom(0, 99, 5))", &Value::Null);
    assert!(seeded.is_ok_and(|pair| pair[0] == pair[1]));
    for seed in 0..100 {
        let number = evaluated(&format!("States.MathRandom(-3, 4, {seed})"), &Value::Null);
        assert!(number.is_ok_and(|number| (-3..4).contains(&number.as_i64().expect("a whole number"))));
    }
    let uuid = Seeded(3).uuid();
    assert_eq!((uuid.len(), &uuid[14..15], &uuid[8..9]), (36, "4", "-"));
}

#[test]
fn what_is_no_call_is_refused() {
    for text in [
        "",
        "States",
        "States.Gone()",
        "States.Array",
        "States.Array(",
        "States.Array(1",
        "States.Array(1,)",
        "States.Array() x",
        "States.UUID(1)",
        "States.Format()",
        "States.ArrayRange(1, 2)",
        "States.Array('x)",
        "States.Array(x)",
        "States.Array(\"x\")",
        "States.Array($.)",
        "States.Array([1])",
        "states.Array()",
        "States.Array(1 2)",
    ] {
        assert!(Intrinsic::parse(text).is_err(), "{text}");
    }
    let nested = |depth: usize| format!("{}{}", "States.Array(".repeat(depth), ")".repeat(depth));
    assert!(Intrinsic::parse(&nested(10)).is_ok());
    assert!(Intrinsic::parse(&nested(11)).is_err());
    assert_eq!(Intrinsic::parse("States.Array($.a, States.Array($b, 1))").map(|call| call.paths().len()), Ok(2));
}

#[test]
fn a_text_is_read_in_linear_time() {
    assert_linear(&["1,", "'a',", "$.a,", "$.a[0],", "\\'", "States.", "null, ", "(", "$.a["], 8, |text| {
        for start in ["States.Array(", "States.Format('"] {
            let _ = Intrinsic::parse(&format!("{start}{text}"));
        }
    });
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,40}", mixed in "[$.()'{}\\\\,a1 -]{0,30}", function in 0_usize..18) {
        let name = super::functions::FUNCTIONS[function].0;
        for text in [text, format!("States.{name}({mixed})"), format!("States.{name}($.a, {mixed})")] {
            let _ = evaluated(&text, &json!({ "a": [1, "x", { "b": null }] }));
        }
    }
}
