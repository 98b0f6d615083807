//! A WebAssembly program in parts: what a first visit runs, the rest, and what only some scenes need.
//!
//! [`instrument`] makes a program that notes which of its functions run; [`split`] takes the others out of it. In their
//! place stand stubs that call through the function table, where a later part, once it is instantiated, puts them.
//! A stub that is called before that calls an export of the program first (`LaterPart::loader`), which has to bring the
//! part and to set a global (`LaterPart::joined`) before it returns. Parts call each other through the first one.
//!
//! Constants that no function of the first part can reach ([`data`]) move too, and so does what stands between the marks
//! of [`later`]; zeros stand in their place.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::ops::Range;
use wasm_encoder::reencode::{self, Reencode, utils};
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, DataSection, ExportKind, ExportSection, Function, GlobalSection, GlobalType,
    ImportSection, Instruction, Module, ValType,
};
use wasmparser as read;

mod behind;
mod data;
mod instrument;
mod later;
mod lent;
mod names;
mod rest;

use lent::{Moved, added, function_names, global_name, grown, table_name};

pub use instrument::instrument;
pub use names::rename;

/// A part that the page loads later.
pub struct LaterPart {
    /// As its file is named.
    pub name: &'static str,
    /// The export of the program that brings it: no parameters, no results.
    pub loader: &'static str,
    /// The global exported by the first part that says whether it is there.
    pub joined: &'static str,
}

/// The rest, and behind it what only an interpreter calls that few scenes need: see [`behind`].
pub const LATER: [LaterPart; 2] = [
    LaterPart { name: "rest", loader: "loadRest", joined: "joined" },
    LaterPart { name: "jsonata", loader: "loadJsonata", joined: "joinedJsonata" },
];
/// The name under which later parts import what the first one exports.
pub const FIRST: &str = "first";

pub struct Parts {
    pub first: Vec<u8>,
    /// By their order in [`LATER`]; none where nothing belongs to it.
    pub later: Vec<Option<Vec<u8>>>,
    /// By what the first part calls what it imports, where that is shorter: see [`names`].
    pub renamed: BTreeMap<String, String>,
}

type Done = Result<(), reencode::Error<Infallible>>;

fn sentence(error: impl std::fmt::Display) -> String {
    format!("the program cannot be taken apart: {error}")
}

const FLAG: GlobalType = GlobalType { val_type: ValType::I32, mutable: true, shared: false };

/// Takes the functions out of the program that did not run: `ran` has one entry a function, in the code's order. `map` is
/// what the linker tells of the program.
pub fn split(program: &[u8], ran: &[bool], map: &str) -> Result<Parts, String> {
    let mut read = Program::read(program)?;
    if ran.len() != read.types.len() {
        return Err(format!("{} functions were watched, the program has {}", ran.len(), read.types.len()));
    }
    let rest = read.loaders[0].ok_or_else(|| format!("the program does not export {}", LATER[0].loader))?;
    let mut stays = ran.to_vec();
    for loader in read.loaders.into_iter().flatten() {
        read.keep_reachable(loader, &mut stays)?;
    }
    for (stays, body) in stays.iter_mut().zip(&read.bodies) {
        *stays |= is_bound(body)?;
    }
    let behind = if read.loaders[1].is_some() { read.only_behind(&stays)? } else { vec![false; stays.len()] };
    let part_of = |at: usize| (!stays[at]).then_some(usize::from(behind[at]));

    let mut moved: [Moved; 2] = Default::default();
    for at in 0..stays.len() {
        if let Some(part) = part_of(at) {
            moved[part].functions.push(at);
        }
    }
    let first_place = read.tables[0].initial as u32;
    moved[0].table = first_place;
    moved[1].table = first_place + moved[0].functions.len() as u32;
    // A function that nothing outside of its part can reach needs no stub.
    let mut wanted: BTreeSet<u32> = read.named.clone();
    let mut mentioned = BTreeSet::new();
    for (at, body) in read.bodies.iter().enumerate() {
        let uses = Uses::of(body)?;
        let Some(part) = part_of(at) else {
            mentioned.extend(data::mentioned(body)?);
            wanted.extend(uses.functions);
            continue;
        };
        let others = uses.functions.into_iter().filter(|index| read.place(*index).and_then(part_of) != Some(part));
        moved[part].borrowed.functions.extend(others);
        moved[part].borrowed.globals.extend(uses.globals);
    }
    wanted.extend(moved.iter().flat_map(|moved| &moved.borrowed.functions));
    let slots: Vec<Slot> = (0..stays.len())
        .map(|at| match part_of(at) {
            None => Slot::Here,
            Some(_) if !wanted.contains(&read.index(at)) => Slot::Unreachable,
            Some(part) => {
                let place = moved[part].functions.partition_point(|before| *before < at) as u32;
                Slot::Stub { part, slot: moved[part].table + place }
            }
        })
        .collect();

    read.move_data(&data::Constants::new(map, &read.segments, &later::texts())?.unreached(&mentioned));
    let mut first = Module::new();
    let loaders = [rest, read.loaders[1].unwrap_or(rest)];
    First { read: &read, slots: &slots, moved: &moved, loaders, joined: 0, at: 0 }
        .parse_core_module(&mut first, read::Parser::new(0), program)
        .map_err(sentence)?;
    let mut later = Vec::new();
    for (part, own) in moved.iter().enumerate() {
        let is_there = part == 0 || !own.functions.is_empty();
        later.push(if is_there { Some(rest::rest(&read, &moved, part).map_err(sentence)?) } else { None });
    }
    Ok(Parts { first: first.finish(), later, renamed: read.renamed })
}

