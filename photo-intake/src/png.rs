//! PNG (ISO 15948): its chunks to the last, and its pixels. Of an animated one the picture that stands
//! for it, which every reader of PNG shows.

use std::io::Cursor;

use png::{ColorType, Decoder, Limits, Transformations};

use super::jpeg::number;
use super::pixels::Pixels;
use super::{Examined, Kind, Refused, exif};

/// How a file begins.
pub(super) const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// What the decoder may take besides rows: tables, and compressed chunks of the metadata.
const BESIDES_BYTES: usize = 1024 * 1024;
/// The most bytes of a pixel as the decoder gives it.
const PIXEL_BYTES_MAX: usize = 4;

/// Reads the chunks from the first to the last.
pub(super) fn examine(file: &[u8]) -> Result<Examined, Refused> {
    read(file).ok_or(Refused::Unreadable)
}

fn read(file: &[u8]) -> Option<Examined> {
    let mut at = SIGNATURE.len();
    let (mut header, mut orientation) = (None, 1);
    loop {
        let length = number::<4>(file, at)?;
        let kind = file.get(at + 4..at + 8)?;
        let content = file.get(at + 8..at.checked_add(8)?.checked_add(length)?)?;
        // And the checksum.
        at += 8 + length + 4;
        if file.len() < at {
            return None;
        }
        match kind {
            b"IHDR" if header.is_none() => header = Some(content),
            b"eXIf" => orientation = exif::orientation(content),
            b"IEND" => break,
            _ if header.is_none() => return None,
            _ => {}
        }
    }
    let header = header?;
    let side = |at| number::<4>(header, at).and_then(|side| u32::try_from(side).ok());
    let (width, height) = (side(0)?, side(4)?);
    let interlaced = *header.get(12)? != 0;
    // Rows are made RGB one by one; an interlaced picture is there whole before.
    let pixels = (width as usize).saturating_mul(height as usize);
    let row = (width as usize).saturating_mul(4 * PIXEL_BYTES_MAX);
    let bytes = if interlaced { 3 + PIXEL_BYTES_MAX } else { 3 };
    Some(Examined {
        kind: Kind::Png { interlaced },
        width,
        height,
        orientation,
        end: at,
        decoding_bytes: pixels.saturating_mul(bytes).saturating_add(row + BESIDES_BYTES),
    })
}

/// Decodes a PNG that ends where its picture does.
pub(super) fn decode(file: &[u8], pixels: &mut Pixels, interlaced: bool) -> Result<(), Refused> {
    let broken = |_| Refused::Unreadable;
    let row_bytes = pixels.width as usize * 4 * PIXEL_BYTES_MAX;
    let limits = Limits { bytes: row_bytes + BESIDES_BYTES };
    let mut decoder = Decoder::new_with_limits(Cursor::new(file), limits);
    decoder.set_transformations(Transformations::normalize_to_color8());
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let mut reader = decoder.read_info().map_err(broken)?;
    let (color, _) = reader.output_color_type();
    if reader.info().size() != (pixels.width, pixels.height) {
        return Err(Refused::Unreadable);
    }
    if interlaced {
        let whole = reader.output_buffer_size().ok_or(Refused::Unreadable)?;
        let mut frame = vec![0; whole];
        reader.next_frame(&mut frame).map_err(broken)?;
        on_white(color, &frame, &mut pixels.rgb);
    } else {
        let rows = pixels.rgb.chunks_exact_mut(pixels.width as usize * 3);
        for rgb in rows {
            let row = reader.next_row().map_err(broken)?.ok_or(Refused::Unreadable)?;
            on_white(color, row.data(), rgb);
        }
    }
    Ok(())
}

/// Makes pixels RGB, transparent ones on white.
fn on_white(color: ColorType, from: &[u8], rgb: &mut [u8]) {
    let pixels = rgb.as_chunks_mut::<3>().0.iter_mut();
    match color {
        ColorType::Grayscale => {
            pixels.zip(from).for_each(|(to, gray)| *to = [*gray; 3]);
        }
        ColorType::GrayscaleAlpha => {
            let from = from.as_chunks::<2>().0;
            pixels.zip(from).for_each(|(to, [gray, alpha])| *to = [over_white(*gray, *alpha); 3]);
        }
        ColorType::Rgba => {
            let from = from.as_chunks::<4>().0;
            pixels.zip(from).for_each(|(to, from)| *to = rgba_over_white(*from));
        }
        // Palettes are expanded by the decoder.
        ColorType::Rgb | ColorType::Indexed => {
            pixels.zip(from.as_chunks::<3>().0).for_each(|(to, from)| *to = *from);
        }
    }
}

/// A pixel as it looks on white.
pub(super) fn rgba_over_white([red, green, blue, alpha]: [u8; 4]) -> [u8; 3] {
    [over_white(red, alpha), over_white(green, alpha), over_white(blue, alpha)]
}

/// Exact: what is rounded lies between 0 and 255.
fn over_white(value: u8, alpha: u8) -> u8 {
    let (value, alpha) = (u32::from(value), u32::from(alpha));
    let sum = value * alpha + 255 * (255 - alpha);
    u8::try_from((sum + 127) / 255).unwrap_or(u8::MAX)
}
