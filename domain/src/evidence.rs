//! Evidence (佐证): pictures that support a claim. What is taken, how much, and who may look.

use crate::actor::Actor;
use crate::id::{HouseholdId, UserId};
use crate::place::Place;
use crate::policy::{Action, Permit, Target, allows};
use crate::refusal::Refusal;

/// The largest file, in bytes.
pub const BYTES_MAX: usize = 10 * 1024 * 1024;
/// How many bytes from the beginning of a file tell its kind.
pub const HEADER_BYTES: usize = 33;
/// The most files that one user may upload within a day without using them for a claim.
pub const UNUSED_A_DAY_MAX: usize = 60;

/// A kind of picture that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// WebP.
    Webp,
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR";
const JPEG: &[u8] = b"\xff\xd8\xff";

impl Media {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Jpeg, Self::Png, Self::Webp];

    /// The media type, in the database and in `Content-Type`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
        }
    }

    /// The kind with that media type.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|media| media.as_str() == name)
    }

    /// The kind of a file by its first [`HEADER_BYTES`] (fewer only if it has no more) and its whole
    /// length. Neither its name nor what the sender says of it counts.
    ///
    /// # Errors
    /// `file_type_refused` for any other content; `file_unreadable` for an empty file, and for one
    /// that ends before its header does or before it says that it ends.
    pub fn of(header: &[u8], length: usize) -> Result<Self, Refusal> {
        let (media, length_min) = if begins(header, PNG) {
            (Self::Png, png_length_min(header)?)
        } else if begins(header, JPEG) {
            (Self::Jpeg, jpeg_length_min(header)?)
        } else if begins(header, b"RIFF") && begins(header.get(8..).unwrap_or_default(), b"WEBP") {
            (Self::Webp, webp_length_min(header)?)
        } else {
            return Err(Refusal::FileTypeRefused);
        };
        if length < length_min { Err(Refusal::FileUnreadable) } else { Ok(media) }
    }
}

/// Whether the bytes are the signature, or as much of it as there are bytes.
fn begins(bytes: &[u8], signature: &[u8]) -> bool {
    bytes.iter().zip(signature).all(|(byte, wanted)| byte == wanted)
}

fn bytes<const N: usize>(header: &[u8], from: usize) -> Result<[u8; N], Refusal> {
    let found = header.get(from..from + N).and_then(|slice| slice.try_into().ok());
    found.ok_or(Refusal::FileUnreadable)
}

/// The signature and a whole IHDR chunk with a size above nothing.
fn png_length_min(header: &[u8]) -> Result<usize, Refusal> {
    let (width, height) = (bytes::<4>(header, 16)?, bytes::<4>(header, 20)?);
    if width == [0; 4] || height == [0; 4] {
        return Err(Refusal::FileUnreadable);
    }
    Ok(33)
}

/// The start of image and its first segment, whole.
fn jpeg_length_min(header: &[u8]) -> Result<usize, Refusal> {
    let [marker] = bytes::<1>(header, 3)?;
    let segment = u16::from_be_bytes(bytes::<2>(header, 4)?);
    // The markers that stand before the picture: tables, frames, applications' own, comments.
    if !matches!(marker, 0xc0..=0xcf | 0xdb | 0xdd | 0xe0..=0xef | 0xfe) {
        return Err(Refusal::FileTypeRefused);
    }
    if segment < 2 {
        return Err(Refusal::FileUnreadable);
    }
    Ok(4 + usize::from(segment))
}

/// What the RIFF header says; the first chunk is one of the three with which a WebP file begins.
fn webp_length_min(header: &[u8]) -> Result<usize, Refusal> {
    let said = u32::from_le_bytes(bytes::<4>(header, 4)?);
    let chunk = bytes::<4>(header, 12)?;
    let begins_right = match &chunk {
        b"VP8 " => bytes::<3>(header, 23)? == [0x9d, 0x01, 0x2a],
        b"VP8L" => bytes::<1>(header, 20)? == [0x2f],
        b"VP8X" => bytes::<10>(header, 20).is_ok(),
        _ => return Err(Refusal::FileTypeRefused),
    };
    if !begins_right {
        return Err(Refusal::FileUnreadable);
    }
    usize::try_from(said).map(|size| size + 8).map_err(|_| Refusal::FileUnreadable)
}

