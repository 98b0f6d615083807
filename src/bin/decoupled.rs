//! The headless runner: runs and checks scenes without a browser.
//!
//! Exit codes: 0 fine, 1 a check failed, 2 the input could not be used.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use decoupled::engine::Micros;
use decoupled::lang::duration::parse_duration;
use decoupled::scene::{Problem, Scene, limits, read_scene};
use decoupled::sim::{Run, check, report, trace_lines};
use decoupled::view::metrics_csv;

/// Runs Decoupled scenes without a browser.
#[derive(Parser)]
#[command(name = "decoupled", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Plays a scene up to a virtual time and reports what happened.
    Run {
        scene: PathBuf,
        /// Virtual time, such as 60s or 5m.
        #[arg(long, default_value = "60s", value_parser = parse_duration)]
        until: Micros,
        /// Instead of the scene's own seed.
        #[arg(long)]
        seed: Option<u64>,
        /// Print the report as JSON.
        #[arg(long)]
        json: bool,
        /// Write the trace as JSON Lines to a file, or to stdout with `-`.
        #[arg(long, value_name = "FILE")]
        trace: Option<PathBuf>,
        /// Write what the metrics were over time to a file, or to stdout with `-`.
        #[arg(long, value_name = "FILE")]
        csv: Option<PathBuf>,
        /// Play in steps of this much virtual time; the result is the same.
        #[arg(long, value_parser = parse_duration)]
        step: Option<Micros>,
    },
    /// Lists a scene's problems, then runs its own checks.
    Check { scene: PathBuf },
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Run { scene, until, seed, json, trace, csv, step } => {
            run(&scene, until, seed, json, trace.as_deref(), csv.as_deref(), step)
        }
        Command::Check { scene } => check_file(&scene),
    };
    outcome.unwrap_or_else(|message| {
        eprintln!("decoupled: {message}");
        ExitCode::from(2)
    })
}

/// Reads a file; what cannot be used at all is an error, the rest are problems.
fn open(path: &Path) -> Result<(Scene, Vec<Problem>), String> {
    let shown = path.display();
    let size = fs::metadata(path).map_err(|error| format!("{shown}: {error}"))?.len();
    if size > limits::FILE_BYTES_MAX as u64 {
        let (size, most) = (size / 1_048_576, limits::FILE_BYTES_MAX / 1_048_576);
        return Err(format!("{shown}: the file has {size} MB; a scene may have {most} MB"));
    }
    let text = fs::read_to_string(path).map_err(|error| format!("{shown}: {error}"))?;
    let (scene, mut problems) = read_scene(&text);
    let unusable =
        |problem: &&Problem| problem.place.is_empty() || problem.place == "version" && scene.nodes.is_empty();
    if let Some(problem) =
        problems.iter().find(unusable).filter(|_| scene.nodes.is_empty() && scene.unopened.is_empty())
    {
        return Err(format!("{shown}: {problem}"));
    }
    problems.extend(scene.problems());
    Ok((scene, problems))
}

fn run(
    path: &Path,
    until: Micros,
    seed: Option<u64>,
    as_json: bool,
    trace: Option<&Path>,
    csv: Option<&Path>,
    step: Option<Micros>,
) -> Result<ExitCode, String> {
    let (scene, problems) = open(path)?;
    for problem in &problems {
        eprintln!("{}: {problem}", path.display());
    }
    let mut run = Run::with_seed(&scene, seed.unwrap_or(scene.seed));
    let mut sink = trace.map(open_sink).transpose()?;
    let mut seen = 0;
    loop {
        let target = step.map_or(until, |step| (run.now() + step.max(1)).min(until));
        // In slices, so that the trace's window never runs over before it is written.
        let arrived = run.advance(target, 10_000);
        if let Some(sink) = &mut sink {
            match sink.write_all(trace_lines(&run, seen).as_bytes()) {
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(ExitCode::SUCCESS),
                written => written.map_err(|error| format!("the trace: {error}"))?,
            }
            seen = run.trace().total();
        }
        if arrived && (target == until || run.halt().is_some()) {
            break;
        }
    }
    if let Some(path) = csv {
        let written = open_sink(path)?.write_all(metrics_csv(&run).as_bytes());
        written.map_err(|error| format!("{}: {error}", path.display()))?;
    }
    let report = report(&run, &problems);
    if as_json {
        say(&serde_json::to_string_pretty(&report).map_err(|error| error.to_string())?);
    } else if ![trace, csv].contains(&Some(Path::new("-"))) {
        summary(&report);
    }
    Ok(ExitCode::SUCCESS)
}

fn open_sink(path: &Path) -> Result<Box<dyn Write>, String> {
    if path == Path::new("-") {
        return Ok(Box::new(io::stdout()));
    }
    let file = fs::File::create(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(Box::new(io::BufWriter::new(file)))
}

/// A line on stdout. A reader that has gone away (`| head`) is no failure.
fn say(line: &str) {
    let _ = writeln!(io::stdout(), "{line}");
}

fn summary(report: &serde_json::Value) {
    say(&format!("{} facts, digest {}", report["facts"], report["digest"].as_str().unwrap_or_default()));
    say(&format!("messages: {}", report["messages"]));
    for (id, metrics) in report["nodes"].as_object().into_iter().flatten() {
        say(&format!("{id}: {metrics}"));
    }
    for problem in report["problems"].as_array().into_iter().flatten() {
        say(&format!("problem: {problem}"));
    }
}

fn check_file(path: &Path) -> Result<ExitCode, String> {
    let (scene, problems) = open(path)?;
    for problem in &problems {
        say(&format!("problem: {problem}"));
    }
    let verdicts = check(&scene);
    for verdict in &verdicts {
        say(&format!("{}: {}", if verdict.passed { "pass" } else { "FAIL" }, verdict.sentence));
    }
    let failed = problems.len() + verdicts.iter().filter(|verdict| !verdict.passed).count();
    say(&format!("{} checks, {} problems, {failed} failed", verdicts.len(), problems.len()));
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
