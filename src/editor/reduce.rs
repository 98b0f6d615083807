//! The reducer: a command goes in, the state is changed, effects come out. Which room does what, no more.

use super::command::Command;
use super::effect::{Effect, RunEffect};
use super::gesture::Held;
use super::notice::Before;
use super::overlay::{Overlay, Purpose};
use super::pointer::PointerTarget;
use super::selection::Selection;
use super::state::{About, Mode, State};
use super::{
    align, boundary, breakpoint, change, choosing, chosen, clip, connect, duplicate, gesture, insert, looking, open,
    opening, page, place, reading, reconnect, recording, remedy, script, tidy, turn,
};
use crate::figure::{Point, Tone};
use crate::scene::{Edit, Scene};

/// Carries a command out as far as it is pure; the effects are the rest.
pub fn reduce(state: &mut State, command: Command) -> Vec<Effect> {
    let before = Before::of(state, &command);
    let effects = carry_out(state, command);
    if let Some(before) = before {
        before.end_stale(state);
    }
    effects
}

fn carry_out(state: &mut State, command: Command) -> Vec<Effect> {
    if state.mode != Mode::Edit && reading::refuses(&command) {
        return reading::refuse(state, &command);
    }
    match command {
        Command::PointerDown { .. }
        | Command::PointerMove { .. }
        | Command::PointerUp { .. }
        | Command::PointerCancel
        | Command::PickUp { .. } => pointer(state, command),
        Command::DragFree { free } => {
            gesture::set_free(state, free);
            Vec::new()
        }
        Command::Zoom { .. }
        | Command::Pan { .. }
        | Command::ZoomToFit
        | Command::ZoomToSelection
        | Command::ZoomTo { .. }
        | Command::ZoomBy { .. }
        | Command::Viewport { .. }
        | Command::ShowPart { .. } => {
            look(state, command);
            Vec::new()
        }
        Command::Select { .. } | Command::SelectAll | Command::ClearSelection => {
            choose(state, command);
            Vec::new()
        }
        Command::OpenMenu { .. }
        | Command::OpenMenuOfChosen
        | Command::OpenChooser { .. }
        | Command::RenameChosen
        | Command::ConnectChosen
        | Command::CloseOverlay
        | Command::GoTo { .. }
        | Command::Copy
        | Command::Paste { .. } => over(state, command),
        Command::Play
        | Command::Pause
        | Command::TogglePlay
        | Command::StepFact
        | Command::StepBack
        | Command::NextThatMatters
        | Command::ToggleBreakpoint { .. }
        | Command::Seek { .. }
        | Command::Restart
        | Command::FutureLeft { .. }
        | Command::SetSpan { .. }
        | Command::ToggleLoop
        | Command::ChooseMark { .. }
        | Command::HoldKnob { .. }
        | Command::TurnKnobs { .. }
        | Command::SetSpeed { .. }
        | Command::Halted { .. } => time(state, command),
        Command::Toggle { .. }
        | Command::ShowDrawer { .. }
        | Command::SetTheme { .. }
        | Command::LookInside { .. }
        | Command::LookInto { .. }
        | Command::TraceOnly { .. }
        | Command::Follow { .. }
        | Command::Say { .. }
        | Command::Looked { .. }
        | Command::DismissNotice
        | Command::Escape
        | Command::Present
        | Command::SaveFile
        | Command::PickFile => on_page(state, command),
        _ => {
            // What the pointer is in the middle of ends first, so that no change falls into another's step.
            let mut effects = gesture::settle(state);
            effects.extend(document(state, command));
            effects
        }
    }
}

/// What lies over the canvas, and what is asked of the clipboard.
#[inline(never)] // second part
fn over(state: &mut State, command: Command) -> Vec<Effect> {
    recording::end_typing(state);
    state.overlay = None;
    match command {
        Command::OpenMenu { at, target } if is_point(at) => opening::open_menu(state, at, &target),
        Command::OpenMenuOfChosen => opening::open_menu_of_chosen(state),
        Command::OpenChooser { at, purpose } => opening::choose(state, at, purpose),
        Command::RenameChosen => opening::of_chosen(state, |node| Overlay::Renaming { node }),
        Command::ConnectChosen => {
            opening::of_chosen(state, |from| Overlay::Chooser { at: None, purpose: Purpose::After { from, at: None } })
        }
        Command::GoTo { node } => return opening::go_to(state, &node),
        Command::Copy => return clip::copy(state),
        Command::Paste { at } => return vec![Effect::ReadClipboard(at)],
        _ => {}
    }
    Vec::new()
}

