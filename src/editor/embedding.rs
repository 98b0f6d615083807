//! What the page around a frame may ask of the page in it. Who may ask at all is the app's business: its own parent
//! window and nobody else.

/// What answers, and changes nothing.
const READS: [&str; 6] = ["scene", "report", "trace", "digest", "now", "on"];
/// What moves time, or puts another scene in place.
const CHANGES: [&str; 10] =
    ["load", "play", "pause", "step", "stepBack", "next", "seek", "runUntil", "restart", "speed"];

/// The page's rule for those who ask.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guard {
    /// This page's own origin; `null` in a sandbox, where it stands for nobody.
    pub own: String,
    /// The origins that may change something.
    pub allow: Vec<String>,
    /// What is shown is the visitor's own work: nobody's business unless the visitor's page itself asks.
    pub private: bool,
}

impl Guard {
    /// Why an origin may not call a method; `None` if it may.
    #[must_use]
    pub fn refusal(&self, method: &str, origin: &str) -> Option<String> {
        // Every sandboxed page and every file calls itself null.
        let has_name = origin != "null" && !origin.is_empty();
        let is_own = has_name && origin == self.own;
        let is_allowed = is_own || (has_name && self.allow.iter().any(|allowed| allowed == origin));
        if !READS.contains(&method) && !CHANGES.contains(&method) {
            let known = [&READS[..], &CHANGES[..]].concat().join(", ");
            return Some(format!("there is no method {method:?}; known are {known}"));
        }
        if CHANGES.contains(&method) && !is_allowed {
            return Some(format!(
                "{method} changes what is shown, and {origin} is not allowed to: name it in the frame's address, #allow={origin}"
            ));
        }
        if self.private && !is_own {
            return Some(format!(
                "{method} would tell of the visitor's own work: give the frame a scene, by #s= or #gallery="
            ));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_is_for_the_parent_changing_for_those_allowed() {
        let guard =
            Guard { own: "https://us".into(), allow: vec!["https://course".into(), "null".into()], private: false };
        let may = |method: &str, origin: &str| guard.refusal(method, origin).is_none();
        for method in READS {
            assert!(may(method, "https://anybody") && may(method, "null"), "{method}");
        }
        for method in CHANGES {
            assert!(may(method, "https://course") && may(method, "https://us"), "{method}");
            for origin in ["https://anybody", "https://course.evil", "http://course", "null", ""] {
                assert!(!may(method, origin), "{method} by {origin}");
            }
        }
        assert!(guard.refusal("constructor", "https://us").is_some_and(|why| why.contains("no method")));
        let sandboxed = Guard { own: "null".into(), ..guard };
        assert!(sandboxed.refusal("play", "null").is_some());
    }

    #[test]
    fn the_visitors_own_work_is_for_nobody_else() {
        let guard = Guard { own: "https://us".into(), allow: vec!["https://course".into()], private: true };
        for method in READS.iter().chain(&CHANGES) {
            assert!(guard.refusal(method, "https://course").is_some(), "{method}");
            assert!(guard.refusal(method, "https://us").is_none(), "{method}");
        }
    }
}
