//! WeChat's signatures and its way of encrypting a push.

use aws_lc_rs::cipher::{AES_256, EncryptingKey, EncryptionContext, UnboundCipherKey};
use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use aws_lc_rs::iv::FixedLength;
use base64::Engine;
use base64::alphabet::STANDARD as LETTERS;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};

const BLOCK_BYTES: usize = 32;
/// 43 random characters have two bits more than 32 bytes.
const KEYS: GeneralPurpose = GeneralPurpose::new(
    &LETTERS,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

/// A sealed message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// What stands in the field `Encrypt`.
    pub encrypt: String,
    /// The signature that covers it.
    pub msg_signature: String,
}

/// Seals a message as WeChat does in safe mode; nothing where the key is none. `random` are the 16
/// bytes before the message, `stamp` time and nonce.
pub fn seal(
    token: &str,
    aes_key: &str,
    appid: &str,
    (timestamp, nonce): (&str, &str),
    message: &str,
    random: [u8; 16],
) -> Option<Sealed> {
    let key: [u8; 32] = KEYS.decode(format!("{aes_key}=")).ok()?.try_into().ok()?;
    let iv: [u8; 16] = key[..16].try_into().ok()?;
    let length = u32::try_from(message.len()).ok()?;
    let mut bytes =
        [&random, length.to_be_bytes().as_slice(), message.as_bytes(), appid.as_bytes()].concat();
    let padding = BLOCK_BYTES - bytes.len() % BLOCK_BYTES;
    bytes.resize(bytes.len() + padding, u8::try_from(padding).ok()?);
    let cipher = EncryptingKey::cbc(UnboundCipherKey::new(&AES_256, &key).ok()?).ok()?;
    let context = EncryptionContext::Iv128(FixedLength::from(iv));
    cipher.less_safe_encrypt(&mut bytes, context).ok()?;
    let encrypt = STANDARD.encode(bytes);
    let msg_signature = signature(&[token, timestamp, nonce, &encrypt]);
    Some(Sealed { encrypt, msg_signature })
}

/// SHA-1 of the pieces, sorted and put together, in hexadecimal.
pub(super) fn signature(pieces: &[&str]) -> String {
    let mut sorted = pieces.to_vec();
    sorted.sort_unstable();
    hex::encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, sorted.concat().as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// WeChat's example of a sealed answer.
    #[test]
    fn wechats_example_is_sealed_as_wechat_does() {
        let sealed = seal(
            "AAAAA",
            &"A".repeat(43),
            "wxba5fad812f8e6fb9",
            ("1713424427", "415670741"),
            r#"{"demo_resp":"good luck"}"#,
            *b"707722b803182950",
        );
        let expected = Sealed {
            encrypt: "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRb\
                tzve1L32tmxSQ=="
                .to_owned(),
            msg_signature: "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1".to_owned(),
        };
        assert_eq!(sealed, Some(expected));
    }

    #[test]
    fn wechats_examples_are_signed_as_wechat_does() {
        for (timestamp, nonce, expected) in [
            ("1714036504", "1514711492", "f464b24fc39322e44b38aa78f5edd27bd1441696"),
            ("1714037059", "486452656", "899cf89e464efb63f54ddac96b0a0a235f53aa78"),
        ] {
            assert_eq!(signature(&["AAAAA", timestamp, nonce]), expected);
        }
    }

    #[test]
    fn without_a_key_nothing_is_sealed() {
        for key in ["", "short", &"A".repeat(44)] {
            assert_eq!(seal("t", key, "wx1", ("1", "2"), "{}", [0; 16]), None, "{key}");
        }
    }
}
