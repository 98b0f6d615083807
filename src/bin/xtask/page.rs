//! The page: served while somebody works on it, and built for publishing.

use crate::repo::{self, Repo};
use crate::{browser, split, stylesheet, tools};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Serves the page on this machine and rebuilds it on every change, until it is interrupted.
pub fn serve(repo: &Repo, args: &[String]) -> Result<(), String> {
    let mut port = String::from("8080");
    let mut flags = Vec::new();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--port" => port = args.next().ok_or("--port wants a number")?.clone(),
            "--release" | "--open" => flags.push(arg.as_str()),
            other => return Err(format!("serve does not know «{other}»; it takes --port N, --release and --open")),
        }
    }
    if port.parse::<u16>().is_err() {
        return Err(format!("--port wants a number below 65536, not «{port}»"));
    }
    if flags.contains(&"--release") {
        tools::for_release(repo)?
    } else {
        tools::for_page(repo)?
    }
    repo::headline(&format!("Building the page; then it is at http://127.0.0.1:{port}/ (ctrl C ends it)"));
    // Apart from dist/, which holds only what may be published.
    let folder = repo.target_folder().join("served");
    repo::run(trunk(repo).args(["serve", "--port", &port]).args(flags).arg("--dist").arg(folder))
}

/// Builds `dist/`, the program in parts: what a first visit runs, and what the page loads later.
pub fn build(repo: &Repo) -> Result<(), String> {
    tools::for_release(repo)?;
    tools::npm(repo, &[tools::ESBUILD])?;
    repo::headline("Building the page for publishing");
    let map = repo.target_folder().join("decoupled-app.map");
    // It also tells where each constant lies. What panics say names no folder of this machine.
    let mut flags = format!("-Clink-arg=-Map={}", map.display());
    for folder in registry_folders() {
        flags.push_str(&format!(" --remap-path-prefix={}/=", folder.display()));
    }
    repo::run(trunk(repo).args(["build", "--release"]).env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags))?;
    let starter = repo.at("dist").join(file_of(&repo.at("dist"), "boot-", ".js")?);
    write(&starter, minified(repo, &text(&starter)?, &[])?.as_bytes())?;
    stylesheet::join(&repo.at("dist"))?;
    match browser::chrome(repo) {
        Ok(chrome) => in_parts(repo, &chrome, &map),
        Err(problem) => {
            repo::headline("The program stays in one part: only a browser tells what a first visit needs");
            println!("{problem}");
            // Without the names of its functions, which only the parts are cut by.
            let program = repo.at("dist").join(file_of(&repo.at("dist"), "", "_bg.wasm")?);
            write(&program, &smaller(repo, &read(&program)?)?)
        }
    }
}

/// Where Cargo keeps the sources of crates.
fn registry_folders() -> Vec<PathBuf> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")));
    let folders = home.and_then(|home| fs::read_dir(home.join("registry/src")).ok());
    folders.into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())).collect()
}

/// A script without what only its reader needs. Trunk's own minifier reads neither of ours (one has `import()`, the other a
/// default export).
fn minified(repo: &Repo, script: &str, flags: &[&str]) -> Result<String, String> {
    let file = repo.target_folder().join("part.js");
    write(&file, script.as_bytes())?;
    let mut esbuild = repo.command("esbuild");
    esbuild.args(["--minify", "--log-level=warning", "--allow-overwrite"]).args(flags);
    repo::run(esbuild.arg(&file).arg(format!("--outfile={}", file.display())))?;
    text(&file)
}

/// Watches a first visit in a browser and takes out of the program what it did not need.
fn in_parts(repo: &Repo, chrome: &Path, map: &Path) -> Result<(), String> {
    repo::headline("Watching a first visit, to see what of the program it needs");
    tools::npm(repo, &[tools::PLAYWRIGHT])?;
    let dist = repo.at("dist");
    let named = file_of(&dist, "", "_bg.wasm")?;
    let program = read(&dist.join(&named))?;

    let watched = repo.target_folder().join("watched");
    if watched.exists() {
        fs::remove_dir_all(&watched).map_err(|e| format!("{} cannot be emptied: {e}", watched.display()))?;
    }
    copy_files(&dist, &watched)?;
    write(&watched.join(&named), &split::instrument(&program)?)?;
    let mut node = repo.command("node");
    node.arg(repo.at("src/bin/xtask/first_visit.mjs"))
        .env("DECOUPLED_DIST", &watched)
        .env("CHROME_BIN", chrome)
        .env("NODE_PATH", repo.at(".tools/npm/node_modules"));
    let mut ran = Vec::new();
    repo::run_quietly(&mut node, |line| ran = line.bytes().map(|digit| digit == b'1').collect())?;

    let parts = split::split(&program, &ran, &text(map)?)?;
    let first = smaller(repo, &parts.first)?;
    let mut later = Vec::new();
    for (part, bytes) in split::LATER.iter().zip(&parts.later) {
        if let Some(bytes) = bytes {
            later.push((part.name, smaller(repo, bytes)?));
        }
    }
    let bindings = named.replace("_bg.wasm", ".js");
    let script = minified(repo, &split::rename(&text(&dist.join(&bindings))?, &parts.renamed), &["--format=esm"])?;
    // The names tell the contents, so that no cache ever joins parts of different builds.
    let mut hasher = DefaultHasher::new();
    (&first, &later, &script).hash(&mut hasher);
    let name = |part: &str| format!("decoupled-app-{:016x}{part}", hasher.finish());
    let (first_name, script_name) = (name("_first.wasm"), name(".js"));
    write(&dist.join(&first_name), &first)?;
    write(&dist.join(&script_name), script.as_bytes())?;
    let mut addresses = String::new();
    for (part, bytes) in &later {
        let file = name(&format!("_{part}.wasm"));
        write(&dist.join(&file), bytes)?;
        addresses.push_str(&format!(" ./{file}"));
    }
    let index = dist.join("index.html");
    let html = text(&index)?.replace(&named, &first_name).replace(&bindings, &script_name);
    // Once, where static/boot.js reads the addresses of the program; elsewhere the first part is preloaded.
    let (before, after) =
        html.split_once(&format!(".js ./{first_name}")).ok_or("index.html does not name the program")?;
    write(&index, format!("{before}.js ./{first_name}{addresses}{after}").as_bytes())?;
    for name in [&named, &bindings] {
        fs::remove_file(dist.join(name)).map_err(|e| format!("dist/{name} cannot be removed: {e}"))?;
    }
    Ok(())
}

