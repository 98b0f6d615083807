//! Notes, frames, groups, locks and line ends under a hand. Every step is undone to the first bytes.

use decoupled::editor::{Command, Gesture, Handle, Joint, LinkEnd, PaletteItem, PointerTarget, card_rect};
use decoupled::figure::{Point, Tone};
use decoupled::services::Kind;
use serde_json::{Value, json};

use super::hand::{Hand, a_new_scene};

/// A frame from (200, 100) to (520, 300) with a queue inside, and a worker far to the right of it.
fn framed() -> Hand {
    let mut hand = a_new_scene();
    hand.drag(Kind::Boundary, (360.0, 200.0)).drag(Kind::Queue, (360.0, 200.0)).drag(Kind::Worker, (900.0, 200.0));
    hand
}

fn members(hand: &Hand, id: &str) -> Vec<String> {
    hand.state.scene.node(id).expect("a frame").members().map(str::to_owned).collect()
}

fn names(value: &Value) -> Vec<String> {
    serde_json::from_value(value.clone()).expect("a list of names")
}

/// Undone, it gives the bytes of before; done again, those of after.
fn is_one_step(hand: &mut Hand, act: impl FnOnce(&mut Hand)) {
    let before = hand.file();
    act(hand);
    let after = hand.file();
    assert_ne!(before, after);
    hand.give(Command::Undo);
    assert_eq!(hand.file(), before);
    hand.give(Command::Redo);
    assert_eq!(hand.file(), after);
}

fn pull(hand: &mut Hand, id: &str, name: &str, from: (f32, f32), by: (f32, f32)) {
    let target = PointerTarget::Handle(id.to_owned(), Handle::named(name).expect("a handle"));
    let (from, to) = (Point::new(from.0, from.1), Point::new(from.0 + by.0, from.1 + by.1));
    hand.down(from, target, "").moves(to, PointerTarget::Canvas).up(to, PointerTarget::Canvas);
}

#[test]
fn who_is_dropped_inside_joins_and_who_is_dragged_out_leaves() {
    let mut hand = framed();
    assert_eq!(members(&hand, "zone"), ["queue"], "placed inside, it belongs there");
    is_one_step(&mut hand, |hand| {
        hand.move_node("worker", (-540.0, 64.0), "");
    });
    assert_eq!(members(&hand, "zone"), ["queue", "worker"]);
    is_one_step(&mut hand, |hand| {
        hand.move_node("queue", (0.0, 400.0), "");
    });
    assert_eq!(members(&hand, "zone"), ["worker"]);
    hand.click("worker", "");
    for _ in 0..6 {
        hand.key("Shift ArrowRight");
    }
    assert!(members(&hand, "zone").is_empty(), "keys take it out too");
    hand.give(Command::Undo);
    assert_eq!(members(&hand, "zone"), ["worker"]);
}

#[test]
fn a_frame_moves_its_members_and_keeps_them() {
    let mut hand = framed();
    let (zone, queue, worker) = (hand.at("zone"), hand.at("queue"), hand.at("worker"));
    is_one_step(&mut hand, |hand| {
        hand.move_node("zone", (80.0, 160.0), "");
    });
    assert_eq!(hand.at("zone"), (zone.0 + 80.0, zone.1 + 160.0));
    assert_eq!(hand.at("queue"), (queue.0 + 80.0, queue.1 + 160.0));
    assert_eq!((hand.at("worker"), members(&hand, "zone")), (worker, vec!["queue".to_owned()]));
}

#[test]
fn a_zone_in_a_vpc_moves_with_it_and_passes_its_members_on() {
    let mut hand = framed();
    hand.drag(Kind::Boundary, (900.0, 600.0));
    pull(&mut hand, "zone-2", "nw", (740.0, 500.0), (-640.0, -460.0));
    assert_eq!(names(&hand.property("zone-2", "Members")), ["zone", "worker"]);
    let queue = hand.at("queue");
    hand.move_node("zone-2", (40.0, 40.0), "");
    assert_eq!(hand.at("queue"), (queue.0 + 40.0, queue.1 + 40.0));
    is_one_step(&mut hand, |hand| {
        hand.click("zone", "").key("Delete");
    });
    assert_eq!(hand.ids(), ["queue", "worker", "zone-2"], "members stay");
    assert_eq!(members(&hand, "zone-2"), ["worker", "queue"], "and belong to the frame around");
}

