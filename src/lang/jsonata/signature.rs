//! What a function takes: `<s-n?:s>` is a text (the context's, if it is left out) and perhaps a number.

use super::error::{Outcome, Trouble};
use super::value::Value;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Signature {
    parameters: Vec<Parameter>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Parameter {
    kind: char,
    /// The symbols of the values that it takes.
    symbols: String,
    times: Times,
    takes_context: bool,
    /// What the items of a list must be.
    items: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Times {
    #[default]
    Once,
    Maybe,
    Several,
}

/// Parameters of one function.
const PARAMETERS_MAX: usize = 30;

impl Signature {
    pub fn parse(text: &str) -> Outcome<Self> {
        let chars: Vec<char> = text.chars().collect();
        let mut parameters: Vec<Parameter> = Vec::new();
        let mut place = 1;
        while let Some(&symbol) = chars.get(place).filter(|symbol| **symbol != ':') {
            let mut push = |kind: char, symbols: &str| {
                parameters.push(Parameter { kind, symbols: symbols.to_owned(), ..Parameter::default() });
            };
            match symbol {
                's' | 'n' | 'b' | 'l' | 'o' => push(symbol, &format!("{symbol}m")),
                'a' | 'x' => push(symbol, "asnblfom"),
                'f' => push(symbol, "f"),
                'j' => push(symbol, "asnblom"),
                '(' => {
                    let end = closing(&chars, place, '(', ')');
                    let choice: String = chars[(place + 1).min(end)..end].iter().collect();
                    if choice.contains('<') {
                        return Err(Trouble::with("S0402", choice.into()));
                    }
                    push('(', &format!("{choice}m"));
                    place = end;
                }
                '-' | '?' | '+' => {
                    if let Some(last) = parameters.last_mut() {
                        last.times = if symbol == '+' { Times::Several } else { Times::Maybe };
                        last.takes_context = symbol == '-';
                    }
                }
                '<' => {
                    let Some(last) = parameters.last_mut().filter(|last| matches!(last.kind, 'a' | 'f')) else {
                        let kind = parameters.last().map_or(Value::Undefined, |last| last.kind.to_string().into());
                        return Err(Trouble::with("S0401", kind));
                    };
                    let end = closing(&chars, place, '<', '>');
                    last.items = Some(chars[(place + 1).min(end)..end].iter().collect());
                    place = end;
                }
                _ => {}
            }
            place += 1;
        }
        parameters.truncate(PARAMETERS_MAX);
        Ok(Self { parameters })
    }

    /// The arguments as the function gets them: what is missing filled from the context, single values made lists.
    pub fn validate(&self, arguments: Vec<Value>, context: &Value, token: &str) -> Outcome<Vec<Value>> {
        let symbols: Vec<char> = arguments.iter().map(Value::symbol).collect();
        let mut failed = Vec::new();
        let Some(counts) = self.matched(&symbols, 0, 0, &mut failed) else {
            return Err(self.mismatch(&symbols, token));
        };
        let mut validated = Vec::with_capacity(self.parameters.len());
        let mut rest = arguments.into_iter();
        let mut index = 0;
        for (parameter, count) in self.parameters.iter().zip(counts) {
            if count == 0 {
                if !parameter.takes_context {
                    validated.push(rest.next().unwrap_or(Value::Undefined));
                    index += 1;
                } else if parameter.symbols.contains(context.symbol()) {
                    validated.push(context.clone());
                } else {
                    return Err(wrong("T0411", context.clone(), index, token));
                }
            }
            for _ in 0..count {
                let argument = rest.next().unwrap_or(Value::Undefined);
                validated.push(if parameter.kind == 'a' { parameter.list(argument, index, token)? } else { argument });
                index += 1;
            }
        }
        Ok(validated)
    }

    /// How many arguments each parameter takes, from one of each on; as many as can be.
    fn matched(
        &self,
        symbols: &[char],
        parameter: usize,
        from: usize,
        failed: &mut Vec<(usize, usize)>,
    ) -> Option<Vec<usize>> {
        let Some(here) = self.parameters.get(parameter) else {
            return (from == symbols.len()).then(Vec::new);
        };
        if failed.contains(&(parameter, from)) {
            return None;
        }
        for count in here.counts(symbols, from) {
            if let Some(mut rest) = self.matched(symbols, parameter + 1, from + count, failed) {
                rest.insert(0, count);
                return Some(rest);
            }
        }
        failed.push((parameter, from));
        None
    }

    /// Names the first argument that fits nothing.
    fn mismatch(&self, symbols: &[char], token: &str) -> Box<Trouble> {
        let mut good = 0;
        for length in 1..=self.parameters.len() {
            let prefix = Self { parameters: self.parameters[..length].to_vec() };
            let fits =
                (0..=symbols.len()).rev().find(|end| prefix.matched(&symbols[..*end], 0, 0, &mut Vec::new()).is_some());
            let Some(fits) = fits else { break };
            good = fits;
        }
        wrong("T0410", Value::Undefined, good, token)
    }
}

impl Parameter {
    fn takes(&self, symbol: Option<&char>) -> bool {
        symbol.is_some_and(|symbol| self.symbols.contains(*symbol))
    }

    /// The numbers of arguments that it can take from here, the most first.
    fn counts(&self, symbols: &[char], from: usize) -> Vec<usize> {
        let most = match self.times {
            Times::Once | Times::Maybe => usize::from(self.takes(symbols.get(from))),
            Times::Several => symbols[from..].iter().take_while(|symbol| self.takes(Some(symbol))).count(),
        };
        let least = usize::from(self.times != Times::Maybe);
        (least..=most).rev().collect()
    }

    fn list(&self, argument: Value, index: usize, token: &str) -> Outcome<Value> {
        if argument.is_undefined() {
            return Ok(argument);
        }
        let items = match &argument {
            Value::List(items, _) => Some(items.clone()),
            _ => None,
        };
        if let Some(subtype) = &self.items {
            let wanted = subtype.chars().next().unwrap_or('x');
            let fits = match &items {
                None => argument.symbol().to_string() == *subtype,
                Some(items) => items.iter().all(|item| item.symbol() == wanted),
            };
            if !fits {
                let plural = match &**subtype {
                    "a" => "arrays",
                    "b" => "booleans",
                    "f" => "functions",
                    "n" => "numbers",
                    "o" => "objects",
                    "s" => "strings",
                    _ => "undefined",
                };
                return Err(wrong("T0412", plural.into(), index, token));
            }
        }
        Ok(if items.is_some() { argument } else { Value::list(vec![argument]) })
    }
}

fn wrong(code: &'static str, value: Value, index: usize, token: &str) -> Box<Trouble> {
    let mut trouble = Trouble::with(code, value);
    trouble.index = index + 1;
    trouble.token = Some(token.to_owned());
    trouble
}

fn closing(chars: &[char], open: usize, opens: char, closes: char) -> usize {
    let mut depth = 0;
    for (place, c) in chars.iter().enumerate().skip(open) {
        depth += i32::from(*c == opens) - i32::from(*c == closes);
        if depth == 0 {
            return place;
        }
    }
    chars.len()
}
