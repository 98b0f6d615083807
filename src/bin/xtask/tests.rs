//! `cargo xtask test`: every check, in the order in which mistakes are cheapest to learn of.

use crate::repo::{self, Repo};
use crate::tally::Tally;
use crate::{browser, page, tools};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

enum Outcome {
    Done,
    Skipped(&'static str),
}

struct Step {
    name: &'static str,
    title: &'static str,
    /// Whether it runs only when it is named.
    only_named: bool,
    run: fn(&Repo, &mut Tally) -> Result<Outcome, String>,
}

const STEPS: [Step; 7] = [
    step("fmt", "Formatting", format),
    step("lint", "Lints: the core, the tools and the app", lint),
    step("native", "Tests of the core, natively", native),
    step("browser", "Tests in WebAssembly, in a browser", in_browser),
    step("page", "Tests of the built page and the headless runner", built_page),
    Step { only_named: true, ..step("peers", "The same calls to the runner and to moto", beside_peers) },
    Step { only_named: true, ..step("engines", "The built page in Firefox and in WebKit", in_engines) },
];

const fn step(name: &'static str, title: &'static str, run: fn(&Repo, &mut Tally) -> Result<Outcome, String>) -> Step {
    Step { name, title, only_named: false, run }
}

/// Runs the named steps, or all that need no name, each whether or not the one before it passed.
pub fn run(repo: &Repo, names: &[String]) -> Result<(), String> {
    if let Some(unknown) = names.iter().find(|name| STEPS.iter().all(|step| step.name != name.as_str())) {
        let known: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        return Err(format!("there is no step «{unknown}»; the steps are {}", known.join(" ")));
    }
    let mut total = Tally::default();
    let mut lines = Vec::new();
    let mut problems = Vec::new();
    let is_asked = |step: &&Step| match names {
        [] => !step.only_named,
        names => names.iter().any(|name| name == step.name),
    };
    for step in STEPS.iter().filter(is_asked) {
        repo::headline(&format!("{}: {}", step.name, step.title));
        let mut tally = Tally::default();
        let (result, seconds) = timed(|| (step.run)(repo, &mut tally));
        let said = match &result {
            Ok(Outcome::Done) => "ok".to_string(),
            Ok(Outcome::Skipped(why)) => format!("skipped: {why}"),
            Err(_) => "FAILED".to_string(),
        };
        if let Err(problem) = result {
            eprintln!("{problem}");
            problems.push(format!("{}: {problem}", step.name));
            // A step that fails before its tests can report counts as one failure, or the total would call it none.
            tally.failed = tally.failed.max(1);
        }
        lines.push(format!(
            "{:<8} {seconds:>7.1} s  {:>5} passed  {:>3} failed  {said}",
            step.name, tally.passed, tally.failed
        ));
        total.passed += tally.passed;
        total.failed += tally.failed;
    }
    repo::headline("Summary");
    lines.iter().for_each(|line| println!("{line}"));
    println!("\n{} passed, {} failed", total.passed, total.failed);
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\nxtask: ")) }
}

#[expect(clippy::disallowed_types, reason = "a developer's tool may look at the clock; the core may not")]
fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let start = std::time::Instant::now();
    let result = work();
    (result, start.elapsed().as_secs_f64())
}

fn cargo(repo: &Repo, args: &str) -> Command {
    let mut cargo = repo.cargo();
    cargo.args(args.split_whitespace());
    cargo
}

fn format(repo: &Repo, _: &mut Tally) -> Result<Outcome, String> {
    if repo::answer(&mut cargo(repo, "fmt --version")).is_none() {
        return Ok(Outcome::Skipped("no rustfmt; `rustup component add rustfmt` brings it"));
    }
    repo::run(&mut cargo(repo, "fmt --check"))?;
    Ok(Outcome::Done)
}

fn lint(repo: &Repo, _: &mut Tally) -> Result<Outcome, String> {
    if repo::answer(&mut cargo(repo, "clippy --version")).is_none() {
        return Ok(Outcome::Skipped("no clippy; `rustup component add clippy` brings it"));
    }
    tools::wasm_target(repo)?;
    let native = "clippy --no-default-features --features cli,xtask --all-targets -- -D warnings";
    let wasm = "clippy --target wasm32-unknown-unknown --bin decoupled-app --test browser --example peers --features app,peers -- -D warnings";
    // Both, whatever the first says: the second's findings are other ones.
    let results = [repo::run(&mut cargo(repo, native)), repo::run(&mut cargo(repo, wasm))];
    results.into_iter().collect::<Result<(), String>>()?;
    Ok(Outcome::Done)
}

fn native(repo: &Repo, tally: &mut Tally) -> Result<Outcome, String> {
    let core = "test --no-default-features --features cli --no-fail-fast";
    // Apart from the core's: there Cargo would build this very program anew while it runs, which Windows forbids.
    let tools = "test --no-default-features --features xtask --bin xtask";
    let results = [core, tools].map(|args| repo::run_watched(&mut cargo(repo, args), |line| tally.see(line)));
    results.into_iter().collect::<Result<(), String>>()?;
    Ok(Outcome::Done)
}

