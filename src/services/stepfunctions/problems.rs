//! What a scene gets wrong about a state machine: its definition, and tasks that name nothing on the canvas.

use serde_json::Value;

use super::integrations;
use super::naming::{Named, named};
use crate::lang::asl::definition;
use crate::lang::asl::machine::{QueryLanguage, State, StateKind};
use crate::lang::asl::read::Level;
use crate::services::{Kind, SceneView, Wrong};

pub fn problems(scene: &SceneView<'_>) -> Vec<Wrong> {
    let mut all = Vec::new();
    for node in scene.nodes_of(Kind::StateMachine) {
        let settings = node.settings();
        let is_express = settings.text("StateMachineType").as_deref() == Some("EXPRESS");
        let read = definition::of_properties(&|name| settings.get(name), is_express);
        for problem in read.problems.iter().filter(|problem| problem.level == Level::Error) {
            all.push(node.wrong(&problem.place, problem.message.clone()));
        }
        for state in read.machine.iter().flat_map(|machine| &machine.states) {
            if let Some((field, text)) = calls_nothing(scene, state) {
                all.push(node.wrong(&format!("{}.{}.{field}", read.property, state.place), text));
            }
        }
    }
    all
}

/// The field of a task that names nothing that could be called, and why.
fn calls_nothing(scene: &SceneView<'_>, state: &State) -> Option<(&'static str, String)> {
    let StateKind::Task(task) = &state.kind else { return None };
    let (field, parameters) = match state.language {
        QueryLanguage::JsonPath => ("Parameters", &state.fields.parameters),
        QueryLanguage::Jsonata => ("Arguments", &state.fields.arguments),
    };
    let field = if field == "Parameters" && parameters.is_none() { "Resource" } else { field };
    match named(&task.resource, parameters.as_ref().unwrap_or(&Value::Null))? {
        Named::Foreign(service) => {
            let text = format!(
                "calls {service}, which is not simulated: the task will fail; try it with TestState and a mock"
            );
            Some(("Resource", text))
        }
        Named::Node(kind, name) => {
            let name = integrations::plain(&name);
            let is_named = |id: &str, own: Option<String>| id == name || own.as_deref() == Some(name);
            let is_there =
                scene.nodes_of(kind).any(|node| is_named(node.id, integrations::own_name(kind, &node.settings())));
            // Who names no bus means that of the account.
            if is_there || (kind == Kind::EventBus && name == "default") {
                return None;
            }
            let what = kind.spec().name;
            let text =
                format!("names {name:?}, and no {what} here is called so; place one of that name, or name another");
            let of_function = matches!(task.resource, crate::lang::asl::resource::Resource::Function { .. });
            Some((if of_function { "Resource" } else { field }, text))
        }
    }
}
