//! Random patterns and events against the oracle, from a seed that is printed when they differ.

use super::{Dialect, EVENT_PATTERN_CHARS_MAX, Pattern, RuleSet, oracle};
use serde_json::{Map, Value, json};

const PAIRS: u64 = 50_000;

/// Xorshift: enough to pick cases, and the same everywhere.
struct Picks(u64);

impl Picks {
    fn seeded(seed: u64) -> Picks {
        let mut picks = Picks(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        for _ in 0..8 {
            picks.next();
        }
        picks
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, count: usize) -> usize {
        (self.next() >> 33) as usize % count
    }

    fn one<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

/// Few names and few values, so that patterns and events meet; names with dots, and a `-`, which sorts before the dot.
const NAMES: [&str; 6] = ["a", "b", "c", "a.b", "a-b", "b.c"];
const TEXTS: [&str; 9] = ["", "a", "ab", "aba", "AB", "b*", "İa", "10.0.0.1", "10.0.1.1"];

fn scalar(picks: &mut Picks) -> Value {
    match picks.below(9) {
        0 => Value::Null,
        1 => json!(picks.below(2) == 0),
        2 | 3 => picks.one(&[json!(0), json!(1), json!(1.0), json!(2.5), json!(-3)]).clone(),
        _ => json!(picks.one(&TEXTS)),
    }
}

fn event(picks: &mut Picks, depth: usize) -> Value {
    let mut fields = Map::new();
    for _ in 0..1 + picks.below(4) {
        let name = picks.one(&NAMES).to_string();
        fields.insert(name, below_field(picks, depth));
    }
    Value::Object(fields)
}

fn below_field(picks: &mut Picks, depth: usize) -> Value {
    match picks.below(8) {
        0..=2 if depth > 0 => event(picks, depth - 1),
        3 | 4 if depth > 0 => (0..picks.below(4)).map(|_| below_field(picks, depth - 1)).collect(),
        _ => scalar(picks),
    }
}

fn pattern(picks: &mut Picks, depth: usize) -> Value {
    let mut fields = Map::new();
    for _ in 0..1 + picks.below(3) {
        let name = picks.one(&NAMES).to_string();
        let value = if depth > 0 && picks.below(2) == 0 { pattern(picks, depth - 1) } else { leaf(picks) };
        fields.insert(name, value);
    }
    if depth > 0 && picks.below(5) == 0 {
        let alternatives = (0..2 + picks.below(2)).map(|_| pattern(picks, depth - 1)).collect();
        fields.insert("$or".to_owned(), alternatives);
    }
    Value::Object(fields)
}

/// A pattern with the event's own shape, which is likely to match or to miss by little.
fn echo(picks: &mut Picks, event: &Value) -> Value {
    let Value::Object(fields) = event else { return pattern(picks, 1) };
    let mut wanted = Map::new();
    for (name, value) in fields {
        if wanted.is_empty() || picks.below(2) == 0 {
            wanted.insert(name.clone(), echo_field(picks, value));
        }
    }
    Value::Object(wanted)
}

fn echo_field(picks: &mut Picks, value: &Value) -> Value {
    match value {
        Value::Object(_) => echo(picks, value),
        Value::Array(elements) if !elements.is_empty() => {
            let (first, second) = (picks.one(elements).clone(), picks.one(elements).clone());
            match (echo_field(picks, &first), echo_field(picks, &second)) {
                // What two elements hold between them: only array consistency can refuse it.
                (Value::Object(mut first), Value::Object(second)) => {
                    first.extend(second);
                    Value::Object(first)
                }
                (first, _) => first,
            }
        }
        Value::Array(_) => leaf(picks),
        scalar => {
            let mut tests = leaf(picks);
            if let (Value::Array(tests), true) = (&mut tests, picks.below(4) > 0) {
                tests.push(scalar.clone());
            }
            tests
        }
    }
}

fn leaf(picks: &mut Picks) -> Value {
    (0..1 + picks.below(3)).map(|_| test(picks)).collect()
}

fn test(picks: &mut Picks) -> Value {
    let text = *picks.one(&TEXTS);
    match picks.below(16) {
        0..=4 => scalar(picks),
        5 => json!({"prefix": text}),
        6 => json!({"suffix": text}),
        7 => json!({"equals-ignore-case": text}),
        8 => json!({"prefix": {"equals-ignore-case": text}}),
        9 => json!({"suffix": {"equals-ignore-case": text}}),
        10 => json!({"wildcard": picks.one(&["*", "a*", "*b", "a*a", r"*\*", "", "*a*b*"])}),
        11 => json!({"exists": true}),
        12 => json!({"exists": false}),
        13 => json!({"cidr": picks.one(&["10.0.0.0/24", "10.0.0.0/16", "0.0.0.0/0"])}),
        14 => json!({"numeric": *picks.one(&[
            &json!(["=", 1]), &json!([">", 0]), &json!([">=", 1, "<", 2.5]), &json!(["<=", 0]), &json!([">", -3, "<=", 1]),
        ])}),
        _ => json!({"anything-but": anything_but(picks)}),
    }
}

fn anything_but(picks: &mut Picks) -> Value {
    let text = *picks.one(&TEXTS[1..]);
    match picks.below(7) {
        0 => json!(text),
        1 => json!(1),
        2 => json!([0, 2.5]),
        3 => json!([text, "ab"]),
        4 => json!({"prefix": [text, "b"]}),
        5 => json!({"suffix": text}),
        _ => json!({"wildcard": ["a*", "*1"]}),
    }
}

/// The pattern and the event of a seed.
pub(crate) fn pair(seed: u64) -> (Value, Value) {
    let mut picks = Picks::seeded(seed);
    let event = event(&mut picks, 3);
    let echoed = picks.below(3) > 0;
    let pattern = std::iter::repeat_with(|| if echoed { echo(&mut picks, &event) } else { pattern(&mut picks, 2) })
        .find(|pattern| pattern.to_string().len() <= EVENT_PATTERN_CHARS_MAX)
        .expect("a short one comes sooner or later");
    (pattern, event)
}

/// `PAIRS=10000000` asks for more than usual.
#[test]
fn the_matcher_agrees_with_the_oracle() {
    let (mut matched, mut forked, mut split, mut policies) = (0, 0, 0, 0);
    let asked = std::env::var("PAIRS").ok().and_then(|text| text.parse::<u64>().ok());
    let pairs = asked.unwrap_or(PAIRS);
    for seed in 1..=pairs {
        let (pattern, event) = pair(seed);
        let told = || format!("seed {seed}\npattern {pattern}\nevent {event}");
        let compiled =
            Pattern::from_value(&pattern, Dialect::EventBridge).unwrap_or_else(|why| panic!("{why}\n{}", told()));
        let expected = oracle::matches(&pattern, &event);
        assert_eq!(compiled.matches(&event), expected, "{}", told());
        let text = event.to_string();
        let set = RuleSet::new([&compiled]);
        assert_eq!(!set.matching(&text).is_empty(), expected, "from text, {}", told());
        let explanation = compiled.explain(&event);
        assert_eq!(explanation.matched, expected, "{}", told());
        assert_eq!(explanation.refusals.is_empty(), expected, "{}", told());
        if let Ok(policy) = Pattern::from_value(&pattern, Dialect::SnsMessageBody) {
            assert_eq!(policy.matches(&event), expected, "as a filter policy, {}", told());
            policies += 1;
        }
        matched += u64::from(expected);
        forked += u64::from(pattern.get("$or").is_some());
        split += u64::from(explanation.refusals.iter().any(|refusal| refusal.clause.starts_with("no single element")));
    }
    // The comparison is worth something only if both answers, `$or` and arrays of objects are met often.
    assert!(matched > pairs / 10 && matched < pairs / 2, "{matched} of {pairs} matched");
    assert!(forked > pairs / 50, "{forked} used $or");
    assert!(split > 20, "{split} failed only because of array consistency");
    assert!(policies > pairs / 4, "{policies} were valid filter policies");
}

/// A search that went back step by step would take 40^14 of them.
#[test]
fn many_arrays_do_not_multiply() {
    let mut pattern = Map::new();
    let mut event = Map::new();
    for array in 0..14 {
        pattern.insert(format!("k{array:02}"), json!({"x": [1], "y": [{"exists": true}]}));
        event.insert(format!("k{array:02}"), (0..40).map(|_| json!({"x": 1, "y": [1, 2, 3]})).collect());
    }
    pattern.insert("z".to_owned(), json!(["never"]));
    event.insert("z".to_owned(), json!("always"));
    let compiled = Pattern::from_value(&Value::Object(pattern), Dialect::EventBridge).expect("valid");
    let set = RuleSet::new([&compiled]);
    assert!(!compiled.matches(&Value::Object(event.clone())));
    assert!(set.matching(&Value::Object(event.clone()).to_string()).is_empty());
    event.insert("z".to_owned(), json!("never"));
    assert_eq!(set.matching(&Value::Object(event.clone()).to_string()), [0]);
    assert!(compiled.matches(&Value::Object(event)));
}

/// More clauses than a failure has bits to blame: those beyond share one.
#[test]
fn many_clauses_share_an_element() {
    let all: Map<String, Value> = (0..150).map(|field| (format!("f{field:03}"), json!(1))).collect();
    let wanted: Map<String, Value> = all.keys().map(|name| (name.clone(), json!([1]))).collect();
    let pattern = json!({"i": wanted});
    let compiled = Pattern::from_value(&pattern, Dialect::EventBridge).expect("valid");
    let mut lacks_last = all.clone();
    lacks_last.insert("f149".to_owned(), json!(2));
    let mut lacks_first = all.clone();
    lacks_first.insert("f000".to_owned(), json!(2));
    let set = RuleSet::new([&compiled]);
    let (lack, hold) = (json!({"i": [lacks_last, lacks_first]}), json!({"i": [lacks_last, lacks_first, all]}));
    assert!(!compiled.matches(&lack) && set.matching(&lack.to_string()).is_empty());
    assert!(compiled.matches(&hold) && !set.matching(&hold.to_string()).is_empty());
}
