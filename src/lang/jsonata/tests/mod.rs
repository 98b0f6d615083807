//! The tables, AWS's additions, and that whatever is written ends.

mod tables;

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::{Document, Expression, JsonataError, Surroundings};
use crate::lang::asl::chance::{Chance, Seeded};
use crate::lang::steps::assert_linear;

struct Fixed(Seeded);

impl Surroundings for Fixed {
    fn now(&mut self) -> u64 {
        61_000_000
    }

    fn random(&mut self) -> f64 {
        self.0.random_unit()
    }

    fn uuid(&mut self) -> String {
        self.0.uuid()
    }
}

fn evaluated(text: &str, data: &Json) -> Result<Option<Json>, JsonataError> {
    Expression::parse(text)?.evaluate(&Document::new(data), &[], &mut Fixed(Seeded(1)))
}

fn code(text: &str) -> &'static str {
    evaluated(text, &shop()).expect_err(text).code
}

fn shop() -> Json {
    json!({
        "Account": {
            "Name": "Firefly",
            "Orders": [
                { "id": "o1", "when": "2026-03-01T10:00:00Z", "lines": [
                    { "sku": "a", "n": 2, "price": 3.5, "tags": ["x", "y"] },
                    { "sku": "b", "n": 1, "price": 10 },
                ] },
                { "id": "o2", "when": "2025-12-31T23:59:59.5+01:00", "lines": [
                    { "sku": "c", "n": 4, "price": 0.25, "tags": ["z"] },
                    { "sku": "a", "n": 1, "price": 3.5 },
                ] },
            ],
            "Contact": { "phones": [{ "t": "home", "no": "1" }, { "t": "work", "no": "22" }], "mail": null },
        },
        "nums": [3, 1, 2.5, -4],
        "s": "Hello World",
        "flag": true,
        "nest": [[1, 2], [3, [4]]],
    })
}

/// Numbers are compared as such: 1 is 1.0.
fn same(one: &Json, other: &Json) -> bool {
    match (one, other) {
        (Json::Number(one), Json::Number(other)) => one.as_f64() == other.as_f64(),
        (Json::Array(one), Json::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Json::Object(one), Json::Object(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|((a, one), (b, other))| a == b && same(one, other))
        }
        (one, other) => one == other,
    }
}

#[test]
fn expressions_give_what_the_reference_implementation_gives() {
    let shop = shop();
    for table in [
        tables::PATHS,
        tables::OPERATORS,
        tables::LISTS,
        tables::FUNCTIONS,
        tables::TEXTS,
        tables::NUMBERS,
        tables::TIMES,
    ] {
        for (text, result) in table {
            let expected: Json = serde_json::from_str(result).expect(result);
            match evaluated(text, &shop) {
                Ok(Some(found)) => assert!(same(&found, &expected), "{text}: {found}, not {expected}"),
                other => panic!("{text}: {other:?}"),
            }
        }
    }
    for text in tables::UNDEFINED {
        assert_eq!(evaluated(text, &shop), Ok(None), "{text}");
    }
    for (wanted, text) in tables::ERRORS {
        assert_eq!(code(text), *wanted, "{text}");
    }
}

// SFN-7
#[test]
fn aws_adds_functions_and_takes_one_away() {
    let shop = shop();
    let gives = |text: &str| evaluated(text, &shop).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    for (text, result) in [
        ("$partition([1,2,3], 2)", json!([[1, 2], [3]])),
        ("$partition([0], 1)", json!([[0]])),
        ("$range(1, 9, 3)", json!([1, 4, 7])),
        ("$range(1, 9, 9)", json!(1)),
        ("$range(3, 1, -1)", json!([3, 2, 1])),
        ("$hash('hello', 'SHA-1')", json!("aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d")),
        ("$parse('{\"a\": [1]}').a", json!([1])),
        ("$random(7) = $random(7)", json!(true)),
        ("$length($uuid())", json!(36)),
        ("$now()", json!("2026-01-01T00:01:01.000Z")),
        ("$millis() = $toMillis($now())", json!(true)),
    ] {
        assert_eq!(gives(text), Some(result), "{text}");
    }
    for (text, wanted) in [
        ("$eval('1')", "T1006"),
        ("$randomSeeded(1)", "T1006"),
        ("$hash('x', 'MD4')", "D3137"),
        ("$parse('{')", "D3137"),
        ("$partition([1], 0)", "D3137"),
        ("$range(1, 2, 0)", "D3137"),
    ] {
        assert_eq!(code(text), wanted, "{text}");
    }
    let error = evaluated("$randomSeeded(1)", &shop).expect_err("it is none of AWS's functions");
    assert_eq!(error.message, "Attempted to invoke a non-function");
}

#[test]
fn variables_and_documents_are_the_callers() {
    let input = Document::new(&json!({ "n": 4 }));
    let states = Document::object(&[("input", input.clone())]);
    let expression = Expression::parse("$states.input.n * $factor").expect("it is right");
    let bindings = [("states", states), ("factor", Document::new(&json!(2.5)))];
    let result = expression.evaluate(&input, &bindings, &mut Fixed(Seeded(1)));
    assert_eq!(result, Ok(Some(json!(10))));
    assert_eq!(expression.text(), "$states.input.n * $factor");
    assert!(evaluated("$factor", &json!(null)).is_ok_and(|result| result.is_none()));
}

