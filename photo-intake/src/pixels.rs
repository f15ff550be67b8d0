//! Pixels in memory: RGB, eight bits each.

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8x3;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};

use super::Refused;

/// A picture in memory.
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
    /// A black picture.
    pub(super) fn new(width: u32, height: u32) -> Self {
        Self { width, height, rgb: vec![0; width as usize * height as usize * 3] }
    }

    /// The picture in that size.
    pub(super) fn scaled(self, width: u32, height: u32) -> Result<Self, Refused> {
        if (self.width, self.height) == (width, height) {
            return Ok(self);
        }
        self.copy_scaled(width, height)
    }

    /// A copy in that size. The filter looks at every pixel (no moiré), and at no more of them than
    /// it must.
    pub(super) fn copy_scaled(&self, width: u32, height: u32) -> Result<Self, Refused> {
        // By the kind of pixel, or the compiler makes the scaler for every kind there is.
        let source = TypedImageRef::<U8x3>::from_buffer(self.width, self.height, &self.rgb);
        let source = source.map_err(|_| Refused::Unreadable)?;
        let mut scaled = Self::new(width, height);
        let target = TypedImage::<U8x3>::from_buffer(width, height, &mut scaled.rgb);
        let mut target = target.map_err(|_| Refused::Unreadable)?;
        let filter = ResizeAlg::Convolution(FilterType::Hamming);
        let options = ResizeOptions::new().resize_alg(filter);
        let done = Resizer::new().resize_typed(&source, &mut target, &options);
        done.map_err(|_| Refused::Unreadable)?;
        Ok(scaled)
    }
}
