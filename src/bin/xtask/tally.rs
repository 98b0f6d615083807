//! Counting tests as their runners report them.

/// How many tests passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub passed: u64,
    pub failed: u64,
}

impl Tally {
    /// Reads one line of a test runner's output, and counts it if it is a closing line.
    ///
    /// Rust's test harness and `wasm-bindgen-test` close with `test result: ok. 3 passed; 0 failed; …`, Node's test
    /// runner with a line each: `ℹ pass 3`, `ℹ fail 0`.
    pub fn see(&mut self, line: &str) {
        if let Some((_, counts)) = line.split_once("test result: ") {
            self.passed += number_before(counts, " passed");
            self.failed += number_before(counts, " failed");
        } else if let Some(count) = line.strip_prefix("ℹ pass ") {
            self.passed += count.trim().parse().unwrap_or(0);
        } else if let Some(count) = line.strip_prefix("ℹ fail ") {
            self.failed += count.trim().parse().unwrap_or(0);
        }
    }
}

fn number_before(text: &str, word: &str) -> u64 {
    let Some((before, _)) = text.split_once(word) else { return 0 };
    let digits = before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    before[digits..].parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(lines: &[&str]) -> Tally {
        let mut tally = Tally::default();
        lines.iter().for_each(|line| tally.see(line));
        tally
    }

    #[test]
    fn rust_harnesses_add_up() {
        let counted = tally(&[
            "running 13 tests",
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            "test result: \u{1b}[31mFAILED\u{1b}[m. 3 passed; 2 failed; 0 ignored",
        ]);
        assert_eq!(counted, Tally { passed: 15, failed: 2 });
    }

    #[test]
    fn nodes_runner_is_understood() {
        assert_eq!(tally(&["ℹ tests 4", "ℹ pass 3", "ℹ fail 1", "ℹ skipped 0"]), Tally { passed: 3, failed: 1 });
    }

    #[test]
    fn other_lines_count_nothing() {
        assert_eq!(tally(&["9 passed, 9 failed", "test a_test ... ok", "pass 3"]), Tally::default());
    }
}