/// What is to be known of a program before it is taken apart.
struct Program<'a> {
    type_section: read::TypeSectionReader<'a>,
    signatures: Vec<read::FuncType>,
    /// The type of each imported function.
    imported: Vec<u32>,
    /// The type of each function of its own.
    types: Vec<u32>,
    bodies: Vec<read::FunctionBody<'a>>,
    /// The first is the one that functions are called through.
    tables: Vec<read::TableType>,
    memory: read::MemoryType,
    globals: Vec<read::GlobalType>,
    /// The exports that bring the later parts.
    loaders: [Option<u32>; 2],
    /// Whether a function is the interpreter's, as its name says.
    gates: Vec<bool>,
    /// Functions that are exported or in the table.
    named: BTreeSet<u32>,
    renamed: BTreeMap<String, String>,
    /// Data by its address.
    segments: Vec<(u32, &'a [u8])>,
    /// Where the data lies that the second part brings.
    later: Vec<Range<u32>>,
}

impl<'a> Program<'a> {
    fn read(program: &'a [u8]) -> Result<Self, String> {
        let mut type_section = None;
        let (mut signatures, mut imported, mut types, mut bodies) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let (mut tables, mut memory, mut globals) = (Vec::new(), None, Vec::new());
        let (mut imports, mut exports) = (Vec::new(), BTreeSet::new());
        let (mut loaders, mut named) = ([None; 2], BTreeSet::new());
        let mut gate_indexes = BTreeSet::new();
        let (mut segments, mut later) = (Vec::new(), Vec::new());
        for payload in read::Parser::new(0).parse_all(program) {
            match payload.map_err(sentence)? {
                read::Payload::TypeSection(section) => {
                    type_section = Some(section.clone());
                    signatures = section.into_iter_err_on_gc_types().collect::<Result<_, _>>().map_err(sentence)?;
                }
                read::Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        let import = import.map_err(sentence)?;
                        imports.push(import.name);
                        match import.ty {
                            read::TypeRef::Func(index) => imported.push(index),
                            other => return Err(sentence(format!("it imports {other:?}"))),
                        }
                    }
                }
                read::Payload::FunctionSection(section) => {
                    types = section.into_iter().collect::<Result<_, _>>().map_err(sentence)?;
                }
                read::Payload::TableSection(section) => {
                    for table in section {
                        tables.push(table.map_err(sentence)?.ty);
                    }
                }
                read::Payload::MemorySection(section) => {
                    memory = section.into_iter().next().transpose().map_err(sentence)?;
                }
                read::Payload::GlobalSection(section) => {
                    for global in section {
                        globals.push(global.map_err(sentence)?.ty);
                    }
                }
                read::Payload::ExportSection(section) => {
                    for export in section {
                        let export = export.map_err(sentence)?;
                        exports.insert(export.name);
                        if matches!(export.kind, read::ExternalKind::Func) {
                            named.insert(export.index);
                            if let Some(part) = LATER.iter().position(|part| part.loader == export.name) {
                                loaders[part] = Some(export.index);
                            }
                        }
                    }
                }
                read::Payload::ElementSection(section) => {
                    for element in section {
                        match element.map_err(sentence)?.items {
                            read::ElementItems::Functions(items) => {
                                for index in items {
                                    named.insert(index.map_err(sentence)?);
                                }
                            }
                            read::ElementItems::Expressions(..) => {
                                return Err(sentence("its table holds expressions"));
                            }
                        }
                    }
                }
                read::Payload::CodeSectionEntry(body) => bodies.push(body),
                read::Payload::DataSection(section) => {
                    for segment in section {
                        let segment = segment.map_err(sentence)?;
                        let address = later::address(&segment.kind)?;
                        segments.push((address, segment.data));
                        if let Some(moved) = later::range_in(segment.data)? {
                            later.push(address + moved.start as u32..address + moved.end as u32);
                        }
                    }
                }
                read::Payload::CustomSection(section) => gate_indexes.extend(behind::gates(&section)?),
                _ => {}
            }
        }
        let gates = (0..types.len()).map(|at| gate_indexes.contains(&((imported.len() + at) as u32))).collect();
        Ok(Self {
            type_section: type_section.ok_or_else(|| sentence("it has no types"))?,
            signatures,
            imported,
            types,
            bodies,
            tables: Some(tables)
                .filter(|tables| tables.first().is_some_and(|table| table.element_type == read::RefType::FUNCREF))
                .ok_or_else(|| sentence("it has no function table"))?,
            memory: memory.ok_or_else(|| sentence("it has no memory"))?,
            globals,
            loaders,
            gates,
            named,
            renamed: names::shortened(&imports, &exports),
            segments,
            later,
        })
    }

    /// These places too are the second part's business.
    fn move_data(&mut self, places: &[Range<u32>]) {
        self.later.extend_from_slice(places);
        self.later.sort_by_key(|place| place.start);
        let mut joined: Vec<Range<u32>> = Vec::new();
        for place in self.later.drain(..) {
            match joined.last_mut() {
                Some(last) if place.start <= last.end => last.end = last.end.max(place.end),
                _ => joined.push(place),
            }
        }
        self.later = joined;
    }

    /// The data that the second part brings, by its address. Constants are never written, so those that lie between two
    /// close places may come again.
    fn brought(&self) -> Vec<(u32, &'a [u8])> {
        let mut brought = Vec::new();
        for (address, data) in &self.segments {
            let mut places: Vec<Range<usize>> = Vec::new();
            for place in self.later.iter().map(|place| inside(place, *address, data)).filter(|place| !place.is_empty())
            {
                match places.last_mut() {
                    Some(last) if place.start <= last.end + CLOSE => last.end = place.end,
                    _ => places.push(place),
                }
            }
            brought.extend(places.into_iter().map(|place| (address + place.start as u32, &data[place])));
        }
        brought
    }

    /// Functions are counted with the imported ones first.
    fn index(&self, at: usize) -> u32 {
        (self.imported.len() + at) as u32
    }

    /// The place in the code of a function of its own.
    fn place(&self, index: u32) -> Option<usize> {
        (index as usize).checked_sub(self.imported.len())
    }

    fn type_of(&self, index: u32) -> u32 {
        self.place(index).map_or_else(|| self.imported[index as usize], |at| self.types[at])
    }

    /// What brings a later part cannot lie in it.
    fn keep_reachable(&self, function: u32, stays: &mut [bool]) -> Result<(), String> {
        let mut open = vec![function];
        let mut seen = BTreeSet::new();
        while let Some(index) = open.pop() {
            if let Some(at) = self.place(index)
                && seen.insert(index)
            {
                stays[at] = true;
                open.extend(Uses::of(&self.bodies[at])?.functions);
            }
        }
        Ok(())
    }
}

