//! What a script does to a run: API calls, faults, new property values.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::run::{Reply, Run};
use crate::engine::{ActorId, Fault, FaultKind, FaultScope, LinkId, Micros, Outage};
use crate::scene::{Act, Edit, Problem, ScriptEntry, Subject};
use crate::services::{Answer, Call, Caller, Cx, Door, Draft, Meta, Node, Request, Signal, hue_of, whole_number};

/// Carries out a script entry that fell due.
pub fn act(run: &mut Run, index: usize) {
    let ScriptEntry { id, node, link, act, .. } = run.script[index].clone();
    if let Some(link) = link {
        return act_on_link(run, index, &link, act);
    }
    // A call reaches what was deleted, and is answered so. What never was is the scene's problem already.
    let buried = run.world.shared().buried.get(&node).copied();
    let actor = match (run.actor_of(&node), buried, &act) {
        (Some(actor), ..) | (None, Some(actor), Act::Call { .. }) => actor,
        (None, None, Act::Fault { name, lasting, settings }) => {
            let window = fault(name, *lasting, settings, Outage::Silence, run.now());
            return super::boundary::strike(run, &node, &window, settings.contains_key("Outage"));
        }
        (None, None, _) => return,
        (None, Some(_), _) => {
            let message = format!("{node} was deleted before: nothing happens");
            return run.unheard.push(Problem::new(format!("script[{index}]"), message));
        }
    };
    match act {
        Act::Call { action, input } => call(run, id, actor, &action, &input),
        Act::Fault { name, lasting, settings } => strike(run, FaultScope::Actor(actor), &name, lasting, &settings),
        Act::Set { properties } => {
            let set = |(name, value)| Edit::SetProperty { id: node.clone(), name, value: given(value) };
            let properties = usable(run, &Subject::Node(node.clone()), properties);
            run.amend(properties.into_iter().map(set).collect());
        }
    }
}

/// `null` takes a property away.
fn given(value: Value) -> Option<Value> {
    Some(value).filter(|value| !value.is_null())
}

/// The new values that AWS would take; of the others the scene's problems tell, and the resource keeps what it has.
fn usable(run: &Run, subject: &Subject, mut properties: Map<String, Value>) -> Map<String, Value> {
    for problem in run.document().wrong_settings(subject, &properties) {
        let name = problem.place.split('.').next().unwrap_or_default();
        properties.shift_remove(name);
    }
    properties
}

fn act_on_link(run: &mut Run, index: usize, link: &str, act: Act) {
    let Some(number) = run.link_number(link) else {
        let message = format!("the link {link} is not there any more: nothing happens");
        return run.unheard.push(Problem::new(format!("script[{index}]"), message));
    };
    match act {
        Act::Call { .. } => {}
        Act::Fault { name, lasting, settings } => strike(run, FaultScope::Link(number), &name, lasting, &settings),
        Act::Set { properties } => {
            let set = |(name, value)| Edit::SetLinkProperty { id: link.to_owned(), name, value: given(value) };
            let properties = usable(run, &Subject::Link(link.to_owned()), properties);
            run.amend(properties.into_iter().map(set).collect());
        }
    }
}

fn call(run: &mut Run, id: Option<String>, actor: ActorId, action: &str, input: &Value) {
    let number = run.replies.len() as u64;
    run.replies.push(Reply { id, at: run.now(), result: None });
    let parsed = resolve(input, &|path| look_up(&run.outputs, path))
        .map_err(|message| crate::services::ApiError::client("InvalidParameterValue", message))
        .and_then(|input| run.world.actor(actor).parse_call(action, &input));
    match parsed {
        Ok((request, drafts)) => run.world.with(actor, |node, cx| deliver(node, request, drafts, number, cx)),
        Err(error) => run.replies.last_mut().expect("just pushed").result = Some(Err(error.to_json())),
    }
}

/// Hands a call to a node as if it had just arrived: a script stands next to every service.
fn deliver(node: &mut Node, request: Request, drafts: Vec<Draft>, number: u64, cx: &mut Cx<'_>) {
    let produce = |draft: Draft| {
        let key = draft.meta.message_group_id.as_deref().or(draft.meta.partition_key.as_deref());
        let hue = key.map_or(0, hue_of);
        let meta = (draft.meta != Meta::default()).then(|| Arc::new(draft.meta));
        cx.produce(Arc::from(draft.body), meta, hue)
    };
    let messages = drafts.into_iter().map(produce).collect();
    let caller = Caller { actor: ActorId::OUTSIDE, call: number, link: LinkId::NONE };
    let signal = Signal::Call(Box::new(Call { caller, request, messages }));
    crate::engine::Actor::receive(node, ActorId::OUTSIDE, signal, cx);
}

