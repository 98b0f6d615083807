//! Menus, choosers, the clipboard and tidying up: what is offered can be done, and undone.

use decoupled::editor::{
    Command, Effect, Joint, Overlay, PaletteItem, PointerTarget, Purpose, Subject, actions, card_rect, offers, remedy,
    text_of,
};
use decoupled::figure::{Point, Tone};
use decoupled::scene::{gallery, read_scene};
use decoupled::services::Kind;
use serde_json::{Value, json};

use super::hand::{Hand, a_new_scene, with_scene};

fn shop() -> Hand {
    let mut hand = a_new_scene();
    hand.drag(Kind::Producer, (150.0, 200.0)).drag(Kind::Queue, (450.0, 200.0)).drag(Kind::Worker, (750.0, 200.0));
    hand.connect("producer", "queue").connect("queue", "worker");
    hand
}

fn every_scene() -> impl Iterator<Item = Hand> {
    gallery::ALL.iter().map(|scene| with_scene(read_scene(scene.text()).0))
}

fn purpose_of(hand: &Hand) -> Purpose {
    match &hand.state.overlay {
        Some(Overlay::Chooser { purpose, .. }) => purpose.clone(),
        other => panic!("no chooser is open: {other:?}"),
    }
}

/// Takes the first line that typing leaves.
fn choose(hand: &mut Hand, typed: &str) {
    let purpose = purpose_of(hand);
    let offer = offers(&hand.state, &purpose, typed, 1).into_iter().next().unwrap_or_else(|| panic!("no {typed}"));
    hand.give(Command::CloseOverlay).give(offer.command);
}

#[test]
fn whatever_a_chooser_offers_connects_as_it_says_and_can_be_undone() {
    let mut tried = 0;
    for mut hand in every_scene() {
        let before = hand.file();
        let ids: Vec<String> = hand.ids().iter().map(ToString::to_string).collect();
        let links: Vec<String> = hand.state.scene.links.iter().map(|link| link.id.clone()).collect();
        let after = ids.into_iter().map(|from| Purpose::After { from, at: None });
        for purpose in after.chain(links.into_iter().map(|link| Purpose::Into { link })) {
            for offer in offers(&hand.state, &purpose, "", 1) {
                let lines = hand.lines();
                hand.give(offer.command.clone());
                assert!(hand.state.notice.is_none(), "{}: {:?}", offer.title, hand.state.notice);
                assert_ne!(hand.lines(), lines, "{purpose:?}: {offer:?}");
                hand.give(Command::Undo);
                assert!(hand.file() == before, "{purpose:?}: {offer:?}");
                tried += 1;
            }
        }
    }
    assert!(tried > 500, "{tried}");
}

#[test]
fn whatever_a_menu_says_does_something() {
    let mut hand = shop();
    let subjects =
        [Subject::Canvas, Subject::Node("queue".to_owned()), Subject::Link("l1".to_owned()), Subject::Chosen];
    for subject in subjects {
        for action in actions(&hand.state, &subject, Some(Point::new(40.0, 40.0)), 1).into_iter().flatten() {
            let mut fresh = shop();
            fresh.move_node("queue", (0.0, 132.0), "");
            let chosen = match &subject {
                Subject::Link(id) => (Vec::new(), vec![id.clone()]),
                Subject::Node(id) => (vec![id.clone()], Vec::new()),
                _ => (vec!["queue".to_owned(), "worker".to_owned()], Vec::new()),
            };
            fresh.give(Command::Select { nodes: chosen.0, links: chosen.1, add: false });
            let (file, state) = (fresh.file(), fresh.state.clone());
            fresh.give(action.command.clone());
            let moved = format!("{:?}", fresh.state) != format!("{state:?}");
            assert!(moved || !fresh.effects.is_empty() || fresh.file() != file, "{subject:?}: {}", action.title);
        }
    }
    hand.give(Command::OpenMenu { at: Point::new(5.0, 5.0), target: PointerTarget::Node("queue".to_owned()) });
    assert_eq!(hand.chosen(), ["queue"], "what a menu is about is chosen");
    hand.key("Escape");
    assert_eq!((hand.state.overlay.clone(), hand.chosen()), (None, vec!["queue"]), "leaving the menu leaves no more");
}

#[test]
fn a_node_is_added_by_typing() {
    let mut hand = a_new_scene();
    hand.key("/");
    choose(&mut hand, "que");
    assert_eq!(hand.ids(), ["queue"]);
    assert_eq!(hand.state.overlay, None);
}

