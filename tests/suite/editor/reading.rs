//! A scene that is shown to be read: hands move the camera and time, and nothing else.

use decoupled::editor::{
    Axis, Camera, Command, Edge, Effect, LinkEnd, Mode, PaletteItem, PointerTarget, Rect, RunEffect, State, reduce,
};
use decoupled::figure::Point;
use decoupled::scene::{Act, NetworkChoice, ScriptEntry, Subject, gallery, read_scene, write_scene};
use decoupled::services::Kind;
use serde_json::{Map, json};

fn read_only(mode: Mode) -> State {
    let (mut scene, problems) = read_scene(gallery::ALL[0].text());
    let subject = Subject::Node(scene.nodes[0].id.clone());
    let act = Act::Fault { name: "Crash".into(), lasting: 1_000, settings: Map::new() };
    scene.script.push(ScriptEntry::new(subject, 9_000_000, act));
    let mut state = State::new(scene, problems);
    state.mode = mode;
    reduce(&mut state, Command::Viewport { width: 800.0, height: 600.0 });
    state
}

#[test]
fn no_command_of_a_hand_changes_it() {
    for mode in [Mode::Play, Mode::Embed] {
        let mut state = read_only(mode);
        let (before, id) = (write_scene(&state.scene), state.scene.nodes[0].id.clone());
        let (node, entry) = (Subject::Node(id.clone()), ScriptEntry { at: 5, ..state.scene.script[0].clone() });
        reduce(&mut state, Command::SelectAll);
        let view = Point::new(400.0, 300.0);
        let over = PointerTarget::Canvas;
        let at = |target| Command::PointerDown { view, target, shift: false, alt: false, pan: false };
        let (moved, up) = (Point::new(480.0, 300.0), Point::new(500.0, 310.0));
        for command in [
            Command::Delete,
            Command::Duplicate,
            Command::Nudge { by: Point::new(4.0, 0.0) },
            Command::SetName { name: "mine".into() },
            Command::SetSeed { seed: 99 },
            Command::SetNetwork { network: NetworkChoice::named("instant") },
            Command::SetProperty { id: id.clone(), name: "Rate".into(), value: Some(json!("9/s")) },
            Command::Rename { from: id.clone(), to: "other".into() },
            Command::Call { node: id.clone(), action: "SendMessage".into(), input: json!({}), at: 1 },
            Command::Turn { subject: node.clone(), name: "Rate".into(), value: Some(json!("9/s")), at: 9 },
            Command::AddFault { subject: node, fault: "Crash".into(), lasting: 1, at: 9, settings: Map::new() },
            Command::MoveScriptEntry { index: 0, at: 77 },
            Command::ChangeScriptEntry { index: 0, entry: entry.clone() },
            Command::RemoveScriptEntry { index: 0 },
            Command::ReturnToFuture,
            Command::New,
            Command::OpenText { name: "a".into(), text: "{\"version\":1,\"nodes\":[]}".into() },
            Command::OpenGallery { id: "pipe".into() },
            Command::Place { item: PaletteItem::Node(Kind::Queue) },
            Command::PickUp { item: PaletteItem::Shard },
            Command::Group,
            Command::Ungroup,
            Command::ToggleLock,
            Command::ToggleCollapsed { id: id.clone() },
            Command::ToggleRoom { id: id.clone() },
            Command::Align { edge: Edge::Left },
            Command::Distribute { axis: Axis::Horizontal },
            Command::Reconnect { link: "l1".into(), end: LinkEnd::To, node: id.clone() },
            Command::Write { note: Some(id.clone()) },
            at(PointerTarget::Port(id.clone())),
            Command::PointerMove { view: moved, over: over.clone() },
            Command::PointerUp { view: up, over: over.clone() },
            at(PointerTarget::Node(id.clone())),
            Command::PointerMove { view: moved, over: over.clone() },
            Command::PointerUp { view: up, over },
            Command::Undo,
            Command::Redo,
        ] {
            let effects = reduce(&mut state, command.clone());
            assert_eq!(write_scene(&state.scene), before, "{command:?}");
            assert_eq!(effects, [], "{command:?}");
        }
        assert!(state.selection.nodes.contains(&id), "a node can be chosen, to look at it");
        assert!(
            state.camera.x < 0.0 || state.camera.zoom < 1.0 || state.camera != Camera::default(),
            "and looked past"
        );
    }
}

#[test]
fn time_moves_and_what_is_meant_gets_an_answer() {
    let mut state = read_only(Mode::Embed);
    assert_eq!(reduce(&mut state, Command::StepFact), [Effect::Run(RunEffect::StepFact)]);
    reduce(&mut state, Command::Play);
    assert!(state.playback.playing);
    reduce(&mut state, Command::Delete);
    assert_eq!(state.notice, None);
    reduce(&mut state, Command::Call { node: "x".into(), action: "y".into(), input: json!({}), at: 0 });
    assert!(state.notice.as_ref().is_some_and(|notice| notice.text.contains("not changed")));
    // A page that may drive this one opens another scene.
    let (scene, problems) = read_scene(gallery::ALL[1].text());
    reduce(&mut state, Command::Open { scene: Box::new(scene.clone()), problems });
    assert_eq!(*state.scene, scene);
}

#[test]
fn a_part_of_the_canvas_is_shown_on_every_screen() {
    let part = Rect { x: 100.0, y: -50.0, width: 400.0, height: 200.0 };
    for (width, height) in [(800.0, 600.0), (390.0, 700.0), (1600.0, 300.0)] {
        let (scene, problems) = read_scene(gallery::ALL[0].text());
        let mut state = State::new(scene, problems);
        // Asked for before the view has a size, as an address does.
        reduce(&mut state, Command::ShowPart { part });
        reduce(&mut state, Command::Viewport { width, height });
        let corner = state.camera.canvas_from_view(Point::new(width, height));
        let seen = Rect::between(state.camera.canvas_from_view(Point::default()), corner).grown(0.01);
        assert!(seen.contains(Point::new(part.x, part.y)) && seen.contains(Point::new(part.right(), part.bottom())));
        let tight = (seen.width / part.width).min(seen.height / part.height);
        assert!((0.99..1.01).contains(&tight), "{tight}");
        // Once: after that the view is the visitor's own.
        let camera = state.camera;
        reduce(&mut state, Command::Viewport { width: width + 10.0, height });
        assert_eq!(state.camera, camera);
    }
}

#[test]
fn a_canvas_goes_on_to_show_the_whole_scene_until_somebody_looks_elsewhere() {
    let whole = |state: &State| {
        let corner = state.camera.canvas_from_view(Point::new(state.viewport.0, state.viewport.1));
        let seen = Rect::between(state.camera.canvas_from_view(Point::default()), corner);
        state.scene.nodes.iter().all(|node| seen.contains(Point::new(node.at.0 as f32, node.at.1 as f32)))
    };
    for mode in [Mode::Edit, Mode::Play, Mode::Embed] {
        let mut state = read_only(mode);
        for (width, height) in [(300.0, 500.0), (1200.0, 260.0)] {
            reduce(&mut state, Command::Viewport { width, height });
            assert!(whole(&state), "{width} × {height}");
        }
        reduce(&mut state, Command::Pan { by: Point::new(500.0, 0.0) });
        let camera = state.camera;
        reduce(&mut state, Command::Viewport { width: 600.0, height: 400.0 });
        assert_eq!(state.camera, camera);
    }
}