/// Takes an answer to a script's call. What was refused is dropped under the error's code.
pub fn answered(run: &mut Run, answer: Answer) {
    use crate::services::Place;
    let code = answer.result.as_ref().err().map_or("PartialFailure", |error| error.code);
    let returned = answer.messages.len() as u64;
    let ledger = &mut run.world.shared_mut().ledger;
    ledger.book(returned, Place::Travelling, Place::Dropped(code));
    ledger.book(u64::from(answer.reply.is_some()), Place::Travelling, Place::Consumed);
    let Some(reply) = usize::try_from(answer.call).ok().and_then(|call| run.replies.get_mut(call)) else { return };
    match answer.result {
        Ok(response) => {
            let output = response.to_json();
            if let Some(id) = &reply.id {
                run.outputs.insert(id.clone(), output.clone());
            }
            reply.result = Some(Ok(output));
        }
        Err(error) => reply.result = Some(Err(error.to_json())),
    }
}

fn strike(run: &mut Run, scope: FaultScope, name: &str, lasting: Micros, settings: &Map<String, Value>) {
    let usual = match scope {
        FaultScope::Actor(actor) => run.shared().kinds[actor.index()].spec().frailty.outage,
        FaultScope::Link(_) => Outage::Silence,
    };
    let window = fault(name, lasting, settings, usual, run.now());
    run.world.add_fault(Fault { scope, ..window });
}

/// The fault a script entry speaks of; what it strikes is the caller's to say.
///
/// `usual` is how what it strikes looks when it is down, where the entry does not say.
fn fault(name: &str, lasting: Micros, settings: &Map<String, Value>, usual: Outage, from: Micros) -> Fault {
    let outage = settings.get("Outage").and_then(Value::as_str).and_then(Outage::named);
    let parts = |default: f64| {
        let part = settings.get("Probability").and_then(Value::as_f64).unwrap_or(default);
        libm::rint(part.clamp(0.0, 1.0) * 1e6) as u32
    };
    let percent = settings.get("Percent").and_then(whole_number).unwrap_or(300).clamp(1, 100_000);
    let kind = match name {
        "Crash" => FaultKind::Crash(outage.unwrap_or(usual)),
        "Slow" => FaultKind::Slow { percent: u32::try_from(percent).unwrap_or(300) },
        "Throttle" => FaultKind::Throttle,
        "Drop" => FaultKind::Drop { parts_per_million: parts(1.0) },
        "Duplicate" => FaultKind::Duplicate { parts_per_million: parts(1.0) },
        "Partition" => FaultKind::Partition,
        "AzOutage" => FaultKind::AzOutage,
        _ => FaultKind::Poison,
    };
    // A fault without an end lasts; a poisoned message needs no window.
    let until = if lasting == 0 && kind != FaultKind::Poison { Micros::MAX } else { from.saturating_add(lasting) };
    Fault { kind, scope: FaultScope::Actor(ActorId::OUTSIDE), from, until }
}

/// Fills `${id.path}` in every text; a text that is nothing else takes the value's own type.
fn resolve(value: &Value, look_up: &dyn Fn(&str) -> Result<Value, String>) -> Result<Value, String> {
    match value {
        Value::String(text) => fill(text, look_up),
        Value::Array(items) => items.iter().map(|item| resolve(item, look_up)).collect(),
        Value::Object(map) => {
            let pairs = map.iter().map(|(name, value)| Ok((name.clone(), resolve(value, look_up)?)));
            pairs.collect::<Result<Map<_, _>, String>>().map(Value::Object)
        }
        other => Ok(other.clone()),
    }
}

fn fill(text: &str, look_up: &dyn Fn(&str) -> Result<Value, String>) -> Result<Value, String> {
    if let Some(path) =
        text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')).filter(|path| !path.contains('}'))
    {
        return look_up(path);
    }
    let (mut filled, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once("${") {
        let (path, behind) = after.split_once('}').ok_or_else(|| format!("\"{text}\" lacks a closing brace"))?;
        filled.push_str(before);
        match look_up(path)? {
            Value::String(value) => filled.push_str(&value),
            other => filled.push_str(&other.to_string()),
        }
        rest = behind;
    }
    filled.push_str(rest);
    Ok(Value::String(filled))
}

/// `r2.Messages[0].ReceiptHandle`. A part of a text that is JSON is looked for in it: `r2.Messages[0].Body.TaskToken`.
fn look_up(outputs: &std::collections::BTreeMap<String, Value>, path: &str) -> Result<Value, String> {
    let missing = || format!("${{{path}}} is not there: the call it names has no such part in its answer");
    let mut parts = path.split(['.', '[', ']']).filter(|part| !part.is_empty());
    let whole = parts.next().and_then(|id| outputs.get(id)).ok_or_else(missing)?;
    let mut value = Cow::Borrowed(whole);
    for part in parts {
        if let Some(text) = value.as_str() {
            value = Cow::Owned(serde_json::from_str(text).map_err(|_| missing())?);
        }
        let step = |value: &Value| match part.parse::<usize>() {
            Ok(index) if value.is_array() => value.get(index).cloned(),
            _ => value.get(part).cloned(),
        };
        value = Cow::Owned(step(&value).ok_or_else(missing)?);
    }
    Ok(value.into_owned())
}
