//! What is said for a while is over when what it speaks of is.

use decoupled::editor::{About, Command};
use decoupled::figure::Tone;
use decoupled::scene::{Scene, gallery};
use decoupled::services::Kind;

use super::hand::{Hand, a_new_scene};

fn a_queue() -> Hand {
    let mut hand = a_new_scene();
    hand.drag(Kind::Queue, (450.0, 200.0));
    hand
}

fn about(hand: &Hand) -> Option<About> {
    hand.state.notice.as_ref().map(|notice| notice.about)
}

/// A sentence, made to be said, and what ends it.
type Sign = (fn(&mut Hand), About, Vec<Command>);

fn select(id: &str) -> Command {
    Command::Select { nodes: vec![id.to_owned()], links: Vec::new(), add: false }
}

fn rename() -> Command {
    Command::SetName { name: "Other".to_owned() }
}

fn signs() -> Vec<Sign> {
    let refused = |hand: &mut Hand| {
        let (id, name, value) = ("queue".to_owned(), "VisibilityTimeout".to_owned(), Some("much".into()));
        hand.give(Command::SetProperty { id, name, value });
    };
    let nothing_chosen = |hand: &mut Hand| {
        hand.give(Command::ClearSelection).give(Command::RenameChosen);
    };
    let no_span = |hand: &mut Hand| {
        hand.give(Command::ToggleLoop);
    };
    let halted = |hand: &mut Hand| {
        hand.give(Command::Halted { why: "The run has come to its end.".to_owned() });
    };
    let left = |hand: &mut Hand| {
        hand.give(rename());
        let (reached, scene) = (7_000_000, Box::new(Scene::clone(&hand.state.scene)));
        hand.drag(Kind::Topic, (150.0, 400.0)).give(Command::FutureLeft { reached, scene });
    };
    let span = Command::SetSpan { span: Some((1, 2)) };
    vec![
        (refused, About::Hand, vec![rename()]),
        (refused, About::Hand, vec![Command::Undo]),
        (nothing_chosen, About::Hand, vec![select("queue")]),
        (no_span, About::Hand, vec![span]),
        (halted, About::Time, vec![Command::Restart]),
        (halted, About::Time, vec![Command::Seek { at: 0 }]),
        (halted, About::Time, vec![Command::StepBack]),
        (halted, About::Time, vec![rename()]),
        (left, About::Future, vec![Command::Undo]),
        (left, About::Future, vec![Command::ReturnToFuture]),
    ]
}

#[test]
fn what_is_said_ends_with_what_it_is_about() {
    for (number, (say, kind, ends)) in signs().into_iter().enumerate() {
        let mut hand = a_queue();
        say(&mut hand);
        assert_eq!(about(&hand), Some(kind), "sign {number} is said");
        // Looking around changes nothing of it.
        hand.give(Command::ZoomToFit).give(Command::Pause);
        assert_eq!(about(&hand), Some(kind), "sign {number} stays while one looks");
        for command in ends {
            hand.give(command);
        }
        assert_eq!(about(&hand), None, "sign {number} is over");
    }
}

#[test]
fn nothing_that_was_said_of_a_scene_is_said_of_another() {
    let opened = || [Command::New, Command::OpenGallery { id: gallery::ALL[1].id.to_owned() }, Command::Undo];
    for (number, (say, ..)) in signs().into_iter().enumerate() {
        for open in opened() {
            let mut hand = a_queue();
            // So that one undo leads to another file.
            let is_undo = open == Command::Undo;
            if is_undo {
                hand.give(Command::New);
                hand.drag(Kind::Queue, (450.0, 200.0));
            }
            say(&mut hand);
            hand.give(open);
            if is_undo {
                while hand.state.can_undo() {
                    hand.give(Command::Undo);
                }
            }
            assert_eq!(about(&hand), None, "sign {number}");
        }
    }
    let mut hand = a_queue();
    hand.give(Command::Say { text: "This browser keeps nothing.".to_owned(), bad: true }).give(Command::New);
    assert_eq!(about(&hand), Some(About::Page), "what is so whatever is open stays");
}

#[test]
fn a_sentence_of_the_same_command_is_not_taken_for_a_stale_one() {
    let mut hand = a_queue();
    hand.give(Command::RenameChosen).give(Command::CloseOverlay);
    let text = r#"{"version":1,"nodes":[{"id":"q","type":"AWS::SQS::Queue"},{"id":"x","type":"No::Such::Thing"}]}"#;
    hand.give(Command::OpenText { name: "f".to_owned(), text: text.to_owned() });
    hand.says(Tone::Warn, "problem");
}
