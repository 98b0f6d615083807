//! A span of time as an animated GIF: the run played again beside the one on screen, a picture at a time, so that the
//! page stays alive and the work can be given up at any moment.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use decoupled::editor::{Rect, file_name};
use decoupled::engine::Micros;
use decoupled::figure::Gif;
use decoupled::scene::Scene;
use decoupled::sim::Run;
use decoupled::view::picture;
use gloo_timers::callback::Timeout;
use js_sys::{Array, Uint8Array};
use web_sys::{Blob, BlobPropertyBag, CanvasRenderingContext2d as Context};

use super::painter::{inks::Inks, sprites::Sprites};
use super::picture::{canvas_of, paint_on};
use super::{effects, store::Store};

/// Hundredths of a second between two pictures: twelve and a half a second.
const HUNDREDTHS: u16 = 8;
pub const FRAMES_MAX: u32 = 150;
const BYTES_MAX: usize = 32 << 20;
/// Pixels of a picture at most.
const PIXELS_MAX: f32 = 900_000.0;

/// How far a film has come.
#[derive(Clone, Debug, PartialEq)]
pub enum Progress {
    Frame(u32, u32),
    Done { frames: u32, bytes: usize },
    Failed(&'static str),
}

/// What a film is made of.
struct Studio {
    scene: Arc<Scene>,
    inks: Inks,
    sprites: Sprites,
    context: Context,
    area: Rect,
    scale: f32,
    size: (u16, u16),
    /// The run that is played, and those that go on from edits in the span.
    runs: VecDeque<Run>,
    run: Run,
    from: Micros,
    step: Micros,
    frames: u32,
    taken: u32,
    gif: Gif,
    name: String,
}

/// How many pictures a span has, at a speed of virtual time.
#[must_use]
pub fn frames_of(from: Micros, until: Micros, speed: f32) -> u32 {
    let step = step_of(speed);
    u32::try_from(until.saturating_sub(from) / step + 1).unwrap_or(u32::MAX)
}

fn step_of(speed: f32) -> Micros {
    ((f64::from(HUNDREDTHS) * 10_000.0 * f64::from(speed)) as Micros).max(1)
}

/// Begins a film of `from` to `until` as it looks at the present speed; `tell` hears how far it has come. It is given up
/// when the cell turns true.
pub fn shoot(
    store: &Store,
    (from, until): (Micros, Micros),
    given_up: Rc<Cell<bool>>,
    tell: impl Fn(Progress) + 'static,
) {
    match Studio::open(store, from, until) {
        Some(studio) => {
            let studio = Rc::new(RefCell::new(Some(studio)));
            go_on(store.clone(), studio, given_up, Rc::new(tell));
        }
        None => tell(Progress::Failed("This browser lends no canvas to draw it on.")),
    }
}

fn go_on(store: Store, studio: Rc<RefCell<Option<Studio>>>, given_up: Rc<Cell<bool>>, tell: Rc<dyn Fn(Progress)>) {
    Timeout::new(0, move || {
        if given_up.get() {
            return;
        }
        let said = {
            let mut held = studio.borrow_mut();
            let Some(work) = held.as_mut() else { return };
            if work.take().is_none() {
                Progress::Failed("A picture could not be drawn.")
            } else if work.gif.weight() > BYTES_MAX {
                Progress::Failed("The film has become larger than 32 MB: choose a shorter span.")
            } else if work.taken < work.frames {
                Progress::Frame(work.taken, work.frames)
            } else {
                let Some(work) = held.take() else { return };
                work.offer(&store)
            }
        };
        let goes_on = matches!(said, Progress::Frame(..));
        tell(said);
        if goes_on {
            go_on(store, studio, given_up, tell);
        }
    })
    .forget();
}

impl Studio {
    fn open(store: &Store, from: Micros, until: Micros) -> Option<Self> {
        let session = store.session();
        let speed = session.state.playback.speed;
        let inks = Inks::of_picture(session.theme_serial)?;
        let scene = Arc::clone(&session.state.scene);
        let mut runs = VecDeque::from(session.player.again(from, until));
        let run = runs.pop_front()?;
        let (step, frames) = (step_of(speed), frames_of(from, until, speed).min(FRAMES_MAX));
        // The first, the last and the one between tell how large the pictures are, and which colours they have.
        let mut samples = vec![picture(&scene, &run, from)];
        for part in [frames / 2, frames - 1] {
            let at = from + step * u64::from(part);
            let last = session.player.again(at, at).into_iter().next()?;
            samples.push(picture(&scene, &last, at));
        }
        let area = samples.iter().map(|sample| sample.reach()).reduce(|all, other| all.joined(&other))?;
        let scale = (PIXELS_MAX / (area.width * area.height)).sqrt().min(1.5);
        let (canvas, context) = canvas_of(area, scale)?;
        let size = (u16::try_from(canvas.width()).ok()?, u16::try_from(canvas.height()).ok()?);
        let mut sprites = Sprites::default();
        let mut pixels = Vec::new();
        for sample in &samples {
            paint_on(&context, sample, &inks, area, scale, &mut sprites);
            pixels.push(pixels_of(&context, size)?);
        }
        let views: Vec<&[u8]> = pixels.iter().map(Vec::as_slice).collect();
        let gif = Gif::new(size, &views);
        let name = file_name(&scene, "gif");
        Some(Self {
            scene,
            inks,
            sprites,
            context,
            area,
            scale,
            size,
            runs,
            run,
            from,
            step,
            frames,
            taken: 0,
            gif,
            name,
        })
    }

    /// Draws the next picture.
    fn take(&mut self) -> Option<()> {
        let at = self.from + self.step * u64::from(self.taken);
        while self.runs.front().is_some_and(|next| next.now() <= at)
            && let Some(edited) = self.runs.pop_front()
        {
            self.run = edited;
        }
        self.run.advance_to(at);
        let drawn = picture(&self.scene, &self.run, at);
        paint_on(&self.context, &drawn, &self.inks, self.area, self.scale, &mut self.sprites);
        self.gif.add(&pixels_of(&self.context, self.size)?, HUNDREDTHS);
        self.taken += 1;
        Some(())
    }

    fn offer(self, store: &Store) -> Progress {
        let (frames, bytes) = (self.taken, self.gif.finish());
        let options = BlobPropertyBag::new();
        options.set_type("image/gif");
        let parts = Array::of1(&Uint8Array::from(bytes.as_slice()));
        let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &options).ok();
        effects::download_blob(store, &self.name, blob.as_ref());
        Progress::Done { frames, bytes: bytes.len() }
    }
}

fn pixels_of(context: &Context, size: (u16, u16)) -> Option<Vec<u8>> {
    let data = context.get_image_data(0.0, 0.0, f64::from(size.0), f64::from(size.1)).ok()?;
    Some(data.data().0)
}
