//! The tree as instructions.

use super::PROGRAM_MAX;
use super::class::{Class, lower};
use super::syntax::Tree;

#[derive(Clone, Debug)]
pub(super) enum Instruction {
    Char(char),
    Any,
    Class(Class),
    /// Goes on at the first place, and at the second if that fails.
    Split(usize, usize),
    Jump(usize),
    Save(usize),
    /// Forgets the groups of the range.
    Forget(usize, usize),
    /// Keeps the place in a register.
    Mark(usize),
    /// Fails where nothing was read since the mark.
    Moved(usize),
    Start,
    End,
    Boundary {
        is_negated: bool,
    },
    Back(usize),
    /// What stands from the next instruction to an `Accept` must match (or must not); goes on at `end`.
    Look {
        is_behind: bool,
        is_negated: bool,
        end: usize,
    },
    Accept,
}

#[derive(Clone, Debug)]
pub(super) struct Program {
    pub instructions: Vec<Instruction>,
    pub groups: usize,
    pub registers: usize,
    pub ignores_case: bool,
    pub is_multiline: bool,
}

impl Program {
    pub fn flags(&self) -> (bool, bool) {
        (self.ignores_case, self.is_multiline)
    }

    pub fn compile(tree: &Tree, ignores_case: bool, is_multiline: bool) -> Result<Self, String> {
        let mut program = Self { instructions: Vec::new(), groups: 0, registers: 0, ignores_case, is_multiline };
        program.add(tree)?;
        program.push(Instruction::Accept)?;
        Ok(program)
    }

    fn push(&mut self, instruction: Instruction) -> Result<usize, String> {
        if self.instructions.len() == PROGRAM_MAX {
            return Err("The expression is too large".to_owned());
        }
        self.instructions.push(instruction);
        Ok(self.instructions.len() - 1)
    }

    fn here(&self) -> usize {
        self.instructions.len()
    }

    fn add(&mut self, tree: &Tree) -> Result<(), String> {
        match tree {
            Tree::Char(c) => self.push(Instruction::Char(if self.ignores_case { lower(*c) } else { *c })).map(drop),
            Tree::Any => self.push(Instruction::Any).map(drop),
            Tree::Class(class) => self.push(Instruction::Class(class.clone())).map(drop),
            Tree::Start => self.push(Instruction::Start).map(drop),
            Tree::End => self.push(Instruction::End).map(drop),
            Tree::Boundary { is_negated } => self.push(Instruction::Boundary { is_negated: *is_negated }).map(drop),
            Tree::Back(group) => self.push(Instruction::Back(*group)).map(drop),
            Tree::Sequence(trees) => trees.iter().try_for_each(|tree| self.add(tree)),
            Tree::Either(options) => self.either(options),
            Tree::Group(number, tree) => {
                self.groups = self.groups.max(*number);
                self.push(Instruction::Save(2 * (number - 1)))?;
                self.add(tree)?;
                self.push(Instruction::Save(2 * number - 1)).map(drop)
            }
            Tree::Look { tree, is_behind, is_negated } => {
                let (is_behind, is_negated) = (*is_behind, *is_negated);
                let look = self.push(Instruction::Look { is_behind, is_negated, end: 0 })?;
                self.add(tree)?;
                self.push(Instruction::Accept)?;
                self.instructions[look] = Instruction::Look { is_behind, is_negated, end: self.here() };
                Ok(())
            }
            Tree::Repeat { tree, least, most, is_lazy, groups } => {
                for _ in 0..*least {
                    self.once(tree, *groups)?;
                }
                match most {
                    None => self.forever(tree, *is_lazy, *groups),
                    Some(most) => self.up_to(tree, most - least, *is_lazy, *groups),
                }
            }
        }
    }

    fn either(&mut self, options: &[Tree]) -> Result<(), String> {
        let mut jumps = Vec::new();
        for (place, option) in options.iter().enumerate() {
            if place + 1 == options.len() {
                self.add(option)?;
                continue;
            }
            let split = self.push(Instruction::Split(0, 0))?;
            self.add(option)?;
            jumps.push(self.push(Instruction::Jump(0))?);
            self.instructions[split] = Instruction::Split(split + 1, self.here());
        }
        let end = self.here();
        for jump in jumps {
            self.instructions[jump] = Instruction::Jump(end);
        }
        Ok(())
    }

    /// Groups are forgotten before each turn, as JavaScript does.
    fn once(&mut self, tree: &Tree, groups: (usize, usize)) -> Result<(), String> {
        if groups.0 < groups.1 {
            self.push(Instruction::Forget(2 * groups.0, 2 * groups.1))?;
        }
        self.add(tree)
    }

    fn split(&mut self, place: usize, is_lazy: bool) {
        let (on, past) = (place + 1, self.here());
        self.instructions[place] = if is_lazy { Instruction::Split(past, on) } else { Instruction::Split(on, past) };
    }

    fn forever(&mut self, tree: &Tree, is_lazy: bool, groups: (usize, usize)) -> Result<(), String> {
        let register = self.registers;
        self.registers += 1;
        let split = self.push(Instruction::Split(0, 0))?;
        self.push(Instruction::Mark(register))?;
        self.once(tree, groups)?;
        self.push(Instruction::Moved(register))?;
        self.push(Instruction::Jump(split))?;
        self.split(split, is_lazy);
        Ok(())
    }

    fn up_to(&mut self, tree: &Tree, times: usize, is_lazy: bool, groups: (usize, usize)) -> Result<(), String> {
        let mut splits = Vec::new();
        for _ in 0..times {
            splits.push(self.push(Instruction::Split(0, 0))?);
            let register = self.registers;
            self.registers += 1;
            self.push(Instruction::Mark(register))?;
            self.once(tree, groups)?;
            self.push(Instruction::Moved(register))?;
        }
        for split in splits {
            self.split(split, is_lazy);
        }
        Ok(())
    }
}
