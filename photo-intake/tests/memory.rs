//! What a picture takes of memory: no more than it said before, and nothing where it is refused.

#![expect(
    clippy::expect_used,
    reason = "a test tells a failure by panicking, in what its tests share too"
)]

mod made;

use made::{dark, fixture, noise, png, png_of};
use peak_alloc::PeakAlloc;
use photo_intake::{MEMORY_BYTES_MAX, Refused, examine, take};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// How much more memory there was at most than before.
fn peak<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let done = work();
    (done, MEMORY.peak_usage().saturating_sub(before))
}

/// One test for all: there is one allocator.
#[test]
fn a_picture_takes_no_more_memory_than_it_said_and_a_bomb_takes_none() {
    let bomb = png(60_000, 60_000, &[0x78; 3000]);
    let (refused, bytes) = peak(|| take(&bomb));
    assert_eq!(refused, Err(Refused::TooLarge));
    assert!(bytes < 4096, "{bytes} bytes for a bomb");

    let files = [
        ("a dark PNG of 48 megapixels", dark(16_000, 3_000)),
        ("a PNG of 2 megapixels", png_of(2_000, 1_000, |x, y| [x as u8, y as u8, 7])),
        ("a JPEG of 6 megapixels", noise(3_000, 2_000, false)),
        ("a progressive JPEG of 6 megapixels", noise(3_000, 2_000, true)),
        ("a lossy WebP", fixture("large_lossy.webp")),
        ("a lossless WebP", fixture("large_lossless.webp")),
        ("a transparent WebP", fixture("large_transparent.webp")),
        ("an animated WebP", fixture("large_animated.webp")),
    ];
    for (name, file) in &files {
        let said = examine(file).unwrap_or_else(|refused| panic!("{name}: {refused}"));
        let said = said.memory_bytes();
        let (taken, bytes) = peak(|| take(file));
        assert!(taken.is_ok(), "{name}: {taken:?}");
        println!("{name}: {} KiB of {} KiB", bytes / 1024, said / 1024);
        assert!(said <= MEMORY_BYTES_MAX);
        // Tables and the like, which do not grow with the picture.
        let besides = 2 * 1024 * 1024;
        assert!(bytes <= said + besides, "{name}: {bytes} bytes instead of {said}");
    }
}
