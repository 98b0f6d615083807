//! What only an interpreter calls that few scenes need: it is a part of its own.
//!
//! The interpreter's functions are known by their names. What nothing else reaches is behind them: code of libraries that
//! was made for it alone.

use super::{Program, Uses, sentence};
use wasmparser as read;

/// How names of its functions tell where they are from: as Rust writes a path, and as symbols do.
const GATES: [&str; 3] = ["lang::jsonata::", "lang7jsonata", "lang..jsonata.."];

/// The indexes of the interpreter's functions, where this section names functions.
pub(super) fn gates(section: &read::CustomSectionReader<'_>) -> Result<Vec<u32>, String> {
    let read::KnownCustom::Name(names) = section.as_known() else { return Ok(Vec::new()) };
    let mut indexes = Vec::new();
    for group in names {
        if let read::Name::Function(functions) = group.map_err(sentence)? {
            for function in functions {
                let function = function.map_err(sentence)?;
                if GATES.iter().any(|gate| function.name.contains(gate)) {
                    indexes.push(function.index);
                }
            }
        }
    }
    Ok(indexes)
}

impl Program<'_> {
    /// For each function whether it is the interpreter's, or is called by nothing else.
    pub(super) fn only_behind(&self, stays: &[bool]) -> Result<Vec<bool>, String> {
        if !self.gates.contains(&true) {
            return Ok(vec![false; stays.len()]);
        }
        let is_root = |at: usize| stays[at] || self.named.contains(&self.index(at)) && !self.gates[at];
        let mut reached: Vec<bool> = (0..stays.len()).map(is_root).collect();
        let mut open: Vec<usize> = (0..stays.len()).filter(|at| reached[*at]).collect();
        while let Some(at) = open.pop() {
            for index in Uses::of(&self.bodies[at])?.functions {
                if let Some(next) = self.place(index)
                    && !self.gates[next]
                    && !std::mem::replace(&mut reached[next], true)
                {
                    open.push(next);
                }
            }
        }
        Ok(reached.into_iter().map(|reached| !reached).collect())
    }
}
