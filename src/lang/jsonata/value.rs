//! The values of an evaluation. Lists carry the marks that JSONata gives them; copies share what they hold.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};
use std::rc::Rc;

use serde_json::Number;

use super::RESULT_DEPTH_MAX;
use super::function::{Frame, Function};

#[derive(Clone)]
pub(super) enum Value {
    Undefined,
    Null,
    Bool(bool),
    Number(f64),
    Text(Rc<str>),
    List(Rc<Items>, Marks),
    Object(Rc<Object>),
    Function(Rc<Function>),
    /// Items with the variables that a path bound on its way to each.
    Tuples(Rc<Vec<Tuple>>),
}

/// What a list holds.
#[derive(Clone, Default)]
pub(super) struct Items(Vec<Value>);

impl Deref for Items {
    type Target = Vec<Value>;

    fn deref(&self) -> &Vec<Value> {
        &self.0
    }
}

impl DerefMut for Items {
    fn deref_mut(&mut self) -> &mut Vec<Value> {
        &mut self.0
    }
}

impl From<Vec<Value>> for Items {
    fn from(items: Vec<Value>) -> Self {
        Self(items)
    }
}

impl Drop for Items {
    fn drop(&mut self) {
        discard(self.0.drain(..).map(Remains::Value));
    }
}

/// What is let go of and may hold more.
pub(super) enum Remains {
    Value(Value),
    Frame(#[expect(dead_code, reason = "it is held to be let go of")] Rc<Frame>),
}

impl Remains {
    fn holds_more(&self) -> bool {
        match self {
            Self::Value(value) => {
                matches!(value, Value::List(..) | Value::Object(_) | Value::Function(_) | Value::Tuples(_))
            }
            Self::Frame(_) => true,
        }
    }
}

std::thread_local! {
    static REMAINS: RefCell<(bool, Vec<Remains>)> = const { RefCell::new((false, Vec::new())) };
}

/// Lets go of values one after the other: what lies deep would need as much stack if each let go of what it holds.
pub(super) fn discard(remains: impl Iterator<Item = Remains>) {
    let begins = REMAINS.with(|all| {
        let mut all = all.borrow_mut();
        all.1.extend(remains.filter(Remains::holds_more));
        !std::mem::replace(&mut all.0, true)
    });
    if !begins {
        return;
    }
    while let Some(next) = REMAINS.with(|all| all.borrow_mut().1.pop()) {
        drop(next);
    }
    REMAINS.with(|all| all.borrow_mut().0 = false);
}

/// What JSONata knows of a list beside its items.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Marks {
    /// A result of a path: one item alone is that item.
    pub is_sequence: bool,
    /// One item alone stays a list.
    pub keeps_singleton: bool,
    /// Written as a list in the expression: a path does not flatten it.
    pub is_constructed: bool,
    /// Holds the input, which is a list itself.
    pub is_outer: bool,
}

pub(super) const PLAIN: Marks =
    Marks { is_sequence: false, keeps_singleton: false, is_constructed: false, is_outer: false };
pub(super) const SEQUENCE: Marks = Marks { is_sequence: true, ..PLAIN };

/// Variables by name; `@` is the item itself.
#[derive(Clone, Default)]
pub(super) struct Tuple(pub Vec<(Rc<str>, Value)>);

impl Tuple {
    pub fn of(item: Value) -> Self {
        Self(vec![("@".into(), item)])
    }

    pub fn set(&mut self, name: &str, value: Value) {
        match self.0.iter_mut().find(|(known, _)| &**known == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name.into(), value)),
        }
    }

    pub fn get(&self, name: &str) -> Value {
        self.0.iter().find(|(known, _)| &**known == name).map_or(Value::Undefined, |(_, value)| value.clone())
    }

    pub fn item(&self) -> Value {
        self.get("@")
    }
}

/// From so many fields on, names are looked up in an index.
const INDEXED: usize = 12;

/// Fields in the order in which they came. A transform changes those of its copy.
#[derive(Default)]
pub(super) struct Object(RefCell<Fields>);

impl Drop for Object {
    fn drop(&mut self) {
        discard(self.0.get_mut().all.drain(..).map(|(_, value)| Remains::Value(value)));
    }
}

#[derive(Clone, Default)]
struct Fields {
    all: Vec<(Rc<str>, Value)>,
    index: BTreeMap<Rc<str>, usize>,
}

impl Fields {
    fn place(&self, name: &str) -> Option<usize> {
        if self.all.len() < INDEXED {
            return self.all.iter().position(|(known, _)| &**known == name);
        }
        self.index.get(name).copied()
    }

    fn set(&mut self, name: Rc<str>, value: Value) {
        if let Some(place) = self.place(&name) {
            self.all[place].1 = value;
            return;
        }
        self.all.push((name, value));
        let from = match self.all.len() {
            INDEXED => 0,
            length if length > INDEXED => length - 1,
            _ => return,
        };
        let new = self.all.iter().enumerate().skip(from).map(|(place, (name, _))| (name.clone(), place));
        self.index.extend(new);
    }
}

impl Object {
    pub fn get(&self, name: &str) -> Value {
        let fields = self.0.borrow();
        fields.place(name).map_or(Value::Undefined, |place| fields.all[place].1.clone())
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.borrow().place(name).is_some()
    }

    pub fn set(&self, name: impl Into<Rc<str>>, value: Value) {
        self.0.borrow_mut().set(name.into(), value);
    }

    pub fn remove(&self, name: &str) {
        let mut fields = self.0.borrow_mut();
        if let Some(place) = fields.place(name) {
            let mut all = std::mem::take(&mut *fields).all;
            all.remove(place);
            all.into_iter().for_each(|(name, value)| fields.set(name, value));
        }
    }

