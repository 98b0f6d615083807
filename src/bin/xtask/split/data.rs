//! What a part of the program reads of the constants, as far as it can be told from the outside.
//!
//! The linker's map says where each constant lies. A function reads one if it mentions its address, or the address of
//! one that holds its address. Whatever looks like an address is taken for one: too much stays then, never too little.

use super::sentence;
use std::collections::BTreeSet;
use std::ops::Range;
use wasmparser as read;

/// How far before its beginning a constant may be mentioned: an index that does not begin at 0 is folded into the address.
const BEFORE: u32 = 1024;
/// How far behind its end a table may be: it may be walked from there, and by the second half of an entry.
const BEHIND: u32 = 32;

/// The constants of a program.
pub(super) struct Constants {
    /// In order, not overlapping.
    objects: Vec<Range<u32>>,
    /// For each object, the addresses that it may hold.
    held: Vec<Vec<u32>>,
    /// For each object, whether it is a text that stands in tables and is read by the second part alone.
    is_later: Vec<bool>,
}

impl Constants {
    /// `map` is what the linker wrote beside the program, `segments` its data with their addresses. Of the texts in `later`
    /// nothing is kept for a table's sake.
    pub(super) fn new(map: &str, segments: &[(u32, &[u8])], later: &BTreeSet<&[u8]>) -> Result<Self, String> {
        let begins = segments.iter().map(|(address, _)| *address).min().unwrap_or(0);
        let mut memory: Vec<u8> = Vec::new();
        for (address, data) in segments {
            let at = (address - begins) as usize;
            memory.resize(memory.len().max(at + data.len()), 0);
            memory[at..at + data.len()].copy_from_slice(data);
        }
        // What ends with zeros is not written to its end.
        let bytes = |range: Range<u32>| {
            let at = |address: u32| (address.saturating_sub(begins) as usize).min(memory.len());
            &memory[at(range.start)..at(range.end)]
        };
        let mut objects: Vec<Range<u32>> = Vec::new();
        for line in map.lines() {
            let Some((address, size, is_merged)) = constant_in(line) else { continue };
            if is_merged {
                // Texts that end with a zero, each of them once.
                let mut from = address;
                for text in bytes(address..address + size).split_inclusive(|byte| *byte == 0) {
                    let to = from + text.len() as u32;
                    objects.push(from..to);
                    from = to;
                }
            } else if size > 0 {
                objects.push(address..address + size);
            }
        }
        objects.sort_by_key(|object| object.start);
        if objects.is_empty() || objects.windows(2).any(|pair| pair[0].end > pair[1].start) {
            return Err(sentence("the linker's map does not tell where its constants lie"));
        }
        let held = objects.iter().map(|object| {
            let words = bytes(object.start.next_multiple_of(4).min(object.end)..object.end)
                .chunks_exact(4)
                .map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]]));
            words.collect::<Vec<u32>>()
        });
        let is_later = objects.iter().map(|object| later.contains(bytes(object.clone()))).collect();
        Ok(Self { held: held.collect(), is_later, objects })
    }

    /// The places that none of these mentions leads to, those close to each other joined.
    pub(super) fn unreached(&self, mentioned: &BTreeSet<u32>) -> Vec<Range<u32>> {
        let mut reached = vec![false; self.objects.len()];
        let mut open: Vec<usize> = mentioned.iter().flat_map(|address| self.at(*address)).collect();
        while let Some(at) = open.pop() {
            if !std::mem::replace(&mut reached[at], true) {
                let leads = self.held[at].iter().flat_map(|address| self.led(*address));
                open.extend(leads.filter(|led| !self.is_later[*led]));
            }
        }
        let mut ranges: Vec<Range<u32>> = Vec::new();
        for (object, _) in self.objects.iter().zip(reached).filter(|(_, reached)| !reached) {
            match ranges.last_mut() {
                Some(last) if last.end == object.start => last.end = object.end,
                _ => ranges.push(object.clone()),
            }
        }
        ranges
    }

    /// The constants that a word of another may lead to. A word that falls deep into a long one is a number: what a constant
    /// holds are the beginnings of others.
    fn led(&self, word: u32) -> impl Iterator<Item = usize> {
        let is_led = move |at: &usize| {
            let object = &self.objects[*at];
            object.len() <= BEFORE as usize || object.start == word
        };
        self.at(word).into_iter().filter(is_led)
    }

    /// The constants that a mention may mean.
    fn at(&self, address: u32) -> Vec<usize> {
        let (Some(first), Some(last)) = (self.objects.first(), self.objects.last()) else { return Vec::new() };
        if address.saturating_add(BEFORE) < first.start || address > last.end.saturating_add(BEHIND) {
            return Vec::new();
        }
        let begins = self.objects.partition_point(|object| object.start < address);
        let meant = if self.objects.get(begins).is_some_and(|object| object.start == address) {
            begins..begins + 1
        } else {
            // Inside of one, just behind it, or before one.
            let reach = address.saturating_add(BEFORE);
            self.objects.partition_point(|object| object.end < address)
                ..self.objects.partition_point(|object| object.start <= reach)
        };
        // What is so long and no table is a text, and read from its beginning: other mentions mean what lies beside it, or
        // are numbers that happen to fall there.
        // A text of the second part alone is meant by its beginning, and by nothing near it.
        let is_meant = |at: &usize| {
            let object = &self.objects[*at];
            if self.is_later[*at] {
                return object.start == address;
            }
            let near = object.start..=object.start.saturating_add(BEFORE);
            is_table(object) || object.len() <= BEFORE as usize || near.contains(&address)
        };
        let ends = self.objects.partition_point(|object| object.end.saturating_add(BEHIND) < address);
        let walked = (ends..meant.start).filter(|at| is_table(&self.objects[*at]) && !self.is_later[*at]);
        walked.chain(meant.clone().filter(is_meant)).collect()
    }
}

