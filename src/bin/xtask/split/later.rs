//! Data of the program that the second part brings.

use super::sentence;
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
