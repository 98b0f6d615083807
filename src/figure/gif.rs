//! Frames as an animated GIF: a palette made for them, and of each frame only what changed.
//!
//! Written after the GIF89a specification. A palette has the colours that cover most, each as it is, as long as they can
//! be told apart; everything between two of them, such as a letter's smooth edge, takes the nearer one.

/// Colours beside the one that stands for "as before".
const COLOURS_MAX: usize = 255;
/// So many take their places by how much they cover alone.
const FIRST: usize = 64;
/// How far the others are apart from each other, as the square of their distance.
const NETS: [u32; 4] = [4_000, 1_000, 160, 0];
const CODES_MAX: u16 = 4_096;
/// For all codes twice over, so that places are found at once.
const SLOTS: usize = 16_384;

/// An animation in the making.
pub struct Gif {
    bytes: Vec<u8>,
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
        let mut bytes = b"GIF89a".to_vec();
        push(&mut bytes, size.0);
        push(&mut bytes, size.1);
        // A palette of 256 colours for all frames.
        bytes.extend([0xf7, 0, 0]);
        palette.iter().for_each(|colour| bytes.extend(colour));
        bytes.resize(13 + 256 * 3, 0);
        bytes.extend(b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00");
        Self { bytes, size, palette, nearest: vec![0; 1 << 15], before: Vec::new(), frames: 0 }
    }

    #[must_use]
    pub fn frames(&self) -> usize {
        self.frames
    }

