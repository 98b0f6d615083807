//! Where the repository is, which programs it sees, and how they are started.

use std::env;
use std::ffi::OsString;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The work tree, and the search path in which its own tools come before the machine's.
pub struct Repo {
    root: PathBuf,
    path: OsString,
}

impl Repo {
    /// Cargo names the package's folder when it starts this program; started by hand, look upwards for it.
    pub fn find() -> Result<Self, String> {
        let here = env::current_dir().map_err(|e| format!("cannot tell the current folder: {e}"))?;
        let root = match env::var_os("CARGO_MANIFEST_DIR") {
            Some(root) => PathBuf::from(root),
            None => here
                .ancestors()
                .find(|folder| folder.join("Trunk.toml").is_file())
                .ok_or("run this inside the repository")?
                .to_path_buf(),
        };
        let own = [root.join(".tools/bin"), root.join(".tools/npm/node_modules/.bin")];
        let machine = env::var_os("PATH").unwrap_or_default();
        let path = env::join_paths(own.into_iter().chain(env::split_paths(&machine)))
            .map_err(|e| format!("PATH cannot be extended: {e}"))?;
        Ok(Self { root, path })
    }

    /// A path inside the repository.
    pub fn at(&self, inside: &str) -> PathBuf {
        self.root.join(inside)
    }

    /// Cargo's target folder: this very program lies in `<target>/<profile>/`.
    pub fn target_folder(&self) -> PathBuf {
        let own = env::current_exe().ok();
        own.as_deref()
            .and_then(Path::parent)
            .and_then(Path::parent)
            .map_or_else(|| self.at("target"), Path::to_path_buf)
    }

    /// The first program of that name on the search path.
    pub fn which(&self, name: &str) -> Option<PathBuf> {
        // On Windows npm and its neighbours are command scripts.
        let suffixes: &[&str] = if cfg!(windows) { &[".exe", ".cmd", ".bat"] } else { &[""] };
        env::split_paths(&self.path)
            .flat_map(|folder| suffixes.iter().map(move |suffix| folder.join(format!("{name}{suffix}"))))
            .find(|candidate| candidate.is_file())
    }

    /// A command that runs at the root and sees the repository's own tools first.
    pub fn command(&self, name: &str) -> Command {
        let mut command = Command::new(self.which(name).unwrap_or_else(|| PathBuf::from(name)));
        command.current_dir(&self.root).env("PATH", &self.path);
        command
    }

    /// The Cargo that started this program, so that a chosen toolchain (`cargo +name xtask`) stays chosen.
    pub fn cargo(&self) -> Command {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.current_dir(&self.root).env("PATH", &self.path);
        command
    }

    /// What a program answers, if it is there and content.
    pub fn ask(&self, name: &str, args: &[&str]) -> Option<String> {
        self.which(name)?;
        answer(self.command(name).args(args))
    }
}

/// The standard output of a command that succeeds; its complaints are not shown.
pub fn answer(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_string())
}

/// A headline over what comes next.
pub fn headline(text: &str) {
    println!("\n==> {text}");
}

/// Runs a command in the open and turns failure into a sentence.
pub fn run(command: &mut Command) -> Result<(), String> {
    let line = announce(command);
    let status = command.status().map_err(|e| format!("cannot start `{line}`: {e}"))?;
    if status.success() { Ok(()) } else { Err(format!("`{line}` failed ({status})")) }
}

/// Runs a command in the open, and lets `see` read each line of its standard output as it passes.
pub fn run_watched(command: &mut Command, mut see: impl FnMut(&str)) -> Result<(), String> {
    run_quietly(command, |line| {
        println!("{line}");
        see(line);
    })
}

/// Runs a command whose standard output is for `see` alone, line by line.
pub fn run_quietly(command: &mut Command, mut see: impl FnMut(&str)) -> Result<(), String> {
    let line = announce(command);
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|e| format!("cannot start `{line}`: {e}"))?;
    let mut reader = BufReader::new(child.stdout.take().ok_or("no standard output to read")?);
    let mut bytes = Vec::new();
    while reader.read_until(b'\n', &mut bytes).map_err(|e| format!("cannot read from `{line}`: {e}"))? > 0 {
        see(String::from_utf8_lossy(&bytes).trim_end());
        bytes.clear();
    }
    let status = child.wait().map_err(|e| format!("cannot wait for `{line}`: {e}"))?;
    if status.success() { Ok(()) } else { Err(format!("`{line}` failed ({status})")) }
}

fn announce(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_stem().unwrap_or(command.get_program()).to_string_lossy();
    let line = command.get_args().fold(program.into_owned(), |line, arg| line + " " + &arg.to_string_lossy());
    println!("  $ {line}");
    // The child writes to the same terminal: our line has to be out before its first one.
    std::io::stdout().flush().ok();
    line
}