    pub fn len(&self) -> usize {
        self.0.borrow().all.len()
    }

    /// Its fields as they are now.
    pub fn fields(&self) -> Vec<(Rc<str>, Value)> {
        self.0.borrow().all.clone()
    }
}

impl FromIterator<(Rc<str>, Value)> for Object {
    /// As in JavaScript, names that are whole numbers come first, by size.
    fn from_iter<T: IntoIterator<Item = (Rc<str>, Value)>>(fields: T) -> Self {
        let mut all = Fields::default();
        fields.into_iter().for_each(|(name, value)| all.set(name, value));
        let number = |name: &str| name.parse::<u32>().ok().filter(|number| number.to_string() == name);
        if all.all.iter().any(|(name, _)| number(name).is_some()) {
            all.all.sort_by_key(|(name, _)| number(name).map_or(u64::MAX, u64::from));
            if all.all.len() >= INDEXED {
                all.index = all.all.iter().enumerate().map(|(place, (name, _))| (name.clone(), place)).collect();
            }
        }
        Self(RefCell::new(all))
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<bool> for Value {
    fn from(is: bool) -> Self {
        Self::Bool(is)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl Value {
    pub fn list(items: Vec<Value>) -> Self {
        Self::List(Rc::new(items.into()), PLAIN)
    }

    pub fn sequence(items: Vec<Value>) -> Self {
        Self::List(Rc::new(items.into()), SEQUENCE)
    }

    pub fn object(fields: impl IntoIterator<Item = (Rc<str>, Value)>) -> Self {
        Self::Object(Rc::new(fields.into_iter().collect()))
    }

    pub fn is_undefined(&self) -> bool {
        matches!(self, Self::Undefined)
    }

    pub fn as_text(&self) -> Option<&Rc<str>> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// A list's items; those of what no list is, itself alone.
    pub fn items(self) -> Rc<Items> {
        match self {
            Self::List(items, _) => items,
            Self::Tuples(tuples) => Rc::new(tuples.iter().map(Tuple::item).collect::<Vec<_>>().into()),
            other => Rc::new(vec![other].into()),
        }
    }

    /// The letter that stands for its kind in a signature.
    pub fn symbol(&self) -> char {
        match self {
            Self::Undefined => 'm',
            Self::Null => 'l',
            Self::Bool(_) => 'b',
            Self::Number(_) => 'n',
            Self::Text(_) => 's',
            Self::List(..) | Self::Tuples(_) => 'a',
            Self::Object(_) => 'o',
            Self::Function(_) => 'f',
        }
    }

    /// The input as an evaluation wants it.
    pub fn from_json(json: &serde_json::Value) -> Self {
        match json {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(is) => Self::Bool(*is),
            serde_json::Value::Number(number) => Self::Number(number.as_f64().unwrap_or_default()),
            serde_json::Value::String(text) => Self::Text(text.as_str().into()),
            serde_json::Value::Array(items) => Self::list(items.iter().map(Self::from_json).collect()),
            serde_json::Value::Object(fields) => {
                Self::object(fields.iter().map(|(name, value)| (name.as_str().into(), Self::from_json(value))))
            }
        }
    }

    /// None for what is undefined, holds a function or lies too deep. Fields that are undefined are left out, as
    /// `JSON.stringify` does.
    pub fn to_json(&self) -> Option<serde_json::Value> {
        self.to_json_within(RESULT_DEPTH_MAX)
    }

    fn to_json_within(&self, depth: usize) -> Option<serde_json::Value> {
        Some(match self {
            Self::Undefined | Self::Function(_) => return None,
            Self::Null => serde_json::Value::Null,
            Self::Bool(is) => (*is).into(),
            Self::Number(number) => json_number(*number),
            Self::Text(text) => text.replace(is_lone_surrogate, "\u{fffd}").into(),
            Self::List(items, _) => {
                let depth = depth.checked_sub(1)?;
                let item = |item: &Value| match item {
                    Value::Undefined => Some(serde_json::Value::Null),
                    item => item.to_json_within(depth),
                };
                items.iter().map(item).collect::<Option<Vec<_>>>()?.into()
            }
            Self::Tuples(_) => return Self::List(self.clone().items(), PLAIN).to_json_within(depth),
            Self::Object(object) => {
                let depth = depth.checked_sub(1)?;
                let mut fields = serde_json::Map::new();
                for (name, value) in object.fields() {
                    if !value.is_undefined() && !is_next_match(&value) {
                        fields.insert(name.replace(is_lone_surrogate, "\u{fffd}"), value.to_json_within(depth)?);
                    }
                }
                fields.into()
            }
        })
    }
}

/// What a regular expression's match leads on with: `JSON.stringify` leaves it out.
fn is_next_match(value: &Value) -> bool {
    matches!(value, Value::Function(function) if matches!(&**function, Function::NextMatch { .. }))
}

fn json_number(number: f64) -> serde_json::Value {
    const SAFE: f64 = 9_007_199_254_740_992.0;
    if number == libm::trunc(number) && libm::fabs(number) <= SAFE {
        return (number as i64).into();
    }
    Number::from_f64(number).map_or(serde_json::Value::Null, serde_json::Value::Number)
}

/// Half of a surrogate pair, which a text here cannot hold: a private character stands for it.
pub(super) fn lone_surrogate(unit: u32) -> char {
    char::from_u32(0x10_0000 + unit).unwrap_or('\u{fffd}')
}

pub(super) fn is_lone_surrogate(c: char) -> bool {
    ('\u{10d800}'..='\u{10dfff}').contains(&c)
}

/// JavaScript's order of texts, by UTF-16.
pub(super) fn text_order(left: &str, right: &str) -> std::cmp::Ordering {
    left.encode_utf16().cmp(right.encode_utf16())
}