#[test]
fn a_handle_resizes_on_the_grid_down_to_the_least() {
    let mut hand = framed();
    is_one_step(&mut hand, |hand| pull(hand, "zone", "se", (520.0, 300.0), (101.0, 42.0)));
    assert_eq!((hand.property("zone", "Width"), hand.property("zone", "Height")), (json!(420), json!(244)));
    pull(&mut hand, "zone", "w", (200.0, 200.0), (900.0, 0.0));
    assert_eq!((hand.property("zone", "Width"), hand.at("zone").0), (json!(64), 556.0), "the other side stays");
    assert!(members(&hand, "zone").is_empty(), "who lies outside now has left");
    hand.drag(Kind::Note, (300.0, 600.0));
    let at = hand.at("note");
    pull(&mut hand, "note", "e", (400.0, 600.0), (60.0, 99.0));
    assert_eq!(
        (hand.property("note", "Width"), hand.property("note", "Height"), hand.at("note")),
        (json!(260), json!(null), at)
    );
}

#[test]
fn members_follow_a_new_name_and_a_deletion() {
    let mut hand = framed();
    hand.give(Command::Rename { from: "queue".into(), to: "orders".into() });
    assert_eq!(members(&hand, "zone"), ["orders"]);
    is_one_step(&mut hand, |hand| {
        hand.click("orders", "").key("Delete");
    });
    assert!(members(&hand, "zone").is_empty());
}

#[test]
fn a_copy_of_a_frame_holds_copies() {
    let mut hand = framed();
    hand.click("zone", "").key("Ctrl d");
    assert_eq!(members(&hand, "zone-2"), ["queue-2"]);
    assert_eq!(members(&hand, "zone"), ["queue"]);
}

#[test]
fn a_folded_frame_is_one_card() {
    let mut hand = framed();
    is_one_step(&mut hand, |hand| {
        hand.give(Command::ToggleCollapsed { id: "zone".into() });
    });
    let card = card_rect(hand.state.scene.node("zone").expect("the frame"));
    assert_eq!((card.width, card.height), (184.0, 92.0));
    hand.key("Ctrl a");
    assert_eq!(hand.chosen(), ["worker", "zone"], "what it hides cannot be chosen");
    let queue = hand.at("queue");
    hand.key("Escape").move_node("zone", (400.0, 400.0), "");
    assert_eq!((hand.at("queue"), members(&hand, "zone").len()), ((queue.0 + 400.0, queue.1 + 400.0), 1));
    hand.give(Command::Enter { node: "zone".into() });
    assert_eq!(hand.property("zone", "Collapsed"), json!(null), "a double click unfolds it");
}

#[test]
fn a_group_is_dragged_by_any_of_its_members_until_it_is_entered() {
    let mut hand = framed();
    hand.click("worker", "").click("queue", "Shift");
    is_one_step(&mut hand, |hand| {
        hand.key("Ctrl g");
    });
    assert_eq!(
        (members(&hand, "group"), members(&hand, "zone").len()),
        (vec!["queue".to_owned(), "worker".to_owned()], 0)
    );
    let (queue, worker) = (hand.at("queue"), hand.at("worker"));
    hand.key("Escape").move_node("worker", (0.0, 100.0), "");
    let (down, also) = (hand.at("worker").1 - worker.1, hand.at("queue").1 - queue.1);
    assert!((down - 100.0).abs() <= 6.0 && down == also, "{down} and {also}");
    hand.give(Command::Enter { node: "worker".into() });
    assert_eq!(hand.chosen(), ["worker"]);
    hand.move_node("worker", (0.0, 40.0), "");
    assert_eq!(hand.at("queue").1, queue.1 + also, "the other stays");
    assert!(hand.at("worker").1 > worker.1 + down + 30.0);
    hand.click("queue", "");
    assert_eq!(hand.chosen(), ["queue"], "beside one that was entered, a click means the member");
    is_one_step(&mut hand, |hand| {
        hand.key("Ctrl Shift g");
    });
    assert_eq!(hand.ids(), ["zone", "queue", "worker"]);
}

#[test]
fn a_marquee_takes_frames_whole_groups_as_one_and_nothing_locked() {
    let mut hand = framed();
    let across = |hand: &mut Hand, to: (f32, f32)| {
        let to = Point::new(to.0, to.1);
        hand.key("Escape").down(Point::new(220.0, 120.0), PointerTarget::Canvas, "Shift");
        hand.moves(to, PointerTarget::Canvas).up(to, PointerTarget::Canvas);
    };
    across(&mut hand, (700.0, 280.0));
    assert_eq!(hand.chosen(), ["queue"], "a frame that is only touched is not meant");
    hand.key("Ctrl g");
    across(&mut hand, (900.0, 280.0));
    assert_eq!(hand.chosen(), ["group", "worker"]);
    hand.click("worker", "").key("Ctrl Shift l");
    across(&mut hand, (900.0, 280.0));
    assert_eq!(hand.chosen(), ["group"]);
}

