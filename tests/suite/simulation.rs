//! Simulation: random scenes, scripts and faults from a seed, and what must hold in every run whatever happens.
//!
//! `SEED=17` plays that one alone, `SEEDS=100000` more than usual. Conservation of messages is asserted by the run
//! itself after every step; what a queue, stream or worker may do is held by [`watch::Watch`], from the facts alone.

mod broken;
mod scene;
mod tables;
mod watch;

use decoupled::engine::TraceRecord;
use decoupled::services::Fact;
use decoupled::sim::Run;

use crate::support;

const SEEDS: u64 = 10_000;
const THREADS: u64 = 2;
/// Every random run is played so long, in virtual time.
const UNTIL: u64 = 30_000_000;

/// What happened in a run, or in many: facts, records that applications processed, items in tables.
type Work = [u64; 3];

/// Plays the scene of a seed under watch; what went wrong, if anything.
fn play(seed: u64) -> Result<Work, String> {
    let (scene, problems) = support::open(scene::random(seed));
    if !problems.is_empty() {
        return Err(format!("the scene has problems: {problems:?}"));
    }
    let mut run = Run::new(&scene);
    let mut watch = watch::Watch::new(&run);
    let is_about_groups = watch.is_about_groups();
    let look = |run: &Run, record: &TraceRecord<Fact>| {
        if let Some(group) = watch.group_of(run, record) {
            watch.learn(group);
        }
        watch.see(run, record, run.handled());
    };
    if is_about_groups {
        support::watch_by(1, &mut run, UNTIL, look);
    } else {
        support::watch(&mut run, UNTIL, look);
    }
    watch.finish(&run);
    run.assert_conservation();
    match watch.broken() {
        [] => {
            let [processed, items] = watch.tables().work();
            Ok([run.trace().total(), processed, items])
        }
        broken => Err(broken.join("; ")),
    }
}

fn sum(one: Work, other: Work) -> Work {
    std::array::from_fn(|index| one[index] + other[index])
}

#[test]
fn whatever_happens_the_invariants_hold() {
    let asked = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    if let Some(seed) = asked("SEED") {
        println!("{}", serde_json::to_string_pretty(&scene::random(seed)).expect("a scene is JSON"));
        play(seed).unwrap_or_else(|broken| panic!("SEED={seed}: {broken}"));
        return;
    }
    let seeds = asked("SEEDS").unwrap_or(SEEDS);
    let share = |first: u64| {
        let mut work = Work::default();
        for seed in (first..seeds).step_by(THREADS as usize) {
            // A panic of the model says nothing of the seed, so the seed is said before it goes on.
            let played = std::panic::catch_unwind(|| play(seed));
            let more = match played {
                Ok(Ok(more)) => more,
                Ok(Err(broken)) => panic!("SEED={seed}: {broken}"),
                Err(panic) => {
                    eprintln!("SEED={seed} panicked");
                    std::panic::resume_unwind(panic);
                }
            };
            work = sum(work, more);
        }
        work
    };
    let [facts, processed, items]: Work = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|first| scope.spawn(move || share(first))).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .fold(Work::default(), sum)
    });
    println!("{seeds} seeds, {facts} facts, {processed} records processed by applications, {items} items in tables");
    assert!(processed > seeds && items > seeds / 4, "applications and tables do too little");
    assert!(facts > seeds * 20, "only {facts} facts in {seeds} runs: the scenes do nothing");
}
