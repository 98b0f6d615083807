//! The core in WebAssembly beside other simulators of the same services, in Node.

use crate::repo::{self, Repo};
use crate::tools;

/// Times a stream, event patterns and a queue as the page has them, built with the page's own profile.
pub fn bench(repo: &Repo) -> Result<(), String> {
    tools::wasm_target(repo)?;
    tools::wasm_bindgen(repo)?;
    tools::npm(repo, &[tools::WASM_OPT, tools::FAUXQS, tools::LOCAL_STEP_FUNCTIONS])?;
    let (folder, target) = (repo.target_folder().join("peers"), "wasm32-unknown-unknown");
    let mut build = repo.cargo();
    build.args(["build", "--release", "--target", target, "--no-default-features", "--features", "peers"]);
    repo::run(build.args(["--example", "peers"]))?;
    let program = repo.target_folder().join(target).join("release/examples/peers.wasm");
    repo::run(repo.command("wasm-bindgen").args(["--target", "nodejs", "--out-dir"]).arg(&folder).arg(program))?;
    let bound = folder.join("peers_bg.wasm");
    repo::run(repo.command("wasm-opt").args(tools::OPTIMIZE).arg(&bound).arg("--output").arg(&bound))?;
    let peers =
        [("bare", "a bare loop"), ("quamina", "quamina"), ("fauxqs", "fauxqs"), ("asl", "aws-local-stepfunctions")];
    for (peer, beside) in peers {
        repo::headline(&format!("Timing the core beside {beside}"));
        let mut node = repo.command("node");
        node.arg(repo.at(&format!("benches/peers/{peer}.mjs")))
            .env("PEERS_WASM", &folder)
            .env("NODE_PATH", repo.at(".tools/npm/node_modules"));
        repo::run(&mut node)?;
    }
    Ok(())
}
