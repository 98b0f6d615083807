//! A small program, taken apart.

use super::*;
use std::collections::BTreeSet;
use wasm_encoder::{EntityType, FunctionSection, TableType, TypeSection};

/// Three functions that call each other: the loader, one that calls the third, the third.
fn program(loader: &str) -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function([], []);
    types.ty().function([ValType::I32], [ValType::I32]);
    let mut functions = FunctionSection::new();
    functions.function(0).function(1).function(1);
    let mut tables = wasm_encoder::TableSection::new();
    let table = TableType {
        element_type: wasm_encoder::RefType::FUNCREF,
        table64: false,
        minimum: 1,
        maximum: None,
        shared: false,
    };
    tables.table(table);
    let mut memories = wasm_encoder::MemorySection::new();
    let pages =
        wasm_encoder::MemoryType { minimum: 1, maximum: None, memory64: false, shared: false, page_size_log2: None };
    memories.memory(pages);
    let mut exports = ExportSection::new();
    exports.export(loader, ExportKind::Func, 1).export("double", ExportKind::Func, 2);
    exports.export(MEMORY, ExportKind::Memory, 0);
    let mut code = CodeSection::new();
    for body in [
        vec![],
        vec![Instruction::LocalGet(0), Instruction::Call(3)],
        vec![
            Instruction::I32Const(8),
            Instruction::Drop,
            Instruction::LocalGet(0),
            Instruction::LocalGet(0),
            Instruction::I32Add,
        ],
    ] {
        let mut function = Function::new([]);
        body.iter().chain(&[Instruction::End]).for_each(|instruction| {
            function.instruction(instruction);
        });
        code.function(&function);
    }
    let mut imports = ImportSection::new();
    imports.import("bindings", "__wbg_open_12ab", EntityType::Function(0));
    let mut module = Module::new();
    module.section(&types).section(&imports).section(&functions).section(&tables).section(&memories);
    let mut data = DataSection::new();
    data.active(0, &ConstExpr::i32_const(8), DATA.iter().copied());
    module.section(&GlobalSection::new()).section(&exports).section(&code).section(&data);
    module.finish()
}

/// The constant, as the linker tells of it.
const MAP: &str = "       8        0       37         program.o:(.rodata.all)\n";

const DATA: &[u8] = b"soon\0later data begins\0a scene\0later data ends\0soon too";

fn data_of(module: &[u8]) -> Vec<(u32, Vec<u8>)> {
    let sections = read::Parser::new(0).parse_all(module).filter_map(|payload| match payload.expect("a module") {
        read::Payload::DataSection(section) => Some(section),
        _ => None,
    });
    let segments = sections.flatten().map(|segment| segment.expect("a segment"));
    segments.map(|segment| (later::address(&segment.kind).expect("a fixed place"), segment.data.to_vec())).collect()
}

fn rest_of(parts: &Parts) -> &[u8] {
    assert_eq!(parts.later[1], None, "nothing is behind the interpreter");
    parts.later[0].as_deref().expect("there is a rest")
}

#[test]
fn data_between_the_marks_moves_to_the_rest() {
    let parts = split(&program(LATER[0].loader), &[true; 3], MAP).expect("it has two parts");
    let (place, scene) = (DATA.windows(7).position(|window| window == b"a scene").expect("it is there"), b"a scene");
    assert_eq!(data_of(rest_of(&parts)), [(8 + place as u32, scene.to_vec())]);
    let mut zeroed = DATA.to_vec();
    zeroed[place..place + scene.len()].fill(0);
    assert_eq!(data_of(&parts.first), [(8, zeroed)]);
    assert!(later::range_in(b"\0later data begins\0").is_err());
}

#[test]
fn a_constant_moves_with_the_only_function_that_mentions_it() {
    let parts = split(&program(LATER[0].loader), &[true, true, false], MAP).expect("it has two parts");
    assert_eq!(data_of(rest_of(&parts)), [(8, DATA.to_vec())]);
    assert_eq!(data_of(&parts.first), [(8, vec![0; DATA.len()])]);
}