#[inline(never)] // second part
fn pointer(state: &mut State, command: Command) -> Vec<Effect> {
    match command {
        Command::PointerDown { view, target, shift, alt, pan } if is_point(view) => {
            recording::end_typing(state);
            state.overlay = None;
            state.mark = None;
            gesture::down(state, view, &target, Held { shift, alt, pan })
        }
        Command::PointerMove { view, over } if is_point(view) => gesture::moved(state, view, &over),
        Command::PointerUp { view, over } if is_point(view) => gesture::up(state, view, &over),
        Command::PickUp { item } => gesture::pick_up(state, item),
        // Lost by the browser, or not a place.
        _ => {
            gesture::cancel(state);
            Vec::new()
        }
    }
}

/// Whether a place is one: what a browser computes from an element without a size is not.
fn is_point(point: Point) -> bool {
    point.x.is_finite() && point.y.is_finite()
}

fn look(state: &mut State, command: Command) {
    // What stands beside a place goes when the place moves.
    if !matches!(command, Command::Viewport { .. }) && !matches!(state.overlay, Some(Overlay::Chooser { .. })) {
        state.overlay = None;
    }
    let middle = looking::middle_of_view(state);
    match command {
        Command::Zoom { view, factor } if is_point(view) => looking::zoom(state, view, state.camera.zoom * factor),
        Command::Pan { by } if is_point(by) => looking::pan(state, by),
        Command::ZoomToFit => looking::fit(state),
        Command::ZoomToSelection => looking::fit_selection(state),
        Command::ZoomTo { zoom } => looking::zoom(state, middle, zoom),
        Command::ZoomBy { factor } => looking::zoom(state, middle, state.camera.zoom * factor),
        Command::Viewport { width, height } => looking::resize(state, width, height),
        Command::ShowPart { part } => looking::show_part(state, part),
        _ => {}
    }
}

#[inline(never)] // second part
fn choose(state: &mut State, command: Command) {
    recording::end_typing(state);
    state.mark = None;
    match command {
        Command::Select { nodes, links, add } => choosing::select(state, nodes, links, add),
        Command::SelectAll => choosing::select_all(state),
        _ => state.selection = Selection::default(),
    }
}

fn time(state: &mut State, command: Command) -> Vec<Effect> {
    match command {
        Command::Play => state.playback.playing = true,
        Command::Pause => state.playback.playing = false,
        Command::TogglePlay => state.playback.playing = !state.playback.playing,
        Command::StepFact => return page::step(state, RunEffect::StepFact),
        Command::StepBack => return page::step(state, RunEffect::StepBack),
        Command::NextThatMatters => return page::step(state, RunEffect::NextThatMatters),
        Command::ToggleBreakpoint { breakpoint } => {
            breakpoint::toggle(&mut state.breakpoints, &state.scene, breakpoint)
        }
        Command::Seek { at } => return vec![Effect::Run(RunEffect::Seek(at))],
        Command::Restart => return vec![Effect::Run(RunEffect::Restart)],
        Command::FutureLeft { reached, scene } => script::future_left(state, reached, *scene),
        Command::SetSpan { span } => script::set_span(state, span),
        Command::ToggleLoop => script::toggle_loop(state),
        Command::ChooseMark { index } => script::choose(state, index),
        Command::HoldKnob { held } => return turn::hold(state, held),
        Command::TurnKnobs { from } => state.knobs = from,
        Command::SetSpeed { speed } => page::set_speed(state, speed),
        Command::Halted { why } => page::halted(state, why),
        _ => {}
    }
    Vec::new()
}

