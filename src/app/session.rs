//! What a visit consists of, and the engine at work in it.

use std::sync::Arc;

use decoupled::editor::{Address, State};
use decoupled::engine::Micros;
use decoupled::play::{Forgotten, Player};
use decoupled::scene::Scene;
use decoupled::sim::Run;
use decoupled::view::Sight;

use super::dom;
use super::guard::guarded;
use super::numbers::Numbers;
use super::place::Place;
use super::recorder::Recorder;
use super::subscribers::Subscribers;

/// What a visit consists of.
pub struct Session {
    pub state: State,
    pub player: Player,
    /// Stands in for it while the engine works on it.
    pub spare: Option<Player>,
    /// Grows when something is done with the run: whoever plays to a moment by and by gives up.
    pub goal: u64,
    /// Why the engine broke, until it is said.
    pub broke: Option<String>,
    pub recorder: Recorder,
    /// Grows when the colours may have changed.
    pub theme_serial: u32,
    /// The run was begun anew: whoever keeps something of the old one forgets it.
    pub run_serial: u32,
    /// Grows when something drawn changes other than where nodes lie while they are dragged.
    pub calm_serial: u64,
    /// When a hand last did something, in milliseconds since the page began.
    pub touched_at: f64,
    /// What of the scene is drawn in full.
    pub sight: Sight,
    pub subscribers: Subscribers,
    pub numbers: Numbers,
    /// The canvas fills the screen.
    pub presenting: bool,
    /// What the address asked for.
    pub asked: Address,
    /// Where the document is kept.
    pub place: Place,
    /// A fingerprint of what this tab last saw or left there.
    pub known: Option<u64>,
    /// It was said that it is not.
    pub unkept: bool,
    /// A frame that was scrolled away stands still.
    pub out_of_sight: bool,
}

/// A hand comes first: for so long after it did something, what changes by itself can wait.
const HAND_MS: f64 = 50.0;

impl Session {
    /// Of a document that is kept nowhere.
    pub fn of(state: State) -> Self {
        let player = Player::new(&state.scene);
        Self {
            state,
            player,
            spare: None,
            goal: 0,
            broke: None,
            recorder: Recorder::default(),
            theme_serial: 0,
            run_serial: 0,
            calm_serial: 0,
            touched_at: 0.0,
            sight: Sight::default(),
            subscribers: Subscribers::default(),
            numbers: Numbers::default(),
            presenting: false,
            asked: Address::default(),
            place: Place::Nowhere,
            known: None,
            unkept: false,
            out_of_sight: false,
        }
    }

    pub fn run(&self) -> &Run {
        self.player.run()
    }

    /// The virtual time on screen.
    pub fn shown_at(&self) -> Micros {
        self.player.shown_at()
    }

    /// Whether a hand has just done something, and would feel the time that anything else takes.
    pub fn is_in_hand(&self) -> bool {
        dom::now_ms() - self.touched_at < HAND_MS
    }

    /// Lets the engine work. Should it break, a fresh run takes the place of the broken one, and the clock says so.
    pub fn engine<T: 'static>(&mut self, work: impl FnOnce(&mut Player) -> T + 'static) -> Option<T> {
        let spare = self.spare.take().unwrap_or_else(nothing);
        let mut player = std::mem::replace(&mut self.player, spare);
        let done = guarded(move || {
            let value = work(&mut player);
            (player, value)
        });
        match done {
            Ok((player, value)) => {
                self.spare = Some(std::mem::replace(&mut self.player, player));
                if let Some(forgotten) = self.player.take_forgotten() {
                    self.forget(forgotten);
                }
                Some(value)
            }
            Err(why) => {
                self.begin_anew();
                self.broke = Some(why);
                None
            }
        }
    }

    /// A fresh run of the document, at time 0, in the place of one that broke.
    #[inline(never)] // second part
    fn begin_anew(&mut self) {
        let scene = Arc::clone(&self.state.scene);
        self.player = guarded(move || Player::new(&scene)).unwrap_or_else(|_| nothing());
        self.forget(Forgotten::All);
    }

    #[inline(never)] // second part
    fn forget(&mut self, forgotten: Forgotten) {
        match forgotten {
            Forgotten::After { at, total } => {
                self.recorder.forget_after(at, total);
                self.subscribers.forget_after(at, total);
            }
            Forgotten::All => {
                self.recorder.clear();
                self.run_serial += 1;
            }
        }
    }
}

/// The run of nothing, while the real one is at work.
fn nothing() -> Player {
    Player::new(&Scene::default())
}
