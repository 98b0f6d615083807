//! A stage for tests of components: one of them alone on a page, with a visit of its own around it.

use std::cell::RefCell;
use std::rc::Rc;

use decoupled::editor::State;
use decoupled::scene::{gallery, read_scene};
use js_sys::Promise;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, Event, EventInit, HtmlElement, HtmlInputElement};
use yew::prelude::*;

use super::hands::Hands;
use super::session::Session;
use super::store::{MovingStore, Store};
use super::{dom, effects};

/// Frames that a test waits for something to be drawn, at most.
const FRAMES_MAX: usize = 300;

/// The scene of the gallery that is played; its queue is called `tasks`.
const SCENE: &str = "competing-consumers";

pub struct Stage {
    pub store: Store,
    root: Element,
}

#[derive(Clone, Properties)]
struct HouseProps {
    session: Rc<RefCell<Session>>,
    store: Rc<RefCell<Option<Store>>>,
    content: fn() -> Html,
}

impl PartialEq for HouseProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.session, &other.session)
    }
}

#[component(House)]
fn house(props: &HouseProps) -> Html {
    let redraw = use_force_update();
    let version = use_mut_ref(|| 0_u64);
    *version.borrow_mut() += 1;
    let hands = use_memo((), |()| Hands::default());
    let store = Store::new(Rc::clone(&props.session), redraw, hands, effects::carry_out, *version.borrow());
    *props.store.borrow_mut() = Some(store.clone());
    html! {
        <ContextProvider<Store> context={store.clone()}>
        <ContextProvider<MovingStore> context={MovingStore(store)}>
            { (props.content)() }
        </ContextProvider<MovingStore>>
        </ContextProvider<Store>>
    }
}

impl Stage {
    pub async fn with(content: fn() -> Html) -> Self {
        let (scene, problems) = read_scene(gallery::find(SCENE).expect("it is in the gallery"));
        let session = Rc::new(RefCell::new(Session::of(State::new(scene, problems))));
        let document = dom::document().expect("a page");
        let root = document.create_element("div").expect("an element");
        document.body().expect("a body").append_child(&root).expect("it takes it");
        let store = Rc::new(RefCell::new(None));
        let props = HouseProps { session, store: Rc::clone(&store), content };
        yew::Renderer::<House>::with_root_and_props(root.clone(), props).render();
        for _ in 0..FRAMES_MAX {
            if let Some(store) = store.borrow().clone() {
                return Self { store, root };
            }
            frame().await;
        }
        panic!("nothing was drawn");
    }

    fn find(&self, selector: &str) -> Option<Element> {
        self.root.query_selector(selector).expect("a selector")
    }

    /// The first element of a selector, as soon as it is there.
    pub async fn sees(&self, selector: &str) -> Element {
        for _ in 0..FRAMES_MAX {
            if let Some(found) = self.find(selector) {
                return found;
            }
            frame().await;
        }
        panic!("there is no {selector} in {}", self.root.inner_html());
    }

    /// The text of an element, as soon as it holds these words.
    pub async fn reads(&self, selector: &str, words: &str) {
        let mut text = String::new();
        for _ in 0..FRAMES_MAX {
            text = self.find(selector).and_then(|found| found.text_content()).unwrap_or_default();
            if text.contains(words) {
                return;
            }
            frame().await;
        }
        panic!("{selector} does not say {words:?}: {text:?}");
    }

    pub async fn clicks(&self, selector: &str) {
        self.sees(selector).await.unchecked_into::<HtmlElement>().click();
        frame().await;
    }

    /// Types into a field and leaves it.
    pub async fn types(&self, selector: &str, text: &str) {
        let field: HtmlInputElement = self.sees(selector).await.unchecked_into();
        field.set_value(text);
        for name in ["input", "change"] {
            let init = EventInit::new();
            init.set_bubbles(true);
            let event = Event::new_with_event_init_dict(name, &init).expect("an event");
            field.dispatch_event(&event).expect("it takes it");
        }
        frame().await;
    }

    pub fn count(&self, selector: &str) -> u32 {
        self.root.query_selector_all(selector).expect("a selector").length()
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.root.remove();
    }
}

async fn frame() {
    let next = Promise::new(&mut |resolve, _| {
        let window = dom::window().expect("a page");
        let _ = window.request_animation_frame(&resolve);
    });
    let _ = JsFuture::from(next).await;
}
