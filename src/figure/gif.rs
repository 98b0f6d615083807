//! Frames as an animated GIF: a palette made for them, and of each frame only what changed.
//!
//! A palette has the colours that cover most, each as it is, as long as they can be told apart; everything between two of
//! them, such as a letter's smooth edge, takes the nearer one. The file itself is written by the `gif` crate.

use std::borrow::Cow;

use gif::{DisposalMethod, Encoder, EncodingError, Frame, Repeat};

/// Colours beside the one that stands for "as before".
const COLOURS_MAX: usize = 255;
/// So many take their places by how much they cover alone.
const FIRST: usize = 64;
/// How far the others are apart from each other, as the square of their distance.
const NETS: [u32; 4] = [4_000, 1_000, 160, 0];
/// Its place in the palette.
const AS_BEFORE: u8 = 0;

/// An animation in the making.
pub struct Gif {
    encoder: Encoder<Vec<u8>>,
    size: (u16, u16),
    /// The first stands for "as before".
    palette: Vec<[u8; 3]>,
    /// By a colour's five high bits of each part: its place in the palette, once it was looked for.
    nearest: Vec<u8>,
    before: Vec<u8>,
    frames: usize,
}

impl Gif {
    /// Begins an animation of this size that goes round for ever. `samples` are pictures from which the palette is made:
    /// four bytes a pixel, as a canvas gives them.
    #[must_use]
    pub fn new(size: (u16, u16), samples: &[&[u8]]) -> Self {
        let palette = palette_of(samples);
        let encoder =
            written(Encoder::new(Vec::new(), size.0, size.1, palette.as_flattened()).and_then(|mut encoder| {
                encoder.set_repeat(Repeat::Infinite)?;
                Ok(encoder)
            }));
        Self { encoder, size, palette, nearest: vec![0; 1 << 15], before: Vec::new(), frames: 0 }
    }

    #[must_use]
    pub fn frames(&self) -> usize {
        self.frames
    }

    /// Bytes so far.
    #[must_use]
    pub fn weight(&self) -> usize {
        self.encoder.get_ref().len()
    }

    /// Adds a picture that is shown for so many hundredths of a second.
    ///
    /// # Panics
    /// When it has another size.
    pub fn add(&mut self, pixels: &[u8], hundredths: u16) {
        let (width, height) = (usize::from(self.size.0), usize::from(self.size.1));
        assert_eq!(pixels.len(), width * height * 4, "a frame has the size of its animation");
        let now: Vec<u8> = pixels.chunks_exact(4).map(|pixel| self.place_of([pixel[0], pixel[1], pixel[2]])).collect();
        let (left, top, right, bottom) = self.changed(&now);
        let mut codes = Vec::with_capacity((right - left) * (bottom - top));
        for row in top..bottom {
            let part = row * width + left..row * width + right;
            for (at, new) in part.clone().zip(&now[part]) {
                codes.push(if self.before.get(at) == Some(new) { AS_BEFORE } else { *new });
            }
        }
        let part = |length: usize| u16::try_from(length).expect("no more than the whole");
        written(self.encoder.write_frame(&Frame {
            delay: hundredths,
            dispose: DisposalMethod::Keep,
            transparent: Some(AS_BEFORE),
            left: part(left),
            top: part(top),
            width: part(right - left),
            height: part(bottom - top),
            buffer: Cow::Owned(codes),
            ..Frame::default()
        }));
        self.before = now;
        self.frames += 1;
    }

    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        written(self.encoder.into_inner())
    }

    /// The box around all that is not as before: left, top, and where it ends. One pixel at least.
    fn changed(&self, now: &[u8]) -> (usize, usize, usize, usize) {
        let (width, height) = (usize::from(self.size.0), usize::from(self.size.1));
        if self.before.is_empty() {
            return (0, 0, width, height);
        }
        let (mut left, mut top, mut right, mut bottom) = (width, height, 0, 0);
        for (at, (new, old)) in now.iter().zip(&self.before).enumerate() {
            if new != old {
                let (x, y) = (at % width, at / width);
                (left, right) = (left.min(x), right.max(x + 1));
                (top, bottom) = (top.min(y), y + 1);
            }
        }
        if right == 0 { (0, 0, 1, 1) } else { (left, top, right, bottom) }
    }

    fn place_of(&mut self, colour: [u8; 3]) -> u8 {
        let bucket = bucket_of(colour);
        if self.nearest[bucket] == 0 {
            let others = self.palette.iter().enumerate().skip(1);
            let best = others.min_by_key(|(_, other)| distance(colour, **other)).map_or(1, |(place, _)| place);
            self.nearest[bucket] = u8::try_from(best).unwrap_or(1);
        }
        self.nearest[bucket]
    }
}

/// Memory takes whatever is written; what an error says would weigh more than all else here.
fn written<T>(result: Result<T, EncodingError>) -> T {
    result.unwrap_or_else(|_| panic!("an animation cannot be written"))
}

fn bucket_of([red, green, blue]: [u8; 3]) -> usize {
    usize::from(red >> 3) << 10 | usize::from(green >> 3) << 5 | usize::from(blue >> 3)
}

