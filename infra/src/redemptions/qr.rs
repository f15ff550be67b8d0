//! The QR of a redemption: 44 bytes, signed, without personal data, written in base64url.
//!
//! version 1 | key id 1 | village 16 | redemption 16 | signature 10
//!
//! The version keeps it apart from the rotating code of the till, which is signed with the same key. It is
//! reckoned from the id whenever it is shown, so that it is stored nowhere.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::id::{RedemptionId, VillageId};
use domain::refusal::Refusal;
use uuid::Uuid;

use crate::secrets::{Secrets, same};

const VERSION: u8 = 2;
const KEY_ID: u8 = 1;
const BODY_BYTES: usize = 34;

/// What the QR of a redemption holds.
pub(super) fn write(secrets: &Secrets, village: VillageId, redemption: RedemptionId) -> String {
    let body =
        [&[VERSION, KEY_ID], village.0.as_bytes().as_slice(), redemption.0.as_bytes().as_slice()]
            .concat();
    let mac = secrets.code_mac(&body);
    URL_SAFE_NO_PAD.encode([body.as_slice(), &mac].concat())
}

/// The redemption of a QR of this village.
///
/// # Errors
/// `code_invalid`.
pub(super) fn read(
    secrets: &Secrets,
    village: VillageId,
    text: &str,
) -> Result<RedemptionId, Refusal> {
    const INVALID: Refusal = Refusal::CodeInvalid;
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| INVALID)?;
    let (body, mac) = bytes.split_at_checked(BODY_BYTES).ok_or(INVALID)?;
    let part = |from: usize, to: usize| body.get(from..to).ok_or(INVALID);
    let ours = same(mac, &secrets.code_mac(body))
        && part(0, 2)? == [VERSION, KEY_ID]
        && part(2, 18)? == village.0.as_bytes();
    if !ours {
        return Err(INVALID);
    }
    Ok(RedemptionId(Uuid::from_slice(part(18, 34)?).map_err(|_| INVALID)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_qr_is_read_as_it_was_written_and_with_any_altered_bit_refused() {
        let secrets = Secrets::new("0123456789abcdef0123456789abcdef").unwrap();
        let village = VillageId(Uuid::from_u128(1));
        let redemption = RedemptionId(Uuid::from_u128(2));
        let text = write(&secrets, village, redemption);
        assert_eq!(read(&secrets, village, &text), Ok(redemption));
        let other = VillageId(Uuid::from_u128(3));
        assert_eq!(read(&secrets, other, &text), Err(Refusal::CodeInvalid));
        let bytes = URL_SAFE_NO_PAD.decode(&text).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut altered = bytes.clone();
            altered[bit / 8] ^= 1 << (bit % 8);
            let altered = URL_SAFE_NO_PAD.encode(altered);
            assert_eq!(read(&secrets, village, &altered), Err(Refusal::CodeInvalid), "bit {bit}");
        }
    }
}