#[inline(never)] // second part
fn on_page(state: &mut State, command: Command) -> Vec<Effect> {
    match command {
        Command::Toggle { panel } => page::toggle(state, panel),
        Command::ShowDrawer { drawer } => page::show_drawer(state, drawer),
        Command::SetTheme { theme } => return page::set_theme(state, theme),
        Command::LookInside { node } => page::look_inside(state, node),
        Command::LookInto { node, way } => page::look_into(state, node, way),
        Command::TraceOnly { node } => page::trace_only(state, node),
        Command::Follow { message } => page::follow(state, message),
        Command::Say { text, bad } => {
            state.say_about(About::Page, text, if bad { Tone::Bad } else { Tone::Plain });
        }
        Command::Looked { text, from, further } => page::looked(state, text, from, further),
        Command::DismissNotice => state.notice = None,
        Command::Escape => page::escape(state),
        Command::SaveFile => return open::save(state),
        Command::PickFile => return vec![Effect::PickFile],
        Command::Present => return vec![Effect::Present],
        _ => {}
    }
    Vec::new()
}

#[inline(never)] // second part
fn document(state: &mut State, command: Command) -> Vec<Effect> {
    match command {
        Command::Place { item } => place::place(state, item),
        Command::PlaceAt { item, at } if is_point(at) => place::drop_at(state, item, at, &PointerTarget::Canvas),
        Command::Insert { item, at, joint } => insert::insert(state, item, at.filter(|at| is_point(*at)), &joint),
        Command::Cut => clip::cut(state),
        Command::PasteText { text, at } => clip::paste(state, &text, at.filter(|at| is_point(*at))),
        Command::TidyUp => tidy::tidy_up(state),
        Command::Delete => chosen::delete(state),
        Command::Duplicate => duplicate::duplicate(state),
        Command::Nudge { by } if is_point(by) => chosen::nudge(state, by),
        Command::Connect { from, to } => connect::connect(state, &from, &to),
        Command::SetProperty { id, name, value } => change::set_property(state, id, name, value),
        Command::SetLinkProperty { id, name, value } => change::set_link_property(state, id, name, value),
        Command::Remedy { place } => remedy::apply(state, &place),
        Command::SetLatency { id, latency } => change::set_latency(state, id, latency),
        Command::Rename { from, to } => change::rename(state, &from, &to),
        Command::SetName { name } => change::apply(state, Edit::SetName(name), Some("name".to_owned())),
        Command::SetSeed { seed } => change::apply(state, Edit::SetSeed(seed), Some("seed".to_owned())),
        Command::SetNetwork { network } => change::set_network(state, network),
        Command::Call { node, action, input, at } => change::call(state, node, action, input, at),
        Command::Turn { subject, name, value, at } => turn::turn(state, subject, name, value, at),
        Command::AddFault { subject, fault, lasting, at, settings } => {
            script::add_fault(state, subject, fault, lasting, at, settings)
        }
        Command::MoveScriptEntry { index, at } => script::shift(state, index, at),
        Command::ChangeScriptEntry { index, entry } => script::change(state, index, entry),
        Command::RemoveScriptEntry { index } => script::remove(state, index),
        Command::ReturnToFuture => script::return_to_future(state),
        Command::Group => boundary::group(state),
        Command::Ungroup => boundary::ungroup(state),
        Command::ToggleCollapsed { id } => boundary::toggle_collapsed(state, &id),
        Command::ToggleRoom { id } => chosen::toggle_room(state, &id),
        Command::ToggleLock => boundary::toggle_lock(state),
        Command::Align { edge } => align::align(state, edge),
        Command::Distribute { axis } => align::distribute(state, axis),
        Command::Reconnect { link, end, node } => reconnect::reconnect(state, &link, end, &node),
        Command::Enter { node } => page::enter(state, &node),
        Command::EnterChosen => match state.selection.single_node().map(str::to_owned) {
            Some(node) => page::enter(state, &node),
            None => Vec::new(),
        },
        Command::Write { note } => {
            state.writing = note;
            Vec::new()
        }
        Command::Undo => recording::undo(state),
        Command::Redo => recording::redo(state),
        Command::New => open::open(state, Scene::default(), Vec::new()),
        Command::Open { scene, problems } => open::open(state, *scene, problems),
        Command::OpenText { name, text } => open::open_text(state, &name, &text),
        Command::OpenGallery { id } => open::open_gallery(state, &id),
        _ => Vec::new(),
    }
}
