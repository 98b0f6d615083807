//! How a visit begins: with the scene the address names, else with the visitor's own, else with the first of the
//! gallery, already moving.

use decoupled::editor::{Address, Command, Mode, Panel, Source, State, Theme};
use decoupled::engine::clock_text;
use decoupled::scene::{Problem, Scene, gallery, read_scene, read_share, try_read_scene};
use gloo_events::EventListener;

use super::place::Place;
use super::session::Session;
use super::store::Store;
use super::{address, dom, effects, framed, keeping, rescue, storage};

/// A moment that is far off is played to as long as a visitor may wait for it.
const WAIT_MS: f64 = 2_000.0;

/// The scene a visit begins with.
struct Opened {
    scene: Scene,
    problems: Vec<Problem>,
    place: Place,
    /// What kept the page from opening what was asked for.
    failure: Option<Problem>,
    /// What is to be said of saved work that could not be read.
    aside: Option<String>,
}

/// The state before anything was done.
pub fn session() -> Session {
    let (asked, unread) = address::asked();
    let opened = if asked == Address::default() { own() } else { asked_for(&asked) };
    let mut state = State::new(opened.scene, opened.problems);
    state.mode = asked.mode;
    // Before anything is drawn: the scene is fitted into the room that the canvas keeps.
    for panel in folded() {
        state.panels.remove(panel.name());
    }
    let failures = opened.failure.into_iter().chain(unread);
    say_at_start(&mut state, failures.collect());
    if let Some(text) = opened.aside {
        decoupled::editor::reduce(&mut state, Command::Say { text, bad: true });
    }
    let known = keeping::known_at(opened.place);
    Session { asked, place: opened.place, known, ..Session::of(state) }
}

fn say_at_start(state: &mut State, failures: Vec<Problem>) {
    if !failures.is_empty() {
        let lines: Vec<String> = failures.iter().map(ToString::to_string).collect();
        let text = format!("Not all of this address could be opened. {}", lines.join(" "));
        decoupled::editor::reduce(state, Command::Say { text, bad: true });
    }
}

/// The visitor's own scene, or the first of the gallery.
fn own() -> Opened {
    let fresh =
        dom::window().and_then(|window| window.location().search().ok()).is_some_and(|search| search == "?fresh");
    let kept = if fresh { None } else { storage::read_scene() };
    match kept.as_deref().map(try_read_scene) {
        None => opened(read_scene(first()), Place::Own),
        Some(Ok(read)) => opened(read, Place::Own),
        Some(Err(why)) => instead(Place::Own, kept.as_deref().unwrap_or_default(), &why),
    }
}

/// The first scene, in the place of what cannot be read: that is put aside and not destroyed.
#[inline(never)] // second part
fn instead(place: Place, text: &str, why: &Problem) -> Opened {
    let (said, free) = keeping::put_aside(place, text, &why.to_string());
    let place = if free { Place::Own } else { Place::Nowhere };
    Opened { aside: Some(said), ..opened(read_scene(first()), place) }
}

fn first() -> &'static str {
    gallery::ALL[0].text()
}

fn opened((scene, problems): (Scene, Vec<Problem>), place: Place) -> Opened {
    Opened { scene, problems, place, failure: None, aside: None }
}

#[inline(never)] // second part
fn asked_for(asked: &Address) -> Opened {
    // Whoever may be driven from outside, or only shows something, has no business with what the visitor made.
    let apart = asked.mode != Mode::Edit || (!asked.allow.is_empty() && address::is_framed());
    let place = if apart { Place::Nowhere } else { Place::Shared };
    let failed = |failure: Problem| {
        let instead = if apart { opened((Scene::default(), Vec::new()), place) } else { own() };
        Opened { failure: Some(failure), ..instead }
    };
    match &asked.source {
        Some(Source::Shared(share)) => {
            let (scene, mut problems) = read_share(share);
            if scene == Scene::default() && !problems.is_empty() {
                return failed(problems.swap_remove(0));
            }
            opened((scene, problems), place)
        }
        Some(Source::Gallery(id)) => match gallery::find(id) {
            Some(text) => opened(read_scene(text), place),
            None => failed(Problem::new("#gallery", format!("has no scene called {id}; the gallery lists them."))),
        },
        Some(Source::Kept(number)) if !apart => match storage::read_copy(*number) {
            Some(text) => match try_read_scene(&text) {
                Ok(read) => opened(read, Place::Copy(*number)),
                Err(why) => {
                    let (said, _) = keeping::put_aside(Place::Copy(*number), &text, &why.to_string());
                    Opened { aside: Some(said), ..own() }
                }
            },
            None => failed(Problem::new("#kept", format!("no copy {number} is kept in this browser."))),
        },
        Some(Source::Kept(_)) => failed(Problem::new("#kept", "a copy opens in a tab of its own alone.")),
        None if apart => opened(read_scene(first()), place),
        None => own(),
    }
}

/// What is done once the page stands. Listens until the listeners are dropped.
pub fn begin(store: &Store) -> Vec<EventListener> {
    let asked = store.session().asked.clone();
    let theme = asked.theme.unwrap_or_else(|| match storage::read_theme().as_deref() {
        Some("light") => Theme::Light,
        Some("dark") => Theme::Dark,
        _ => Theme::System,
    });
    store.dispatch(Command::SetTheme { theme });
    // From here on a theme is the visitor's choice, and is remembered.
    store.session_mut().asked.theme = None;
    if asked != Address::default() {
        show_as_asked(store, &asked);
    }
    // A shared scene stands until somebody plays it, unless its sender said otherwise.
    let moves = asked.autoplay || (asked.source.is_none() && asked.mode == Mode::Edit);
    let still = dom::matches_media("(prefers-reduced-motion: reduce)");
    let broke = rescue::ended_badly();
    store.dispatch(if moves && !still && !broke { Command::Play } else { Command::Pause });
    if broke && moves {
        say_why_it_stands(store);
    }
    let mut listeners = Vec::new();
    if let Some(window) = dom::window() {
        let leaving = store.clone();
        listeners.push(EventListener::new(&window, "hashchange", move |_| reopen(&leaving)));
    }
    listeners.extend(keeping::listen(store));
    if address::is_framed() {
        listeners.extend(framed::begin(store));
    }
    listeners
}

#[inline(never)] // second part
fn say_why_it_stands(store: &Store) {
    let text =
        "The page broke the last time while this scene ran, so it does not start by itself. Press play to start it.";
    store.dispatch(Command::Say { text: text.to_owned(), bad: true });
}

/// Another address, typed or gone back to, is another visit.
fn reopen(store: &Store) {
    effects::save_what_waits(store);
    if let Some(window) = dom::window() {
        let _ = window.location().reload();
    }
}

#[inline(never)] // second part
fn show_as_asked(store: &Store, asked: &Address) {
    if let Some(part) = asked.view {
        store.dispatch(Command::ShowPart { part });
    }
    let Some(at) = asked.at else { return };
    store.play_to(at, WAIT_MS);
    let reached = store.session().shown_at();
    if reached < at {
        let text = format!(
            "The link points at {}; this is {}, as far as it gets in two seconds. Press play to go on.",
            clock_text(at),
            clock_text(reached)
        );
        store.dispatch(Command::Say { text, bad: false });
    }
}

/// Sheets would hide the canvas of a small screen at once.
fn folded() -> &'static [Panel] {
    if dom::matches_media("(max-width: 640px)") {
        &[Panel::Palette, Panel::Inspector, Panel::Drawer]
    } else if dom::matches_media("(max-width: 1100px)") {
        &[Panel::Inspector]
    } else {
        &[]
    }
}
