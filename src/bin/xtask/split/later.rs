//! Data of the program that the second part brings.

use super::sentence;
use decoupled::scene::gallery;
use decoupled::services::{Kind, LinkKind, Property, PropertyKind};
use std::collections::BTreeSet;
use std::ops::Range;
use wasmparser as read;

/// The two ends of the data, as they stand in `src/scene/gallery.rs`. Only a function that a first visit does not call may
/// read what is between them.
const BEGINS: &[u8] = b"\0later data begins\0";
const ENDS: &[u8] = b"\0later data ends\0";

/// Where in a segment it lies.
pub(super) fn range_in(data: &[u8]) -> Result<Option<Range<usize>>, String> {
    let find = |mark: &[u8]| data.windows(mark.len()).position(|window| window == mark);
    match (find(BEGINS), find(ENDS)) {
        (None, None) => Ok(None),
        (Some(begins), Some(ends)) if begins < ends => Ok(Some(begins + BEGINS.len()..ends)),
        _ => Err(sentence("the data to be moved has but one end")),
    }
}

/// Where a segment is put when the program begins.
pub(super) fn address(kind: &read::DataKind<'_>) -> Result<u32, String> {
    if let read::DataKind::Active { memory_index: 0, offset_expr } = kind
        && let read::Operator::I32Const { value } = offset_expr.get_operators_reader().read().map_err(sentence)?
    {
        return Ok(value as u32);
    }
    Err(sentence("its data has no fixed place"))
}

/// What the inspector, the menu of faults, the bill and the gallery say: they are opened by hand, and belong to the second part. What reads
/// like something that a run needs, such as a property's name, is not among them: the linker keeps equal texts once.
pub(super) fn texts() -> BTreeSet<&'static [u8]> {
    let (mut texts, mut needed) = (Texts::new(), Texts::new());
    for spec in Kind::ALL.iter().map(|kind| kind.spec()) {
        add(spec.properties, spec.not_modelled, &mut texts, &mut needed);
        texts.insert(spec.link);
        texts.extend(spec.prices.iter().flat_map(|price| [price.what, price.unit, price.page]));
        texts.extend(spec.frailty.faults.iter().flat_map(|fault| [fault.label, fault.help]));
        needed.extend([
            spec.kind,
            spec.name,
            spec.summary,
            spec.stem,
            spec.glyph,
            spec.group.title(),
            spec.family.css(),
        ]);
        needed.extend(spec.charts);
        needed.extend(spec.frailty.faults.iter().map(|fault| fault.name));
    }
    for spec in LinkKind::ALL.iter().map(|kind| kind.spec()) {
        add(spec.properties, spec.not_modelled, &mut texts, &mut needed);
        texts.extend(spec.faults.iter().flat_map(|fault| [fault.label, fault.help]));
        needed.extend([spec.name, spec.also, spec.label, spec.to_itself]);
    }
    // Beside the scene that a new visitor sees, a gallery that is open names the others.
    texts.extend(gallery::ALL[1..].iter().flat_map(|scene| [scene.title, scene.summary]));
    // Names of facts, metrics and fields are single words.
    let is_shown = |text: &&&str| text.contains([' ', '-', '/']);
    texts.difference(&needed).filter(is_shown).map(|text| text.as_bytes()).collect()
}

type Texts = BTreeSet<&'static str>;

fn add(properties: &[Property], absent: &[(&'static str, &'static str)], texts: &mut Texts, needed: &mut Texts) {
    for (name, why) in absent {
        texts.insert(why);
        needed.insert(name);
    }
    for property in properties {
        texts.extend([property.help, property.label, property.fact]);
        needed.extend([property.name, property.default, property.unit]);
        match property.kind {
            PropertyKind::Object(inner) => add(inner, &[], texts, needed),
            PropertyKind::Choice(choices) | PropertyKind::SwitchedChoice(choices) | PropertyKind::Node(choices) => {
                needed.extend(choices);
            }
            _ => {}
        }
    }
}
