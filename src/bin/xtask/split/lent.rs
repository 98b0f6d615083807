//! What the first part lends to the later ones, and what it is called between them.

use super::Borrowed;
use std::collections::{BTreeMap, BTreeSet};
use wasm_encoder::TableType;

/// What functions' names are made of: no digits, which globals' and tables' names have.
const LETTERS: &[u8; 54] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_$";

/// What moves to one later part.
#[derive(Default)]
pub(super) struct Moved {
    /// By their places in the code.
    pub functions: Vec<usize>,
    /// Where in the table they are put.
    pub table: u32,
    /// What they use that is not among them.
    pub borrowed: Borrowed,
}

/// The functions that later parts borrow, and their names: short ones in order, for there are some two thousand of them.
pub(super) fn function_names(moved: &[Moved; 2]) -> BTreeMap<u32, String> {
    let functions: BTreeSet<u32> = moved.iter().flat_map(|moved| &moved.borrowed.functions).copied().collect();
    functions.into_iter().enumerate().map(|(place, index)| (index, short(place))).collect()
}

/// Three letters would do for a hundred and fifty thousand.
fn short(place: usize) -> String {
    let letter = |place: usize| char::from(LETTERS[place % LETTERS.len()]);
    let (last, before) = (letter(place), place / LETTERS.len());
    if before < LETTERS.len() {
        return [letter(before), last].iter().collect();
    }
    [letter(before / LETTERS.len()), letter(before), last].iter().collect()
}

/// Functions that have a new place in the table.
pub(super) fn added(moved: &[Moved; 2]) -> u64 {
    moved.iter().map(|moved| moved.functions.len() as u64).sum()
}

pub(super) fn global_name(index: u32) -> String {
    format!("g{index}")
}

pub(super) fn table_name(index: usize) -> String {
    format!("t{index}")
}

/// The first table, with room for the functions that moved.
pub(super) fn grown(table: TableType, added: u64) -> TableType {
    let minimum = table.minimum + added;
    TableType { minimum, maximum: table.maximum.map(|maximum| maximum.max(minimum)), ..table }
}
