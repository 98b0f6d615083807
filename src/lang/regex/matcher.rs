//! Tries a program at a place, by backtracking. What may have to be undone is on a list of its own, so that nothing is
//! copied at a branch.

use super::class::{is_line_end, is_word, lower};
use super::program::{Instruction, Program};
use super::{Match, TooManySteps};

/// Looks within looks.
const LOOKS_MAX: usize = 50;

struct Machine<'p> {
    program: &'p Program,
    text: &'p [char],
    saved: Vec<Option<usize>>,
    registers: Vec<usize>,
    undo: Vec<Undo>,
}

enum Undo {
    Saved(usize, Option<usize>),
    Register(usize, usize),
}

/// A branch that was not taken yet.
struct Branch {
    instruction: usize,
    place: usize,
    undo: usize,
}

pub(super) fn match_at(
    program: &Program,
    text: &[char],
    start: usize,
    steps: &mut u64,
) -> Result<Option<Match>, TooManySteps> {
    let mut machine = Machine {
        program,
        text,
        saved: vec![None; 2 * program.groups],
        registers: vec![0; program.registers],
        undo: Vec::new(),
    };
    Ok(machine.run(0, start, None, 0, steps)?.map(|end| Match {
        start,
        end,
        groups: machine.saved.chunks(2).map(|pair| pair[0].zip(pair[1])).collect(),
    }))
}

impl Machine<'_> {
    /// Where a match ends that begins at a place; with `goal`, only there.
    fn run(
        &mut self,
        instruction: usize,
        place: usize,
        goal: Option<usize>,
        depth: usize,
        steps: &mut u64,
    ) -> Result<Option<usize>, TooManySteps> {
        let (mut instruction, mut place) = (instruction, place);
        let mut branches: Vec<Branch> = Vec::new();
        loop {
            *steps = steps.checked_sub(1).ok_or(TooManySteps)?;
            let next = match &self.program.instructions[instruction] {
                Instruction::Accept if goal.is_none_or(|goal| goal == place) => return Ok(Some(place)),
                Instruction::Accept => None,
                Instruction::Split(first, second) => {
                    branches.push(Branch { instruction: *second, place, undo: self.undo.len() });
                    Some((*first, place))
                }
                Instruction::Jump(to) => Some((*to, place)),
                Instruction::Look { is_behind, is_negated, end } => {
                    self.look(instruction + 1, place, *is_behind, *is_negated, depth, steps)?.then_some((*end, place))
                }
                simple => self.simple(simple, place, steps)?.map(|place| (instruction + 1, place)),
            };
            if let Some(next) = next {
                (instruction, place) = next;
                continue;
            }
            let Some(branch) = branches.pop() else { return Ok(None) };
            self.undo_to(branch.undo);
            (instruction, place) = (branch.instruction, branch.place);
        }
    }

    fn undo_to(&mut self, length: usize) {
        while self.undo.len() > length {
            match self.undo.pop() {
                Some(Undo::Saved(slot, value)) => self.saved[slot] = value,
                Some(Undo::Register(register, value)) => self.registers[register] = value,
                None => {}
            }
        }
    }

    fn save(&mut self, slot: usize, value: Option<usize>) {
        self.undo.push(Undo::Saved(slot, self.saved[slot]));
        self.saved[slot] = value;
    }

    /// Where an instruction goes on that has one way only.
    fn simple(
        &mut self,
        instruction: &Instruction,
        place: usize,
        steps: &mut u64,
    ) -> Result<Option<usize>, TooManySteps> {
        let folds = self.program.ignores_case;
        let (before, after) = (place.checked_sub(1).map(|before| self.text[before]), self.text.get(place).copied());
        let goes = |does: bool| does.then_some(place);
        let reads = |does: bool| does.then_some(place + 1);
        Ok(match instruction {
            Instruction::Char(c) => reads(after.is_some_and(|after| after == *c || folds && lower(after) == *c)),
            Instruction::Any => reads(after.is_some_and(|after| !is_line_end(after))),
            Instruction::Class(class) => reads(after.is_some_and(|after| class.holds(after, folds))),
            Instruction::Start => goes(before.is_none_or(|before| self.program.is_multiline && is_line_end(before))),
            Instruction::End => goes(after.is_none_or(|after| self.program.is_multiline && is_line_end(after))),
            Instruction::Boundary { is_negated } => {
                goes((before.is_some_and(is_word) != after.is_some_and(is_word)) != *is_negated)
            }
            Instruction::Save(slot) => {
                self.save(*slot, Some(place));
                Some(place)
            }
            Instruction::Forget(from, to) => {
                for slot in *from..*to {
                    self.save(slot, None);
                }
                Some(place)
            }
            Instruction::Mark(register) => {
                self.undo.push(Undo::Register(*register, self.registers[*register]));
                self.registers[*register] = place;
                Some(place)
            }
            Instruction::Moved(register) => goes(self.registers[*register] != place),
            Instruction::Back(group) => return self.back(*group, place, steps),
            _ => None,
        })
    }

    /// What a group matched, once more; what took no part is empty.
    fn back(&self, group: usize, place: usize, steps: &mut u64) -> Result<Option<usize>, TooManySteps> {
        let slot = 2 * group.saturating_sub(1);
        let pair = self.saved.get(slot).copied().flatten().zip(self.saved.get(slot + 1).copied().flatten());
        let Some((start, end)) = pair else { return Ok(Some(place)) };
        let length = end.saturating_sub(start);
        *steps = steps.checked_sub(length as u64).ok_or(TooManySteps)?;
        let same = |one: char, other: char| one == other || self.program.ignores_case && lower(one) == lower(other);
        let is_there = place + length <= self.text.len()
            && self.text[start..end].iter().zip(&self.text[place..]).all(|(one, other)| same(*one, *other));
        Ok(is_there.then_some(place + length))
    }

    fn look(
        &mut self,
        instruction: usize,
        place: usize,
        is_behind: bool,
        is_negated: bool,
        depth: usize,
        steps: &mut u64,
    ) -> Result<bool, TooManySteps> {
        if depth == LOOKS_MAX {
            return Err(TooManySteps);
        }
        let undo = self.undo.len();
        let mut is_there = false;
        if is_behind {
            for start in (0..=place).rev() {
                is_there = self.run(instruction, start, Some(place), depth + 1, steps)?.is_some();
                if is_there {
                    break;
                }
                self.undo_to(undo);
            }
        } else {
            is_there = self.run(instruction, place, None, depth + 1, steps)?.is_some();
        }
        if is_negated || !is_there {
            self.undo_to(undo);
        }
        Ok(is_there != is_negated)
    }
}
