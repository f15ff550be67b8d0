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

/// A PNG of 16 bits a colour, with alpha: the most bytes that a pixel of a file has.
pub fn deep(width: u32, height: u32) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Sixteen);
    let mut writer = encoder.write_header().expect("a header");
    let pixels: Vec<u8> = (0..width * height).flat_map(|n| u64::from(n).to_be_bytes()).collect();
    writer.write_image_data(&pixels).expect("the pixels");
    writer.finish().expect("the end");
    file
}

/// An interlaced PNG (Adam7) of 8 bits a colour with alpha, which the encoder of the tests does not
/// write: seven pictures, one after the other, each with every so manieth column and row.
pub fn interlaced(width: u32, height: u32) -> Vec<u8> {
    const PASSES: [[u32; 4]; 7] = [
        [0, 0, 8, 8],
        [4, 0, 8, 8],
        [0, 4, 4, 8],
        [2, 0, 4, 4],
        [0, 2, 2, 4],
        [1, 0, 2, 2],
        [0, 1, 1, 2],
    ];
    let mut rows = Vec::new();
    for [x, y, columns, every] in PASSES {
        let count = (width - x).div_ceil(columns) as usize;
        for _ in (y..height).step_by(every as usize) {
            // No filter.
            rows.push(0);
            rows.resize(rows.len() + count * 4, 0x80);
        }
    }
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend([8, 6, 0, 0, 1]);
    let signature = b"\x89PNG\r\n\x1a\n".to_vec();
    let data = chunk(b"IDAT", &stored(&rows));
    [signature, chunk(b"IHDR", &header), data, chunk(b"IEND", b"")].concat()
}

/// What zlib makes of bytes when it does not compress them.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let mut parts = bytes.chunks(0xffff).peekable();
    while let Some(part) = parts.next() {
        let length = u16::try_from(part.len()).expect("short");
        stream.push(u8::from(parts.peek().is_none()));
        stream.extend(length.to_le_bytes());
        stream.extend((!length).to_le_bytes());
        stream.extend(part);
    }
    let (low, high) = bytes.iter().fold((1_u32, 0_u32), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % 65_521;
        (low, (high + low) % 65_521)
    });
    stream.extend((high << 16 | low).to_be_bytes());
    stream
}

/// A WebP that begins like one of a picture with more to come, and then has so many empty chunks of as
/// many names, and no picture.
pub fn many_chunks(count: u32) -> Vec<u8> {
    let mut content = b"WEBPVP8X\x0a\0\0\0\0\0\0\0\x2f\0\0\x1f\0\0".to_vec();
    for n in 0..count {
        content.extend((0x8000_0000 + n).to_be_bytes());
        content.extend([0; 4]);
    }
    let length = u32::try_from(content.len()).expect("short").to_le_bytes();
    [b"RIFF".as_slice(), &length, &content].concat()
}

/// A JPEG of noise, in four inks as printers use them.
pub fn cmyk(width: u16, height: u16) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, 50);
    encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
    let pixels = noises(usize::from(width) * usize::from(height) * 4);
    encoder.encode(&pixels, width, height, ColorType::Cmyk).expect("a JPEG");
    file
}

/// A JPEG of noise, which no encoder makes small.
pub fn noise(width: u16, height: u16, progressive: bool) -> Vec<u8> {
    let rgb = noises(usize::from(width) * usize::from(height) * 3);
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, 50);
    encoder.set_progressive(progressive);
    encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
    encoder.encode(&rgb, width, height, ColorType::Rgb).expect("a JPEG");
    file
}

fn noises(count: usize) -> Vec<u8> {
    let mut state = 361_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    (0..count).map(|_| next()).collect()
}