fn in_browser(repo: &Repo, tally: &mut Tally) -> Result<Outcome, String> {
    tools::wasm_target(repo)?;
    tools::wasm_bindgen(repo)?;
    let chrome = browser::chrome(repo)?;
    let driver = browser::driver(repo)?;
    let capabilities = browser::write_capabilities(repo, &chrome)?;
    let runner = repo.which("wasm-bindgen-test-runner").ok_or("wasm-bindgen-test-runner is missing")?;
    let args = "test --target wasm32-unknown-unknown --bin decoupled-app --test browser --features app --no-fail-fast";
    let mut cargo = cargo(repo, args);
    cargo
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", &runner)
        .env("CHROMEDRIVER", driver)
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", capabilities)
        .env("WASM_BINDGEN_USE_BROWSER", "1")
        // The runner's own 20 and 5 seconds are for quick tests on a quiet machine.
        .env("WASM_BINDGEN_TEST_TIMEOUT", "600")
        .env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60");
    repo::run_watched(&mut cargo, |line| tally.see(line))?;
    repo::headline("The library in node");
    let mut in_node = self::cargo(repo, "test --target wasm32-unknown-unknown --test browser --features app");
    in_node.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner).env_remove("WASM_BINDGEN_USE_BROWSER");
    repo::run_watched(&mut in_node, |line| tally.see(line))?;
    Ok(Outcome::Done)
}

fn built_page(repo: &Repo, tally: &mut Tally) -> Result<Outcome, String> {
    let chrome = browser::chrome(repo)?;
    tools::npm(repo, &[tools::PLAYWRIGHT, tools::AXE, tools::PNGJS])?;
    // So that a test can hold the runner's digests against the page's.
    let runner = runner(repo)?;
    page::build(repo)?;

    // A page that plays waits for its clock more than it works: two at a time.
    let mut node = node_tests(repo, "tests/e2e", 2, &runner)?;
    repo::headline("Driving the page");
    repo::run_watched(node.env("CHROME_BIN", chrome), |line| tally.see(line))?;
    Ok(Outcome::Done)
}

/// Node's test runner over the tests of a folder.
fn node_tests(repo: &Repo, folder: &str, at_a_time: u32, runner: &Path) -> Result<Command, String> {
    // Named one by one: what Node's test runner makes of a folder differs from version to version.
    let entries = fs::read_dir(repo.at(folder)).map_err(|e| format!("{folder} cannot be read: {e}"))?;
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.to_string_lossy().ends_with(".test.mjs"));
    files.sort();
    let mut node = repo.command("node");
    node.args(["--test", "--test-reporter=spec"])
        .arg(format!("--test-concurrency={at_a_time}"))
        .args(files)
        .env("DECOUPLED_DIST", repo.at("dist"))
        .env("DECOUPLED_RUNNER", runner)
        .env("NODE_PATH", repo.at(".tools/npm/node_modules"));
    Ok(node)
}

/// `tests/engines`: the same page in the other two engines that browsers have.
fn in_engines(repo: &Repo, tally: &mut Tally) -> Result<Outcome, String> {
    let engines = browser::engines(repo)?;
    tools::npm(repo, &[tools::PUPPETEER, tools::PNGJS])?;
    let runner = runner(repo)?;
    page::build(repo)?;
    let mut node = node_tests(repo, "tests/engines", 1, &runner)?;
    node.env("FIREFOX_BIN", &engines.firefox).env("WEBKIT_DRIVER", &engines.webkit_driver);
    if let Some(browser) = &engines.webkit_browser {
        node.env("WEBKIT_BROWSER", browser);
    }
    repo::headline("Driving the page in Firefox and WebKit");
    repo::run_watched(&mut node, |line| tally.see(line))?;
    Ok(Outcome::Done)
}

/// The headless runner, which Cargo builds together with the tests of the core.
fn runner(repo: &Repo) -> Result<PathBuf, String> {
    repo::run(&mut cargo(repo, "test --no-default-features --features cli --test suite --no-run"))?;
    Ok(repo.target_folder().join("debug").join(format!("decoupled{}", std::env::consts::EXE_SUFFIX)))
}

/// `tests/peers`: what another simulator of the same services answers to the same calls.
fn beside_peers(repo: &Repo, tally: &mut Tally) -> Result<Outcome, String> {
    let python = tools::python(repo, "tests/peers/requirements.txt")?;
    let runner = runner(repo)?;
    let mut peers = repo.command(&python.to_string_lossy());
    peers.arg(repo.at("tests/peers/main.py")).arg(runner).env("PYTHONDONTWRITEBYTECODE", "1");
    repo::run_watched(&mut peers, |line| tally.see(line))?;
    Ok(Outcome::Done)
}
