//! A later part of a program.

use super::lent::{Moved, added, function_names, global_name, grown, table_name};
use super::{FIRST, MEMORY, Program};
use std::convert::Infallible;
use wasm_encoder::reencode::{self, Reencode};
use wasm_encoder::{
    CodeSection, ConstExpr, DataSection, ElementSection, Elements, EntityType, FunctionSection, ImportSection, Module,
    TypeSection,
};

/// Functions of the program by their index in the part.
struct Rest {
    functions: Vec<u32>,
    globals: Vec<u32>,
}

impl Reencode for Rest {
    type Error = Infallible;

    fn function_index(&mut self, index: u32) -> Result<u32, reencode::Error<Infallible>> {
        Ok(self.functions[index as usize])
    }

    fn global_index(&mut self, index: u32) -> Result<u32, reencode::Error<Infallible>> {
        Ok(self.globals[index as usize])
    }
}

/// The part: the functions that moved to it, in the table's new places. The rest brings the data that moved too.
pub(super) fn rest(read: &Program<'_>, all: &[Moved; 2], part: usize) -> Result<Vec<u8>, reencode::Error<Infallible>> {
    let Moved { functions: moved, table: first_place, borrowed } = &all[part];
    let mut map =
        Rest { functions: vec![0; read.imported.len() + read.types.len()], globals: vec![0; read.globals.len()] };
    let mut imports = ImportSection::new();
    imports.import(FIRST, MEMORY, map.memory_type(read.memory)?);
    for (index, table) in read.tables.iter().enumerate() {
        let added = if index == 0 { added(all) } else { 0 };
        imports.import(FIRST, &table_name(index), grown(map.table_type(*table)?, added));
    }
    for (place, index) in borrowed.globals.iter().enumerate() {
        imports.import(FIRST, &global_name(*index), map.global_type(read.globals[*index as usize])?);
        map.globals[*index as usize] = place as u32;
    }
    let names = function_names(all);
    for (place, index) in borrowed.functions.iter().enumerate() {
        imports.import(FIRST, &names[index], EntityType::Function(read.type_of(*index)));
        map.functions[*index as usize] = place as u32;
    }
    let own: Vec<u32> = (0..moved.len()).map(|place| (borrowed.functions.len() + place) as u32).collect();
    let mut functions = FunctionSection::new();
    for (at, index) in moved.iter().zip(&own) {
        functions.function(read.types[*at]);
        map.functions[read.imported.len() + at] = *index;
    }
    let mut elements = ElementSection::new();
    elements.active(None, &ConstExpr::i32_const(*first_place as i32), Elements::Functions(own.as_slice().into()));
    let mut code = CodeSection::new();
    for at in moved {
        map.parse_function_body(&mut code, read.bodies[*at].clone())?;
    }
    let mut types = TypeSection::new();
    map.parse_type_section(&mut types, read.type_section.clone())?;
    let mut module = Module::new();
    module.section(&types).section(&imports).section(&functions).section(&elements).section(&code);
    let mut data = DataSection::new();
    let brought = if part == 0 { read.brought() } else { Vec::new() };
    for (address, bytes) in brought {
        data.active(0, &ConstExpr::i32_const(address as i32), bytes.iter().copied());
    }
    if !data.is_empty() {
        module.section(&data);
    }
    Ok(module.finish())
}