/// A segment costs about as many bytes.
const CLOSE: usize = 8;

/// The part of a place that lies in a segment.
fn inside(place: &Range<u32>, address: u32, data: &[u8]) -> Range<usize> {
    let at = |end: u32| (end.saturating_sub(address) as usize).min(data.len());
    at(place.start)..at(place.end)
}

/// What a function mentions.
#[derive(Default)]
struct Uses {
    functions: BTreeSet<u32>,
    globals: BTreeSet<u32>,
}

/// What a later part takes from the first.
type Borrowed = Uses;

impl Uses {
    fn of(body: &read::FunctionBody<'_>) -> Result<Self, String> {
        let mut uses = Self::default();
        for operator in body.get_operators_reader().map_err(sentence)? {
            match operator.map_err(sentence)? {
                read::Operator::Call { function_index }
                | read::Operator::ReturnCall { function_index }
                | read::Operator::RefFunc { function_index } => {
                    uses.functions.insert(function_index);
                }
                read::Operator::GlobalGet { global_index } | read::Operator::GlobalSet { global_index } => {
                    uses.globals.insert(global_index);
                }
                _ => {}
            }
        }
        Ok(uses)
    }
}

/// Whether a function uses what no later part sees: passive segments.
fn is_bound(body: &read::FunctionBody<'_>) -> Result<bool, String> {
    use read::Operator as Op;
    for operator in body.get_operators_reader().map_err(sentence)? {
        match operator.map_err(sentence)? {
            Op::TableInit { .. } | Op::ElemDrop { .. } | Op::MemoryInit { .. } | Op::DataDrop { .. } => {
                return Ok(true);
            }
            _ => {}
        }
    }
    Ok(false)
}