#[test]
fn what_is_led_to_is_reached() {
    // Four texts, a table of two of them, and three merged ones.
    let map = "  100 0 4 a.o:(.rodata.a)\n  100 0 4    its name\n  104 0 4 a.o:(.rodata.b)\n  108 0 3 a.o:(.rodata.c)\n\
               10c 0 8 a.o:(.rodata.table)\n  300 0 9 <internal>:(.rodata)\n  600 0 4 a.o:(.data.counter)\n";
    let none = BTreeSet::new();
    let table: Vec<u8> = [0x100_u32, 0x303].iter().flat_map(|address| address.to_le_bytes()).collect();
    let constants =
        data::Constants::new(map, &[(0x100, b"onetwo\0\0thr\0"), (0x10c, &table), (0x300, b"ab\0cd\0ef\0")], &none);
    let constants = constants.expect("a map");
    let left = |mentioned: &[u32]| constants.unreached(&mentioned.iter().copied().collect());
    assert_eq!(left(&[]), [0x100..0x10b, 0x10c..0x114, 0x300..0x309]);
    assert_eq!(left(&[0x10c]), [0x108..0x10b, 0x300..0x303, 0x306..0x309], "a table leads to what it holds");
    // A text of the second part alone stays for nobody but who mentions it.
    let later = data::Constants::new(
        map,
        &[(0x100, b"onetwo\0\0thr\0"), (0x10c, &table), (0x300, b"ab\0cd\0ef\0")],
        &[&b"onet"[..]].into(),
    );
    let later = later.expect("a map");
    let led = |mentioned: &[u32]| later.unreached(&mentioned.iter().copied().collect());
    assert_eq!(led(&[0x10c]), [0x100..0x104, 0x108..0x10b, 0x300..0x303, 0x306..0x309]);
    assert_eq!(led(&[0x10c, 0x100]), left(&[0x10c, 0x100]));
    assert_eq!(left(&[0x306, 0x108]), [0x10c..0x114, 0x300..0x306], "what may be a table may be walked from its end");
    assert_eq!(left(&[0x5000]), left(&[]), "this far from a constant it is but a number");
    assert_eq!(left(&[0x109]), [], "inside of one: it may mean one behind it, or a table before it");
    // A number that lies before or deep in a long text is none of its places; near its beginning it may be one.
    let long = "    100      500      801         x.o:(.rodata..L1)\n";
    let long = data::Constants::new(long, &[(0x100, &[b'x'; 0x801])], &none).expect("the map tells of it");
    let left = |address: u32| !long.unreached(&[address].into()).is_empty();
    assert_eq!([0xf8, 0x100, 0x120, 0x700].map(left), [true, false, false, true]);
    assert!(data::Constants::new("", &[], &none).is_err_and(|why| why.contains("the linker's map")));
}

fn names(module: &[u8]) -> Vec<String> {
    let mut names = Vec::new();
    for payload in read::Parser::new(0).parse_all(module) {
        match payload.expect("it is a module") {
            read::Payload::ExportSection(section) => {
                names.extend(section.into_iter().map(|export| format!("out {}", export.expect("an export").name)));
            }
            read::Payload::ImportSection(section) => {
                names.extend(section.into_imports().map(|import| format!("in {}", import.expect("an import").name)));
            }
            read::Payload::CodeSectionEntry(body) => {
                let operators = body.get_operators_reader().expect("a body");
                let calls = operators.into_iter().filter_map(|operator| match operator.expect("an operator") {
                    read::Operator::Call { function_index } => Some(format!("call {function_index}")),
                    read::Operator::CallIndirect { .. } => Some("call the table".to_owned()),
                    _ => None,
                });
                names.push(format!("code {}", calls.collect::<Vec<_>>().join(", ")));
            }
            _ => {}
        }
    }
    names
}

#[test]
fn a_watched_program_has_a_flag_for_each_function() {
    let watched = names(&instrument(&program(LATER[0].loader)).expect("it can be watched"));
    assert_eq!(watched.iter().filter(|name| name.starts_with("out ran")).count(), 3);
}

#[test]
fn what_did_not_run_moves_and_is_called_through_the_table() {
    let parts = split(&program(LATER[0].loader), &[false, true, false], MAP).expect("it has two parts");
    assert_eq!(
        names(&parts.first),
        [
            "in _0",
            "out loadRest",
            "out double",
            "out memory",
            "out joined",
            "out joinedJsonata",
            "out t0",
            "code ",
            "code call 3",
            "code call 1, call the table"
        ],
        "the loader stays though it did not run"
    );
    assert_eq!(names(rest_of(&parts)), ["in memory", "in t0", "code "]);
}

