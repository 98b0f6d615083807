//! The headless runner: runs and checks scenes without a browser.
//!
//! Exit codes: 0 fine, 1 a check failed, 2 the input could not be used, 3 a bound was reached.

mod bounds;
mod eval;

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use bounds::Bounds;
use clap::{Args, Parser, Subcommand};
use decoupled::engine::Micros;
use decoupled::lang::duration::parse_duration;
use decoupled::scene::{Problem, Scene, limits, read_file};
use decoupled::sim::{Run, check, report, trace_lines};
use decoupled::view::metrics_csv;
use eval::{Language, eval};

/// Entries handled between two looks at the bounds: one of them may make a body of many megabytes.
const SLICE: u64 = 100;
/// So often, the trace is written: long before its window runs over.
const TRACE_SLICES: u64 = 100;

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
    Run(Box<Options>),
    /// Lists a scene's problems, then runs its own checks.
    Check {
        /// A scene file, or `-` for stdin.
        scene: PathBuf,
        #[command(flatten)]
        bounds: Bounds,
    },
    /// Answers cases of one of AWS's small languages, a line for each.
    Eval {
        language: Language,
        /// A JSON list of cases, or `-` for stdin.
        file: PathBuf,
    },
}

#[derive(Args)]
struct Options {
    /// A scene file, or `-` for stdin.
    scene: PathBuf,
    /// Virtual time, such as 60s or 5m.
    #[arg(long, default_value = "60s", value_parser = parse_duration, allow_hyphen_values = true)]
    until: Micros,
    /// Instead of the scene's own seed.
    #[arg(long, allow_hyphen_values = true)]
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
    #[arg(long, value_parser = parse_duration, allow_hyphen_values = true)]
    step: Option<Micros>,
    #[command(flatten)]
    bounds: Bounds,
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Run(options) => run(*options),
        Command::Check { scene, bounds } => check_file(&scene, bounds),
        Command::Eval { language, file } => eval_file(language, &file),
    };
    outcome.unwrap_or_else(|message| {
        eprintln!("decoupled: {message}");
        ExitCode::from(2)
    })
}

/// The bytes of a file, or of stdin.
fn bytes_of(path: &Path) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let most = limits::FILE_BYTES_MAX as u64 + 1;
    let read = if is_stdio(path) {
        io::stdin().take(most).read_to_end(&mut bytes)
    } else {
        fs::File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes))
    };
    read.map(|_| bytes).map_err(|error| format!("{}: {error}", path.display()))
}

fn is_stdio(path: &Path) -> bool {
    path == Path::new("-")
}

/// Reads a scene; what cannot be used at all is an error, the rest are problems.
fn open(path: &Path) -> Result<(Scene, Vec<Problem>), String> {
    read_file(&bytes_of(path)?).map_err(|problem| format!("{}: {problem}", path.display()))
}

fn eval_file(language: Language, path: &Path) -> Result<ExitCode, String> {
    let shown = path.display();
    let text =
        String::from_utf8(bytes_of(path)?).map_err(|_| format!("{shown}: This is not UTF-8. Save it as UTF-8."))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    for line in eval(language, text).map_err(|why| format!("{shown}: {why}"))? {
        say(&line);
    }
    Ok(ExitCode::SUCCESS)
}

fn run(options: Options) -> Result<ExitCode, String> {
    let Options { scene: path, until, seed, json, trace, csv, step, bounds } = options;
    let outputs = [json, trace.as_deref().is_some_and(is_stdio), csv.as_deref().is_some_and(is_stdio)];
    if outputs.iter().filter(|to_stdout| **to_stdout).count() > 1 {
        return Err(
            "--json, --trace - and --csv - all write to stdout: give all but one a file, as in --trace run.jsonl"
                .to_owned(),
        );
    }
    let (scene, problems) = open(&path)?;
    for problem in &problems {
        eprintln!("{}: {problem}", path.display());
    }
    let mut run = Run::with_seed(&scene, seed.unwrap_or(scene.seed));
    let mut sink = trace.as_deref().map(open_sink).transpose()?;
    let (mut seen, watch) = (0, bounds.watch());
    let stopped = loop {
        let target = step.map_or(until, |step| (run.now() + step.max(1)).min(until));
        let (mut arrived, mut stopped) = (false, None);
        for _ in 0..TRACE_SLICES {
            arrived = run.advance(target, SLICE);
            stopped = watch.reached(&run).filter(|_| !arrived);
            if arrived || stopped.is_some() {
                break;
            }
        }
        if let Some(sink) = &mut sink {
            match sink.write_all(trace_lines(&run, seen).as_bytes()) {
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(ExitCode::SUCCESS),
                written => written.map_err(|error| format!("the trace: {error}"))?,
            }
            seen = run.trace().total();
        }
        if stopped.is_some() || arrived && (target == until || run.halt().is_some()) {
            break stopped;
        }
    };
    if let Some(path) = &csv {
        let written = open_sink(path)?.write_all(metrics_csv(&run).as_bytes());
        written.map_err(|error| format!("{}: {error}", path.display()))?;
    }
    let mut report = report(&run, &problems);
    if let Some(why) = &stopped
        && let Some(problems) = report["problems"].as_array_mut()
    {
        problems.push(serde_json::json!(Problem::new(format!("at {} µs", run.now()), why.as_str())));
    }
    if json {
        say(&serde_json::to_string_pretty(&report).map_err(|error| error.to_string())?);
    } else if !outputs.contains(&true) {
        summary(&report);
    }
    Ok(end(stopped, ExitCode::SUCCESS))
}

/// The exit code of a run: a bound that was reached comes before all else.
fn end(stopped: Option<String>, otherwise: ExitCode) -> ExitCode {
    match stopped {
        Some(why) => {
            eprintln!("decoupled: {why}");
            ExitCode::from(3)
        }
        None => otherwise,
    }
}

fn open_sink(path: &Path) -> Result<Box<dyn Write>, String> {
    if is_stdio(path) {
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

fn check_file(path: &Path, bounds: Bounds) -> Result<ExitCode, String> {
    let (scene, problems) = open(path)?;
    for problem in &problems {
        say(&format!("problem: {problem}"));
    }
    let (mut stopped, watch) = (None, bounds.watch());
    let verdicts = check(&scene, |run, at| {
        while !run.advance(at, SLICE) && stopped.is_none() {
            stopped = watch.reached(run);
        }
        stopped.is_none()
    });
    for verdict in &verdicts {
        say(&format!("{}: {}", if verdict.passed { "pass" } else { "FAIL" }, verdict.sentence));
    }
    let failed = problems.len() + verdicts.iter().filter(|verdict| !verdict.passed).count();
    say(&format!("{} checks, {} problems, {failed} failed", verdicts.len(), problems.len()));
    Ok(end(stopped, if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }))
}
