//! Numbers that change while the run plays, written straight into the elements that show them.

use decoupled::editor::Panel;
use decoupled::engine::{Micros, clock_text};
use decoupled::sim::Struck;
use decoupled::view;
use web_sys::Element;

use super::components::strip;
use super::dom;
use super::session::Session;

const NUMBERS_EVERY_MS: f64 = 100.0;
const CHARTS_EVERY_MS: f64 = 220.0;
/// So many times as long while a hand is at work.
const SELDOM: f64 = 4.0;
/// What a screen reader would say of a node changes no faster than it can be heard.
const SPOKEN_EVERY_MS: f64 = 1_000.0;
/// A sentence takes so long to hear.
const TOLD_EVERY_MS: f64 = 2_500.0;

#[derive(Default)]
pub struct Live {
    numbers: f64,
    charts: f64,
    spoken: f64,
    told: f64,
    /// The last fact that was told, or passed over.
    told_to: u64,
    /// The run that it is of.
    told_of: u32,
    /// The time shown last.
    shown_at: Micros,
    /// The run has left time 0.
    begun: bool,
    /// Something is described as broken.
    broken: bool,
}

/// Whether so much time has passed; if so, it begins anew.
fn due(last: &mut f64, at: f64, every: f64) -> bool {
    let due = at - *last >= every;
    if due {
        *last = at;
    }
    due
}

impl Live {
    pub fn refresh(&mut self, session: &mut Session, at: f64) {
        if let Some(clock) = dom::by_id("clock") {
            dom::set_text(&clock, &clock_text(session.shown_at()));
        }
        let begun = session.shown_at() > 0;
        if std::mem::replace(&mut self.begun, begun) != begun
            && let Some(app) = dom::query(".app")
        {
            dom::set_attribute(&app, "data-begun", if begun { "true" } else { "false" });
        }
        let seldom = if session.is_in_hand() { SELDOM } else { 1.0 };
        if due(&mut self.numbers, at, NUMBERS_EVERY_MS * seldom) {
            let spoken = due(&mut self.spoken, at, SPOKEN_EVERY_MS);
            nodes(session, spoken);
            if spoken {
                let broken = session.run().faults_at(session.shown_at()).next().is_some();
                if std::mem::replace(&mut self.broken, broken) || broken {
                    describe_broken(session);
                }
            }
        }
        // Another run, or an earlier moment: what was told is not so any more.
        let run = session.run_serial;
        if std::mem::replace(&mut self.told_of, run) != run || session.shown_at() < self.shown_at {
            self.told_to = session.run().trace().total();
            dom::by_id("narration").iter().for_each(|told| {
                dom::set_text(told, "");
            });
        }
        if session.state.shows(Panel::Narration) && due(&mut self.told, at, TOLD_EVERY_MS) {
            self.told_to = tell(session, self.told_to);
        }
        // A hand that moves time sees it follow at once.
        let moved = std::mem::replace(&mut self.shown_at, session.shown_at()) != session.shown_at();
        if due(&mut self.charts, at, CHARTS_EVERY_MS * seldom) || (moved && !session.state.playback.playing) {
            let Session { recorder, player, .. } = &mut *session;
            recorder.follow_facts(player.furthest(), player.shown_at());
            charts(session);
            tallies(session);
            let (_, last) = session.player.reach();
            strip::paint(session, last);
        }
    }
}

/// Headline and subtitle of every node in view.
fn nodes(session: &Session, spoken: bool) {
    let state = &session.state;
    let view = state.camera.seen(state.viewport);
    let mut nodes = state.scene.nodes.iter();
    // Where cards are outlines, there are none, and thousands of elements to look through.
    if session.sight == view::Sight::Far {
        return;
    }
    for headline in dom::query_all("#nodes .node-headline") {
        let Some(element) = headline.closest("[data-node]").ok().flatten() else { continue };
        let id = element.get_attribute("data-node").unwrap_or_default();
        // Drawn in the scene's order; what Yew has yet to draw has its turn next time.
        let Some(node) = nodes.find(|node| node.id == id) else { return };
        if !view::card_rect(node).meets(&view) {
            continue;
        }
        let Some(model) = session.run().node(&node.id) else { continue };
        let figure = model.figure(session.shown_at());
        let (text, width) = (view::card_headline(&figure.headline), view::card_rect(node).width);
        if dom::set_text(&headline, &text) || text.len() > view::HEADLINE_USUAL.len() {
            shorten_name(&element, &view::card_name(&node.id, width, &text));
        }
        write(&element, ".node-subtitle", &view::card_subtitle(&figure.subtitle, width));
        if spoken && !figure.spoken.is_empty() {
            let spoken = format!("{}, {}: {}", node.id, node.kind.spec().name, figure.spoken);
            dom::set_attribute(&element, "aria-label", &spoken);
        }
    }
}