#[test]
fn a_line_let_go_over_nothing_asks_what_should_stand_there() {
    let mut hand = shop();
    let file = hand.file();
    let (port, end) = (Point::new(900.0, 200.0), Point::new(1000.0, 500.0));
    hand.down(port, PointerTarget::Port("queue".to_owned()), "").moves(end, PointerTarget::Canvas);
    hand.up(end, PointerTarget::Canvas);
    assert_eq!(hand.file(), file, "nothing is made before it is chosen");
    let purpose = purpose_of(&hand);
    let offered = offers(&hand.state, &purpose, "", 1);
    assert!(
        offered.iter().all(|offer| matches!(offer.command, Command::Insert { .. })),
        "only what is new: {offered:?}"
    );
    choose(&mut hand, "lambda");
    assert_eq!(hand.lines().last().map(|line| &**line), Some("AWS::Lambda::EventSourceMapping queue→function"));
    let middle = hand.middle("function");
    assert!((middle.x - end.x).abs() < 3.0 && (middle.y - end.y).abs() < 3.0, "{middle:?}");
    hand.give(Command::Undo);
    assert_eq!(hand.file(), file, "node and line are one step");
}

#[test]
fn two_taps_connect() {
    let mut hand = a_new_scene();
    hand.drag(Kind::Producer, (150.0, 200.0)).drag(Kind::Queue, (450.0, 200.0));
    let (port, node) = (PointerTarget::Port("producer".to_owned()), PointerTarget::Node("queue".to_owned()));
    let (at, to) = (Point::new(240.0, 200.0), hand.middle("queue"));
    hand.down(at, port.clone(), "").up(at, port.clone()).down(to, node.clone(), "").up(to, node);
    assert_eq!(hand.lines(), ["Send producer→queue"]);
    hand.down(at, port.clone(), "").up(at, port.clone()).key("Escape").down(to, PointerTarget::Canvas, "");
    hand.up(to, PointerTarget::Canvas);
    assert_eq!((hand.lines().len(), hand.state.overlay.clone()), (1, None), "Escape leaves it");
    hand.down(at, port.clone(), "").up(at, port.clone()).down(at, port.clone(), "").up(at, port);
    assert_eq!(hand.state.overlay, None, "on itself too");
}

#[test]
fn dropped_on_a_link_it_comes_to_stand_inside() {
    let mut hand = a_new_scene();
    hand.drag(Kind::Topic, (150.0, 200.0)).drag(Kind::Function, (450.0, 200.0)).connect("topic", "function");
    let policy = json!({ "kind": ["order"] });
    hand.give(Command::SetLinkProperty {
        id: "l1".to_owned(),
        name: "FilterPolicy".to_owned(),
        value: Some(policy.clone()),
    });
    let (at, link) = (Point::new(300.0, 200.0), PointerTarget::Link("l1".to_owned()));
    let item = PaletteItem::Node(Kind::Queue);
    let before = hand.file();
    hand.give(Command::PickUp { item }).moves(at, link.clone()).up(at, link.clone());
    assert_eq!(
        hand.lines(),
        ["AWS::Lambda::EventSourceMapping queue→function", "AWS::SNS::Subscription topic→queue"],
        "the order in which they are written does not matter"
    );
    let subscription = hand.state.scene.link("l1").expect("the subscription is the same");
    assert_eq!(subscription.properties.get("FilterPolicy"), Some(&policy));
    let cards: Vec<_> = hand.state.scene.nodes.iter().map(|node| card_rect(node)).collect();
    assert!(cards.iter().enumerate().all(|(at, card)| cards[at + 1..].iter().all(|other| !card.meets(other))));
    hand.give(Command::Undo);
    assert_eq!(hand.file(), before);
    // What does not fit lies where it was dropped.
    let item = PaletteItem::Node(Kind::Producer);
    hand.give(Command::PickUp { item }).moves(at, link.clone()).up(at, link);
    assert_eq!(hand.lines().len(), 1);
    assert_eq!(hand.ids().len(), 3);
}

#[test]
fn what_cannot_be_inserted_says_why() {
    let mut hand = shop();
    let insert = |joint| Command::Insert { item: PaletteItem::Node(Kind::Producer), at: None, joint };
    hand.give(insert(Joint::After("queue".to_owned()))).says(Tone::Bad, "cannot be connected");
    hand.give(insert(Joint::Into("l1".to_owned()))).says(Tone::Bad, "cannot be connected");
    hand.give(insert(Joint::After("nobody".to_owned()))).says(Tone::Bad, "There is no node nobody");
    assert_eq!(hand.ids().len(), 3);
}

