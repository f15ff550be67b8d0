//! The token with which somebody whose phone is shared says who they are: a phone code works only
//! once at WeChat, so what it proved is carried over to the second request.
//!
//! The token is encrypted and authenticated, names the user it was given to and when it ends, and
//! holds no personal data but the keyed hash. Who is free is looked up again when it comes back.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use domain::binding::{CHOICE_SECONDS, Method};
use domain::id::UserId;
use domain::refusal::Refusal;

use super::candidates::Evidence;
use crate::error::Error;
use crate::secrets::Secrets;

const PURPOSE: &str = "binding_choice";

/// Makes a token; answers it with the moment at which it ends.
pub(super) fn give(
    secrets: &Secrets,
    user: UserId,
    evidence: &Evidence,
    now: DateTime<Utc>,
) -> Result<(String, DateTime<Utc>), Error> {
    let until = now + Duration::seconds(CHOICE_SECONDS);
    let (method, hash) = (evidence.method.as_str(), hex::encode(&evidence.hash));
    let text = format!("{PURPOSE}|{user}|{}|{method}|{hash}", until.timestamp());
    Ok((URL_SAFE_NO_PAD.encode(secrets.encrypt(&text)?), until))
}

/// What a token proves.
///
/// # Errors
/// `binding_choice_expired` for one that is over, somebody else's or not ours.
pub(super) fn take(
    secrets: &Secrets,
    user: UserId,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Evidence, Error> {
    read(secrets, user, token, now).ok_or_else(|| Refusal::BindingChoiceExpired.into())
}

fn read(secrets: &Secrets, user: UserId, token: &str, now: DateTime<Utc>) -> Option<Evidence> {
    let text = secrets.decrypt(&URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    let mut parts = text.split('|');
    let (purpose, whose) = (parts.next()?, parts.next()?);
    let until: i64 = parts.next()?.parse().ok()?;
    let method = parts.next()?;
    let method =
        [Method::Phone, Method::Name].into_iter().find(|known| known.as_str() == method)?;
    let hash = hex::decode(parts.next()?).ok()?;
    let ours = purpose == PURPOSE && whose == user.to_string() && now.timestamp() < until;
    ours.then_some(Evidence { method, hash })
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_token_is_good_for_its_user_and_its_time_only() {
        let secrets = Secrets::new("0123456789abcdef0123456789abcdef").unwrap();
        let (user, other) = (UserId(Uuid::from_u128(1)), UserId(Uuid::from_u128(2)));
        let now: DateTime<Utc> = "2026-10-20T02:00:00Z".parse().unwrap();
        let evidence = Evidence { method: Method::Phone, hash: vec![1, 2, 3] };
        let (token, until) = give(&secrets, user, &evidence, now).unwrap();
        assert_eq!(read(&secrets, user, &token, now), Some(evidence));
        assert_eq!(read(&secrets, other, &token, now), None);
        assert_eq!(read(&secrets, user, &token, until), None);
        assert_eq!(read(&secrets, user, &token[1..], now), None);
        assert_eq!(read(&secrets, user, "", now), None);
    }
}
