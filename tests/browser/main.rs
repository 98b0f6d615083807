//! The library in WebAssembly, in a browser and in node: the same bits as natively.

#![cfg(target_arch = "wasm32")]

use decoupled::scene::{gallery, read_scene};
use decoupled::sim::Run;
use wasm_bindgen_test::wasm_bindgen_test;

/// Written by the native suite (`tests/suite/golden.rs`).
const DIGESTS: &str = include_str!("../golden/digests.json");

#[wasm_bindgen_test]
fn every_gallery_scene_has_its_native_digest() {
    let golden: serde_json::Value = serde_json::from_str(DIGESTS).expect("the golden file is JSON");
    for scene in gallery::ALL {
        let mut run = Run::new(&read_scene(scene.text()).0);
        run.advance_to(20_000_000);
        assert_eq!(golden[scene.id], run.digest(), "{}", scene.id);
    }
}

#[wasm_bindgen_test]
fn chunks_do_not_change_a_run() {
    let scene = read_scene(gallery::ALL[0].text()).0;
    let (mut straight, mut chunked) = (Run::new(&scene), Run::new(&scene));
    straight.advance_to(10_000_000);
    for step in 1..=1_000 {
        chunked.advance_to(step * 10_000);
    }
    assert_eq!(straight.digest(), chunked.digest());
    assert!(straight.trace().total() > 50);
}
