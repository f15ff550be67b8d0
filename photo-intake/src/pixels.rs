//! Pixels in memory: RGB, eight bits each.

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8x3;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};

use super::Refused;

/// A picture in memory.
#[derive(Default)]
pub(super) struct Pixels {
    pub(super) width: u32,
    pub(super) height: u32,
    /// Three bytes a pixel, row by row.
    pub(super) rgb: Vec<u8>,
}

/// The size of a picture scaled down until its longer side is at most so long. Never larger than it
/// was, and no side is nothing.
pub(super) const fn within(width: u32, height: u32, side_max: u32) -> (u32, u32) {
    let long = if width > height { width } else { height };
    if long <= side_max {
        return (width, height);
    }
    (scaled_side(width, long, side_max), scaled_side(height, long, side_max))
}

/// side × side_max / long, rounded, at least one.
const fn scaled_side(side: u32, long: u32, side_max: u32) -> u32 {
    let (side, long, side_max) = (side as u64, long as u64, side_max as u64);
    let scaled = (side * side_max + long / 2) / long;
    if scaled == 0 { 1 } else { scaled as u32 }
}

impl Pixels {
    /// How much memory it holds on to, in bytes.
    pub(super) fn memory_bytes(&self) -> usize {
        self.rgb.capacity()
    }

    /// Takes that size. Its pixels are whatever they were: for who sets them all.
    pub(super) fn resize(&mut self, width: u32, height: u32) {
        let bytes = width as usize * height as usize * 3;
        (self.width, self.height) = (width, height);
        if self.rgb.capacity() < bytes {
            // Nothing to copy, and pages that are black come for nothing.
            self.rgb = Vec::new();
            self.rgb = vec![0; bytes];
        } else {
            self.rgb.resize(bytes, 0);
        }
    }

    /// Becomes a black picture of that size. A file that is damaged inside leaves pixels unset, and
    /// those may not be of the picture before.
    pub(super) fn blacken(&mut self, width: u32, height: u32) {
        self.rgb.clear();
        self.resize(width, height);
    }

    /// Makes of `scaled` the picture in that size. The filter looks at every pixel (no moiré), and at
    /// no more of them than it must.
    pub(super) fn scale_into(
        &self,
        scaled: &mut Self,
        (width, height): (u32, u32),
        scaler: &mut Resizer,
    ) -> Result<(), Refused> {
        scaled.resize(width, height);
        // By the kind of pixel, or the compiler makes the scaler for every kind there is.
        let source = TypedImageRef::<U8x3>::from_buffer(self.width, self.height, &self.rgb);
        let source = source.map_err(|_| Refused::Unreadable)?;
        let target = TypedImage::<U8x3>::from_buffer(width, height, &mut scaled.rgb);
        let mut target = target.map_err(|_| Refused::Unreadable)?;
        let filter = ResizeAlg::Convolution(FilterType::Hamming);
        let options = ResizeOptions::new().resize_alg(filter);
        let done = scaler.resize_typed(&source, &mut target, &options);
        done.map_err(|_| Refused::Unreadable)
    }
}
