//! Virtual time: whole microseconds since the start of a run.

/// Microseconds of virtual time. A `u64` lasts 584,000 years.
pub type Micros = u64;

pub const MICROS_PER_MILLI: Micros = 1_000;
pub const MICROS_PER_SECOND: Micros = 1_000_000;

/// Whole seconds as [`Micros`]; saturates instead of wrapping.
#[must_use]
pub const fn seconds(whole: u64) -> Micros {
    whole.saturating_mul(MICROS_PER_SECOND)
}

/// `mm:ss.mmm`, with hours in front from the first hour on.
#[must_use]
pub fn clock_text(at: Micros) -> String {
    let millis = at / MICROS_PER_MILLI;
    let (minutes, rest) = (millis / 60_000, millis % 60_000);
    let tail = format!("{:02}.{:03}", rest / 1_000, rest % 1_000);
    if minutes < 60 { format!("{minutes:02}:{tail}") } else { format!("{}:{:02}:{tail}", minutes / 60, minutes % 60) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_reads_minutes_seconds_and_milliseconds() {
        assert_eq!(clock_text(12_480_000), "00:12.480");
        assert_eq!(clock_text(seconds(3_600) + 999), "1:00:00.000");
    }
}