fn distance(one: [u8; 3], other: [u8; 3]) -> u32 {
    let part = |index: usize| u32::from(one[index].abs_diff(other[index])).pow(2);
    part(0) + part(1) + part(2)
}

/// The colours that cover most. The first place is left for "as before".
fn palette_of(samples: &[&[u8]]) -> Vec<[u8; 3]> {
    // How many pixels fall into a bucket, and which exact colour prevails there, by majority vote.
    let mut buckets = vec![(0_u32, [0_u8; 3], 0_u32); 1 << 15];
    for pixel in samples.iter().flat_map(|sample| sample.chunks_exact(4)) {
        let colour = [pixel[0], pixel[1], pixel[2]];
        let (count, prevailing, votes) = &mut buckets[bucket_of(colour)];
        *count += 1;
        if *prevailing == colour {
            *votes += 1;
        } else if *votes == 0 {
            (*prevailing, *votes) = (colour, 1);
        } else {
            *votes -= 1;
        }
    }
    let mut found: Vec<(u32, [u8; 3])> =
        buckets.into_iter().filter(|(count, ..)| *count > 0).map(|(count, colour, _)| (count, colour)).collect();
    found.sort_unstable_by_key(|(count, colour)| (std::cmp::Reverse(*count), *colour));
    let mut palette = vec![[0; 3]];
    // What covers most comes as it is; then a net over all others, ever finer as long as there is room.
    palette.extend(found.iter().take(FIRST).map(|(_, colour)| *colour));
    for apart in NETS {
        for (_, colour) in &found {
            let is_new = |other: &[u8; 3]| distance(*colour, *other) > apart;
            if palette.len() <= COLOURS_MAX && palette.iter().skip(1).all(is_new) {
                palette.push(*colour);
            }
        }
    }
    palette
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The frames, each as the colours that are to be seen.
    fn decode(bytes: &[u8]) -> Vec<(u16, Vec<[u8; 3]>)> {
        let mut options = gif::DecodeOptions::new();
        options.set_color_output(gif::ColorOutput::RGBA);
        let mut decoder = options.read_info(bytes).expect("it is a GIF");
        let (width, height) = (usize::from(decoder.width()), usize::from(decoder.height()));
        let (mut seen, mut frames) = (vec![[0; 3]; width * height], Vec::new());
        while let Some(frame) = decoder.read_next_frame().expect("every frame is whole") {
            assert_eq!((frame.dispose, frame.transparent), (DisposalMethod::Keep, Some(AS_BEFORE)));
            let (left, top, wide) = (usize::from(frame.left), usize::from(frame.top), usize::from(frame.width));
            for (index, pixel) in frame.buffer.chunks_exact(4).enumerate().filter(|(_, pixel)| pixel[3] != 0) {
                seen[(top + index / wide) * width + left + index % wide] = [pixel[0], pixel[1], pixel[2]];
            }
            frames.push((frame.delay, seen.clone()));
        }
        assert_eq!(decoder.repeat(), Repeat::Infinite);
        frames
    }

    fn picture(width: usize, height: usize, colour: impl Fn(usize, usize) -> [u8; 3]) -> Vec<u8> {
        let pixels = (0..width * height).flat_map(|at| {
            let [red, green, blue] = colour(at % width, at / width);
            [red, green, blue, 255]
        });
        pixels.collect()
    }

    #[test]
    fn what_was_put_in_comes_out_and_flat_colours_are_exact() {
        let ground = [0xf7, 0xf7, 0xf5];
        let dot = |left: usize| {
            move |x: usize, y: usize| {
                if (left..left + 9).contains(&x) && (10..20).contains(&y) { [0, 0x72, 0xb2] } else { ground }
            }
        };
        let frames: Vec<Vec<u8>> = [5, 6, 40, 40].into_iter().map(|left| picture(64, 48, dot(left))).collect();
        let mut gif = Gif::new((64, 48), &[&frames[0]]);
        frames.iter().for_each(|frame| gif.add(frame, 8));
        assert_eq!(gif.frames(), 4);
        let found = decode(&gif.finish());
        assert_eq!(found.len(), 4);
        for ((delay, seen), frame) in found.iter().zip(&frames) {
            let real: Vec<[u8; 3]> = frame.chunks_exact(4).map(|c| [c[0], c[1], c[2]]).collect();
            assert!(*delay == 8 && *seen == real);
        }
    }

    /// Noise fills the table of codes again and again, and has more colours than a palette.
    #[test]
    fn noise_of_many_colours_survives_to_the_nearest_colour() {
        let noise = |x: usize, y: usize| {
            let mixed = (x * 7_919 + y * 104_729 + x * y * 31) as u32;
            let mixed = (mixed ^ mixed >> 7).wrapping_mul(0x9e37_79b1);
            [(mixed >> 24) as u8, (mixed >> 16) as u8, (mixed >> 8) as u8]
        };
        let frame = picture(200, 150, noise);
        let mut gif = Gif::new((200, 150), &[&frame]);
        gif.add(&frame, 10);
        let seen = &decode(&gif.finish())[0].1;
        let worst = frame.chunks_exact(4).zip(seen).map(|(c, seen)| distance([c[0], c[1], c[2]], *seen)).max();
        assert!(worst.is_some_and(|worst| worst < 80 * 80), "{worst:?}");
    }
}
