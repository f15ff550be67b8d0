//! Whatever bytes WeChat, or somebody who knows the token, pushes: the receiver answers, and what is
//! sealed rightly says the same as what is plain.
//!
//! Three ways in: the bytes as a plain body, as what comes out of the decryption, and as a message
//! that is sealed as WeChat does.

#![no_main]

use aws_lc_rs::cipher::{AES_256, EncryptingKey, EncryptionContext, UnboundCipherKey};
use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use aws_lc_rs::iv::FixedLength;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::content::Answer;
use libfuzzer_sys::fuzz_target;
use wechat_push::{
    AesKey, PUSH_BYTES_MAX, PushError, PushEvent, PushMode, PushSettings, Receiver, Signed,
};

const TOKEN: &str = "AAAAA";
const APPID: &str = "wxba5fad812f8e6fb9";
const TIMESTAMP: &str = "1714037059";
const NONCE: &str = "486452656";

fn receiver(mode: PushMode) -> Receiver {
    Receiver::new(PushSettings { token: TOKEN.into(), appid: APPID.into(), mode })
}

fn signature(pieces: &mut [&str]) -> String {
    pieces.sort_unstable();
    hex::encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, pieces.concat().as_bytes()))
}

fn plain(body: &[u8]) -> Result<PushEvent, PushError> {
    let signature = signature(&mut [TOKEN, TIMESTAMP, NONCE]);
    let signed =
        Signed { signature: &signature, timestamp: TIMESTAMP, nonce: NONCE, msg_signature: "" };
    receiver(PushMode::Plain).open(signed, body)
}

/// Encrypts whole blocks, whatever is in them, and signs them rightly.
fn sealed(mut blocks: Vec<u8>) -> Result<PushEvent, PushError> {
    let key = UnboundCipherKey::new(&AES_256, &[0; 32]).expect("a key");
    let context = EncryptionContext::Iv128(FixedLength::from([0; 16]));
    let key = EncryptingKey::cbc(key).expect("a cipher");
    key.less_safe_encrypt(&mut blocks, context).expect("whole blocks");
    let sealed = STANDARD.encode(blocks);
    let signature = signature(&mut [TOKEN, TIMESTAMP, NONCE, &sealed]);
    let signed =
        Signed { signature: "", timestamp: TIMESTAMP, nonce: NONCE, msg_signature: &signature };
    let mode = PushMode::Safe(AesKey::new(&"A".repeat(43)).expect("a key"));
    let body = format!("<xml><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>");
    receiver(mode).open(signed, body.as_bytes())
}

fn wrapped(message: &[u8]) -> Vec<u8> {
    let length = u32::try_from(message.len()).expect("a short message").to_be_bytes();
    let mut bytes = [&[7; 16], length.as_slice(), message, APPID.as_bytes()].concat();
    let padding = 32 - bytes.len() % 32;
    bytes.resize(bytes.len() + padding, u8::try_from(padding).expect("at most 32"));
    bytes
}

fuzz_target!(|bytes: &[u8]| {
    let read = plain(bytes);
    if let Ok(PushEvent::MediaChecked { answer: Answer::Pass, trace_id, .. }) = &read {
        assert!(bytes.windows(4).any(|word| word == b"pass") || bytes.contains(&b'&') || bytes.contains(&b'\\'));
        assert!((1..=128).contains(&trace_id.len()) && trace_id.bytes().all(|b| b.is_ascii_graphic()));
    }
    // As what comes out of the decryption: any padding, length and appid.
    drop(sealed(bytes[..bytes.len() / 16 * 16].to_vec()));
    // Sealed rightly it says the same, unless the envelope has become too long to be read.
    if bytes.len() < PUSH_BYTES_MAX / 2 {
        assert_eq!(sealed(wrapped(bytes)), read);
    }
});