/// A headline that is longer than usual takes room from the name. Its text is Yew's, so that stays in its place.
#[inline(never)] // second part
fn shorten_name(card: &Element, name: &str) {
    let element = card.query_selector(".node-name").ok().flatten();
    if let Some(text) = element.and_then(|element| element.first_child())
        && text.node_value().as_deref() != Some(name)
    {
        text.set_node_value(Some(name));
    }
}

/// What is drawn as broken says so too.
#[inline(never)] // second part
fn describe_broken(session: &Session) {
    const DESCRIPTION: &str = "aria-description";
    let mut sound = dom::query_all("#world [aria-description]");
    for (what, description) in view::broken_described(session.run(), session.shown_at()) {
        let (attribute, id) = match what {
            Struck::Node(id) => ("data-node", id),
            Struck::Link(id) => ("data-link", id),
        };
        if let Some(element) = dom::query(&format!("#world [{attribute}={}]", dom::quoted(id))) {
            dom::set_attribute(&element, DESCRIPTION, &description);
            sound.retain(|other| *other != element);
        }
    }
    for element in sound {
        let _ = element.remove_attribute(DESCRIPTION);
    }
}

/// Tells what mattered most since the fact given; gives the last one there is.
fn tell(session: &Session, since: u64) -> u64 {
    if let Some((place, text)) = dom::by_id("narration").zip(view::narrated(session.run(), since)) {
        dom::set_text(&place, &text);
    }
    session.run().trace().total()
}

fn write(element: &Element, selector: &str, text: &str) {
    if let Some(element) = element.query_selector(selector).ok().flatten() {
        dom::set_text(&element, text);
    }
}

/// The inspector's live values: each row names its node and metric.
fn charts(session: &Session) {
    let rows = dom::query_all("[data-metric]");
    let mut values: Option<(String, Vec<view::MetricRow>)> = None;
    for row in rows {
        let (Some(node), Some(metric)) = (row.get_attribute("data-of"), row.get_attribute("data-metric")) else {
            continue;
        };
        if values.as_ref().is_none_or(|(of, _)| *of != node) {
            values = Some((node.clone(), view::metrics_of(session.run(), &node)));
        }
        let found = values.as_ref().and_then(|(_, values)| values.iter().find(|(name, ..)| *name == metric));
        write(&row, ".metric-value", found.map_or("–", |(_, text, _)| text));
        if let Some(line) = row.query_selector("polyline").ok().flatten() {
            let spark = view::spark(session.run(), &node, &metric);
            dom::set_attribute(&line, "points", &points(spark.as_deref().unwrap_or(&[])));
        }
    }
}

/// A small chart's points in a box of 100 × 20, for an SVG polyline.
fn points(values: &[f64]) -> String {
    if values.len() < 2 {
        return "0,18 100,18".to_owned();
    }
    let (low, high) =
        values.iter().fold((f64::MAX, f64::MIN), |(low, high), value| (low.min(*value), high.max(*value)));
    let flat = high - low < 1e-9;
    let mut points = String::new();
    for (index, value) in values.iter().enumerate() {
        let x = 100.0 * index as f64 / (values.len() - 1) as f64;
        let y = if flat { 18.0 } else { 18.0 - 16.0 * (value - low) / (high - low) };
        points.push_str(&format!("{x:.1},{y:.1} "));
    }
    points
}

fn tallies(session: &Session) {
    if let Some(facts) = dom::by_id("facts") {
        dom::set_text(&facts, &view::grouped(session.run().trace().total()));
    }
    if let Some(pace) = dom::by_id("pace") {
        let held_back = session.player.held_back().filter(|_| session.state.playback.playing);
        let text = held_back.map(|held| {
            let why = if held.few_frames { "few frames" } else { "much happens" };
            format!("running at {}×: {why}", short(held.speed))
        });
        let whole = held_back.map_or("", |held| match held.few_frames {
            true => "The browser draws this page seldom: it is hidden, or the machine is busy. Time does not run ahead of what is seen.",
            false => "More happens in this time than the machine can work off.",
        });
        dom::set_text(&pace, &text.unwrap_or_default());
        dom::set_attribute(&pace, "title", whole);
    }
}

/// Two digits that matter.
fn short(number: f64) -> String {
    if number >= 10.0 {
        format!("{number:.0}")
    } else if number >= 1.0 {
        format!("{number:.1}")
    } else {
        format!("{number:.2}")
    }
}
