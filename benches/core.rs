//! Benchmarks of the core, each beside a bare loop that does the same without kernel or services. Pairs run in turn
//! in one process, so that only their ratio is to be read: machines are noisy. Run with `cargo xtask bench`, or with
//! part of a name to run some: `cargo xtask bench kernel`.

mod core {
    pub mod bare;
    pub mod driver;
    pub mod frames;
    pub mod kernel;
    pub mod patterns;
    pub mod queue;
    pub mod records;
    pub mod stream;
    pub mod time;
}

use std::hint::black_box;

/// Rounds of a pair; the median of their ratios is what counts.
const ROUNDS: usize = 7;

/// Times `ours` and `bare` in turn. Both do `operations` operations and give something that depends on all of them.
fn compare<A, B>(name: &str, operations: u64, mut ours: impl FnMut() -> A, mut bare: impl FnMut() -> B) {
    if !wanted(name) {
        return;
    }
    let mut rounds: Vec<(f64, f64)> = (0..ROUNDS).map(|_| (time(&mut ours), time(&mut bare))).collect();
    rounds.sort_by(|a, b| (a.1 / a.0).total_cmp(&(b.1 / b.0)));
    let (ours, bare) = rounds[ROUNDS / 2];
    let each = |seconds: f64| seconds * 1e9 / operations as f64;
    println!("{name:<52} {:>9.1} ns {:>9.1} ns bare {:>7.2}×", each(ours), each(bare), bare / ours);
}

fn wanted(name: &str) -> bool {
    let mut asked = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).peekable();
    asked.peek().is_none() || asked.any(|part| name.contains(&part))
}

#[expect(clippy::disallowed_types, reason = "a benchmark may look at the clock; the core may not")]
fn time<T>(work: &mut impl FnMut() -> T) -> f64 {
    let start = std::time::Instant::now();
    black_box(work());
    start.elapsed().as_secs_f64()
}

fn main() {
    println!("{:<52} {:>12} {:>17} {:>8}", "", "each", "each", "speed");
    core::kernel::run();
    core::queue::run();
    core::stream::run();
    core::patterns::run();
    core::frames::run();
    core::time::run();
}