/// What stands at a function's place in the first part.
enum Slot {
    /// The function.
    Here,
    /// A stub that calls it through this place of the table, once its part is there.
    Stub { part: usize, slot: u32 },
    /// Nothing that could be called.
    Unreachable,
}

struct First<'a> {
    read: &'a Program<'a>,
    slots: &'a [Slot],
    moved: &'a [Moved; 2],
    loaders: [u32; 2],
    /// The first of the globals that say which parts are there.
    joined: u32,
    at: usize,
}

const MEMORY: &str = "memory";

impl Reencode for First<'_> {
    type Error = Infallible;

    fn parse_import_section(&mut self, imports: &mut ImportSection, section: read::ImportSectionReader<'_>) -> Done {
        for import in section.into_imports() {
            let import = import?;
            let name = self.read.renamed.get(import.name).map_or(import.name, |short| short);
            imports.import(import.module, name, self.entity_type(import.ty)?);
        }
        Ok(())
    }

    fn parse_table(&mut self, tables: &mut wasm_encoder::TableSection, table: read::Table<'_>) -> Done {
        if tables.is_empty() {
            let grown = grown(self.table_type(table.ty)?, added(self.moved));
            tables.table(grown);
            return Ok(());
        }
        utils::parse_table(self, tables, table)
    }

    fn parse_global_section(&mut self, globals: &mut GlobalSection, section: read::GlobalSectionReader<'_>) -> Done {
        self.joined = section.count();
        utils::parse_global_section(self, globals, section)?;
        for _ in LATER {
            globals.global(FLAG, &ConstExpr::i32_const(0));
        }
        Ok(())
    }

    fn parse_export_section(&mut self, exports: &mut ExportSection, section: read::ExportSectionReader<'_>) -> Done {
        utils::parse_export_section(self, exports, section)?;
        for (part, global) in LATER.iter().zip(self.joined..) {
            exports.export(part.joined, ExportKind::Global, global);
        }
        for index in 0..self.read.tables.len() {
            exports.export(&table_name(index), ExportKind::Table, index as u32);
        }
        let globals: BTreeSet<u32> = self.moved.iter().flat_map(|moved| &moved.borrowed.globals).copied().collect();
        for index in globals {
            exports.export(&global_name(index), ExportKind::Global, index);
        }
        for (index, name) in function_names(self.moved) {
            exports.export(&name, ExportKind::Func, index);
        }
        Ok(())
    }

    fn parse_function_body(&mut self, code: &mut CodeSection, body: read::FunctionBody<'_>) -> Done {
        let at = self.at;
        self.at += 1;
        let mut function = Function::new([]);
        match self.slots[at] {
            Slot::Here => return utils::parse_function_body(self, code, body),
            Slot::Unreachable => {
                function.instruction(&Instruction::Unreachable);
            }
            Slot::Stub { part, slot } => {
                function.instruction(&Instruction::GlobalGet(self.joined + part as u32));
                function.instruction(&Instruction::I32Eqz);
                function.instruction(&Instruction::If(BlockType::Empty));
                function.instruction(&Instruction::Call(self.loaders[part]));
                function.instruction(&Instruction::End);
                let type_index = self.read.types[at];
                for parameter in 0..self.read.signatures[type_index as usize].params().len() {
                    function.instruction(&Instruction::LocalGet(parameter as u32));
                }
                function.instruction(&Instruction::I32Const(slot as i32));
                function.instruction(&Instruction::CallIndirect { type_index, table_index: 0 });
            }
        }
        function.instruction(&Instruction::End);
        code.function(&function);
        Ok(())
    }

    fn parse_data(&mut self, data: &mut DataSection, segment: read::Data<'_>) -> Done {
        let Ok(address) = later::address(&segment.kind) else { return utils::parse_data(self, data, segment) };
        let mut stays = segment.data.to_vec();
        for place in &self.read.later {
            stays[inside(place, address, segment.data)].fill(0);
        }
        utils::parse_data(self, data, read::Data { data: &stays, ..segment })
    }

    // Names of functions and notes of the tools that made it.
    fn parse_custom_section(&mut self, _: &mut Module, _: read::CustomSectionReader<'_>) -> Done {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
