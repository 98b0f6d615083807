//! What is wrong with the scene; a click chooses what it is about.

use decoupled::editor::{self, Command, Mode};
use decoupled::scene::Problem;
use yew::prelude::*;

use crate::app::store::{Store, use_store};

#[component(Problems)]
pub fn problems() -> Html {
    let store = use_store();
    let problems = store.session().state.problems.clone();
    html! {
        <div class="problems" data-testid="problems">
            if problems.is_empty() {
                <p class="quiet">{ "Nothing is wrong with this scene." }</p>
            }
            <ul>{ for problems.iter().map(|problem| entry(&store, problem)) }</ul>
        </div>
    }
}

fn entry(store: &Store, problem: &Problem) -> Html {
    let body = html! {
        <>
            <span class="problem-place">{ &problem.place }</span>
            <span class="problem-text">{ &problem.message }</span>
        </>
    };
    let remedy = remedy(store, problem);
    let Some(subject) = problem.subject.clone() else { return html! { <li class="problem">{ body }{ remedy }</li> } };
    let is_node = store.session().state.scene.node(&subject).is_some();
    let (nodes, links) =
        if is_node { (vec![subject.clone()], Vec::new()) } else { (Vec::new(), vec![subject.clone()]) };
    let onclick = store.sends(Command::Select { nodes, links, add: false });
    html! {
        <li class="problem">
            <button type="button" data-testid="problem" {onclick}>
                <strong>{ subject }</strong>
                { body }
            </button>
            { remedy }
        </li>
    }
}

/// What one click can do about it.
pub(super) fn remedy(store: &Store, problem: &Problem) -> Html {
    let session = store.session();
    let edits = session.state.mode == Mode::Edit;
    let Some(remedy) = editor::remedy(&session.state.scene, problem).filter(|_| edits) else { return html! {} };
    let onclick = store.sends(Command::Remedy { place: problem.place.clone() });
    html! { <button type="button" class="soft remedy" data-testid="remedy" {onclick}>{ remedy.title }</button> }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::app::stage::Stage;

    #[wasm_bindgen_test]
    async fn what_is_wrong_leads_to_where_it_is() {
        let stage = Stage::with(|| html! { <Problems /> }).await;
        let before = stage.count("[data-testid=problem]");
        let (id, name) = ("tasks".to_owned(), "RedrivePolicy".to_owned());
        let value = Some(serde_json::json!({ "deadLetterTargetArn": "nowhere", "maxReceiveCount": 3 }));
        stage.store.dispatch(Command::SetProperty { id, name, value });
        stage.reads("[data-testid=problems]", "nowhere").await;
        assert_eq!(stage.count("[data-testid=problem]"), before + 1);
        stage.clicks("[data-testid=problem]").await;
        assert_eq!(stage.store.session().state.selection.single_node(), Some("tasks"));
    }
}
