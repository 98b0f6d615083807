//! What expressions match, table by table, and that nothing makes them take forever.

use proptest::prelude::*;

use super::{Regex, TooManySteps};

fn found(source: &str, flags: &str, text: &str) -> Option<(String, Vec<Option<String>>)> {
    let regex = Regex::new(source, flags.contains('i'), flags.contains('m'))
        .unwrap_or_else(|error| panic!("{source}: {error}"));
    let chars: Vec<char> = text.chars().collect();
    let slice = |start: usize, end: usize| chars[start..end].iter().collect::<String>();
    let found = regex.find(&chars, 0, &mut 100_000).expect("few steps")?;
    let groups = found.groups.iter().map(|group| group.map(|(start, end)| slice(start, end))).collect();
    Some((slice(found.start, found.end), groups))
}

#[test]
fn expressions_match_as_in_javascript() {
    for (source, flags, text, whole, groups) in [
        ("ab+c", "", "xabbc", "abbc", vec![]),
        ("a|ab", "", "ab", "a", vec![]),
        ("(a|ab)(c|bcd)", "", "abcd", "abcd", vec![Some("a"), Some("bcd")]),
        ("a*?b", "", "aab", "aab", vec![]),
        ("<.+?>", "", "<a><b>", "<a>", vec![]),
        ("[a-c]{2,3}", "", "xabcd", "abc", vec![]),
        ("[^a-c]+", "", "abxyc", "xy", vec![]),
        ("\\d+\\.\\d*", "", "v 3.14", "3.14", vec![]),
        ("[\\w-]+", "", "!a-1_b!", "a-1_b", vec![]),
        ("[\\D]", "", "1a", "a", vec![]),
        ("^b", "m", "a\nb", "b", vec![]),
        ("a$", "m", "a\nb", "a", vec![]),
        ("HELLO", "i", "say hello", "hello", vec![]),
        ("[A-Z]+", "i", "123abc", "abc", vec![]),
        ("\\bfoo\\b", "", "afoo foo", "foo", vec![]),
        ("(a)(b)?", "", "ac", "a", vec![Some("a"), None]),
        ("(?:(a)|b)*", "", "ab", "ab", vec![None]),
        ("(\\w)\\1", "", "abccd", "cc", vec![Some("c")]),
        ("(?<letter>\\w)\\k<letter>", "", "abb", "bb", vec![Some("b")]),
        ("a(?=b)", "", "acab", "a", vec![]),
        ("a(?!b)", "", "abac", "a", vec![]),
        ("(?<=\\$)\\d+", "", "5 $42", "42", vec![]),
        ("(?<!\\$)\\b\\d+", "", "$42 17", "17", vec![]),
        ("(a*)*", "", "aa", "aa", vec![Some("aa")]),
        ("(?:)", "", "x", "", vec![]),
        ("\\u0041\\x42", "", "AB", "AB", vec![]),
        ("a{", "", "a{", "a{", vec![]),
    ] {
        let groups: Vec<Option<String>> = groups.into_iter().map(|group| group.map(str::to_owned)).collect();
        assert_eq!(found(source, flags, text), Some((whole.to_owned(), groups)), "/{source}/{flags} in {text:?}");
    }
    assert_eq!(found("^a", "", "ba"), None);
    assert_eq!(found("x{3}", "", "xx"), None);
    assert_eq!(found("[]", "", "x"), None, "an empty class matches nothing");
}

#[test]
fn what_is_no_expression_is_refused() {
    for source in ["(", ")", "a)", "[a", "*", "a**", "(?a)", "\\", "[b-a]", "a{2,1}", "^*", "(?:a{9999}){9999}"] {
        assert!(Regex::new(source, false, false).is_err(), "{source}");
    }
    let nested = format!("{}{}", "(".repeat(60), ")".repeat(60));
    assert!(Regex::new(&nested, false, false).is_err());
}

#[test]
fn a_hostile_expression_ends() {
    let text: Vec<char> = "a".repeat(40).chars().collect();
    for source in ["(a+)+b", "(a|a)*b", "(a*)*b", "(.*)(.*)(.*)(.*)(.*)(.*)(.*)x", "(?=(a+)+b)"] {
        let regex = Regex::new(source, false, false).expect(source);
        assert_eq!(regex.find(&text, 0, &mut 100_000), Err(TooManySteps), "{source}");
    }
}

proptest! {
    #[test]
    fn no_expression_panics(source in "[ab.*+?()|\\[\\]{}^$\\\\1-3,:=!<dwsbk>-]{0,24}", text in "[ab\\n1 ]{0,24}") {
        if let Ok(regex) = Regex::new(&source, source.len() % 2 == 0, source.len() % 3 == 0) {
            let chars: Vec<char> = text.chars().collect();
            if let Ok(Some(found)) = regex.find(&chars, 0, &mut 20_000) {
                prop_assert!(found.start <= found.end && found.end <= chars.len());
            }
        }
    }
}
