//! Counts what a parser looks at, in tests alone: so they can tell that it grows no faster than what is read, without
//! looking at a clock.

#[cfg(test)]
std::thread_local! {
    static STEPS: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

/// So many characters were looked at.
#[inline(always)]
pub fn took(_steps: usize) {
    #[cfg(test)]
    STEPS.with(|steps| steps.set(steps.get() + _steps as u64));
}

/// The steps of some work.
#[cfg(test)]
pub fn counted(work: impl FnOnce()) -> u64 {
    STEPS.with(|steps| steps.set(0));
    work();
    STEPS.with(std::cell::Cell::get)
}

/// Asserts that a parser's steps grow as its text does: for each piece a text of it, again and again.
#[cfg(test)]
pub fn assert_linear(pieces: &[&str], steps_a_byte: u64, parse: impl Fn(&str)) {
    for piece in pieces {
        let taken = |times: usize| {
            let text = piece.repeat(times);
            (counted(|| parse(&text)), text.len() as u64)
        };
        let ((few, _), (many, length)) = (taken(500), taken(4_000));
        assert!(few > 0, "{piece:?}: its steps are counted");
        assert!(many <= few * 9, "{piece:?}: {few} steps for 500 of it, {many} for 4,000");
        assert!(many <= length * steps_a_byte, "{piece:?}: {many} steps for {length} bytes");
    }
}
