//! What the address of the page asks for, after its `#`: a scene, a moment, a part of the canvas, a way to show it.
//! Unknown parameters are somebody else's; a value that cannot be read is a problem with its place.

use super::rect::Rect;
use super::state::{Mode, Theme};
use crate::engine::Micros;
use crate::lang::duration::{format_duration, parse_duration};
use crate::scene::{Problem, limits};

/// Characters that are looked at: a shared scene, and some hundreds for the rest.
const HASH_CHARS_MAX: usize = limits::SHARE_CHARS_MAX + 4_096;
/// As far as a file's positions may lie.
const FAR: i32 = 1_000_000;
const ORIGINS_MAX: usize = 20;

/// The scene to open, where the address names one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// `s=`: what [`crate::scene::read_share`] opens.
    Shared(String),
    /// `gallery=`: a ready scene by its id.
    Gallery(String),
    /// `kept=`: the visitor's own copy of a shared scene, by its number.
    Kept(u32),
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Address {
    pub source: Option<Source>,
    /// `t=`: the virtual time to show.
    pub at: Option<Micros>,
    /// `view=x,y,width,height`: the part of the canvas to show, whatever the size of the screen.
    pub view: Option<Rect>,
    pub mode: Mode,
    pub autoplay: bool,
    pub theme: Option<Theme>,
    /// `allow=`: the origins whose pages may drive this one from outside their frame.
    pub allow: Vec<String>,
}

impl Address {
    /// Reads what follows the `#`, with or without it.
    #[must_use]
    pub fn read(hash: &str) -> (Self, Vec<Problem>) {
        let (mut address, mut problems) = (Self::default(), Vec::new());
        let hash = hash.strip_prefix('#').unwrap_or(hash);
        if hash.len() > HASH_CHARS_MAX {
            let message = format!(
                "The address has {} characters; {HASH_CHARS_MAX} are read. Ask for the scene as a file.",
                hash.len()
            );
            return (address, vec![Problem::new("#", message)]);
        }
        for part in hash.split('&') {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            if let Err(message) = address.take(name, &unescaped(value)) {
                problems.push(Problem::new(format!("#{name}"), message));
            }
        }
        (address, problems)
    }

    fn take(&mut self, name: &str, value: &str) -> Result<(), String> {
        match name {
            "s" => self.source = Some(Source::Shared(value.to_owned())),
            "gallery" => self.source = Some(Source::Gallery(value.to_owned())),
            "kept" => self.source = Some(Source::Kept(value.parse().map_err(|_| not(value, "a number"))?)),
            "t" => self.at = Some(parse_duration(value)?),
            "view" => self.view = Some(rect(value).ok_or_else(|| not(value, "four whole numbers x,y,width,height"))?),
            "mode" => self.mode = Mode::named(value).ok_or_else(|| not(value, "edit, play or embed"))?,
            "autoplay" => self.autoplay = !matches!(value, "0" | "false"),
            "theme" => self.theme = Some(theme(value).ok_or_else(|| not(value, "light, dark or system"))?),
            "allow" => {
                let room = ORIGINS_MAX.saturating_sub(self.allow.len());
                let origins = value.split([',', ' ']).filter(|origin| !origin.is_empty());
                self.allow.extend(origins.take(room).map(str::to_owned));
            }
            _ => {}
        }
        Ok(())
    }

    /// What follows the `#` of this address.
    #[must_use]
    pub fn write(&self) -> String {
        let mut parts = Vec::new();
        match &self.source {
            Some(Source::Shared(share)) => parts.push(format!("s={share}")),
            Some(Source::Gallery(id)) => parts.push(format!("gallery={}", escaped(id))),
            Some(Source::Kept(number)) => parts.push(format!("kept={number}")),
            None => {}
        }
        parts.extend(self.at.map(|at| format!("t={}", format_duration(at))));
        parts.extend(self.view.map(|view| {
            let [x, y, width, height] = [view.x, view.y, view.width, view.height].map(|length| length as i32);
            format!("view={x},{y},{},{}", width.max(1), height.max(1))
        }));
        if self.mode != Mode::Edit {
            parts.push(format!("mode={}", self.mode.name()));
        }
        if self.autoplay {
            parts.push("autoplay".to_owned());
        }
        parts.extend(self.theme.map(|theme| format!("theme={}", theme.name())));
        parts.extend(self.allow.iter().map(|origin| format!("allow={}", escaped(origin))));
        parts.join("&")
    }
}

