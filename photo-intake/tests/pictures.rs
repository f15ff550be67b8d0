//! Pictures by encoders of others (tests/fixtures/make.sh) and by hand, and what becomes of each.

#![expect(
    clippy::expect_used,
    reason = "a test tells a failure by panicking, in what its tests share too"
)]

mod made;

use made::{apng, chunk, fixture, noise, png, png_of};
use photo_intake::{LONG_SIDE_MAX, Refused, Taken, Workbench, examine, take};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;

const RED: [u8; 3] = [255, 0, 0];
const GREEN: [u8; 3] = [0, 255, 0];
const BLUE: [u8; 3] = [0, 0, 255];
const YELLOW: [u8; 3] = [255, 255, 0];
const WHITE: [u8; 3] = [255; 3];

/// Pictures of 48 × 32 pixels: red and green above, blue and yellow below.
const COLOURFUL: &[&str] = &[
    "baseline.jpg",
    "progressive.jpg",
    "full_chroma_restarts.jpg",
    "orientation_1.jpg",
    "orientation_2.jpg",
    "orientation_3.jpg",
    "orientation_4.jpg",
    "orientation_5.jpg",
    "orientation_6.jpg",
    "orientation_7.jpg",
    "orientation_8.jpg",
    "cmyk.jpg",
    "rgb.png",
    "deep.png",
    "palette.png",
    "interlaced.png",
    "lossy.webp",
    "lossless.webp",
    "animated.webp",
];
const OTHERS: &[&str] =
    &["gray.jpg", "transparent.png", "transparent.webp", "transparent_lossless.webp"];

/// The pixel in the middle of each quarter: above left, above right, below left, below right.
fn quarters(taken: &Taken) -> [[u8; 3]; 4] {
    let (width, height) = (taken.picture.width as usize, taken.picture.height as usize);
    let mut decoder = JpegDecoder::new(ZCursor::new(&taken.picture.jpeg));
    let rgb = decoder.decode().expect("a JPEG");
    assert_eq!(rgb.len(), width * height * 3);
    let at = |x: usize, y: usize| {
        let from = (y * height / 4 * width + x * width / 4) * 3;
        [rgb[from], rgb[from + 1], rgb[from + 2]]
    };
    [at(1, 1), at(3, 1), at(1, 3), at(3, 3)]
}

#[track_caller]
fn shows(name: &str, taken: &Taken, wanted: [[u8; 3]; 4]) {
    for (found, wanted) in quarters(taken).iter().zip(wanted) {
        // The primaries of print are not those of screens.
        let tolerance = if name.contains("cmyk") { 60 } else { 20 };
        let near = found.iter().zip(wanted).all(|(a, b)| a.abs_diff(b) <= tolerance);
        assert!(near, "{name}: {found:?} instead of {wanted:?}");
    }
}

/// The segments of a JPEG before its first scan.
fn segments(jpeg: &[u8]) -> Vec<u8> {
    let (mut at, mut markers) = (2, Vec::new());
    while markers.last() != Some(&0xda) {
        markers.push(jpeg[at + 1]);
        at += 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
    }
    markers
}

