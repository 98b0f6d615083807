//! `cargo xtask`: what a developer asks of this repository, without a manual step before it.
//!
//! It compiles on a machine that has nothing but Rust. Each command installs what it lacks into the git-ignored folder
//! `.tools/`, says so while it does it, and does nothing twice.

mod browser;
mod page;
mod peers;
mod repo;
mod split;
mod stylesheet;
mod tally;
mod tests;
mod tools;
mod version;

use repo::Repo;
use std::process::ExitCode;

const HELP: &str = "\
cargo xtask <command>

  serve [--port N] [--release] [--open]
                    build the page, serve it on this machine, rebuild on every change
  build             build the page for publishing into dist/, its program in parts, and say what it weighs
  test [STEP]...    check everything, or the named steps: fmt lint native browser page
  test peers        make the same calls to the headless runner and to moto, and compare the answers
  test engines      open the built page in Firefox and in WebKitGTK: drag, connect, play, the same digest
  bench [PART]...   run the core's benchmarks, or those whose names have one of the parts in them
  bench page        run the benchmarks of the built page in a browser
  bench peers       time the core in WebAssembly beside other simulators, in Node
  help              print this text

Each command installs what it lacks into .tools/ (Trunk, wasm-bindgen, wasm-opt; to build for publishing
and for the tests also Playwright and, where apt-get is at hand, Chromium; for the tests axe-core, for those
beside peers moto, for those of engines Firefox, WebKitGTK and puppeteer-core).";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = match args.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", &[][..]),
    };
    let repo = match Repo::find() {
        Ok(repo) => repo,
        Err(problem) => return fail(&problem),
    };
    let done = match command {
        "serve" => page::serve(&repo, rest),
        "build" => page::build(&repo).and_then(|()| page::weigh(&repo)),
        "test" => tests::run(&repo, rest),
        "bench" => bench(&repo, rest),
        "help" | "--help" | "-h" => {
            println!("{HELP}");
            Ok(())
        }
        other => Err(format!("there is no command «{other}»\n\n{HELP}")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => fail(&problem),
    }
}

fn fail(problem: &str) -> ExitCode {
    eprintln!("\nxtask: {problem}");
    ExitCode::FAILURE
}

fn bench(repo: &Repo, args: &[String]) -> Result<(), String> {
    match args.first().map(String::as_str) {
        Some("page") => return page::bench(repo),
        Some("peers") => return peers::bench(repo),
        _ => {}
    }
    let mut cargo = repo.cargo();
    cargo.args(["bench", "--no-default-features", "--features", "cli", "--bench", "core", "--"]).args(args);
    repo::run(&mut cargo)
}
