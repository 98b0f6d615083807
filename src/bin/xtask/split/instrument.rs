//! A program that notes which of its functions run.

use super::{Done, FLAG, Program, sentence};
use std::convert::Infallible;
use wasm_encoder::reencode::{Reencode, utils};
use wasm_encoder::{CodeSection, ConstExpr, ExportKind, ExportSection, GlobalSection, Instruction, Module};
use wasmparser as read;

/// The exports of an instrumented program: one global a function, by its place in the code, 1 when it has run.
pub const RAN: &str = "ran";

/// The program, with one exported global a function that becomes 1 when the function is called.
pub fn instrument(program: &[u8]) -> Result<Vec<u8>, String> {
    let functions = Program::read(program)?.types.len() as u32;
    let mut module = Module::new();
    Instrument { functions, first_flag: 0, at: 0 }
        .parse_core_module(&mut module, read::Parser::new(0), program)
        .map_err(sentence)?;
    Ok(module.finish())
}

struct Instrument {
    functions: u32,
    first_flag: u32,
    at: u32,
}

impl Reencode for Instrument {
    type Error = Infallible;

    fn parse_global_section(&mut self, globals: &mut GlobalSection, section: read::GlobalSectionReader<'_>) -> Done {
        self.first_flag = section.count();
        utils::parse_global_section(self, globals, section)?;
        for _ in 0..self.functions {
            globals.global(FLAG, &ConstExpr::i32_const(0));
        }
        Ok(())
    }

    fn parse_export_section(&mut self, exports: &mut ExportSection, section: read::ExportSectionReader<'_>) -> Done {
        utils::parse_export_section(self, exports, section)?;
        for function in 0..self.functions {
            exports.export(&format!("{RAN}{function}"), ExportKind::Global, self.first_flag + function);
        }
        Ok(())
    }

    fn parse_function_body(&mut self, code: &mut CodeSection, body: read::FunctionBody<'_>) -> Done {
        let mut function = self.new_function_with_parsed_locals(&body)?;
        function.instruction(&Instruction::I32Const(1));
        function.instruction(&Instruction::GlobalSet(self.first_flag + self.at));
        self.at += 1;
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            function.instruction(&self.parse_instruction(&mut operators)?);
        }
        code.function(&function);
        Ok(())
    }
}