fn not(value: &str, wanted: &str) -> String {
    let shown: String = value.chars().take(40).collect();
    format!("\"{shown}\" is not {wanted}; it is left out")
}

fn rect(value: &str) -> Option<Rect> {
    let mut numbers = value.split(',').map(|number| number.parse::<i32>().ok());
    let mut next = || numbers.next().flatten().filter(|number| number.abs() <= FAR).map(|number| number as f32);
    let (x, y, width, height) = (next()?, next()?, next()?, next()?);
    (width >= 1.0 && height >= 1.0 && numbers.next().is_none()).then_some(Rect { x, y, width, height })
}

fn theme(value: &str) -> Option<Theme> {
    [Theme::System, Theme::Light, Theme::Dark].into_iter().find(|theme| theme.name() == value)
}

/// With `%41` as `A`. What is no text stays as it was.
fn unescaped(value: &str) -> String {
    if !value.contains('%') {
        return value.to_owned();
    }
    let (mut bytes, mut rest) = (Vec::with_capacity(value.len()), value.as_bytes());
    while let [byte, after @ ..] = rest {
        let meant = match rest {
            [b'%', high, low, ..] => digit(*high).zip(digit(*low)).map(|(high, low)| high << 4 | low),
            _ => None,
        };
        bytes.push(meant.unwrap_or(*byte));
        rest = if meant.is_some() { &rest[3..] } else { after };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| value.to_owned())
}

fn digit(character: u8) -> Option<u8> {
    char::from(character).to_digit(16).map(|digit| digit as u8)
}

fn escaped(value: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/".contains(&byte);
    value.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let view = Rect { x: -20.0, y: 4.0, width: 800.0, height: 600.0 };
        let all = Address {
            source: Some(Source::Shared("AQ-_z".to_owned())),
            at: Some(12_480_000),
            view: Some(view),
            mode: Mode::Embed,
            autoplay: true,
            theme: Some(Theme::Dark),
            allow: vec!["https://a.example".to_owned(), "https://b.example:8443".to_owned()],
        };
        let text = "s=AQ-_z&t=12480ms&view=-20,4,800,600&mode=embed&autoplay&theme=dark\
                    &allow=https://a.example&allow=https://b.example:8443";
        assert_eq!(all.write(), text);
        assert_eq!(Address::read(&format!("#{text}")), (all, vec![]));
        for source in [Source::Gallery("fan-out".to_owned()), Source::Kept(3)] {
            let address = Address { source: Some(source), ..Address::default() };
            assert_eq!(Address::read(&address.write()), (address, vec![]));
        }
        assert_eq!((Address::default().write(), Address::read("")), (String::new(), (Address::default(), vec![])));
    }

    #[test]
    fn what_cannot_be_read_is_named_and_left_out() {
        let (address, problems) =
            Address::read("#t=soon&view=1,2,3&mode=kiosk&theme=pink&kept=-1&autoplay=false&x=1&a");
        assert_eq!(address, Address::default());
        let places: Vec<&str> = problems.iter().map(|problem| &*problem.place).collect();
        assert_eq!(places, ["#t", "#view", "#mode", "#theme", "#kept"]);
        for hash in ["view=1,2,0,4", "view=1,2,3,4,5", "view=9999999,0,1,1", "view=NaN,0,1,1", "view=1e3,0,1,1"] {
            assert_eq!(Address::read(hash).1.len(), 1, "{hash}");
        }
        let (address, problems) = Address::read(&format!("mode=embed&x={}", "y".repeat(HASH_CHARS_MAX)));
        assert_eq!((address.mode, problems[0].place.as_str()), (Mode::Edit, "#"));
    }

    #[test]
    fn escapes_are_taken_and_broken_ones_stay() {
        for (text, meant) in
            [("%41%2f%2F", "A//"), ("%4", "%4"), ("%zz", "%zz"), ("%C3%A4", "ä"), ("%ff", "%ff"), ("%", "%")]
        {
            assert_eq!(unescaped(text), meant, "{text}");
        }
        let (address, _) = Address::read("allow=https%3A%2F%2Fa.example%2Chttps://b.example&allow=null");
        assert_eq!(address.allow, ["https://a.example", "https://b.example", "null"]);
    }
}
