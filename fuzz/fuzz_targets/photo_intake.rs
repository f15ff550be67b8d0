//! Whatever bytes come: intake answers, within its limits of memory, and what it makes is a picture
//! that it takes itself.

#![no_main]

use libfuzzer_sys::fuzz_target;
use photo_intake::{LONG_SIDE_MAX, MEMORY_BYTES_MAX, THUMBNAIL_SIDE_MAX, examine, take};

/// Larger pictures are only examined: decoding them would take most of the minute.
const DECODED_BYTES_MAX: usize = 8 * 1024 * 1024;

fuzz_target!(|file: &[u8]| {
    let Ok(examined) = examine(file) else { return };
    assert!(examined.memory_bytes() <= MEMORY_BYTES_MAX);
    if examined.memory_bytes() > DECODED_BYTES_MAX {
        return;
    }
    let Ok(taken) = take(file) else { return };
    let (picture, thumbnail) = (&taken.picture, &taken.thumbnail);
    assert!(picture.width.max(picture.height) <= LONG_SIDE_MAX);
    assert!(thumbnail.width.max(thumbnail.height) <= THUMBNAIL_SIDE_MAX);
    let again = take(&picture.jpeg).expect("what was made here is taken");
    assert_eq!((again.picture.width, again.picture.height), (picture.width, picture.height));
});
