//! When the program breaks: a screen that says so and offers the autosaved scene, never a dead canvas. A mistake of the
//! engine is no such case: `guard` keeps it from the rest.

use std::panic;

use decoupled::editor::Source;

use super::{address, dom, guard, storage};

/// Without the program nothing answers clicks any more, so the ways out are plain links.
pub fn install() {
    panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        let what = info.to_string();
        if !guard::takes(&what) {
            let _ = show(&what);
        }
    }));
}

fn show(what: &str) -> Option<()> {
    let document = dom::document()?;
    let screen = document.create_element("div").ok()?;
    screen.set_class_name("rescue");
    let _ = screen.set_attribute("role", "alert");
    let _ = screen.set_attribute("data-testid", "rescue");
    let add = |tag: &str, text: &str| {
        let element = document.create_element(tag).ok()?;
        element.set_text_content(Some(text));
        screen.append_child(&element).ok()?;
        Some(element)
    };
    add("h1", "Something broke")?;
    add("p", "This is a mistake in Decoupled, not in your scene. Your last autosaved scene is below.")?;
    let again = add("a", "Reload")?;
    // Another query, or the browser would only look for a place in this very page.
    let hash = dom::window().and_then(|window| window.location().hash().ok()).unwrap_or_default();
    let _ = again.set_attribute("href", &format!("?again={}{hash}", dom::now_ms() as u64));
    let fresh = add("a", "Start with the first scene instead")?;
    let _ = fresh.set_attribute("href", "?fresh");
    add("pre", what)?;
    let kept = match address::asked().0.source {
        Some(Source::Kept(number)) => storage::read_copy(number),
        _ => storage::read_scene(),
    };
    if let Some(scene) = kept {
        let text = add("textarea", &scene)?;
        let _ = text.set_attribute("readonly", "");
        let _ = text.set_attribute("aria-label", "Autosaved scene");
    }
    document.query_selector("body").ok()??.append_child(&screen).ok()?;
    Some(())
}