#[test]
fn the_rest_calls_what_stayed_by_its_export() {
    let parts = split(&program(LATER[0].loader), &[true, false, true], MAP).expect("it has two parts");
    assert!(names(&parts.first).contains(&"out aa".to_owned()));
    assert_eq!(names(rest_of(&parts)), ["in memory", "in t0", "in aa", "code call 0"]);
}

/// Of four functions the third is the interpreter's and calls the fourth, as names say.
fn interpreted() -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function([], []);
    let mut functions = FunctionSection::new();
    functions.function(0).function(0).function(0).function(0).function(0);
    let mut tables = wasm_encoder::TableSection::new();
    let element_type = wasm_encoder::RefType::FUNCREF;
    tables.table(TableType { element_type, table64: false, minimum: 1, maximum: None, shared: false });
    let mut memories = wasm_encoder::MemorySection::new();
    let memory64 = false;
    memories.memory(wasm_encoder::MemoryType {
        minimum: 1,
        maximum: None,
        memory64,
        shared: false,
        page_size_log2: None,
    });
    let mut exports = ExportSection::new();
    exports.export(LATER[0].loader, ExportKind::Func, 0).export(LATER[1].loader, ExportKind::Func, 1);
    exports.export("run", ExportKind::Func, 2);
    let mut code = CodeSection::new();
    for called in [None, None, Some(3), Some(4), None] {
        let mut function = Function::new([]);
        if let Some(called) = called {
            function.instruction(&Instruction::Call(called));
        }
        function.instruction(&Instruction::End);
        code.function(&function);
    }
    let mut data = DataSection::new();
    data.active(0, &ConstExpr::i32_const(8), DATA.iter().copied());
    let mut named = wasm_encoder::NameMap::new();
    named.append(2, "decoupled::lang::asl::run");
    named.append(3, "<decoupled::lang::jsonata::Expression>::evaluate");
    named.append(4, "core::slice::sort");
    let mut names = wasm_encoder::NameSection::new();
    names.functions(&named);
    let mut module = Module::new();
    module.section(&types).section(&functions).section(&tables).section(&memories).section(&GlobalSection::new());
    module.section(&exports).section(&code).section(&data).section(&names);
    module.finish()
}

#[test]
fn what_only_the_interpreter_calls_is_a_part_of_its_own() {
    let parts = split(&interpreted(), &[true, true, false, false, false], MAP).expect("it has three parts");
    let later: Vec<&[u8]> = parts.later.iter().flatten().map(Vec::as_slice).collect();
    assert_eq!(names(&parts.first)[..3], ["out loadRest", "out loadJsonata", "out run"]);
    // One stub each for what the outside and the rest call; nothing outside calls the last function.
    let code: Vec<String> = names(&parts.first).into_iter().filter(|name| name.starts_with("code")).collect();
    assert_eq!(code, ["code ", "code ", "code call 0, call the table", "code call 1, call the table", "code "]);
    assert_eq!(names(later[0]), ["in memory", "in t0", "in aa", "code call 0"]);
    assert_eq!(names(later[1]), ["in memory", "in t0", "code call 1", "code "]);
    // What ran in a first visit stays, whoever it belongs to.
    let parts = split(&interpreted(), &[true; 5], MAP).expect("it has two parts");
    assert_eq!(parts.later[1], None);
}

#[test]
fn what_cannot_be_split_is_refused() {
    let refusal = |program: &[u8], ran: &[bool]| split(program, ran, MAP).err().expect("a refusal");
    assert!(refusal(&program("other"), &[true; 3]).contains("does not export loadRest"));
    assert!(refusal(&program(LATER[0].loader), &[true; 2]).contains("2 functions were watched, the program has 3"));
    assert!(refusal(b"\0asm", &[]).contains("cannot be taken apart"));
}

#[test]
fn bindings_call_what_is_imported_by_its_short_name() {
    let renamed = names::shortened(&["__wbg_open_12ab", "__wbg_open_12", "other"], &BTreeSet::new());
    assert_eq!(
        rename("x.__wbg_open_12ab(__wbg_open_12)+other $__wbg_open_12", &renamed),
        "x._0(_1)+other $__wbg_open_12"
    );
    assert!(names::shortened(&["__wbg_open_12"], &BTreeSet::from(["__wbg_open_12"])).is_empty());
}