/// Decides whether somebody may upload one more file.
///
/// # Errors
/// `forbidden`, `not_found`; `evidence_too_many` while too many of theirs lie about unused.
pub fn may_upload(actor: &Actor, place: &Place, unused_today: usize) -> Result<Permit, Refusal> {
    let permit = allows(actor, Action::EvidenceUpload, &Target::village(*place))?;
    if unused_today >= UNUSED_A_DAY_MAX {
        return Err(Refusal::EvidenceTooMany { files_max: UNUSED_A_DAY_MAX });
    }
    Ok(permit)
}

/// Decides whether somebody may look at a file: who uploaded it while they belong to the village,
/// the households whose claims it supports, officers and supervisors. Answers the permit of the
/// role that gave the right, if it was one.
///
/// # Errors
/// `not_found`.
pub fn may_show(
    actor: &Actor,
    place: &Place,
    uploaded_by: UserId,
    households: &[HouseholdId],
) -> Result<Option<Permit>, Refusal> {
    if uploaded_by == actor.user && actor.belongs_at(place) {
        return Ok(None);
    }
    let own = actor.household().filter(|own| households.contains(own));
    let target = own.map_or(Target::village(*place), |own| Target::household(*place, own));
    allows(actor, Action::EvidenceShow, &target).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(file: &[u8]) -> Result<Media, Refusal> {
        Media::of(file.get(..HEADER_BYTES).unwrap_or(file), file.len())
    }

    fn png() -> Vec<u8> {
        let mut file = PNG.to_vec();
        file.extend([0, 0, 0, 2, 0, 0, 0, 1, 8, 2, 0, 0, 0, 1, 2, 3, 4]);
        file
    }

    fn jpeg() -> Vec<u8> {
        let mut file = vec![0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10];
        file.extend(b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
        file
    }

    fn webp() -> Vec<u8> {
        let mut file = b"RIFF\x16\0\0\0WEBPVP8 \x0a\0\0\0".to_vec();
        file.extend([0x30, 0x01, 0x00, 0x9d, 0x01, 0x2a, 1, 0, 1, 0]);
        file
    }

    #[test]
    fn pictures_are_told_by_their_content() {
        assert_eq!(of(&png()), Ok(Media::Png));
        assert_eq!(of(&jpeg()), Ok(Media::Jpeg));
        assert_eq!(of(&webp()), Ok(Media::Webp));
    }

    #[test]
    fn a_file_that_ends_within_its_header_is_unreadable_at_every_length() {
        for file in [png(), jpeg(), webp()] {
            for length in 0..file.len() {
                assert_eq!(of(&file[..length]), Err(Refusal::FileUnreadable), "{length}");
            }
        }
    }

    #[test]
    fn other_files_are_refused() {
        let pdf = b"%PDF-1.7 and so on, long enough to be told by its header";
        let wave = b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0and samples";
        let script = b"<svg onload=alert(1)>";
        let not_jpeg = b"\xff\xd8\xff\x00\x00\x10 something that only begins like one";
        let not_webp = b"RIFF\x16\0\0\0WEBPJUNK\x0a\0\0\0 something else";
        for file in [pdf.as_slice(), wave, script, not_jpeg, not_webp, b"x"] {
            assert_eq!(of(file), Err(Refusal::FileTypeRefused));
        }
    }

    #[test]
    fn a_picture_of_no_size_is_unreadable() {
        let mut flat = png();
        flat[20..24].fill(0);
        assert_eq!(of(&flat), Err(Refusal::FileUnreadable));
    }
}