/// Whether it may hold numbers or addresses, and no mere text.
fn is_table(object: &Range<u32>) -> bool {
    object.start.is_multiple_of(4) && object.end.is_multiple_of(4)
}

/// Address and size of the constant that a line of the map tells of, and whether it stands for many merged ones.
fn constant_in(line: &str) -> Option<(u32, u32, bool)> {
    let mut words = line.split_whitespace();
    let number = |word: Option<&str>| u32::from_str_radix(word?, 16).ok();
    let (address, _, size) = (number(words.next())?, number(words.next())?, number(words.next())?);
    let from = words.next()?;
    let (_, section) = from.rsplit_once(":(")?;
    section.starts_with(".rodata").then(|| (address, size, from.starts_with("<internal>")))
}

/// What may be an address in a function.
pub(super) fn mentioned(body: &read::FunctionBody<'_>) -> Result<BTreeSet<u32>, String> {
    let mut found = BTreeSet::new();
    for operator in body.get_operators_reader().map_err(sentence)? {
        use read::Operator as Op;
        match operator.map_err(sentence)? {
            Op::I32Const { value } => {
                found.insert(value as u32);
            }
            // A text's address and length may have been folded into one.
            Op::I64Const { value } => {
                found.extend([value as u32, (value >> 32) as u32]);
            }
            Op::I32Load { memarg }
            | Op::I64Load { memarg }
            | Op::F32Load { memarg }
            | Op::F64Load { memarg }
            | Op::I32Load8S { memarg }
            | Op::I32Load8U { memarg }
            | Op::I32Load16S { memarg }
            | Op::I32Load16U { memarg }
            | Op::I64Load8S { memarg }
            | Op::I64Load8U { memarg }
            | Op::I64Load16S { memarg }
            | Op::I64Load16U { memarg }
            | Op::I64Load32S { memarg }
            | Op::I64Load32U { memarg } => {
                found.insert(memarg.offset as u32);
            }
            _ => {}
        }
    }
    Ok(found)
}
