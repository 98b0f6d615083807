//! Lists that come in pages: `NextToken` says where the next page begins.

use serde_json::{Value, json};

/// What stands before the place in a token, so that no other text passes for one.
const MARK: &str = "AAIB";

/// The part of a list that a call asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Page {
    from: usize,
    /// Most that it may hold; none where the caller left it to the service.
    max: Option<usize>,
}

impl Page {
    /// The page that a `NextToken` names, the first without one; `None` for a text that is no token.
    #[must_use]
    pub fn read(token: Option<&Value>, max: Option<usize>) -> Option<Self> {
        let Some(token) = token else { return Some(Self { from: 0, max }) };
        let place = token.as_str()?.strip_prefix(MARK)?;
        usize::from_str_radix(place, 16).ok().map(|from| Self { from, max })
    }

    /// This page of a list under `name`, up to `most` of its items, and the token of the next one.
    #[must_use]
    pub fn of(self, name: &str, list: impl IntoIterator<Item = Value>, most: usize) -> Value {
        let mut rest = list.into_iter().skip(self.from);
        let count = self.max.unwrap_or(most).min(most);
        let items: Vec<Value> = rest.by_ref().take(count).collect();
        let mut json = json!({ name: items });
        if rest.next().is_some() {
            json["NextToken"] = format!("{MARK}{:012x}", self.from + count).into();
        }
        json
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_one_another_to_the_end() {
        let list = || (0..5).map(Value::from);
        let (mut token, mut seen) = (None, Vec::new());
        for _ in 0..3 {
            let page = Page::read(token.as_ref(), Some(2)).expect("the token of the page before");
            let mut answer = page.of("Numbers", list(), 100);
            seen.push(answer["Numbers"].take());
            token = answer.get("NextToken").cloned();
        }
        assert_eq!(seen, [json!([0, 1]), json!([2, 3]), json!([4])]);
        assert_eq!(token, None);
        assert_eq!(Page::default().of("Numbers", list(), 5), json!({ "Numbers": [0, 1, 2, 3, 4] }));
    }

    #[test]
    fn another_text_is_no_token() {
        assert_eq!(Page::read(Some(&"7".into()), None), None);
        assert_eq!(Page::read(Some(&7.into()), None), None);
    }
}
