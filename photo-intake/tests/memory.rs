//! What a picture takes of memory: no more than it said before, and nothing where it is refused.

#![expect(
    clippy::expect_used,
    reason = "a test tells a failure by panicking, in what its tests share too"
)]

mod made;

use made::{cmyk, dark, deep, fixture, interlaced, many_chunks, noise, png, png_of};
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
fn a_picture_takes_no_more_memory_than_it_said_and_what_is_refused_takes_none() {
    let half = |file: &[u8]| file[..file.len() / 2].to_vec();
    let (plain, progressive) = (noise(3_000, 2_000, false), noise(3_000, 2_000, true));
    let (sixteen_bits, lossless) = (deep(2_000, 1_000), fixture("large_lossless.webp"));
    let refused = [
        ("a bomb", png(60_000, 60_000, &[0x78; 3000]), Refused::TooLarge),
        ("half a JPEG", half(&plain), Refused::Unreadable),
        ("half a progressive JPEG", half(&progressive), Refused::Unreadable),
        ("half a PNG", half(&sixteen_bits), Refused::Unreadable),
        ("half a WebP", half(&lossless), Refused::Unreadable),
        ("a WebP of a million chunks", many_chunks(1_300_000), Refused::Unreadable),
    ];
    for (name, file, why) in &refused {
        let (answer, bytes) = peak(|| take(file));
        assert_eq!(answer, Err(*why), "{name}");
        assert!(bytes < 4096, "{bytes} bytes for {name}");
    }
    // As many as are looked at, which the decoder then refuses.
    let (answer, bytes) = peak(|| take(&many_chunks(9_000)));
    assert_eq!(answer, Err(Refused::Unreadable));
    assert!(bytes < 1024 * 1024, "{bytes} bytes for 9,000 chunks");

    let files = [
        ("a dark PNG of 48 megapixels", dark(16_000, 3_000)),
        ("a PNG of 2 megapixels", png_of(2_000, 1_000, |x, y| [x as u8, y as u8, 7])),
        ("a PNG of 16 bits a colour", sixteen_bits),
        ("an interlaced PNG", interlaced(2_000, 1_000)),
        ("a JPEG of 6 megapixels", plain),
        ("a progressive JPEG of 6 megapixels", progressive),
        ("a JPEG of four inks", cmyk(3_000, 2_000)),
        ("a lossy WebP", fixture("large_lossy.webp")),
        ("a lossless WebP", lossless),
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