#[test]
fn what_is_locked_stays_where_and_what_it_is() {
    let mut hand = framed();
    hand.connect("queue", "worker").click("queue", "");
    is_one_step(&mut hand, |hand| {
        hand.key("Ctrl Shift l");
    });
    let before = hand.file();
    hand.move_node("queue", (80.0, 80.0), "").says(Tone::Plain, "queue is locked");
    hand.key("ArrowLeft").key("Delete").says(Tone::Bad, "queue is locked");
    hand.give(Command::Reconnect { link: "l1".into(), end: LinkEnd::To, node: "zone".into() })
        .says(Tone::Bad, "locked");
    assert_eq!(hand.file(), before);
    hand.click("zone", "").move_node("zone", (0.0, 40.0), "");
    assert_eq!(hand.at("queue").1, 148.0, "not by its frame either");
    hand.types("queue", "DelaySeconds", &[json!(5)]);
    assert_eq!(hand.property("queue", "DelaySeconds"), json!(5), "its properties can be changed");
    hand.click("queue", "").key("Ctrl Shift l").key("Delete");
    assert!(!hand.ids().contains(&"queue"));
}

#[test]
fn a_note_is_written_in_place_and_is_one_step() {
    let mut hand = a_new_scene();
    hand.drop_item(PaletteItem::Node(Kind::Note), (300.0, 300.0), "");
    let height = card_rect(&hand.state.scene.nodes[0]).height;
    hand.give(Command::Enter { node: "note".into() });
    assert_eq!(hand.state.writing.as_deref(), Some("note"));
    is_one_step(&mut hand, |hand| {
        hand.types(
            "note",
            "Text",
            &[json!("# A\n\nlong enough to need a second line, surely, on so narrow a paper\n\n- b\n- c")],
        );
    });
    assert!(card_rect(&hand.state.scene.nodes[0]).height > height + 60.0, "its height follows the text");
    hand.key("Escape");
    assert_eq!((hand.state.writing.as_deref(), hand.chosen()), (None, vec!["note"]));
    hand.connect("note", "note").says(Tone::Bad, "note");
}

#[test]
fn the_end_of_a_line_goes_to_another_node_and_keeps_what_holds_there() {
    let mut hand = a_new_scene();
    hand.drag(Kind::Topic, (150.0, 200.0)).drag(Kind::Queue, (500.0, 200.0)).drag(Kind::Queue, (500.0, 400.0));
    hand.drag(Kind::Producer, (150.0, 500.0)).connect("topic", "queue");
    hand.give(Command::SetLinkProperty {
        id: "l1".into(),
        name: "RawMessageDelivery".into(),
        value: Some(json!(true)),
    });
    let (from, to) = (hand.middle("queue"), hand.middle("queue-2"));
    let over = PointerTarget::Node("queue-2".into());
    is_one_step(&mut hand, |hand| {
        hand.down(from, PointerTarget::LinkEnd("l1".into(), LinkEnd::To), "").moves(to, over.clone()).up(to, over);
    });
    assert_eq!((hand.lines(), hand.chosen()), (vec!["AWS::SNS::Subscription topic→queue-2".to_owned()], vec!["l1"]));
    assert_eq!(hand.state.scene.link("l1").expect("it is there").properties["RawMessageDelivery"], json!(true));
    let over = PointerTarget::Node("producer".into());
    let producer = hand.middle("producer");
    hand.down(to, PointerTarget::LinkEnd("l1".into(), LinkEnd::To), "").moves(producer, over.clone());
    let Gesture::Reconnecting { refusal: Some(why), .. } = &hand.state.gesture else {
        panic!("{:?}", hand.state.gesture)
    };
    assert!(why.contains("cannot be connected"), "{why}");
    let before = hand.file();
    hand.up(producer, over).says(Tone::Bad, "cannot be connected");
    hand.down(to, PointerTarget::LinkEnd("l1".into(), LinkEnd::To), "")
        .up(Point::new(900.0, 700.0), PointerTarget::Canvas);
    assert_eq!(hand.file(), before, "let go over nothing, it stays");
    // Another kind of link, as far as legal.
    hand.give(Command::Reconnect { link: "l1".into(), end: LinkEnd::From, node: "producer".into() });
    assert_eq!((hand.lines(), hand.chosen()), (vec!["Send producer→queue-2".to_owned()], vec!["l1"]));
    assert!(hand.state.scene.link("l1").expect("it is there").properties.is_empty());
}