    /// Bytes so far.
    #[must_use]
    pub fn weight(&self) -> usize {
        self.bytes.len()
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
                codes.push(if self.before.get(at) == Some(new) { 0 } else { *new });
            }
        }
        // What is drawn stays, and the first colour is transparent.
        self.bytes.extend([0x21, 0xf9, 4, 0b101]);
        push(&mut self.bytes, hundredths);
        self.bytes.extend([0, 0, 0x2c]);
        for length in [left, top, right - left, bottom - top] {
            push(&mut self.bytes, u16::try_from(length).expect("no more than the whole"));
        }
        self.bytes.push(0);
        compress(&codes, &mut self.bytes);
        self.before = now;
        self.frames += 1;
    }

    #[must_use]
    pub fn finish(mut self) -> Vec<u8> {
        self.bytes.push(0x3b);
        self.bytes
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

fn push(bytes: &mut Vec<u8>, number: u16) {
    bytes.extend(number.to_le_bytes());
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

/// The codes of a frame by LZW, in blocks of at most 255 bytes.
fn compress(pixels: &[u8], bytes: &mut Vec<u8>) {
    const CLEAR: u16 = 256;
    const END: u16 = 257;
    bytes.push(8);
    let mut bits = Bits { bytes, block: Vec::with_capacity(255), held: 0, count: 0 };
    // By prefix and pixel: the code. A key of 0 is an empty place.
    let (mut keys, mut codes) = (vec![0_u32; SLOTS], vec![0_u16; SLOTS]);
    let (mut next, mut width) = (END + 1, 9);
    bits.write(CLEAR, width);
    let mut prefix = None::<u16>;
    for &pixel in pixels {
        let Some(known) = prefix else {
            prefix = Some(u16::from(pixel));
            continue;
        };
        let key = (u32::from(known) << 8 | u32::from(pixel)) + 1;
        let mut slot = key.wrapping_mul(0x9e37_79b1) as usize >> 18 & (SLOTS - 1);
        while keys[slot] != 0 && keys[slot] != key {
            slot = (slot + 1) & (SLOTS - 1);
        }
        if keys[slot] == key {
            prefix = Some(codes[slot]);
            continue;
        }
        bits.write(known, width);
        prefix = Some(u16::from(pixel));
        if next < CODES_MAX {
            (keys[slot], codes[slot]) = (key, next);
            if next == 1 << width && width < 12 {
                width += 1;
            }
            next += 1;
        } else {
            bits.write(CLEAR, width);
            keys.fill(0);
            (next, width) = (END + 1, 9);
        }
    }
    if let Some(last) = prefix {
        bits.write(last, width);
        if next == 1 << width && width < 12 {
            width += 1;
        }
    }
    bits.write(END, width);
    bits.finish();
}

/// Codes of any width, the low bits first.
struct Bits<'a> {
    bytes: &'a mut Vec<u8>,
    block: Vec<u8>,
    held: u32,
    count: u32,
}

impl Bits<'_> {
    fn write(&mut self, code: u16, width: u32) {
        self.held |= u32::from(code) << self.count;
        self.count += width;
        while self.count >= 8 {
            self.byte();
        }
    }

    fn byte(&mut self) {
        self.block.push((self.held & 0xff) as u8);
        self.held >>= 8;
        self.count = self.count.saturating_sub(8);
        if self.block.len() == 255 {
            self.flush();
        }
    }

    fn flush(&mut self) {
        if !self.block.is_empty() {
            self.bytes.push(self.block.len() as u8);
            self.bytes.append(&mut self.block);
        }
    }

    fn finish(mut self) {
        if self.count > 0 {
            self.byte();
        }
        self.flush();
        self.bytes.push(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A decoder for these tests alone: the frames, each as the colours that are to be seen.
    fn decode(bytes: &[u8]) -> Vec<(u16, Vec<[u8; 3]>)> {
        assert_eq!(&bytes[..6], b"GIF89a");
        let word = |at: usize| usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]));
        let (width, height) = (word(6), word(8));
        let palette: Vec<[u8; 3]> = bytes[13..13 + 768].chunks_exact(3).map(|c| [c[0], c[1], c[2]]).collect();
        let mut at = 13 + 768 + 19;
        let (mut seen, mut frames) = (vec![[0; 3]; width * height], Vec::new());
        while bytes[at] != 0x3b {
            assert_eq!(&bytes[at..at + 4], [0x21, 0xf9, 4, 0b101]);
            let delay = word(at + 4) as u16;
            let (left, top, wide, high) = (word(at + 9), word(at + 11), word(at + 13), word(at + 15));
            assert_eq!((bytes[at + 8], bytes[at + 17], bytes[at + 18]), (0x2c, 0, 8));
            at += 19;
            let mut data = Vec::new();
            while bytes[at] != 0 {
                data.extend(&bytes[at + 1..=at + usize::from(bytes[at])]);
                at += 1 + usize::from(bytes[at]);
            }
            at += 1;
            let pixels = unpack(&data);
            assert_eq!(pixels.len(), wide * high);
            for (index, place) in pixels.into_iter().enumerate().filter(|(_, place)| *place != 0) {
                seen[(top + index / wide) * width + left + index % wide] = palette[usize::from(place)];
            }
            frames.push((delay, seen.clone()));
        }
        assert_eq!(at, bytes.len() - 1);
        frames
    }

    fn unpack(data: &[u8]) -> Vec<u8> {
        let (mut out, mut at, mut width) = (Vec::new(), 0, 9);
        let mut table: Vec<Vec<u8>> = Vec::new();
        let mut last: Option<Vec<u8>> = None;
        loop {
            let code =
                (0..width).fold(0, |code, bit| code | usize::from(data[(at + bit) / 8] >> ((at + bit) % 8) & 1) << bit);
            at += width;
            match code {
                256 => {
                    table = (0..=255).map(|byte| vec![byte]).chain([Vec::new(), Vec::new()]).collect();
                    (last, width) = (None, 9);
                }
                257 => return out,
                _ => {
                    let word = match (table.get(code), &last) {
                        (Some(word), _) => word.clone(),
                        (None, Some(last)) => [&last[..], &last[..1]].concat(),
                        (None, None) => panic!("the first code is known"),
                    };
                    out.extend(&word);
                    if let Some(last) = last.replace(word.clone())
                        && table.len() < 4_096
                    {
                        table.push([&last[..], &word[..1]].concat());
                        if table.len() == 1 << width && width < 12 {
                            width += 1;
                        }
                    }
                }
            }
        }
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
