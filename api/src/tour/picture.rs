//! The photo that the villager of the tour sends.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A PNG of one pixel.
const PIXEL: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/// The bytes of the photo.
pub(super) fn photo() -> Vec<u8> {
    STANDARD.decode(PIXEL).unwrap_or_default()
}
