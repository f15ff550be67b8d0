//! Photos as a phone writes them: 12 megapixels, about 3 MB, the same in every run.

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

/// Pixels from left to right.
pub const WIDTH: u16 = 4032;
/// Pixels from top to bottom.
pub const HEIGHT: u16 = 3024;
/// About how long a photo is, in bytes.
pub const BYTES: usize = 3 * 1024 * 1024;

/// The pixels of a scene: sky, hills, and the grain of a sensor. Each number another.
pub fn scene(number: u32) -> Vec<u8> {
    let mut grain = 361 + number;
    let mut rgb = Vec::with_capacity(usize::from(WIDTH) * usize::from(HEIGHT) * 3);
    for y in 0..u32::from(HEIGHT) {
        for x in 0..u32::from(WIDTH) {
            grain = grain.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let noise = grain >> 28;
            let hill = 1_500 + (x * (4_032 - x % 4_032) / 9_000) % 600;
            let leaf = ((x / 7) ^ (y / 5)).wrapping_mul(2_654_435_761) >> 27;
            let pixel = if y < hill {
                [90 + y / 24, 140 + y / 24, 200]
            } else {
                [40 + leaf, 90 + leaf * 2, 30 + leaf / 2]
            };
            rgb.extend(pixel.map(|value| u8::try_from((value + noise).min(255)).unwrap()));
        }
    }
    rgb
}

fn encode(rgb: &[u8], quality: u8) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, quality);
    encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
    encoder.encode(rgb, WIDTH, HEIGHT, ColorType::Rgb).expect("a JPEG");
    file
}

/// So many photos, each another, of about [`BYTES`].
pub fn of_phone(count: u32) -> Vec<Vec<u8>> {
    let first = scene(0);
    let near = |quality: &u8| encode(&first, *quality).len().abs_diff(BYTES);
    let quality = (60..=96).step_by(4).min_by_key(near).unwrap();
    (0..count).map(|number| encode(&scene(number), quality)).collect()
}

/// The request that uploads a photo, as `wx.uploadFile` sends it.
pub fn request(path: &str, token: &str, photo: &[u8]) -> Vec<u8> {
    let head = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\n\
        Content-Type: image/jpeg\r\n\r\n";
    let tail = "\r\n--b--\r\n";
    let length = head.len() + photo.len() + tail.len();
    let request = format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\
         content-type: multipart/form-data; boundary=b\r\ncontent-length: {length}\r\n\r\n{head}"
    );
    [request.as_bytes(), photo, tail.as_bytes()].concat()
}
