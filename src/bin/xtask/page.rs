//! The page: served while somebody works on it, and built for publishing.

use crate::repo::{self, Repo};
use crate::{browser, tools};
use std::fs;
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

/// Builds `dist/`.
pub fn build(repo: &Repo) -> Result<(), String> {
    tools::for_release(repo)?;
    repo::headline("Building the page for publishing");
    repo::run(trunk(repo).args(["build", "--release"]))
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
