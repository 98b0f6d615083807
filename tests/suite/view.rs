//! What is drawn, and that drawing touches nothing.

use decoupled::editor::{Camera, card_rect, scene_bounds};
use decoupled::engine::Micros;
use decoupled::figure::{Point, Tone};
use decoupled::scene::{Edit, Scene, gallery, read_scene};
use decoupled::services::Describe;
use decoupled::sim::Run;
use decoupled::view::{
    self, Dot, Frame, LinkCurves, card_name, line_near, link_curve, metrics_of, narrated, next_in_flow, outline,
    project, sentence, trace_rows,
};

const VIEW: (f32, f32) = (1440.0, 900.0);
const SECOND: Micros = 1_000_000;

fn scene(id: &str) -> Scene {
    let (scene, problems) = read_scene(gallery::find(id).expect("a scene of the gallery"));
    assert_eq!(problems, []);
    scene
}

fn fitted(scene: &Scene) -> Camera {
    view::camera_to_fit(scene_bounds(scene).expect("it has nodes"), VIEW, 48.0)
}

fn frame(scene: &Scene, run: &Run, at: Micros) -> Frame {
    project(scene, run, &fitted(scene), VIEW, at)
}

/// The first transfer of one message along the link, with the run at its departure.
fn first_transfer(run: &mut Run, link: &str) -> (u64, Micros, Micros) {
    for _ in 0..100_000 {
        assert!(run.step_fact());
        let mut transfers = run.transfers().filter(|transfer| run.link_name(transfer.link) == Some(link));
        let found = transfers.find_map(|transfer| {
            let message = transfer.signal.visible().next()?;
            Some((message.token, transfer.departs, transfer.arrives))
        });
        if let Some(found) = found {
            return found;
        }
    }
    panic!("nothing travels on {link}");
}

fn dot(frame: &Frame, token: u64) -> Dot {
    *frame.dots.iter().rfind(|dot| dot.token == token).expect("the message is drawn")
}

/// What does not get through lies half way while its sender waits, with the ring of that wait, and is counted.
#[test]
fn what_a_fault_stopped_is_seen_until_its_sender_gives_up() {
    let json = serde_json::json!({ "version": 1, "network": { "hop": "100ms" }, "nodes": [
            { "id": "shop", "type": "Decoupled::Producer", "at": [0, 0],
              "properties": { "Count": 1, "StartAt": "1s", "ConnectTimeout": "2s" } },
            { "id": "orders", "type": "AWS::SQS::Queue", "at": [600, 0] }],
        "links": [{ "id": "l", "from": "shop", "to": "orders" }],
        "script": [{ "at": "0s", "link": "l", "fault": "Partition" }] });
    let (scene, problems) = read_scene(&json.to_string());
    assert_eq!(problems, []);
    let mut run = Run::new(&scene);
    run.advance_to(2 * SECOND);
    let frame = frame(&scene, &run, 2 * SECOND);
    let middle = link_curve(&scene, scene.link("l").expect("a link")).expect("it is drawn").at(0.5);
    let stopped = dot(&frame, 1);
    assert_eq!((stopped.x, stopped.y), (middle.x, middle.y));
    let left = stopped.ring.expect("a wait has its ring");
    assert!((left - 0.526).abs() < 0.01, "one of the 1.9 s is left: {left}");
    run.advance_to(4 * SECOND);
    assert!(self::frame(&scene, &run, 4 * SECOND).dots.is_empty());
}

/// A frame that is folded stands for all inside: links end at its card, messages go there, and what is within is not
/// drawn, counted into the scene's reach, or painted into a picture.
#[test]
fn a_folded_frame_stands_for_what_is_inside() {
    let json = |collapsed: bool| {
        serde_json::json!({ "version": 1, "nodes": [
            { "id": "shop", "type": "Decoupled::Producer", "at": [0, 0], "properties": { "Rate": "20/s" } },
            { "id": "orders", "type": "AWS::SQS::Queue", "at": [2000, 900] },
            { "id": "ship", "type": "Decoupled::Worker", "at": [2300, 900] },
            { "id": "zone", "type": "Decoupled::Boundary", "at": [600, 40],
              "properties": { "Members": ["orders", "ship"], "Collapsed": collapsed } }
        ], "links": [{ "id": "in", "from": "shop", "to": "orders" }, { "id": "within", "from": "orders", "to": "ship" }] })
        .to_string()
    };
    let (open, folded) = (read_scene(&json(false)).0, read_scene(&json(true)).0);
    let card = card_rect(folded.node("zone").expect("the frame"));
    let curve = link_curve(&folded, folded.link("in").expect("a link")).expect("it crosses the frame");
    assert_eq!(curve.at(1.0), view::input_port(&card));
    assert!(link_curve(&folded, folded.link("within").expect("a link")).is_none());
    let reach = scene_bounds(&folded).expect("it has nodes");
    assert_eq!((reach.right(), scene_bounds(&open).expect("nodes").right()), (card.right(), 2484.0));
    let (mut run, mut same) = (Run::new(&folded), Run::new(&open));
    run.advance_to(10 * decoupled::engine::seconds(1));
    same.advance_to(10 * decoupled::engine::seconds(1));
    assert_eq!(run.digest(), same.digest(), "to fold a frame is no more than to look at it so");
    let frame = frame(&folded, &run, run.now());
    assert!(!frame.dots.is_empty() && frame.dots.iter().all(|dot| dot.x <= card.x + 1.0), "on their way to the card");
    let cards: Vec<String> = view::picture(&folded, &run, run.now()).cards.into_iter().map(|(name, _)| name).collect();
    assert_eq!(cards, ["shop", "zone"]);
}

