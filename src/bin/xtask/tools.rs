//! The tools of the build: found where they are, else installed into `.tools/`.

use crate::repo::{self, Repo};
use crate::version;
use std::fs;
use std::path::{Path, PathBuf};

const TRUNK: &str = "0.21.14";

/// Packages that npm brings. Pinned, because the page's bytes and the tests' findings depend on them.
pub const WASM_OPT: Package = Package { name: "binaryen", version: "132.0.0" };
/// Makes the scripts small that Trunk cannot read; the page's benchmark builds its yardstick with it.
pub const ESBUILD: Package = Package { name: "esbuild", version: "0.28.2" };
/// How the page's program is made small, as index.html says it too.
pub const OPTIMIZE: [&str; 2] = ["-Oz", "--one-caller-inline-max-function-size=60"];
pub const PLAYWRIGHT: Package = Package { name: "playwright-core", version: "1.65.1" };
pub const AXE: Package = Package { name: "axe-core", version: "4.14.1" };
/// Drives Firefox over WebDriver BiDi.
pub const PUPPETEER: Package = Package { name: "puppeteer-core", version: "25.16.0" };
pub const PNGJS: Package = Package { name: "pngjs", version: "7.0.0" };
/// What the core's benchmark in WebAssembly compares with.
pub const FAUXQS: Package = Package { name: "fauxqs", version: "1.9.2" };
pub const LOCAL_STEP_FUNCTIONS: Package = Package { name: "aws-local-stepfunctions", version: "3.0.0" };
/// What the page's benchmark compares with.
pub const YARDSTICK: [Package; 3] = [
    Package { name: "@xyflow/react", version: "12.12.1" },
    Package { name: "react", version: "19.3.1" },
    Package { name: "react-dom", version: "19.3.1" },
];

pub struct Package {
    name: &'static str,
    version: &'static str,
}

const WASM: &str = "wasm32-unknown-unknown";
const NODE_MAJOR_MIN: u32 = 20;

/// Everything that building the page in its development form takes.
pub fn for_page(repo: &Repo) -> Result<(), String> {
    wasm_target(repo)?;
    wasm_bindgen(repo)?;
    trunk(repo)
}

/// Everything that building the page for publishing takes.
pub fn for_release(repo: &Repo) -> Result<(), String> {
    for_page(repo)?;
    // Another wasm-opt may be too old for what rustc writes, and would give other bytes.
    if has(repo, "wasm-opt", major_of(&WASM_OPT)) { Ok(()) } else { npm(repo, &[WASM_OPT]) }
}

/// Rust's standard library for WebAssembly.
pub fn wasm_target(repo: &Repo) -> Result<(), String> {
    let folder = repo.ask("rustc", &["--print", "target-libdir", "--target", WASM]);
    if folder.is_some_and(|folder| Path::new(&folder).is_dir()) {
        return Ok(());
    }
    repo::headline("Installing Rust's WebAssembly target");
    if repo.which("rustup").is_none() {
        return Err(format!(
            "Rust's target {WASM} is missing; install Rust with rustup, or your system's package of that target"
        ));
    }
    repo::run(repo.command("rustup").args(["target", "add", WASM]))
}

/// The CLI has to be of exactly the crate's version: the two share an unstable format.
pub fn wasm_bindgen(repo: &Repo) -> Result<(), String> {
    let lock = fs::read_to_string(repo.at("Cargo.lock")).map_err(|e| format!("Cargo.lock cannot be read: {e}"))?;
    let wanted = version::in_lock(&lock, "wasm-bindgen").ok_or("Cargo.lock does not name wasm-bindgen")?;
    if has(repo, "wasm-bindgen", &wanted) && has(repo, "wasm-bindgen-test-runner", &wanted) {
        return Ok(());
    }
    repo::headline(&format!("Installing wasm-bindgen {wanted} into .tools (about two minutes, once)"));
    cargo_install(repo, &["--no-default-features", "wasm-bindgen-cli", "--version", &wanted])
}

