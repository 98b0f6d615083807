//! Hands on time and on knobs: what a person does there, as the app would report it.

use decoupled::editor::Command;
use decoupled::engine::Micros;
use decoupled::play::{Playing, Stop};
use decoupled::scene::{Scene, Subject, read_scene, write_scene};
use decoupled::sim::Run;
use serde_json::{Value, json};

use crate::editor::hand::{Hand, with_scene};

const SECOND: Micros = 1_000_000;

pub fn shop() -> Scene {
    crate::support::shop(
        json!({ "Rate": "5/s", "Arrivals": "Poisson" }),
        json!({ "VisibilityTimeout": 5 }),
        json!({ "FailureRate": 0.2, "Concurrency": 2 }),
    )
}

/// A page that was just opened.
pub fn page() -> Hand {
    with_scene(shop())
}

impl Hand {
    pub fn shown(&self) -> Micros {
        self.player.shown_at()
    }

    pub fn run(&self) -> &Run {
        self.player.run()
    }

    pub fn play(&mut self, until: Micros) -> &mut Self {
        self.player.play_to(until, &self.state.scene, &mut || true);
        self
    }

    /// A quarter of a second, as a frame of the page plays it.
    pub fn frame(&mut self) -> Option<Stop> {
        let playing = Playing::of(&self.state).expect("it plays");
        self.player.advance(100.0, &playing, &mut || true)
    }

    pub fn seek(&mut self, at: Micros) -> &mut Self {
        self.give(Command::Seek { at })
    }

    pub fn turn(&mut self, id: &str, name: &str, value: Value) -> &mut Self {
        let (subject, name, at) = (Subject::Node(id.to_owned()), name.to_owned(), self.shown() + 1);
        self.give(Command::Turn { subject, name, value: Some(value), at })
    }

    pub fn breaks(&mut self, subject: Subject, fault: &str, seconds: Micros, settings: Value) -> &mut Self {
        let (fault, at, lasting) = (fault.to_owned(), self.shown() + 1, seconds * SECOND);
        let settings = settings.as_object().cloned().unwrap_or_default();
        self.give(Command::AddFault { subject, fault, lasting, at, settings })
    }

    /// The law: what is on the page is the fresh run of what would be saved.
    #[track_caller]
    pub fn is_the_fresh_run(&mut self) -> &mut Self {
        let (scene, problems) = read_scene(&write_scene(&self.state.scene));
        assert_eq!(problems, []);
        assert_eq!(scene.script, self.state.scene.script);
        let mut fresh = Run::new(&scene);
        fresh.advance_to(self.shown());
        assert_eq!(self.run().now(), self.shown());
        assert_eq!((self.run().digest(), self.run().trace().total()), (fresh.digest(), fresh.trace().total()));
        self
    }
}

pub fn node(id: &str) -> Subject {
    Subject::Node(id.to_owned())
}
