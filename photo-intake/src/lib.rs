//! Pictures as people send them become plain JPEGs: bytes in, bytes out.
//!
//! Invariant: nothing of a file that is taken is kept but its pixels. Whatever else it carried (EXIF
//! with the place and the phone, colour profiles, previews, a film or a script behind the end of the
//! picture) is in the way out of no picture, because every picture is made anew.
//!
//! [`examine`] recognises a file by its content and reads its structure to its end, without a pixel:
//! what is no picture, cut off or too large is refused there, before memory is taken, and it says how
//! much the rest will take. [`take`] then decodes it (strictly: what a decoder complains of is refused),
//! scales it down to [`LONG_SIDE_MAX`] if it is larger, turns it upright, and makes a thumbnail.
//!
//! What is decided here, and why:
//! - Of an animated picture (WebP, APNG) the first frame is taken: people send them by mistake.
//! - Transparent pictures stand on white.
//! - HEIC, HEIF and AVIF are refused with a word of their own. At the time of writing there is a young
//!   decoder of HEIC in Rust by one person, and the others are under the AGPL or bind C libraries; phones
//!   convert by themselves (`wx.compressImage`, or 最兼容 in the camera's settings).
//! - A file that ends before its picture does is refused; a JPEG that has its end but lost data inside is
//!   shown as far as it goes, as every viewer does.
//! - Colour profiles are dropped without being applied: pictures in Display P3 become a little paler.

mod encode;
mod exif;
mod jpeg;
mod pixels;
mod png;
mod upright;
mod webp;
mod workbench;

use pixels::Pixels;

pub use workbench::Workbench;

/// The most pixels: a sensor of 50 megapixels gives 8192 × 6144.
pub const PIXELS_MAX: u32 = 51_000_000;
/// The longest side, in pixels.
pub const SIDE_MAX: u32 = 16_384;
/// The most memory that making one picture anew may take, in bytes.
pub const MEMORY_BYTES_MAX: usize = 256 * 1024 * 1024;
/// The longest side of what is kept, in pixels: larger pictures are scaled down.
pub const LONG_SIDE_MAX: u32 = 2560;
/// The longest side of a thumbnail, in pixels.
pub const THUMBNAIL_SIDE_MAX: u32 = 320;

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Empty, cut off, or broken.
    #[error("the picture cannot be read")]
    Unreadable,
    /// Neither JPEG nor PNG nor WebP.
    #[error("not a picture that is taken")]
    UnknownType,
    /// HEIC, HEIF or AVIF.
    #[error("a picture in HEIC, HEIF or AVIF")]
    Heic,
    /// More pixels than [`PIXELS_MAX`], longer than [`SIDE_MAX`], or more memory than
    /// [`MEMORY_BYTES_MAX`].
    #[error("too many pixels")]
    TooLarge,
}

/// What a file is and how large, before a pixel of it is decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Examined {
    kind: Kind,
    /// As stored, not upright.
    width: u32,
    height: u32,
    /// EXIF's orientation, 1 to 8.
    orientation: u8,
    /// Where the picture ends; what comes behind is not looked at.
    end: usize,
    /// What decoding takes, the pixels that come out included.
    decoding_bytes: usize,
}

/// A kind of picture that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Jpeg,
    Png { interlaced: bool },
    Webp,
}

/// A picture that was made anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// A JPEG with nothing in it but the picture.
    pub jpeg: Vec<u8>,
    /// Pixels from left to right.
    pub width: u32,
    /// Pixels from top to bottom.
    pub height: u32,
}

/// What a file became.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The picture, upright, at most [`LONG_SIDE_MAX`] long.
    pub picture: Picture,
    /// The same, at most [`THUMBNAIL_SIDE_MAX`] long.
    pub thumbnail: Picture,
}

impl Examined {
    /// How much memory [`take`] takes at most besides the file, in bytes.
    pub const fn memory_bytes(&self) -> usize {
        let kept = self.kept();
        let (width, height) = (kept.0 as usize, kept.1 as usize);
        // The source, what the scaler puts between its two passes, what comes out, that turned upright,
        // and the JPEG that it becomes: noise takes half as much as its pixels.
        let source = self.width as usize * self.height as usize * 3;
        let between = width * self.height as usize * 3;
        let scaling = source + between + width * height * 3 * 5 / 2;
        if self.decoding_bytes > scaling { self.decoding_bytes } else { scaling }
    }

    /// Width and height of what is kept, not upright yet.
    const fn kept(&self) -> (u32, u32) {
        pixels::within(self.width, self.height, LONG_SIDE_MAX)
    }

    fn checked(self) -> Result<Self, Refused> {
        if self.width == 0 || self.height == 0 {
            return Err(Refused::Unreadable);
        }
        let too_long = self.width > SIDE_MAX || self.height > SIDE_MAX;
        let pixels = u64::from(self.width) * u64::from(self.height);
        if too_long || pixels > u64::from(PIXELS_MAX) || self.memory_bytes() > MEMORY_BYTES_MAX {
            return Err(Refused::TooLarge);
        }
        Ok(self)
    }
}

/// Recognises a file by its content and reads its structure to the end, without decoding a pixel.
/// Takes no memory.
///
/// # Errors
/// Every [`Refused`].
pub fn examine(file: &[u8]) -> Result<Examined, Refused> {
    if begins(file, b"\xff\xd8\xff") {
        jpeg::examine(file)
    } else if begins(file, png::SIGNATURE) {
        png::examine(file)
    } else if begins(file, b"RIFF") && begins(file.get(8..).unwrap_or_default(), b"WEBP") {
        webp::examine(file)
    } else if file.get(4..8) == Some(b"ftyp") {
        Err(heif(file))
    } else {
        Err(Refused::UnknownType)
    }?
    .checked()
}

/// Whether the bytes are the signature, or as much of it as there are bytes.
fn begins(bytes: &[u8], signature: &[u8]) -> bool {
    bytes.iter().zip(signature).all(|(byte, wanted)| byte == wanted)
}

/// What a file of boxes (ISO 14496-12) is, by its brands: a picture of that family, or a film.
fn heif(file: &[u8]) -> Refused {
    const BRANDS: &[&[u8]] =
        &[b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"];
    let length = jpeg::number::<4>(file, 0).unwrap_or(0).clamp(16, 128);
    let head = file.get(..length).unwrap_or(file);
    let brands = head.get(8..).unwrap_or_default().chunks_exact(4);
    if brands.into_iter().any(|brand| BRANDS.contains(&brand)) {
        Refused::Heic
    } else {
        Refused::UnknownType
    }
}

/// Makes the picture of a file anew, with a thumbnail.
///
/// # Errors
/// Every [`Refused`].
pub fn take(file: &[u8]) -> Result<Taken, Refused> {
    Workbench::default().take(file)
}

/// Decodes a file into a picture that is black and of its size.
fn decode(file: &[u8], examined: &Examined, pixels: &mut Pixels) -> Result<(), Refused> {
    let file = file.get(..examined.end).ok_or(Refused::Unreadable)?;
    match examined.kind {
        Kind::Jpeg => jpeg::decode(file, pixels),
        Kind::Png { interlaced } => png::decode(file, pixels, interlaced),
        Kind::Webp => webp::decode(file, pixels),
    }
}