#[test]
fn a_function_is_no_result() {
    for text in ["$sum", "function($x){$x}", "[$sum]", "{\"f\": $sum}", "$substring(?, 1)"] {
        assert!(evaluated(text, &shop()).is_err(), "{text}");
    }
    assert_eq!(evaluated("/b+/('abbc').(match & start & end)", &shop()), Ok(Some(json!("bb13"))));
}

#[test]
fn whatever_does_not_end_is_stopped() {
    for text in [
        "($f := function($x){ $f($x) }; $f(1))",
        "($f := function($x){ 1 + $f($x) }; $f(1))",
        "($f := function($x){ $f($x & $x) }; $f('abc'))",
        "($f := function($x){ $f([$x, $x]) }; $f([1]))",
        "($f := function($x){ $f($append($x, $x)) }; $f([1]))",
        "[1..9000000].($ * 2)",
        "($l := [1..3000]; $l.($l.($l.($))))",
        "$replace($pad('', 200000, 'a'), /(a+)+b/, 'x')",
        "$match($pad('', 4000, 'a'), /(a|a)*$b/)",
        "$pad('x', 1e12)",
        "[1..3000]^($sum([1..3000]))",
        "$sort([1..20000], function($a, $b){ $sum([1..2000]) > 0 })",
        "($f := function($x, $n){ $n = 0 ? $x : $f([[$x]], $n - 1) }; $string($f(1, 100000)))",
        "($f := function($x, $n){ $n = 0 ? $x : $f({'a': $x}, $n - 1) }; $f(1, 100000))",
    ] {
        assert_eq!(code(text), "U1001", "{text}");
    }
    // What lies deep is let go of without a deep stack.
    let chained = "($f := function($g, $n){ $n = 0 ? $g : $f($g ~> $string, $n - 1) }; $type($f($string, 100000)))";
    assert_eq!(evaluated(chained, &json!(null)), Ok(Some(json!("function"))));
    let captured = "($f := function($g, $n){ $n = 0 ? $g : $f(function(){ $g }, $n - 1) }; $type($f(1, 100000)))";
    assert_eq!(evaluated(captured, &json!(null)), Ok(Some(json!("function"))));
}

#[test]
fn what_has_too_many_parts_is_not_read() {
    for (open, close, times) in [
        ("(", ")", 300),
        ("[", "]", 300),
        ("{\"a\":", "}", 300),
        ("-", "", 300),
        ("a[", "]", 300),
        ("$f(", ")", 300),
        ("a?", "", 300),
    ] {
        let text = format!("{}1{}", open.repeat(times), close.repeat(times));
        assert_eq!(Expression::parse(&text).expect_err(&text).code, "U1001", "{open}");
    }
    assert_eq!(code(&format!("1{}", "+1".repeat(1_000))), "U1001");
    assert_eq!(evaluated(&format!("1{}", "+1".repeat(150)), &json!(null)), Ok(Some(json!(151))));
    assert_eq!(
        evaluated("($f := function($n){ $n <= 1 ? 1 : $n * $f($n - 1) }; $f(99) > 0)", &json!(null)),
        Ok(Some(json!(true)))
    );
}

#[test]
fn an_expression_is_read_in_linear_time() {
    assert_linear(
        &["a.", "1+", "[a]", "'x'&", "/* c */", " ", "`a`.", "\\u0041", "a,", "/a/", "$a:=1;", "1..2,"],
        8,
        |text| {
            for start in ["", "(", "[", "'", "/", "$f("] {
                let _ = Expression::parse(&format!("{start}{text}"));
            }
        },
    );
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,40}", pieces in prop::collection::vec(0..PIECES.len(), 0..24)) {
        let mixed: String = pieces.into_iter().map(|piece| PIECES[piece]).collect();
        for text in [text, mixed] {
            let _ = evaluated(&text, &shop());
        }
    }

    #[test]
    fn no_picture_makes_it_panic(picture in "\\PC{0,12}", marks in "[\\[\\]YMDdFWwXxHhPmsfZzCEnNio01#,.;*%e-]{0,16}", number in any::<f64>()) {
        for picture in [picture, marks, "[Y][M]".to_owned()] {
            for text in [
                "$formatNumber(number, picture)", "$formatInteger(number, picture)", "$fromMillis(number, picture)",
                "$toMillis('12th March 2026 7:05 pm', picture)", "$parseInteger('twenty', picture)",
                "$toMillis(picture)", "$number(picture)", "$fromMillis(number, '[Y]-[W] [x]', picture)",
            ] {
                let _ = evaluated(text, &json!({ "number": number, "picture": picture }));
            }
        }
    }
}

const PIECES: [&str; 60] = [
    "a",
    "nums",
    "Account",
    ".",
    ".",
    "[",
    "]",
    "(",
    ")",
    "{",
    "}",
    "$",
    "$$",
    "$x",
    ":=",
    ";",
    ",",
    "+",
    "-",
    "*",
    "/",
    "%",
    "=",
    "!=",
    "<",
    ">",
    "&",
    "and",
    "or",
    "in",
    "^(",
    "@$v",
    "#$i",
    "~>",
    "|",
    "?",
    ":",
    "..",
    "**",
    "1",
    "2",
    "\"k\"",
    "'s'",
    "function($p){",
    "$map(",
    "$sum(",
    "$string(",
    "/a+/",
    "$match(",
    "null",
    "true",
    " ",
    "λ($a,$b)<n-n:n>{",
    "$sort(",
    "$$.",
    "[]",
    "$reduce(",
    "$split(",
    "$f",
    "`q`",
];
