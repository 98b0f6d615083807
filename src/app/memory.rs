//! The memory of the page: what is saved for going back is given up before there is none left, and a run that goes on
//! growing halts.

/// A page's program has 4 GiB; a browser on a small machine gives less.
const RELIEVED: usize = 1_536 << 20;
/// It is looked at again when it has grown by so much.
const GROWTH: usize = 256 << 20;
const FULL: usize = 3_328 << 20;
const PAGE: usize = 65_536;

/// What is to be done about the memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    Relief,
    Halt,
}

/// Memory never shrinks: each bound is met once.
pub struct Watch {
    next: usize,
}

impl Default for Watch {
    fn default() -> Self {
        Self { next: RELIEVED }
    }
}

impl Watch {
    pub fn look(&mut self) -> Option<Need> {
        self.need(core::arch::wasm32::memory_size::<0>() * PAGE)
    }

    fn need(&mut self, held: usize) -> Option<Need> {
        if held < self.next {
            return None;
        }
        self.next = held + GROWTH;
        Some(if held < FULL { Need::Relief } else { Need::Halt })
    }
}

pub const FULL_WORDS: &str = "The run takes all the memory that a page has. Lower a producer's Rate or the size of its Payload, or begin \
    anew with fewer messages; reload the page to get the memory back.";

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn each_growth_is_met_once() {
        let mut watch = Watch::default();
        assert_eq!(watch.need(RELIEVED - 1), None);
        assert_eq!([watch.need(RELIEVED), watch.need(RELIEVED + 1)], [Some(Need::Relief), None]);
        assert_eq!(
            [watch.need(FULL), watch.need(FULL), watch.need(FULL + GROWTH)],
            [Some(Need::Halt), None, Some(Need::Halt)]
        );
    }
}
