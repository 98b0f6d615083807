//! The scene in an address: what is shared opens as it was, and whatever stands in an address opens soon, within bounds,
//! and with a reason where it does not. `LINKS=10000000` tries that many.

use std::time::Duration;

use decoupled::lang::base64::{base64url, bytes_from_base64url};
use decoupled::scene::limits::{NODES_MAX, PROBLEMS_MAX, SHARE_CHARS_MAX, SHARE_TEXT_BYTES_MAX, SHARE_VALUES_MAX};
use decoupled::scene::{Edit, Problem, Scene, gallery, read_scene, read_share, write_share};
use miniz_oxide::deflate::compress_to_vec;
use serde_json::json;

/// What lies in an address that holds this text, of this version.
fn packed(version: u8, text: &[u8]) -> String {
    let mut bytes = vec![version];
    bytes.extend(compress_to_vec(text, 9));
    base64url(&bytes)
}

#[test]
fn every_gallery_scene_is_shared_as_it_is() {
    for scene in gallery::ALL {
        let (scene, _) = read_scene(scene.text());
        let share = write_share(&scene).expect("a gallery scene fits");
        assert!(share.len() < 4_000, "{} takes {} characters", scene.name, share.len());
        assert_eq!(read_share(&share), (scene, vec![]));
    }
}

/// Published links open for ever: this one was made by the first version.
#[test]
fn the_first_link_still_opens() {
    let (scene, problems) = read_share(FIRST);
    assert_eq!(problems, []);
    assert_eq!((scene.name.as_str(), scene.seed, scene.nodes.len(), scene.links.len()), ("First", 3, 2, 1));
    assert_eq!(scene.node("orders").map(|queue| queue.properties["DelaySeconds"].clone()), Some(json!(5)));
}

const FIRST: &str = "AW2QPwsCMQzFv0vmguc_kG6COKs3OMgN5Rq1eDYl7Sly9LubiqKDS6F5L7-8ZIAbcnTkQY8VeHNF0LB2HBMoiIgW9FTqmO7E\
    F5ESmvbs_ElUTxYj6MMATlwQzxSkmh6hIFbYUh86tFpvmGzfIotokvgXlZpUVaMgMAXk5AplgJ1JpXE-ipCzekOJrcT7Ypf7\
    Wut6K8-2xx4_yNnkP3OFnXnUEsVb-c9zFkfn_OUndjcWyJHp-rMC_Zlco7dQ-mPLLpShTTlBep2gyU8";

