//! What a scene gets wrong about a state machine: its definition, and tasks that name nothing on the canvas.

use crate::lang::asl::definition;
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
    }
    all
}
