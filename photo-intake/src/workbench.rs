//! The memory in which pictures are made anew, one after the other.

use std::fmt;

use fast_image_resize::Resizer;

use super::pixels::{Pixels, within};
use super::{Refused, THUMBNAIL_SIDE_MAX, Taken, decode, encode, examine};

/// Makes pictures anew, each in the memory of the one before: to get so many fresh pages from the
/// system takes as long as to scale the picture. Nothing of one picture gets into another.
#[derive(Default)]
pub struct Workbench {
    source: Pixels,
    scaled: Pixels,
    turned: Pixels,
    scaler: Resizer,
}

impl Workbench {
    /// How much memory it holds on to, in bytes.
    pub fn memory_bytes(&self) -> usize {
        let pixels = [&self.source, &self.scaled, &self.turned].map(Pixels::memory_bytes);
        pixels.iter().sum::<usize>() + self.scaler.size_of_internal_buffers()
    }

    /// Makes the picture of a file anew, with a thumbnail.
    ///
    /// # Errors
    /// Every [`Refused`].
    pub fn take(&mut self, file: &[u8]) -> Result<Taken, Refused> {
        let Self { source, scaled, turned, scaler } = self;
        let examined = examine(file)?;
        source.blacken(examined.width, examined.height);
        decode(file, &examined, source)?;
        let mut picture: &Pixels = source;
        if (picture.width, picture.height) != examined.kept() {
            picture.scale_into(scaled, examined.kept(), scaler)?;
            picture = scaled;
        }
        if picture.turn_into(turned, examined.orientation) {
            picture = turned;
        }
        let mut thumbnail = Pixels::default();
        let size = within(picture.width, picture.height, THUMBNAIL_SIDE_MAX);
        picture.scale_into(&mut thumbnail, size, scaler)?;
        let thumbnail = encode::thumbnail(&thumbnail)?;
        Ok(Taken { picture: encode::picture(picture)?, thumbnail })
    }
}

impl fmt::Debug for Workbench {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workbench").field("memory_bytes", &self.memory_bytes()).finish()
    }
}
