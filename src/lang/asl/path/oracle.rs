//! Against another reader of JSONPath, where both languages agree.

use proptest::prelude::*;
use serde_json::{Value, json};
use serde_json_path::JsonPath;

use super::Path;

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-3..9).prop_map(Value::from),
        "[ab]".prop_map(Value::from)
    ];
    leaf.prop_recursive(4, 40, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[abc]", inner, 0..4).prop_map(|fields| fields.into_iter().collect()),
        ]
    })
}

fn step() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[.][abc]",
        1 => "[.][.][abc]",
        1 => Just("..*".to_owned()),
        2 => Just("[*]".to_owned()),
        1 => Just(".*".to_owned()),
        2 => (-3..4).prop_map(|index| format!("[{index}]")),
        1 => (0..3, 0..4).prop_map(|(from, to)| format!("[{from}:{to}]")),
        1 => (-2..3).prop_map(|from| format!("[{from}:]")),
        1 => (-2..3).prop_map(|to| format!("[:{to}]")),
        1 => (0..3, 0..3).prop_map(|(one, other)| format!("[{one},{other}]")),
    ]
}

proptest! {
    #[test]
    fn paths_find_what_the_other_finds(whole in value(), steps in prop::collection::vec(step(), 0..5)) {
        let text = format!("${}", steps.concat());
        let path = Path::parse(&text).expect("generated paths are right");
        let other = JsonPath::parse(&text).expect("generated paths are right");
        let expected: Vec<Value> = other.query(&whole).all().into_iter().cloned().collect();
        match path.find(&whole) {
            Ok(found) if path.is_definite() => prop_assert_eq!(vec![found.into_owned()], expected),
            Ok(found) => prop_assert_eq!(found.into_owned(), Value::from(expected)),
            Err(_) => prop_assert!(expected.is_empty()),
        }
    }

    #[test]
    fn filters_keep_what_the_other_keeps(
        numbers in prop::collection::vec((-3..9, -3..9), 0..8),
        tests in prop::collection::vec(("[xy]", "(==|!=|<|<=|>|>=)", -3..9), 1..4),
        joins in prop::collection::vec("(&&|\\|\\|)", 3),
    ) {
        let whole = json!({ "list": numbers.iter().map(|(x, y)| json!({ "x": x, "y": y })).collect::<Vec<_>>() });
        let mut filter = String::new();
        for (place, (name, operator, number)) in tests.iter().enumerate() {
            let join = if place == 0 { "" } else { &joins[place] };
            filter.push_str(&format!(" {join} @.{name} {operator} {number}"));
        }
        let text = format!("$.list[?({})]", filter.trim());
        let expected: Vec<Value> = JsonPath::parse(&text).expect(&text).query(&whole).all().into_iter().cloned().collect();
        let found = Path::parse(&text).expect(&text).find(&whole).expect("a list");
        prop_assert_eq!(found.into_owned(), Value::from(expected));
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,40}", mixed in "[$.@*?()\\[\\]'\",:!&|=<>ab01 {}-]{0,60}", whole in value()) {
        for text in [text, format!("${mixed}"), format!("$.a[?({mixed})]")] {
            if let Ok(path) = Path::parse(&text) {
                let _ = (path.find(&whole), path.follow(&whole).is_ok(), path.set(whole.clone(), Value::Null));
            }
        }
    }
}
