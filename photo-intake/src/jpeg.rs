//! JPEG (ITU-T T.81): its segments to the end of the picture, and its pixels.

use memchr::memchr;
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use super::pixels::Pixels;
use super::{Examined, Kind, Refused, SIDE_MAX, exif};

/// The most scans: encoders write ten or so, and each costs a pass over the picture.
const SCANS_MAX: usize = 32;

/// An unsigned number of N bytes, the highest first.
pub(super) fn number<const N: usize>(file: &[u8], at: usize) -> Option<usize> {
    let bytes = file.get(at..at.checked_add(N)?)?;
    Some(bytes.iter().fold(0, |number, byte| number << 8 | usize::from(*byte)))
}

/// What the segments said.
#[derive(Default)]
struct Found {
    width: u32,
    height: u32,
    /// Samples of all components together, in bytes of the decoder's coefficients.
    coefficients: usize,
    frame: bool,
    components: usize,
    progressive: bool,
    scans: usize,
    orientation: Option<u8>,
}

/// Reads the segments from the first to the end of the picture.
pub(super) fn examine(file: &[u8]) -> Result<Examined, Refused> {
    let mut found = Found::default();
    let mut at = 2;
    loop {
        let (marker, behind) = next_marker(file, at).ok_or(Refused::Unreadable)?;
        at = behind;
        match marker {
            0xd9 if found.scans > 0 => break,
            // Without a length: restarts, and one that means nothing.
            0x01 | 0xd0..=0xd7 => continue,
            0xd8 | 0xd9 => return Err(Refused::Unreadable),
            _ => {}
        }
        let length = number::<2>(file, at).filter(|length| *length >= 2);
        let length = length.ok_or(Refused::Unreadable)?;
        let segment = file.get(at + 2..at + length).ok_or(Refused::Unreadable)?;
        found.note(marker, segment)?;
        at += length;
    }
    let pixels = found.width as usize * found.height as usize;
    Ok(Examined {
        kind: Kind::Jpeg,
        width: found.width,
        height: found.height,
        orientation: found.orientation.unwrap_or(1),
        end: at,
        decoding_bytes: pixels * 3 + if found.progressive { found.coefficients } else { 0 },
    })
}

/// The next marker and where it ends. What stands before it is the data of a scan, or filling.
fn next_marker(file: &[u8], mut at: usize) -> Option<(u8, usize)> {
    loop {
        at += memchr(0xff, file.get(at..)?)? + 1;
        match file.get(at)? {
            // A byte of data, or filling.
            0x00 => at += 1,
            0xff => {}
            marker => return Some((*marker, at + 1)),
        }
    }
}

impl Found {
    fn note(&mut self, marker: u8, segment: &[u8]) -> Result<(), Refused> {
        match marker {
            // Baseline, extended, progressive.
            0xc0..=0xc2 => self.frame(segment, marker == 0xc2),
            // Tables.
            0xc4 => Ok(()),
            // Lossless, hierarchical, arithmetic: no phone writes them, and no browser reads them.
            0xc3 | 0xc5..=0xcf => Err(Refused::Unreadable),
            0xda => self.scan(segment),
            0xe1 if self.orientation.is_none() => {
                self.orientation = segment.strip_prefix(b"Exif\0\0").map(exif::orientation);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// A scan. A picture that is not progressive has one with all components: those with one for each
    /// component are rare, and the decoder does not get their colours right.
    fn scan(&mut self, segment: &[u8]) -> Result<(), Refused> {
        self.scans += 1;
        let all = self.scans == 1 && number::<1>(segment, 0) == Some(self.components);
        let right = if self.progressive { self.scans <= SCANS_MAX } else { all };
        if self.frame && right { Ok(()) } else { Err(Refused::Unreadable) }
    }

    fn frame(&mut self, segment: &[u8], progressive: bool) -> Result<(), Refused> {
        let unreadable = Refused::Unreadable;
        let side = |at| number::<2>(segment, at).and_then(|side| u32::try_from(side).ok());
        let components = number::<1>(segment, 5).ok_or(unreadable)?;
        if self.frame || number::<1>(segment, 0) != Some(8) || ![1, 3, 4].contains(&components) {
            return Err(unreadable);
        }
        self.frame = true;
        self.progressive = progressive;
        self.components = components;
        self.height = side(1).ok_or(unreadable)?;
        self.width = side(3).ok_or(unreadable)?;
        // Two bytes a coefficient, as many of them as samples, rounded up to whole blocks of the
        // coarsest sampling: 32 pixels.
        let round = |side: u32| (side as usize).next_multiple_of(32);
        self.coefficients = round(self.width) * round(self.height) * 2 * components;
        Ok(())
    }
}

/// Decodes a JPEG that ends where its picture does.
pub(super) fn decode(file: &[u8], pixels: &mut Pixels) -> Result<(), Refused> {
    let side = SIDE_MAX as usize;
    let options = DecoderOptions::default()
        .set_strict_mode(true)
        .set_max_width(side)
        .set_max_height(side)
        .jpeg_set_max_scans(SCANS_MAX)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(file), options);
    decoder.decode_headers().map_err(|_| Refused::Unreadable)?;
    if decoder.output_buffer_size() != Some(pixels.rgb.len()) {
        return Err(Refused::Unreadable);
    }
    decoder.decode_into(&mut pixels.rgb).map_err(|_| Refused::Unreadable)
}
