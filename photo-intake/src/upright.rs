//! Turning a picture as EXIF says it was taken.

use super::pixels::Pixels;

/// Pixels are turned in squares of so many a side: a row of one picture is a column of the other, and
/// whole columns would be fetched into the cache for each pixel anew.
const SQUARE: usize = 64;

impl Pixels {
    /// Makes of `turned` the picture upright; nothing and false if it is. EXIF's orientation (TIFF 6.0, tag 274) names the side of the scene that the
    /// first row shows and the side that the first column shows; 1 is upright.
    pub(super) fn turn_into(&self, turned: &mut Self, orientation: u8) -> bool {
        let (width, height) = (self.width as usize, self.height as usize);
        let (right, down) = (1, width.cast_signed());
        let last = |side: usize| side.saturating_sub(1).cast_signed();
        let (far_right, far_down) = (last(width), last(height) * down);
        // Where the first pixel comes from, and how far the source moves with a step to the right and
        // with a step down.
        let (start, step_right, step_down) = match orientation {
            2 => (far_right, -right, down),
            3 => (far_right + far_down, -right, -down),
            4 => (far_down, right, -down),
            5 => (0, down, right),
            6 => (far_down, -down, right),
            7 => (far_right + far_down, -down, -right),
            8 => (far_right, down, -right),
            _ => return false,
        };
        let (new_width, new_height) =
            if orientation > 4 { (self.height, self.width) } else { (self.width, self.height) };
        turned.resize(new_width, new_height);
        let source = self.rgb.as_chunks::<3>().0;
        let target = turned.rgb.as_chunks_mut::<3>().0;
        let (new_width, new_height) = (new_width as usize, new_height as usize);
        for top in (0..new_height).step_by(SQUARE) {
            for left in (0..new_width).step_by(SQUARE) {
                for y in top..(top + SQUARE).min(new_height) {
                    let until = (left + SQUARE).min(new_width);
                    let row = target.get_mut(y * new_width + left..y * new_width + until);
                    let mut from =
                        start + left.cast_signed() * step_right + y.cast_signed() * step_down;
                    for pixel in row.unwrap_or_default() {
                        if let Some(found) = source.get(from.cast_unsigned()) {
                            *pixel = *found;
                        }
                        from += step_right;
                    }
                }
            }
        }
        true
    }
}