#[test]
fn a_message_is_where_its_times_say() {
    let scene = scene("fan-out");
    let link = scene.links.iter().find(|link| link.from == "checkout").expect("the shop sends");
    let (curve, mut run) = (link_curve(&scene, link).expect("both ends are there"), Run::new(&scene));
    let (token, departs, arrives) = first_transfer(&mut run, &link.id);
    let whole = arrives - departs;
    let near = |at: Micros, part: f32, reach: f32| {
        let (dot, point) = (dot(&frame(&scene, &run, at), token), curve.at(part));
        let (x, y) = (dot.x - point.x, dot.y - point.y);
        assert!((x * x + y * y).sqrt() <= reach, "{part} of the way: {dot:?}, not {point:?}");
    };
    near(departs, 0.0, 0.01);
    near(departs + whole / 2, 0.5, 0.1);
    near(arrives, 1.0, 0.01);
    // Nearly even in between: half-way times are half-way places, give or take the slight easing.
    near(departs + whole / 4, 0.25, 8.0);
    near(departs + whole * 3 / 4, 0.75, 8.0);
    // The place follows from the time alone, not from what was drawn before.
    let at = departs + whole / 3;
    let direct = frame(&scene, &run, at);
    assert!(run.transfers().count() > 0 && frame(&scene, &run, departs + 1) != direct);
    assert_eq!(frame(&scene, &run, at), direct);
}

#[test]
fn where_nodes_lie_and_what_is_drawn_never_changes_a_run() {
    for entry in gallery::ALL {
        let scene = scene(entry.id);
        let mut elsewhere = scene.clone();
        for (index, node) in scene.nodes.iter().enumerate() {
            let at = (37.0 * index as f64, -910.0 + 300.0 * (index % 4) as f64);
            elsewhere.apply(Edit::MoveNode { id: node.id.clone(), at });
        }
        let (mut watched, mut moved) = (Run::new(&scene), Run::new(&elsewhere));
        for step in 1..=60 {
            watched.advance_to(step * SECOND / 5);
            let _ = frame(&scene, &watched, watched.now());
            let _ = (trace_rows(&watched, None, 50), view::message_rows(&watched, None, 50));
        }
        moved.advance_to(12 * SECOND);
        assert_eq!(watched.digest(), moved.digest(), "{}", entry.id);
    }
}

#[test]
fn everything_that_travels_is_counted_and_drawn_in_view() {
    let (scene, mut dots) = (scene("fan-out"), 0);
    let mut run = Run::new(&scene);
    for step in 1..=40 {
        run.advance_to(step * SECOND / 4);
        let frame = frame(&scene, &run, run.now());
        let visible: usize = run.transfers().map(|transfer| transfer.signal.visible().count()).sum();
        assert_eq!(frame.travelling, visible as u64);
        dots += frame.dots.len();
        assert!(frame.dots.iter().all(|dot| dot.x.is_finite() && (0.0..=1.0).contains(&dot.opacity)));
        let away = Camera { x: 90_000.0, ..Camera::default() };
        let nothing = project(&scene, &run, &away, VIEW, run.now());
        assert_eq!((nothing.dots.len(), nothing.grounds.len(), nothing.travelling), (0, 0, frame.travelling));
    }
    assert!(dots > 100, "{dots} dots in ten seconds");
}

