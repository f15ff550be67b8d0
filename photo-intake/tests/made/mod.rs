//! Files made by the tests.
#![allow(dead_code, reason = "each test program uses some of them")]

use std::path::Path;

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

/// A file of tests/fixtures.
pub fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    std::fs::read(folder.join(name)).expect("a fixture")
}

/// A chunk of PNG.
pub fn chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).expect("short").to_be_bytes();
    let check = crc(&[kind.as_slice(), content].concat()).to_be_bytes();
    [length.as_slice(), kind, content, &check].concat()
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 }
        })
    })
}

/// A PNG that says it has this size, with this as its data, whatever it is.
pub fn png(width: u32, height: u32, data: &[u8]) -> Vec<u8> {
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend([1, 0, 0, 0, 0]);
    let signature = b"\x89PNG\r\n\x1a\n".to_vec();
    [signature, chunk(b"IHDR", &header), chunk(b"IDAT", data), chunk(b"IEND", b"")].concat()
}

/// A PNG with these pixels.
pub fn png_of(width: u32, height: u32, pixel: impl Fn(u32, u32) -> [u8; 3]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header().expect("a header");
    let rows = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let rgb: Vec<u8> = rows.flat_map(|(x, y)| pixel(x, y)).collect();
    writer.write_image_data(&rgb).expect("the pixels");
    writer.finish().expect("the end");
    file
}

/// A black PNG, which is short however many pixels it has.
pub fn dark(width: u32, height: u32) -> Vec<u8> {
    let mut file = Vec::new();
    let mut writer = png::Encoder::new(&mut file, width, height).write_header().expect("a header");
    let pixels = vec![0; width as usize * height as usize];
    writer.write_image_data(&pixels).expect("the pixels");
    writer.finish().expect("the end");
    file
}

/// An animated PNG of 48 × 32 pixels, each picture in one colour.
pub fn apng(colours: &[[u8; 3]]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, 48, 32);
    encoder.set_color(png::ColorType::Rgb);
    let count = u32::try_from(colours.len()).expect("few");
    encoder.set_animated(count, 0).expect("an animation");
    let mut writer = encoder.write_header().expect("a header");
    for colour in colours {
        writer.write_image_data(&colour.repeat(48 * 32)).expect("the pixels");
    }
    writer.finish().expect("the end");
    file
}

/// A JPEG of noise, which no encoder makes small.
pub fn noise(width: u16, height: u16, progressive: bool) -> Vec<u8> {
    let count = usize::from(width) * usize::from(height) * 3;
    let mut state = 361_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    let rgb: Vec<u8> = (0..count).map(|_| next()).collect();
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, 50);
    encoder.set_progressive(progressive);
    encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
    encoder.encode(&rgb, width, height, ColorType::Rgb).expect("a JPEG");
    file
}
