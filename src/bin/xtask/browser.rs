//! The browser of the tests, and its driver.

use crate::repo::{self, Repo};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Switches for a browser that nobody looks at. Root, as in a container, cannot use Chromium's sandbox; the others keep
/// it from talking to anybody but the test.
const ARGS: [&str; 8] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// Chromium first: where a driver comes from a package, it is of that browser's version.
const NAMES: [&str; 5] = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];
const PLACES: [&str; 4] = [
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
];

/// The browser: the one that `CHROME_BIN` names, one that is installed, else one that gets installed.
pub fn chrome(repo: &Repo) -> Result<PathBuf, String> {
    if let Some(chosen) = chosen_by("CHROME_BIN")? {
        return Ok(chosen);
    }
    if let Some(found) = find_chrome(repo) {
        return Ok(found);
    }
    apt_install(repo, &["chromium", "chromium-driver"])
        .map_err(|problem| format!("no browser: install Chromium or Chrome, or name it in CHROME_BIN ({problem})"))?;
    find_chrome(repo).ok_or_else(|| "Chromium was installed but is not on PATH; name it in CHROME_BIN".to_string())
}

/// The browser's driver: the one that `CHROMEDRIVER` names, one that is installed, else one that gets installed.
pub fn driver(repo: &Repo) -> Result<PathBuf, String> {
    if let Some(chosen) = chosen_by("CHROMEDRIVER")? {
        return Ok(chosen);
    }
    if let Some(found) = repo.which("chromedriver") {
        return Ok(found);
    }
    apt_install(repo, &["chromium", "chromium-driver"]).map_err(|problem| {
        format!("no chromedriver: install the one of your browser's version, or name it in CHROMEDRIVER ({problem})")
    })?;
    repo.which("chromedriver").ok_or_else(|| "chromedriver was installed but is not on PATH".to_string())
}

/// Writes the browser's switches where the WebAssembly test runner is told to look for them.
pub fn write_capabilities(repo: &Repo, chrome: &Path) -> Result<PathBuf, String> {
    let file = repo.at(".tools/webdriver.json");
    let problem = |e: std::io::Error| format!(".tools/webdriver.json cannot be written: {e}");
    fs::create_dir_all(repo.at(".tools")).map_err(problem)?;
    fs::write(&file, capabilities(&chrome.to_string_lossy())).map_err(problem)?;
    Ok(file)
}

fn capabilities(chrome: &str) -> String {
    let binary = chrome.replace('\\', "\\\\").replace('"', "\\\"");
    format!("{{\n  \"goog:chromeOptions\": {{\n    \"binary\": \"{binary}\",\n    \"args\": {ARGS:?}\n  }}\n}}\n")
}

fn chosen_by(variable: &str) -> Result<Option<PathBuf>, String> {
    match env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from) {
        Some(path) if path.is_file() => Ok(Some(path)),
        Some(path) => Err(format!("{variable} names {}, which is not a file", path.display())),
        None => Ok(None),
    }
}

fn find_chrome(repo: &Repo) -> Option<PathBuf> {
    let installed = PLACES.iter().map(PathBuf::from).find(|place| place.is_file());
    NAMES.iter().find_map(|name| repo.which(name)).or(installed)
}

/// The other engines: Firefox, and WebKitGTK with its driver.
pub struct Engines {
    pub firefox: PathBuf,
    pub webkit_driver: PathBuf,
    /// Where the driver does not find it by itself.
    pub webkit_browser: Option<PathBuf>,
}

/// Those that are installed, else those that get installed: `FIREFOX_BIN`, `WEBKIT_DRIVER` and `WEBKIT_BROWSER` name others.
pub fn engines(repo: &Repo) -> Result<Engines, String> {
    let firefox = || repo.which("firefox-esr").or_else(|| repo.which("firefox"));
    let driver = || repo.which("WebKitWebDriver");
    let (chosen_firefox, chosen_driver) = (chosen_by("FIREFOX_BIN")?, chosen_by("WEBKIT_DRIVER")?);
    let mut missing = Vec::new();
    if chosen_firefox.is_none() && firefox().is_none() {
        missing.push("firefox-esr");
    }
    if chosen_driver.is_none() && driver().is_none() {
        missing.push("webkit2gtk-driver");
    }
    // A screen that nobody sees: WebKit has no other.
    if repo.which("Xvfb").is_none() {
        missing.push("xvfb");
    }
    if !missing.is_empty() {
        apt_install(repo, &missing).map_err(|problem| format!("{} missing: {problem}", missing.join(", ")))?;
    }
    Ok(Engines {
        firefox: chosen_firefox.or_else(firefox).ok_or("Firefox is not on PATH; name it in FIREFOX_BIN")?,
        webkit_driver: chosen_driver
            .or_else(driver)
            .ok_or("WebKitWebDriver is not on PATH; name it in WEBKIT_DRIVER")?,
        webkit_browser: chosen_by("WEBKIT_BROWSER")?.or_else(mini_browser),
    })
}

/// WebKitGTK's own small browser, which Debian keeps beside the library.
fn mini_browser() -> Option<PathBuf> {
    let folders = fs::read_dir("/usr/lib").ok()?.flatten().map(|entry| entry.path());
    let inside = folders.filter_map(|folder| fs::read_dir(folder).ok()).flat_map(|entries| entries.flatten());
    let named = inside.filter(|entry| entry.file_name().to_string_lossy().starts_with("webkit2gtk-"));
    named.map(|entry| entry.path().join("MiniBrowser")).find(|file| file.is_file())
}

/// Installs packages of the system where that is Debian or one of its kin.
pub fn apt_install(repo: &Repo, packages: &[&str]) -> Result<(), String> {
    if repo.which("apt-get").is_none() {
        return Err("this system has no apt-get to install it with".to_string());
    }
    repo::headline(&format!("Installing {} with apt-get", packages.join(" and ")));
    // An old list names packages that are gone; but a list that cannot be renewed may still do.
    if let Err(problem) = repo::run(apt_get(repo)?.arg("update")) {
        println!("  {problem}; trying with the lists as they are");
    }
    repo::run(apt_get(repo)?.args(["install", "-y", "--no-install-recommends"]).args(packages))
}

fn apt_get(repo: &Repo) -> Result<Command, String> {
    let root = repo.ask("id", &["-u"]).as_deref() == Some("0");
    let mut command = if root {
        repo.command("env")
    } else if repo.which("sudo").is_some() {
        let mut sudo = repo.command("sudo");
        sudo.arg("env");
        sudo
    } else {
        return Err("apt-get needs root, and there is no sudo".to_string());
    };
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
    Ok(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capabilities_are_json_on_every_system() {
        let text = capabilities("C:\\Program Files\\chrome.exe");
        assert!(text.contains(r#""binary": "C:\\Program Files\\chrome.exe""#), "{text}");
        assert!(text.contains(r#"["--headless", "--no-sandbox","#), "{text}");
    }
}
