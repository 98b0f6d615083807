//! The page: a store around the library's state and run, a clock, a painter, input, effects, components.
//!
//! *Architecture invariant:* no file in here names a service; palette, inspector and canvas iterate the registry.
//! Nothing that changes every frame lives in Yew's state: the clock paints and writes it directly.

mod address;
mod clipboard;
mod clock;
mod components;
pub mod dom;
mod effects;
mod facts;
mod film;
mod framed;
mod guard;
mod hands;
mod input;
mod json;
mod keeping;
mod keyboard;
mod live;
mod memory;
mod numbers;
mod page_api;
mod painter;
mod picture;
mod place;
mod presentation;
mod press;
mod pressing;
mod recorder;
pub mod rescue;
pub mod rest;
mod running;
mod session;
#[cfg(test)]
mod stage;
mod startup;
mod storage;
mod store;
mod subscribers;
mod telling;
mod watch;

use std::rc::Rc;

use decoupled::editor::{Mode, Panel};
use yew::prelude::*;

use components::{
    BottomBar, Canvas, Drawer, FilePicker, Gallery, Ghost, Help, Inspector, NoticeToast, Overlay, Palette, Peek, Share,
    Timeline, TopBar, Transport,
};
use store::{MovingStore, Store};

/// Everything that lives as long as the page: the loop and the listeners stop when it is dropped.
struct Engine {
    _clock: clock::Clock,
    _listeners: Vec<gloo_events::EventListener>,
}

#[component(App)]
pub fn app() -> Html {
    let redraw = use_force_update();
    let session = use_memo((), |()| std::cell::RefCell::new(startup::session()));
    // A fresh value a render, so that whoever reads the context draws again; drawing is asked for by the store alone.
    let version = use_mut_ref(|| 0_u64);
    *version.borrow_mut() += 1;
    let hands = use_memo((), |()| hands::Hands::default());
    let store_at =
        |version| Store::new(Rc::clone(&session), redraw.clone(), Rc::clone(&hands), effects::carry_out, version);
    let store = store_at(session.borrow().calm_serial);
    let moving = MovingStore(store_at(*version.borrow()));
    let engine = use_mut_ref(|| None::<Engine>);
    {
        let (store, engine) = (store.clone(), Rc::clone(&engine));
        use_effect_with((), move |()| {
            let mut listeners = input::listen(&store);
            listeners.extend(pressing::listen(&store));
            listeners.extend(keyboard::listen(&store));
            page_api::publish(&store);
            listeners.extend(startup::begin(&store));
            listeners.extend(presentation::listen(&store));
            *engine.borrow_mut() = Some(Engine { _clock: clock::Clock::start(store), _listeners: listeners });
            move || drop(engine.borrow_mut().take())
        });
    }
    {
        let store = store.clone();
        use_effect(move || keyboard::keep_focus(&store));
    }
    let shows = |panel: Panel| store.shows(panel);
    let mode = store.session().state.mode;
    let presenting = store.session().presenting;
    let (edits, alone) = (mode == Mode::Edit && !presenting, mode == Mode::Embed || presenting);
    let class = classes!(
        "app",
        mode.name(),
        presenting.then_some("presenting"),
        shows(Panel::Palette).then_some("with-palette"),
        shows(Panel::Inspector).then_some("with-inspector"),
        shows(Panel::Drawer).then_some("with-drawer"),
    );
    html! {
        <ContextProvider<Store> context={store.clone()}>
        <ContextProvider<MovingStore> context={moving}>
            <div {class}>
                if !alone {
                    <TopBar />
                }
                if edits {
                    <Palette />
                }
                <Canvas />
                if edits {
                    <Inspector />
                }
                <footer class="desk">
                    <Transport />
                    <Timeline />
                    if shows(Panel::Drawer) && !alone {
                        <Drawer />
                    }
                </footer>
                if !alone {
                    <BottomBar />
                }
                <Ghost />
                <Overlay />
                <Peek />
                <NoticeToast />
                if shows(Panel::Gallery) {
                    <Gallery />
                }
                if shows(Panel::Help) {
                    <Help />
                }
                if shows(Panel::Share) {
                    <Share />
                }
                <FilePicker />
            </div>
        </ContextProvider<MovingStore>>
        </ContextProvider<Store>>
    }
}