#[test]
fn a_piece_goes_from_scene_to_scene_as_text() {
    let mut hand = with_scene(read_scene(gallery::ALL[0].text()).0);
    hand.key("Ctrl a");
    let (count, links) = (hand.ids().len(), hand.lines().len());
    let text = text_of(&hand.state.scene, &hand.state.selection).expect("nodes are chosen");
    let mut other = a_new_scene();
    other.give(Command::PasteText { text: text.clone(), at: None });
    assert_eq!((other.ids().len(), other.lines().len()), (count, links));
    assert_eq!(other.ids(), hand.ids(), "names that are free are kept");
    assert_eq!(other.chosen().len(), count);
    let once = other.file();
    other.give(Command::PasteText { text, at: None });
    assert_eq!((other.ids().len(), other.lines().len()), (2 * count, 2 * links), "references follow to the copies");
    let mut corners: Vec<String> = other.state.scene.nodes.iter().map(|node| format!("{:?}", node.at)).collect();
    corners.sort();
    corners.dedup();
    assert_eq!(corners.len(), 2 * count, "no copy covers an original");
    other.give(Command::Undo);
    assert_eq!(other.file(), once);
}

#[test]
fn what_is_cut_is_in_the_clipboard_and_comes_back() {
    let mut hand = shop();
    let before = hand.file();
    hand.click("queue", "").give(Command::Cut);
    let Some(Effect::Copy(text)) = hand.effects.first().cloned() else { panic!("{:?}", hand.effects) };
    assert_eq!((hand.ids().len(), hand.lines().len()), (2, 0));
    hand.give(Command::PasteText { text, at: Some(Point::new(444.0, 444.0)) });
    assert_eq!(hand.ids(), ["producer", "worker", "queue"]);
    let middle = hand.middle("queue");
    assert!((middle.x - 444.0).abs() < 3.0 && (middle.y - 444.0).abs() < 3.0, "{middle:?}");
    hand.undo_all();
    hand.redo_all();
    hand.give(Command::Undo).give(Command::Undo);
    assert_eq!(hand.file(), before);
    hand.give(Command::ClearSelection).give(Command::Cut);
    assert!(hand.effects.is_empty(), "nothing chosen, nothing cut");
}

#[test]
fn another_scenes_text_is_opened_and_nonsense_refused() {
    let mut hand = shop();
    let before = hand.file();
    let paste = |text: &str| Command::PasteText { text: text.to_owned(), at: None };
    hand.give(paste("{\"clip\": true}")).says(Tone::Bad, "Nothing was pasted");
    hand.give(paste("{\"clip\": true, \"version\": 1, \"nodes\": [7, {\"id\": \"a\"}]}"))
        .says(Tone::Bad, "Nothing was");
    hand.give(paste("[1]")).says(Tone::Bad, "clipboard was not opened");
    hand.give(paste("{\"clip\": true, \"version\": 9, \"nodes\": []}")).says(Tone::Bad, "Nothing was pasted");
    assert_eq!(hand.file(), before);
    let piece = json!({ "clip": true, "version": 1, "links": [{ "id": "l1", "from": "a", "to": "gone", "type": "Send" }],
        "nodes": [{ "id": "<img src=x>", "type": "AWS::SQS::Queue", "at": [1e300, 0], "properties":
            { "RedrivePolicy": { "deadLetterTargetArn": "elsewhere", "maxReceiveCount": 3 } } }] });
    hand.give(paste(&piece.to_string())).says(Tone::Warn, "cannot be opened");
    assert_eq!(hand.property("<img src=x>", "RedrivePolicy"), Value::Null, "what it named did not come along");
    hand.give(paste(gallery::ALL[1].text()));
    assert_eq!(hand.state.scene.name, read_scene(gallery::ALL[1].text()).0.name, "a whole scene is opened");
}

#[test]
fn tidied_up_messages_flow_to_the_right_and_no_card_covers_another() {
    for mut hand in every_scene() {
        let before = hand.file();
        hand.give(Command::TidyUp);
        let once = hand.file();
        let places = |hand: &Hand| {
            hand.state.scene.nodes.iter().map(|node| format!("{} {:?}", node.id, node.at)).collect::<Vec<_>>()
        };
        let first = places(&hand);
        let scene = &hand.state.scene;
        // Notes stay where they are, and frames lie around others.
        let cards: Vec<_> = scene.nodes.iter().filter(|node| node.kind.runs()).map(|node| card_rect(node)).collect();
        for (at, card) in cards.iter().enumerate() {
            assert!(cards[at + 1..].iter().all(|other| !card.meets(other)), "{}: card {at}", scene.name);
        }
        let lines = scene.drawn_links();
        let place = |id: &str| card_rect(scene.node(id).expect("an end")).x;
        let back = lines.iter().filter(|line| place(&line.to) <= place(&line.from)).count();
        assert!(back * 4 <= lines.len(), "{}: {back} of {} lines go back", scene.name, lines.len());
        hand.give(Command::TidyUp);
        assert_eq!(places(&hand), first, "{}: tidy is tidy", hand.state.scene.name);
        assert!(hand.file() == once);
        hand.undo_all();
        assert!(hand.file() == before);
    }
    a_new_scene().give(Command::TidyUp).says(Tone::Bad, "nothing to tidy up");
}

