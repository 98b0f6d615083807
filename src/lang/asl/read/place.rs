//! Where something stands in a definition, as a list that the reader holds on its stack: it is written out only for a problem.

/// A longer name is cut in places, so that they stay short whatever a definition calls its states.
const NAME_CHARS_MAX: usize = 80;

#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    around: Option<&'a Place<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Step<'a> {
    Whole,
    Name(&'a str),
    Index(usize),
}

impl<'a> Place<'a> {
    pub(super) const WHOLE: Place<'static> = Place { around: None, step: Step::Whole };

    pub(super) fn field(&'a self, name: &'a str) -> Place<'a> {
        Place { around: Some(self), step: Step::Name(name) }
    }

    pub(super) fn item(&'a self, index: usize) -> Place<'a> {
        Place { around: Some(self), step: Step::Index(index) }
    }

    /// `States.Pay.Retry[0]`.
    pub(super) fn dotted(&self) -> String {
        self.written('.')
    }

    /// `/States/Pay/Retry[0]`, as AWS writes it; `/` is the whole.
    pub(super) fn pointer(&self) -> String {
        format!("/{}", self.written('/'))
    }

    fn written(&self, between: char) -> String {
        let mut steps = Vec::new();
        let mut here = Some(self);
        while let Some(place) = here {
            steps.push(place.step);
            here = place.around;
        }
        let mut text = String::new();
        for step in steps.iter().rev() {
            match step {
                Step::Whole => {}
                Step::Name(name) => {
                    if !text.is_empty() {
                        text.push(between);
                    }
                    text.push_str(&short(name, NAME_CHARS_MAX));
                }
                Step::Index(index) => text.push_str(&format!("[{index}]")),
            }
        }
        text
    }
}

/// A text of the definition for a sentence: no longer than it can be read.
pub(super) fn short(text: &str, chars_max: usize) -> String {
    match text.char_indices().nth(chars_max) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