fn trunk(repo: &Repo) -> Result<(), String> {
    if has(repo, "trunk", TRUNK) {
        return Ok(());
    }
    repo::headline(&format!("Installing Trunk {TRUNK} into .tools (about three minutes on two cores, once)"));
    cargo_install(repo, &["--locked", "trunk", "--version", TRUNK, "--no-default-features"])
}

fn cargo_install(repo: &Repo, args: &[&str]) -> Result<(), String> {
    let mut cargo = repo.cargo();
    // A debug build compiles in a third of the time, and the work of these is short.
    cargo.args(["install", "--debug"]).args(args).arg("--root").arg(repo.at(".tools"));
    repo::run(&mut cargo)
}

/// Installs those of the packages that are not there in their version.
pub fn npm(repo: &Repo, packages: &[Package]) -> Result<(), String> {
    node(repo)?;
    let folder = repo.at(".tools/npm");
    let missing: Vec<String> = packages
        .iter()
        .filter(|package| installed(&folder, package.name).as_deref() != Some(package.version))
        .map(|package| format!("{}@{}", package.name, package.version))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    if repo.which("npm").is_none() {
        crate::browser::apt_install(repo, &["npm"]).map_err(|problem| {
            format!("npm is missing: it comes with Node.js from the project's own site ({problem})")
        })?;
    }
    repo::headline(&format!("Installing {} into .tools", missing.join(", ")));
    fs::create_dir_all(&folder).map_err(|e| format!(".tools/npm cannot be made: {e}"))?;
    let mut npm = repo.command("npm");
    npm.args(["install", "--save-exact", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"])
        .arg("--prefix")
        .arg(&folder)
        .args(&missing);
    repo::run(&mut npm)
}

/// The interpreter of a virtual environment of its own that holds what a file of requirements names.
pub fn python(repo: &Repo, requirements: &str) -> Result<PathBuf, String> {
    let (wanted, folder) = (repo.at(requirements), repo.at(".tools/python"));
    let programs = folder.join(if cfg!(windows) { "Scripts" } else { "bin" });
    let python = programs.join(format!("python{}", std::env::consts::EXE_SUFFIX));
    let held = folder.join("requirements.txt");
    let read = |file: &Path| fs::read(file).ok();
    if python.is_file() && read(&held).is_some() && read(&held) == read(&wanted) {
        return Ok(python);
    }
    repo::headline(&format!("Installing what {requirements} names into .tools/python"));
    let machine = ["python3", "python"].into_iter().find(|name| repo.which(name).is_some());
    let machine = machine.ok_or("Python is missing: install 3.10 or newer")?;
    let make = || repo::run(repo.command(machine).args(["-m", "venv"]).arg(&folder));
    // Debian has the module in a package of its own.
    make().or_else(|_| crate::browser::apt_install(repo, &["python3-venv"]).and_then(|()| make()))?;
    let mut pip = repo.command(&python.to_string_lossy());
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]).arg(&wanted);
    repo::run(&mut pip)?;
    fs::copy(&wanted, &held).map(|_| python).map_err(|e| format!(".tools/python cannot be written: {e}"))
}

fn node(repo: &Repo) -> Result<(), String> {
    let answer = repo
        .ask("node", &["--version"])
        .ok_or_else(|| format!("Node.js is missing: install {NODE_MAJOR_MIN} or newer"))?;
    match version::in_answer(&answer).and_then(version::major) {
        Some(major) if major >= NODE_MAJOR_MIN => Ok(()),
        _ => Err(format!("Node.js is {answer}: {NODE_MAJOR_MIN} or newer is needed")),
    }
}

fn installed(folder: &Path, package: &str) -> Option<String> {
    let manifest = folder.join("node_modules").join(package).join("package.json");
    version::in_package_json(&fs::read_to_string(manifest).ok()?)
}

fn has(repo: &Repo, program: &str, wanted: &str) -> bool {
    repo.ask(program, &["--version"]).as_deref().and_then(version::in_answer) == Some(wanted)
}

/// Binaryen's programs name only the first number of the package's version.
fn major_of(package: &Package) -> &'static str {
    package.version.split('.').next().unwrap_or(package.version)
}