/// What wasm-opt makes of a part: each has become simpler than the whole was.
fn smaller(repo: &Repo, part: &[u8]) -> Result<Vec<u8>, String> {
    let file = repo.target_folder().join("part.wasm");
    write(&file, part)?;
    repo::run(repo.command("wasm-opt").args(tools::OPTIMIZE).args(FEATURES).arg(&file).arg("--output").arg(&file))?;
    read(&file)
}

/// What rustc and wasm-bindgen use of WebAssembly, where no section of the program says so any more.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// The name of the built file that begins and ends so.
fn file_of(dist: &Path, begins: &str, ends: &str) -> Result<String, String> {
    let entries = fs::read_dir(dist).map_err(|e| format!("dist/ cannot be read: {e}"))?;
    let mut names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let found = names.find(|name| name.starts_with(begins) && name.ends_with(ends));
    found.ok_or_else(|| format!("dist/ holds no {begins}…{ends}"))
}

fn copy_files(from: &Path, to: &Path) -> Result<(), String> {
    let problem = |e: std::io::Error| format!("{} cannot be copied: {e}", from.display());
    fs::create_dir_all(to).map_err(problem)?;
    for entry in fs::read_dir(from).map_err(problem)? {
        let entry = entry.map_err(problem)?;
        fs::copy(entry.path(), to.join(entry.file_name())).map_err(problem)?;
    }
    Ok(())
}

pub fn read(file: &Path) -> Result<Vec<u8>, String> {
    fs::read(file).map_err(|e| format!("{} cannot be read: {e}", file.display()))
}

pub fn text(file: &Path) -> Result<String, String> {
    Ok(String::from_utf8_lossy(&read(file)?).into_owned())
}

pub fn write(file: &Path, bytes: &[u8]) -> Result<(), String> {
    fs::write(file, bytes).map_err(|e| format!("{} cannot be written: {e}", file.display()))
}

/// Times the built page in a browser, beside a page of somebody else.
pub fn bench(repo: &Repo) -> Result<(), String> {
    let chrome = browser::chrome(repo)?;
    tools::npm(repo, &[tools::PLAYWRIGHT])?;
    tools::npm(repo, &tools::YARDSTICK)?;
    build(repo)?;
    repo::headline("Timing the page");
    let mut node = repo.command("node");
    node.arg(repo.at("benches/page.mjs"))
        .env("DECOUPLED_DIST", repo.at("dist"))
        .env("CHROME_BIN", chrome)
        .env("NODE_PATH", repo.at(".tools/npm/node_modules"));
    repo::run(&mut node)
}

fn trunk(repo: &Repo) -> Command {
    let mut trunk = repo.command("trunk");
    // Trunk takes only «true» or «false» here, and many a machine says NO_COLOR=1.
    trunk.env_remove("NO_COLOR");
    trunk
}

/// Says what each file of `dist/` weighs before a server compresses it.
pub fn weigh(repo: &Repo) -> Result<(), String> {
    let problem = |e: std::io::Error| format!("dist/ cannot be read: {e}");
    let mut files = Vec::new();
    for entry in fs::read_dir(repo.at("dist")).map_err(problem)? {
        let entry = entry.map_err(problem)?;
        let meta = entry.metadata().map_err(problem)?;
        if meta.is_file() {
            files.push((meta.len(), entry.file_name().to_string_lossy().into_owned()));
        }
    }
    files.sort();
    repo::headline("dist/ is ready; any static web server can offer it, under any path");
    for (bytes, name) in files {
        println!("{:>9.1} KB  {name}", bytes as f64 / 1000.0);
    }
    Ok(())
}