#[test]
fn a_badge_says_why_at_the_place_where_it_failed() {
    let scene = scene("dead-letter-queue");
    let mut run = Run::new(&scene);
    while !run.trace().window().iter().any(|record| record.fact.tone() == Tone::Bad) {
        assert!(run.step_fact() && run.now() < 600 * SECOND, "something fails in this scene");
    }
    let record = run.trace().window().last().expect("the failure").clone();
    let node = scene.node(run.name_of(record.actor)).expect("it is drawn");
    let found = |at: Micros| frame(&scene, &run, at).badges.into_iter().find(|badge| badge.node == node.id);
    let badge = found(record.at).expect("a badge at the node");
    assert_eq!((&*badge.text, badge.tone, badge.opacity), (&*record.fact.detail(), Tone::Bad, 1.0));
    assert!(badge.y >= card_rect(node).bottom() && badge.x == card_rect(node).x);
    let fading = found(record.at + SECOND * 7 / 2).expect("still there").opacity;
    assert!((0.4..0.6).contains(&fading), "{fading}");
    assert_eq!(found(record.at + SECOND * 4), None);
}

#[test]
fn a_redrive_falls_from_card_to_card() {
    let scene = scene("dead-letter-queue");
    let links = scene.drawn_links();
    let link = links.iter().find(|link| link.id.ends_with("~RedrivePolicy")).expect("a dead-letter queue");
    let (curve, from) = (link_curve(&scene, link).expect("a curve"), scene.node(&link.from).expect("its queue"));
    let to = card_rect(scene.node(&link.to).expect("the dead-letter queue"));
    if to.y >= card_rect(from).bottom() {
        assert_eq!(curve.at(0.0), Point::new(card_rect(from).middle().x, card_rect(from).bottom()));
    }
}

#[test]
fn the_trace_lists_the_newest_first_and_metrics_have_cloudwatch_names() {
    let scene = scene("fan-out");
    let mut run = Run::new(&scene);
    run.advance_to(15 * SECOND);
    let rows = trace_rows(&run, None, 20);
    assert_eq!(rows.len(), 20);
    assert!(rows.windows(2).all(|pair| pair[0].seq > pair[1].seq));
    assert!(rows.iter().all(|row| row.tone != Tone::Quiet && row.clock.len() >= 9));
    assert!(rows.iter().any(|row| row.message.is_some() && row.hue.is_some()));
    assert!(trace_rows(&run, Some("shipping"), 20).iter().all(|row| row.node == "shipping"));
    assert!(trace_rows(&run, Some("nobody"), 20).is_empty());
    let metrics = metrics_of(&run, "shipping");
    let (_, text, value) =
        metrics.iter().find(|(name, ..)| name.starts_with("ApproximateNumberOfMessagesVisible")).expect("its name");
    assert_eq!(text.parse::<f64>().ok(), Some(*value));
}

#[test]
fn the_outline_follows_the_flow() {
    let (scene, _) = read_scene(gallery::ALL[0].text());
    let rows = outline(&scene);
    let mut ids: Vec<&str> = rows.iter().map(|row| &*row.node).collect();
    assert_eq!(ids[..2], ["checkout", "order-events"]);
    assert_eq!(rows[1].depth, 1);
    for (at, row) in rows.iter().enumerate().skip(1) {
        let behind = rows[..at].iter().any(|before| before.goes.iter().any(|(_, to)| *to == row.node));
        assert!(behind || row.depth == 0, "{} stands after what leads to it", row.node);
    }
    let walked = std::iter::successors(Some("checkout".to_owned()), |node| next_in_flow(&scene, node, false));
    assert_eq!(walked.collect::<Vec<_>>(), ids);
    assert_eq!(next_in_flow(&scene, "checkout", true), None);
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), scene.nodes.len(), "each node once");
}

#[test]
fn what_is_told_is_what_matters_most() {
    let mut run = Run::new(&read_scene(gallery::ALL[0].text()).0);
    assert_eq!(narrated(&run, 0), None);
    run.advance_to(60 * SECOND);
    let told = narrated(&run, 0).expect("much happened");
    assert!(told.contains("more facts"), "{told}");
    let worst = run.trace().window().iter().map(|record| record.fact.tone()).max().expect("facts");
    let record = run.trace().window().iter().rev().find(|record| record.fact.tone() == worst).expect("a fact");
    assert!(told.starts_with(&sentence(&run, record.seq)), "{told}");
    assert_eq!(narrated(&run, run.trace().total()), None);
    assert_eq!(narrated(&run, u64::MAX), None, "taken back, there is nothing new");
}

#[test]
fn a_line_is_found_beside_it_within_reach() {
    let scene = scene("fan-out");
    let curves = LinkCurves::of(&scene);
    for link in scene.drawn_links() {
        let middle = curves.curve(&link).expect("it is drawn").at(0.6);
        let beside = Point::new(middle.x, middle.y + 3.0);
        assert_eq!(line_near(&scene, beside, 6.0).as_deref(), Some(&*link.id));
    }
    assert_eq!(line_near(&scene, Point::new(-5_000.0, 0.0), 6.0), None);
}

