//! JPEGs with nothing in them but the picture.

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use super::pixels::Pixels;
use super::{Picture, Refused};

/// The quality of a picture that is kept, of 100.
const QUALITY: u8 = 82;
/// The quality of a thumbnail.
const THUMBNAIL_QUALITY: u8 = 75;

/// Encodes what is kept.
pub(super) fn picture(pixels: &Pixels) -> Result<Picture, Refused> {
    encode(pixels, QUALITY)
}

/// Encodes a thumbnail.
pub(super) fn thumbnail(pixels: &Pixels) -> Result<Picture, Refused> {
    encode(pixels, THUMBNAIL_QUALITY)
}

fn encode(pixels: &Pixels, quality: u8) -> Result<Picture, Refused> {
    let Pixels { width, height, rgb } = pixels;
    let side = |side: u32| u16::try_from(side).map_err(|_| Refused::TooLarge);
    // About a byte for four pixels; it grows where that is not enough.
    let mut jpeg = Vec::with_capacity(rgb.len() / 12 + 1024);
    let mut encoder = Encoder::new(&mut jpeg, quality);
    encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
    let done = encoder.encode(rgb, side(*width)?, side(*height)?, ColorType::Rgb);
    done.map_err(|_| Refused::Unreadable)?;
    Ok(Picture { jpeg, width: *width, height: *height })
}