#[test]
fn what_is_damaged_says_where_and_what_to_do() {
    let (scene, _) = read_scene(gallery::ALL[0].text());
    let share = write_share(&scene).expect("it fits");
    let says = |share: &str, words: &[&str]| {
        let (scene, problems) = read_share(share);
        let [Problem { place, message, .. }] = &problems[..] else { panic!("one problem, not {problems:?}") };
        assert_eq!((scene, place.as_str()), (Scene::default(), "#s"));
        assert!(words.iter().all(|word| message.contains(word)), "{words:?}: {message}");
    };
    says("", &["empty", "Copy the whole address"]);
    says(&share[..share.len() / 8 * 4], &["cut off", "Copy the whole address"]);
    says(&format!("{}!{}", &share[..9], &share[9..]), &["character 10", "Copy the whole address"]);
    says(&"A".repeat(SHARE_CHARS_MAX + 4), &["32004 characters", "as a file"]);
    says(&packed(2, b"{}"), &["version 2", "newer"]);
    says(&packed(1, &[0xff, 0xfe]), &["no text"]);
    says(&packed(1, &vec![b' '; 8 << 20]), &["1024 KiB", "as a file"]);
    says(&packed(1, "[".repeat(SHARE_VALUES_MAX + 1).as_bytes()), &["30000 values"]);
    // What unfolds to a text is read as any file is, with its problems.
    let (_, problems) = read_share(&packed(1, "[".repeat(1_000).as_bytes()));
    assert!(problems[0].message.contains("nested too deep"), "{problems:?}");
    let (scene, problems) = read_share(&packed(1, br#"{"version":1,"nodes":[{"id":"q","type":"AWS::SQS::Queue"},7]}"#));
    assert_eq!((scene.nodes.len(), problems[0].place.as_str()), (1, "nodes[1]"));
}

#[test]
fn a_scene_that_is_too_large_for_an_address_is_refused_with_the_remedy() {
    let mut scene = Scene::default();
    let noise: Vec<u8> = (0..SHARE_CHARS_MAX as u64).map(|at| ((at * at * 2_654_435_761) >> 13) as u8).collect();
    scene.notes.push(json!(base64url(&noise)));
    let problem = write_share(&scene).expect_err("it cannot fit");
    assert!(problem.message.starts_with("The address is too long"), "{problem}");
    assert!(problem.message.contains("Save it as a file"), "{problem}");
    // One that presses well but unfolds too far could not be opened again.
    let mut scene = Scene::default();
    scene.apply(Edit::SetName(" ".repeat(SHARE_TEXT_BYTES_MAX)));
    assert!(write_share(&scene).is_err());
}

/// A small generator of its own: these numbers need no promise to anybody.
struct Noise(u64);

impl Noise {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % bound.max(1)
    }

    fn bytes(&mut self, most: usize) -> Vec<u8> {
        (0..self.below(most)).map(|_| self.below(256) as u8).collect()
    }
}

/// What a JSON text can be broken with.
const HARMFUL: &[u8] = b"{}[]\",:0-9eE\\u\xff tfn";

/// An address that somebody might send: noise, a good one damaged, a good text damaged before it was packed, or
/// something small that unfolds far.
fn strange(noise: &mut Noise, good: &[(String, String)]) -> String {
    let (share, text) = &good[noise.below(good.len())];
    match noise.below(8) {
        0 => base64url(&noise.bytes(300)),
        1 => String::from_utf8_lossy(&noise.bytes(300)).into_owned(),
        2 | 3 => {
            let mut bytes = bytes_from_base64url(share).expect("it is a good one");
            for _ in 0..=noise.below(4) {
                let at = noise.below(bytes.len());
                bytes[at] = noise.below(256) as u8;
            }
            bytes.truncate(bytes.len() - noise.below(bytes.len() / 4));
            base64url(&bytes)
        }
        4 | 5 => {
            let mut bytes = text.clone().into_bytes();
            for _ in 0..=noise.below(6) {
                let at = noise.below(bytes.len());
                bytes[at] = HARMFUL[noise.below(HARMFUL.len())];
            }
            packed(1, &bytes)
        }
        6 => {
            let piece = ["[", "{\"a\":", "[0,", "{},", "\"nodes\":[", "1e999,", "\\u0000"][noise.below(7)];
            let before = ["", "[", "{\"version\":1,\"nodes\":[", "{\"version\":1,\"script\":["][noise.below(4)];
            packed(1, format!("{before}{}", piece.repeat(1 << noise.below(12))).as_bytes())
        }
        _ => {
            let mut bytes = vec![1, noise.below(256) as u8];
            bytes.extend(noise.bytes(200));
            base64url(&bytes)
        }
    }
}

/// How long this thread has worked, where the system says; a busy machine may let it wait as well.
fn worked() -> Duration {
    let spent = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    Duration::from_nanos(spent.and_then(|text| text.split(' ').next()?.parse().ok()).unwrap_or(0))
}

/// A size of the process in KiB, where the system says: `VmRSS` now, `VmHWM` the greatest since [`forget_greatest`].
fn size(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

fn forget_greatest() -> u64 {
    // Where it cannot be forgotten the growth is seen too large, never too small.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    size("VmRSS")
}

/// The bounds in time and room are held when they are asked for, by `LINKS=10000000 cargo test --release … share::
/// -- --test-threads=1`: a debug build is slow, and tests beside this one take room too.
#[test]
fn whatever_stands_in_an_address_is_opened_soon_and_in_bounds() {
    let asked = std::env::var("LINKS").ok().and_then(|count| count.parse::<u64>().ok());
    let good: Vec<(String, String)> = gallery::ALL
        .iter()
        .filter_map(|scene| Some((write_share(&read_scene(scene.text()).0).ok()?, scene.text().to_owned())))
        .collect();
    let mut noise = Noise(0x5eed_0f11_04b5);
    let (before, mut slowest, mut opened) = (forget_greatest(), Duration::ZERO, 0_u64);
    for _ in 0..asked.unwrap_or(4_000) {
        let share = strange(&mut noise, &good);
        let began = if asked.is_some() { worked() } else { Duration::ZERO };
        let (scene, problems) = read_share(&share);
        if asked.is_some() {
            slowest = slowest.max(worked() - began);
        }
        assert!(problems.len() <= PROBLEMS_MAX + 1 && scene.nodes.len() <= NODES_MAX);
        opened += u64::from(!scene.nodes.is_empty());
    }
    assert!(opened > 0, "some of them open");
    if asked.is_some() {
        let grown = size("VmHWM").saturating_sub(before);
        println!("{opened} opened; the slowest took {slowest:?}, all of them {grown} KiB");
        assert!(slowest <= Duration::from_millis(50) && grown <= 16 * 1024, "{slowest:?}, {grown} KiB");
    }
}

/// The dearest addresses within the bounds, one by one.
#[test]
fn the_dearest_address_is_bounded_too() {
    let many = |piece: &str, count: usize| piece.repeat(count);
    let node = |at: usize| format!(r#"{{"id":"{at}","type":"AWS::SQS::Queue","properties":{{"A":0}}}}"#);
    let nodes: Vec<String> = (0..SHARE_VALUES_MAX / 5).map(node).collect();
    let nodes = format!(r#"{{"version":1,"nodes":[{}]}}"#, nodes.join(","));
    for (name, text) in [
        ("lists", format!("[{}0]", many("[],", SHARE_VALUES_MAX / 2 - 4))),
        ("objects", format!(r#"{{"version":1,"nodes":[{}{{}}]}}"#, many("{},", SHARE_VALUES_MAX / 2 - 8))),
        (
            "fields",
            format!(r#"{{"version":1,"nodes":[],{}"z":0}}"#, {
                (0..9_000).map(|at| format!("\"{at}\":0,")).collect::<String>()
            }),
        ),
        ("nodes", nodes),
        (
            "one long text",
            format!(r#"{{"version":1,"nodes":[],"network":"{}"}}"#, many("x", SHARE_TEXT_BYTES_MAX - 60)),
        ),
    ] {
        let share = packed(1, text.as_bytes());
        assert!(share.len() <= SHARE_CHARS_MAX, "{name} takes {}", share.len());
        let (before, began) = (forget_greatest(), worked());
        let (scene, mut problems) = read_share(&share);
        // What the page asks next.
        problems.extend(scene.problems());
        let (took, grown) = (worked() - began, size("VmHWM").saturating_sub(before));
        assert!(!problems.is_empty(), "{name}");
        if std::env::var_os("LINKS").is_some() {
            println!("{name}: {took:?}, {grown} KiB");
            assert!(took <= Duration::from_millis(50) && grown <= 16 * 1024, "{name}: {took:?}, {grown} KiB");
        }
    }
}
