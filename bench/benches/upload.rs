//! Uploading a phone photo end to end (received, decoded, scaled, thumbnail, stored, recorded), in
//! processor time of the server, against decoding and encoding alone; and the memory of a server that
//! is sent 32 at once: `cargo bench -p xiangyue-bench --bench upload`.

use std::sync::Arc;
use std::time::Duration;

use bench::{Comparison, ROUNDS, Server, as_server, drive, photo, processor_seconds};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use photo_intake::take;
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

/// How many photos are sent in a round, and how many at once for the memory.
const PHOTOS: u32 = 32;
/// How many are sent at a time in a round: a few more than are decoded at a time.
const CONNECTIONS: u32 = 4;
/// The most memory that the server may take, in MB.
const MEMORY_MB_MAX: f64 = 400.0;
/// Longer than any round.
const LONG: Duration = Duration::from_secs(600);

fn main() {
    as_server();
    let photos = Arc::new(photo::of_phone(PHOTOS));
    let bytes = photos.iter().map(Vec::len).sum::<usize>() / photos.len();
    println!("{PHOTOS} photos of {} × {} pixels, {bytes} bytes each", photo::WIDTH, photo::HEIGHT);
    let server = Server::start(|data| data.settle());
    let token = server.sign_in("villager");
    let path = format!("/v1/villages/{}/photos", server.data.demo.village);
    let requests: Vec<_> =
        photos.iter().map(|photo| photo::request(&path, &token, photo)).collect();
    let requests = Arc::new(requests);
    let send = |connections: u32| {
        let (requests, each) = (Arc::clone(&requests), u64::from(PHOTOS / connections));
        let load =
            drive(server.address, connections as usize, LONG, "201", move |which, number| {
                let index =
                    usize::try_from(number).unwrap() + which * usize::try_from(each).unwrap();
                (number < each).then(|| requests[index].clone())
            });
        assert_eq!((load.answered, load.failed), (u64::from(PHOTOS), 0));
        // All are new again, and none counts towards the sixty unused a day.
        server.data.run("DELETE FROM photos; DELETE FROM photo_files");
    };
    let outcome = Arc::new(Outcome::of(&photos[0]));
    let mut comparison = Comparison {
        name: "upload of a phone photo, processor time of the server",
        unit: "ms a photo",
        against: "the codecs",
        to_reach: Some(1.3),
        ..Comparison::default()
    };
    // Once to warm up.
    send(CONNECTIONS);
    for _ in 0..ROUNDS {
        let before = server.processor_seconds();
        send(CONNECTIONS);
        let spent = server.processor_seconds() - before;
        comparison.ours.push(spent * 1000.0 / f64::from(PHOTOS));
        let before = processor_seconds("self");
        codecs(&photos, &outcome);
        let spent = processor_seconds("self") - before;
        comparison.limit.push(spent * 1000.0 / f64::from(PHOTOS));
    }
    send(PHOTOS);
    let memory = server.memory_mb();
    comparison.memory_mb = Some(memory);
    comparison.print();
    println!("{PHOTOS} uploads at once: resident memory at most {memory:.0} MB");
    assert!(memory < MEMORY_MB_MAX);
}

/// What is kept of a photo, before it is encoded: the picture and its thumbnail.
struct Outcome {
    parts: Vec<(Vec<u8>, u16, u16, u8)>,
}

impl Outcome {
    fn of(photo: &[u8]) -> Self {
        let taken = take(photo).expect("a photo");
        let parts = [(taken.picture, 82), (taken.thumbnail, 75)].map(|(part, quality)| {
            let side = |side: u32| u16::try_from(side).unwrap();
            (decode(&part.jpeg), side(part.width), side(part.height), quality)
        });
        Self { parts: parts.into() }
    }
}

fn decode(jpeg: &[u8]) -> Vec<u8> {
    let options = DecoderOptions::default().jpeg_set_out_colorspace(ColorSpace::RGB);
    JpegDecoder::new_with_options(ZCursor::new(jpeg), options).decode().expect("a JPEG")
}

/// Decodes every photo and encodes what is kept of one as often, and nothing else, on as many threads
/// as the server decodes on.
fn codecs(photos: &[Vec<u8>], outcome: &Outcome) {
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for part in photos.chunks(photos.len().div_ceil(threads)) {
            scope.spawn(move || {
                for photo in part {
                    let pixels = decode(photo);
                    assert_eq!(pixels.len() % 3, 0);
                    for (rgb, width, height, quality) in &outcome.parts {
                        let mut file = Vec::with_capacity(rgb.len() / 12);
                        let mut encoder = Encoder::new(&mut file, *quality);
                        encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
                        encoder.encode(rgb, *width, *height, ColorType::Rgb).expect("a JPEG");
                        assert!(!file.is_empty());
                    }
                }
            });
        }
    });
}