fn holds(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

#[test]
fn what_phones_and_programs_write_becomes_an_upright_jpeg_with_a_thumbnail() {
    for name in COLOURFUL {
        let taken = take(&fixture(name)).unwrap_or_else(|refused| panic!("{name}: {refused}"));
        assert_eq!((taken.picture.width, taken.picture.height), (48, 32), "{name}");
        assert_eq!((taken.thumbnail.width, taken.thumbnail.height), (48, 32), "{name}");
        shows(name, &taken, [RED, GREEN, BLUE, YELLOW]);
    }
}

#[test]
fn gray_stays_gray_and_what_is_transparent_becomes_white() {
    let gray = take(&fixture("gray.jpg")).unwrap();
    for [red, green, blue] in quarters(&gray) {
        assert!(red.abs_diff(green) < 3 && green.abs_diff(blue) < 3);
    }
    for name in ["transparent.png", "transparent.webp", "transparent_lossless.webp"] {
        shows(name, &take(&fixture(name)).unwrap(), [RED, WHITE, BLUE, YELLOW]);
    }
}

#[test]
fn nothing_of_the_file_is_kept_but_the_picture() {
    let sent = fixture("orientation_6.jpg");
    for told in [b"PhoneOfTheVillager".as_slice(), b"NoteOfTheVillager", b"2026:11:22", b"Exif"] {
        assert!(holds(&sent, told), "the fixture tells nothing");
    }
    // The place too: the tag of GPS's directory, and 26 degrees 40 minutes.
    let place: [&[u8]; 2] =
        [b"\x88\x25\0\x04\0\0\0\x01", b"\0\0\0\x1a\0\0\0\x01\0\0\0\x28\0\0\0\x01"];
    assert!(place.iter().all(|part| holds(&sent, part)), "the fixture tells no place");
    let taken = take(&sent).unwrap();
    for jpeg in [&taken.picture.jpeg, &taken.thumbnail.jpeg] {
        for told in [b"PhoneOfTheVillager".as_slice(), b"NoteOfTheVillager", b"2026:11:22", b"Exif"]
        {
            assert!(!holds(jpeg, told));
        }
        assert!(!place.iter().any(|part| holds(jpeg, part)));
        // JFIF's header, tables, the frame, the scan: no other application's segment, no comment.
        let known = |marker: &u8| matches!(marker, 0xe0 | 0xdb | 0xc0 | 0xc4 | 0xda);
        assert!(segments(jpeg).iter().all(known), "{:x?}", segments(jpeg));
    }
    assert_eq!(take(&fixture("orientation_6.jpg")), take(&sent), "the same bytes every time");
}

#[test]
fn what_stands_behind_a_picture_is_dropped() {
    let script = b"<?php system($_GET['c']); ?><script>alert(document.cookie)</script>PK\x03\x04";
    for name in COLOURFUL {
        let sent = [fixture(name), script.repeat(50)].concat();
        let taken = take(&sent).unwrap_or_else(|refused| panic!("{name}: {refused}"));
        assert_eq!(taken, take(&fixture(name)).unwrap(), "{name}");
        for jpeg in [&taken.picture.jpeg, &taken.thumbnail.jpeg] {
            assert!(!holds(jpeg, b"script") && !holds(jpeg, b"<?php") && !holds(jpeg, b"PK\x03"));
        }
    }
    // Also what stands inside, where a viewer of pictures does not look.
    let mut sent = fixture("baseline.jpg");
    let comment = [b"\xff\xfe\x00\x22".as_slice(), b"<script>alert(1)</script>       "].concat();
    sent.splice(2..2, comment);
    assert!(!holds(&take(&sent).unwrap().picture.jpeg, b"script"));
    let mut sent = fixture("rgb.png");
    sent.splice(33..33, chunk(b"tEXt", b"Comment\0<script>alert(1)</script>"));
    assert!(!holds(&take(&sent).unwrap().picture.jpeg, b"script"));
}

#[test]
fn a_file_that_is_cut_off_is_unreadable_wherever_it_ends() {
    for name in COLOURFUL.iter().chain(OTHERS) {
        let whole = fixture(name);
        for length in 0..whole.len() {
            let refused = take(&whole[..length]);
            assert_eq!(refused, Err(Refused::Unreadable), "{name} of {length}");
        }
    }
}

#[test]
fn a_jpeg_that_lost_data_inside_is_shown_as_far_as_it_goes() {
    let mut holed = noise(640, 480, false);
    let whole = take(&holed).unwrap();
    let (from, until) = (holed.len() / 2, holed.len() - 2);
    holed.drain(from..until);
    let taken = take(&holed).unwrap();
    assert_eq!((taken.picture.width, taken.picture.height), (640, 480));
    assert_ne!(taken, whole);
}

#[test]
fn one_picture_after_the_other_becomes_what_it_would_alone() {
    let mut holed = noise(640, 480, false);
    let (from, until) = (holed.len() / 2, holed.len() - 2);
    holed.drain(from..until);
    let bright = png_of(3_000, 2_000, |_, _| WHITE);
    let broken = [&bright[..], b"x"].concat()[..bright.len() / 2].to_vec();
    let mut bench = Workbench::default();
    // What is damaged comes after what would show where it has nothing of its own.
    for file in [&bright, &holed, &broken, &bright, &noise(64, 48, true), &holed] {
        assert_eq!(bench.take(file), take(file));
    }
    for name in COLOURFUL.iter().chain(OTHERS) {
        assert_eq!(bench.take(&fixture(name)), take(&fixture(name)), "{name}");
    }
    // The largest: 3,000 × 2,000 pixels, what the scaler puts between its passes, and what came out.
    let held = bench.memory_bytes();
    assert!((18_000_000..60_000_000).contains(&held), "{held}");
}

#[test]
fn a_png_that_was_altered_is_unreadable() {
    let rgb = fixture("rgb.png");
    let data = rgb.windows(4).position(|four| four == b"IDAT").unwrap();
    let mut altered = rgb.clone();
    altered[data + 10] ^= 0x55;
    assert_eq!(take(&altered), Err(Refused::Unreadable));
    let empty = png(48, 32, &[]);
    assert_eq!(take(&empty), Err(Refused::Unreadable));
}

#[test]
fn what_is_too_large_is_refused_by_its_header() {
    let bomb = png(60_000, 60_000, &[0x78; 3000]);
    assert!(bomb.len() < 4_000);
    assert_eq!(take(&bomb), Err(Refused::TooLarge));
    assert_eq!(examine(&png(u32::MAX, u32::MAX, &[])), Err(Refused::TooLarge));
    assert_eq!(examine(&png(16_385, 1, &[])), Err(Refused::TooLarge));
    assert_eq!(examine(&png(8_192, 6_300, &[])), Err(Refused::TooLarge));
    assert!(examine(&png(8_192, 6_144, &[])).is_ok());
    // JPEG's frame: height, then width.
    let large = |name: &str, height: u16, width: u16| {
        let mut file = fixture(name);
        let frame = file.windows(2).position(|two| matches!(two, [0xff, 0xc0 | 0xc2])).unwrap();
        file[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
        file[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
        examine(&file)
    };
    assert_eq!(large("baseline.jpg", 65_500, 65_500), Err(Refused::TooLarge));
    assert!(large("baseline.jpg", 6_144, 8_192).is_ok());
    // All coefficients of a progressive one are in memory at once.
    assert_eq!(large("progressive.jpg", 6_144, 8_192), Err(Refused::TooLarge));
    assert!(large("progressive.jpg", 4_000, 3_000).is_ok());
    assert_eq!(large("baseline.jpg", 0, 3_000), Err(Refused::Unreadable));
    let mut canvas = fixture("animated.webp");
    canvas[24..30].fill(0xff);
    assert_eq!(examine(&canvas), Err(Refused::TooLarge));
}

#[test]
fn a_webp_that_is_larger_inside_than_outside_is_unreadable() {
    let mut small = fixture("animated.webp");
    small[24..30].fill(0);
    assert_eq!(take(&small), Err(Refused::Unreadable));
}

#[test]
fn large_pictures_are_scaled_down_and_small_ones_are_not_blown_up() {
    for ((width, height), kept, thumbnail) in [
        ((4_000, 3_000), (2_560, 1_920), (320, 240)),
        ((3_000, 4_000), (1_920, 2_560), (240, 320)),
        ((2_560, 10), (2_560, 10), (320, 1)),
        ((16_384, 1), (LONG_SIDE_MAX, 1), (320, 1)),
        ((321, 320), (321, 320), (320, 319)),
        ((1, 1), (1, 1), (1, 1)),
    ] {
        let taken = take(&png_of(width, height, |_, _| [200, 100, 50])).unwrap();
        assert_eq!((taken.picture.width, taken.picture.height), kept);
        assert_eq!((taken.thumbnail.width, taken.thumbnail.height), thumbnail);
        shows("plain", &taken, [[200, 100, 50]; 4]);
    }
}

#[test]
fn of_an_animation_the_first_picture_is_taken() {
    let taken = take(&apng(&[RED, BLUE])).unwrap();
    shows("APNG", &taken, [RED; 4]);
    // animated.webp stands among the others: its second picture is the negative of its first.
}

#[test]
fn what_is_no_picture_or_another_kind_is_refused_with_its_own_word() {
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\0meta and so on";
    let avif = b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiafmeta and so on, long enough";
    let film = b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2mp41moov and so on";
    assert_eq!(take(heic), Err(Refused::Heic));
    assert_eq!(take(avif), Err(Refused::Heic));
    assert_eq!(take(film), Err(Refused::UnknownType));
    for other in [
        b"this is a text that somebody called photo.jpg".as_slice(),
        b"%PDF-1.7 a document",
        b"GIF89a\x01\0\x01\0\x80\0\0",
        b"<svg onload=alert(1)>",
        b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0",
        b"BM and a bitmap behind it",
        b"\0",
    ] {
        assert_eq!(take(other), Err(Refused::UnknownType));
    }
    assert_eq!(take(b""), Err(Refused::Unreadable));
    // What no phone writes and no browser reads.
    for rare in ["arithmetic.jpg", "one_scan_a_component.jpg"] {
        assert_eq!(take(&fixture(rare)), Err(Refused::Unreadable), "{rare}");
    }
    assert_eq!(take(b"\xff\xd8\xff\xd9"), Err(Refused::Unreadable));
}

#[test]
fn whatever_exif_says_the_picture_is_taken() {
    let whole = fixture("orientation_6.jpg");
    let exif = whole.windows(4).position(|four| four == b"Exif").unwrap();
    for at in exif + 6..exif + 60 {
        for byte in [0x00, 0x7f, 0xff] {
            let mut altered = whole.clone();
            altered[at] = byte;
            let taken = take(&altered).expect("the picture is not concerned");
            assert_eq!(taken.picture.width * taken.picture.height, 48 * 32);
        }
    }
}
