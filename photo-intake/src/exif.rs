//! EXIF, of which one value is read: how the picture is turned.

/// The tag of the orientation.
const ORIENTATION: u16 = 0x0112;
/// The type "unsigned, two bytes".
const SHORT: u16 = 3;
/// The most entries that are looked at.
const ENTRIES_MAX: u16 = 500;

/// The orientation, 1 to 8, that a block of EXIF (from its byte order on) says; 1 if it says none.
pub(super) fn orientation(block: &[u8]) -> u8 {
    read(block).filter(|value| (1..=8).contains(value)).unwrap_or(1)
}

fn read(block: &[u8]) -> Option<u8> {
    let little = match block.get(..4)? {
        b"II\x2a\0" => true,
        b"MM\0\x2a" => false,
        _ => return None,
    };
    let short = |at: usize| {
        let bytes = block.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    };
    let long = |at: usize| {
        let bytes = block.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    };
    let directory = usize::try_from(long(4)?).ok()?;
    for entry in 0..short(directory)?.min(ENTRIES_MAX) {
        let at = directory.checked_add(2 + usize::from(entry) * 12)?;
        if short(at)? == ORIENTATION {
            return if short(at + 2)? == SHORT { u8::try_from(short(at + 8)?).ok() } else { None };
        }
    }
    None
}
