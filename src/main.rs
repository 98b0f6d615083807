//! The Yew application. It draws what the library projects and listens to hands and clock; it decides nothing.

mod app;

fn main() {
    app::rescue::install();
    let Some(root) = app::dom::by_id("app") else { return };
    // What stood there while the program was loading.
    root.set_inner_html("");
    yew::Renderer::<app::App>::with_root(root).render();
}