/// A producer without keys has one colour, its own; with keys each key has its own.
#[test]
fn messages_without_a_key_have_the_colour_of_their_producer() {
    let hues = |properties: serde_json::Value| {
        let run = crate::support::played(
            serde_json::json!({ "nodes": [
                { "id": "shop", "type": "Decoupled::Producer", "at": [0, 0], "properties": properties },
                { "id": "orders", "type": "AWS::SQS::Queue", "at": [300, 0] }],
                "links": [{ "id": "l", "from": "shop", "to": "orders", "type": "Send" }] }),
            20 * SECOND,
        );
        let rows = view::message_rows(&run, None, 100);
        assert!(rows.len() > 20, "{}", rows.len());
        let mut hues: Vec<u8> = rows.iter().map(|row| row.hue).collect();
        hues.sort_unstable();
        hues.dedup();
        hues
    };
    assert_eq!(hues(serde_json::json!({ "Rate": "5/s" })).len(), 1);
    assert!(hues(serde_json::json!({ "Rate": "5/s", "PartitionKey": "{{key 20}}" })).len() > 3);
}

/// The list of messages has those at rest with what they say, wherever they rest, and the trace the colours of those
/// that are gone.
#[test]
fn messages_at_rest_are_listed_with_their_bodies() {
    for entry in gallery::ALL {
        let scene = scene(entry.id);
        let mut run = Run::new(&scene);
        run.advance_to(25 * SECOND);
        let rows = view::message_rows(&run, None, usize::MAX);
        for (id, model) in run.nodes().filter(|(_, model)| model.stored() > 0) {
            let mut held = 0;
            model.each_held(&mut |message| {
                held += 1;
                let row = rows.iter().find(|row| row.token == message.token);
                let row = row.unwrap_or_else(|| panic!("{}: {} of {id} is not listed", entry.id, message.token));
                assert_eq!(row.body, *message.body, "{} in {id}", entry.id);
            });
            assert!(held > 0, "{}: {id} holds {} and shows none", entry.id, model.stored());
            let of_node = view::message_rows(&run, Some(id), usize::MAX);
            assert!(of_node.len() as u64 >= held.min(1) as u64 && of_node.iter().all(|row| !row.body.is_empty()));
        }
        let dotless = trace_rows(&run, None, 200).into_iter().filter(|row| row.token.is_some() && row.hue.is_none());
        assert_eq!(dotless.count(), 0, "{}", entry.id);
    }
}

/// Who is connected to nothing has sent nothing.
#[test]
fn a_producer_that_is_connected_to_nothing_sends_nothing() {
    let alone = serde_json::json!({ "nodes": [
        { "id": "shop", "type": "Decoupled::Producer", "at": [0, 0], "properties": { "Rate": "5/s" } }] });
    let (scene, _) = crate::support::open(alone);
    let mut run = Run::new(&scene);
    run.advance_to(5 * SECOND);
    let model = run.node("shop").expect("it is there");
    let texts: Vec<String> = model
        .figure(run.now())
        .primitives
        .into_iter()
        .filter_map(|primitive| match primitive {
            decoupled::figure::Primitive::Text { text, .. } => Some(text),
            _ => None,
        })
        .collect();
    assert_eq!(texts, ["not connected"]);
    assert_eq!(run.trace().window().iter().filter(|record| record.fact.name() == "NothingConnected").count(), 1);
}

#[test]
fn a_card_grows_for_its_name_and_its_number_beside_it() {
    let card = |id: &str, rate: &str| {
        let text = format!(
            r#"{{"version":1,"nodes":[{{"id":"{id}","type":"Decoupled::Producer","at":[0,0],"properties":{{"Rate":"{rate}"}}}}]}}"#
        );
        let (scene, problems) = read_scene(&text);
        assert!(problems.is_empty(), "{problems:?}");
        card_rect(&scene.nodes[0]).width
    };
    assert_eq!(card("shop", "1/s"), 180.0, "a short name needs no more than usual");
    for id in ["one-noisy-sensor", "order-pipeline-dead-letters", "WWWWWWWWWW"] {
        for headline in ["20,878", "999,999", "1.23 M"] {
            assert_eq!(card_name(id, card(id, "1/s"), headline), id, "beside {headline}");
        }
        assert_eq!(card_name(id, card(id, "100000/min"), "100000/min"), id);
    }
    let widest = card(&"x".repeat(255), "1/s");
    assert!(widest > 350.0 && widest == card(&"W".repeat(200), "1/s"), "up to a bound: {widest}");
    let cut = card_name(&"x".repeat(255), widest, "7");
    assert!(cut.ends_with('…') && cut.len() > 25, "{cut}");
}
