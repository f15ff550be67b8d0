//! WebP (RFC 9649): its chunks to the last, and its pixels. Of an animated one the first frame.

use std::io::Cursor;

use image_webp::WebPDecoder;

use super::pixels::Pixels;
use super::png::rgba_over_white;
use super::{Examined, Kind, MEMORY_BYTES_MAX, Refused, exif};

/// A chunk: its name and content.
type Chunk<'a> = (&'a [u8], &'a [u8]);

fn little<const N: usize>(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at.checked_add(N)?)?;
    Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte)))
}

/// The most chunks, those inside of frames included: five minutes of ten frames a second have no more,
/// and the decoder remembers every name that it meets.
const CHUNKS_MAX: usize = 10_000;

/// The chunks one after the other; nothing in place of one that is cut off, and behind it.
struct Chunks<'a>(&'a [u8]);

impl<'a> Iterator for Chunks<'a> {
    type Item = Option<Chunk<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let chunk = self.cut();
        if chunk.is_none() {
            self.0 = &[];
        }
        Some(chunk)
    }
}

impl<'a> Chunks<'a> {
    fn cut(&mut self) -> Option<Chunk<'a>> {
        let length = usize::try_from(little::<4>(self.0, 4)?).ok()?;
        let chunk = (self.0.get(..4)?, self.0.get(8..length.checked_add(8)?)?);
        // Chunks begin at even places.
        self.0 = self.0.get(8 + length + length % 2..).unwrap_or_default();
        Some(chunk)
    }
}

/// Width and height that the data of a picture says, and whether it may be transparent.
fn size((name, content): Chunk<'_>) -> Option<(u32, u32)> {
    match name {
        b"VP8 " if content.get(3..6)? == [0x9d, 0x01, 0x2a] => {
            Some((little::<2>(content, 6)? & 0x3fff, little::<2>(content, 8)? & 0x3fff))
        }
        b"VP8L" if *content.first()? == 0x2f => {
            let bits = little::<4>(content, 1)?;
            Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        _ => None,
    }
}

/// Reads the chunks from the first to the last.
pub(super) fn examine(file: &[u8]) -> Result<Examined, Refused> {
    read(file).ok_or(Refused::Unreadable)
}

fn read(file: &[u8]) -> Option<Examined> {
    let end = usize::try_from(little::<4>(file, 4)?).ok()?.checked_add(8)?;
    let content = file.get(12..end)?;
    let first = Chunks(content).next()??;
    let extended = first.0 == b"VP8X";
    let (width, height) = if extended {
        (little::<3>(first.1, 4)? + 1, little::<3>(first.1, 7)? + 1)
    } else {
        size(first)?
    };
    // What is inside says its own size, and a decoder believes it: none may be larger than the whole.
    let (mut pictures, mut animated, mut transparent) = (0, false, first.0 == b"VP8L");
    let (mut orientation, mut chunks) = (1, 0);
    let mut look = |chunk: Chunk<'_>| {
        chunks += 1;
        if chunks > CHUNKS_MAX {
            return None;
        }
        if matches!(chunk.0, b"VP8 " | b"VP8L") {
            let (inside_width, inside_height) = size(chunk)?;
            if inside_width > width || inside_height > height {
                return None;
            }
            pictures += 1;
        }
        Some(())
    };
    for chunk in Chunks(content) {
        let chunk = chunk?;
        look(chunk)?;
        match chunk.0 {
            b"ANMF" => {
                animated = true;
                for inside in Chunks(chunk.1.get(16..)?) {
                    look(inside?)?;
                }
            }
            b"ALPH" => transparent = true,
            b"EXIF" => {
                let block = chunk.1.strip_prefix(b"Exif\0\0").unwrap_or(chunk.1);
                orientation = exif::orientation(block);
            }
            _ => {}
        }
    }
    if pictures == 0 {
        return None;
    }
    // Measured by reading the decoder: planes and colours; alpha is a lossless picture of its own, and
    // an animation has a canvas besides.
    let bytes = match (animated, transparent || extended) {
        (true, _) => 16,
        (false, true) => 14,
        (false, false) => 5,
    };
    Some(Examined {
        kind: Kind::Webp,
        width,
        height,
        orientation,
        end,
        decoding_bytes: (width as usize).saturating_mul(height as usize).saturating_mul(bytes),
    })
}

/// Decodes a WebP that ends where its picture does.
pub(super) fn decode(file: &[u8], pixels: &mut Pixels) -> Result<(), Refused> {
    let broken = |_| Refused::Unreadable;
    let mut decoder = WebPDecoder::new(Cursor::new(file)).map_err(broken)?;
    decoder.set_memory_limit(MEMORY_BYTES_MAX);
    if decoder.dimensions() != (pixels.width, pixels.height) {
        return Err(Refused::Unreadable);
    }
    if decoder.has_alpha() {
        let mut rgba = vec![0; pixels.rgb.len() / 3 * 4];
        decoder.read_image(&mut rgba).map_err(broken)?;
        let to = pixels.rgb.as_chunks_mut::<3>().0;
        to.iter_mut().zip(rgba.as_chunks().0).for_each(|(to, from)| *to = rgba_over_white(*from));
    } else {
        decoder.read_image(&mut pixels.rgb).map_err(broken)?;
    }
    Ok(())
}