#[test]
fn the_palette_of_commands_finds_what_is_typed() {
    let mut hand = shop();
    let first =
        |hand: &Hand, typed: &str| offers(&hand.state, &Purpose::Command, typed, 1).first().map(|o| o.title.clone());
    assert_eq!(first(&hand, "undo").as_deref(), Some("Undo"));
    assert_eq!(first(&hand, "go to wor").as_deref(), Some("Go to worker"));
    assert_eq!(first(&hand, "add sns").as_deref(), Some("Add SNS topic"));
    assert!(first(&hand, "open fan").is_some_and(|title| title.starts_with("Open")));
    assert_eq!(first(&hand, "no such thing"), None);
    hand.give(Command::ClearSelection).give(Command::GoTo { node: "worker".to_owned() });
    assert_eq!(hand.chosen(), ["worker"]);
    hand.key("F2");
    assert_eq!(hand.state.overlay, Some(Overlay::Renaming { node: "worker".to_owned() }));
    hand.click("queue", "").key("C");
    assert_eq!(purpose_of(&hand), Purpose::After { from: "queue".to_owned(), at: None });
    hand.give(Command::ClearSelection).key("F2").says(Tone::Plain, "Choose one node first");
}

#[test]
fn one_click_does_what_can_be_done_about_a_problem() {
    let broken = json!({ "version": 1, "nodes": [
        { "id": "q", "type": "AWS::SQS::Queue", "at": [0, 0], "properties": {
            "VisibilityTimeout": 99_999, "Colour": "red", "FifoQueue": 7, "RedrivePolicy": { "deadLetterTargetArn": "q" } } },
        { "id": "w", "type": "Decoupled::Worker", "at": [300, 0], "properties": { "ProcessingTime": "soon" } },
        { "id": "s", "type": "AWS::Scheduler::Schedule", "at": [600, 0], "properties": { "ScheduleExpressionTimezone": "Europe/Berln" } },
        { "id": "t", "type": "AWS::Scheduler::Schedule", "at": [900, 0], "properties": { "ScheduleExpressionTimezone": "nowhere on earth" } } ],
        "links": [{ "id": "l1", "from": "q", "to": "w", "type": "Poll", "latency": "never" }] });
    let mut hand = with_scene(read_scene(&broken.to_string()).0);
    let before = hand.file();
    let find = |hand: &Hand, place: &str| {
        let problem = hand.state.problems.iter().find(|problem| problem.place == place);
        let problem = problem.unwrap_or_else(|| panic!("no problem at {place}: {:?}", hand.state.problems)).clone();
        remedy(&hand.state.scene, &problem).unwrap_or_else(|| panic!("no remedy at {place}")).title
    };
    let cases = [
        ("nodes[0].properties.VisibilityTimeout", "Use 43200"),
        ("nodes[0].properties.Colour", "Take Colour away"),
        ("nodes[0].properties.FifoQueue", "Use the default, false"),
        ("nodes[0].properties.RedrivePolicy.deadLetterTargetArn", "Take RedrivePolicy away"),
        ("nodes[1].properties.ProcessingTime", "Use the default, 1s"),
        ("nodes[2].properties.ScheduleExpressionTimezone", "Use Europe/Berlin"),
        ("nodes[3].properties.ScheduleExpressionTimezone", "Use the default, UTC"),
        ("links[0].latency", "Use the network's latency"),
    ];
    for (place, title) in cases {
        let count = hand.state.problems.len();
        assert_eq!(find(&hand, place), title, "{place}");
        hand.give(Command::Remedy { place: place.to_owned() });
        assert!(hand.state.problems.len() < count, "{place}: {:?}", hand.state.problems);
    }
    assert!(hand.state.problems.is_empty(), "{:?}", hand.state.problems);
    assert_eq!(hand.undo_all(), cases.len(), "each is one step");
    assert_eq!(hand.file(), before);
}