#[test]
fn a_line_that_stands_for_a_property_can_be_carried_too() {
    let mut hand = a_new_scene();
    for y in [100.0, 300.0, 500.0] {
        hand.drag(Kind::Queue, (300.0, y));
    }
    hand.connect("queue", "queue-2");
    let carry = |hand: &mut Hand, line: &str, end, node: &str| {
        let (link, node) = (line.to_owned(), node.to_owned());
        hand.give(Command::Reconnect { link, end, node });
    };
    is_one_step(&mut hand, |hand| carry(hand, "queue~RedrivePolicy", LinkEnd::To, "queue-3"));
    assert_eq!(hand.lines(), ["RedrivePolicy queue→queue-3"]);
    is_one_step(&mut hand, |hand| carry(hand, "queue~RedrivePolicy", LinkEnd::From, "queue-2"));
    assert_eq!(hand.lines(), ["RedrivePolicy queue-2→queue-3"]);
    assert_eq!(hand.property("queue-2", "RedrivePolicy")["maxReceiveCount"], 3);
    carry(&mut hand, "queue-2~RedrivePolicy", LinkEnd::To, "queue-2");
    hand.says(Tone::Bad, "cannot be connected to itself");
}

/// Whether each frame of the scene holds the cards of its members.
fn holds_its_members(hand: &Hand) -> bool {
    let scene = &hand.state.scene;
    let mut frames = scene.nodes.iter().filter(|node| node.is_frame());
    frames.all(|frame| {
        let mut members = frame.members().filter_map(|id| scene.node(id));
        members.all(|member| card_rect(frame).holds(&card_rect(member)))
    })
}

#[test]
fn tidied_up_a_frame_holds_its_members_and_no_one_else() {
    let mut hand = framed();
    hand.move_node("worker", (-500.0, 72.0), "").drag(Kind::Producer, (700.0, 500.0)).drag(Kind::Queue, (420.0, 140.0));
    hand.connect("producer", "queue").connect("queue", "worker");
    assert_eq!(members(&hand, "zone"), ["queue", "worker", "queue-2"]);
    is_one_step(&mut hand, |hand| {
        hand.give(Command::TidyUp);
    });
    assert_eq!(members(&hand, "zone"), ["queue", "worker", "queue-2"], "who belongs where stays");
    assert!(holds_its_members(&hand));
    let card = |id: &str| card_rect(hand.state.scene.node(id).expect("a node"));
    assert!(!card("zone").meets(&card("producer")), "who does not belong there lies outside");
    assert!(card("producer").right() < card("zone").x, "and left of it, since it sends there");
    assert!(card("queue").right() < card("worker").x);
    let once = hand.file();
    hand.give(Command::TidyUp);
    assert_eq!(hand.file(), once, "tidy is tidy");
}

#[test]
fn tidied_up_what_is_folded_goes_with_its_card_and_what_is_locked_stays_with_its_frame() {
    let mut hand = framed();
    hand.drag(Kind::Producer, (900.0, 400.0)).connect("producer", "queue").connect("queue", "worker");
    let mut folded = framed();
    folded.state = hand.state.clone();
    folded.give(Command::ToggleCollapsed { id: "zone".to_owned() });
    let (zone, queue) = (folded.at("zone"), folded.at("queue"));
    folded.give(Command::TidyUp);
    let by = (folded.at("zone").0 - zone.0, folded.at("zone").1 - zone.1);
    assert_ne!(by, (0.0, 0.0));
    assert_eq!(folded.at("queue"), (queue.0 + by.0, queue.1 + by.1));
    hand.click("queue", "").give(Command::ToggleLock);
    let stays = ["zone", "queue"].map(|id| hand.at(id));
    hand.give(Command::TidyUp);
    assert_eq!(["zone", "queue"].map(|id| hand.at(id)), stays);
}

#[test]
fn what_is_inserted_joins_the_frame_it_stands_in_which_grows_for_it() {
    let mut hand = framed();
    hand.drag(Kind::Producer, (300.0, 240.0)).connect("producer", "queue");
    assert_eq!(members(&hand, "zone"), ["queue", "producer"]);
    let link = hand.state.scene.links[0].id.clone();
    let insert = |kind, joint| Command::Insert { item: PaletteItem::Node(kind), at: None, joint };
    is_one_step(&mut hand, |hand| {
        hand.give(insert(Kind::Topic, Joint::Into(link)));
    });
    assert_eq!(members(&hand, "zone"), ["queue", "producer", "topic"]);
    assert!(holds_its_members(&hand));
    is_one_step(&mut hand, |hand| {
        hand.give(insert(Kind::Function, Joint::After("queue".to_owned())));
    });
    assert_eq!(hand.at("function").1, hand.at("queue").1, "a frame is not in the way");
}
