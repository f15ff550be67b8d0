//! Links at which anybody may fetch a photo for an hour or two, without signing in: an `<image>` of a
//! mini-program sends no headers, and neither does WeChat when it checks a picture.
//!
//! Whoever may see the thing that owns a photo is given its links; a link passed on works until its
//! time is over. The time is rounded to whole hours, so that a picture keeps its address for a while
//! and caches work. Time and signature stand in the path, not in a query: WeChat's checker has failed
//! on addresses with one.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use domain::id::VillageId;
use domain::refusal::Refusal;

use super::Address;
use crate::secrets::Secrets;

/// Links change at every full hour, in seconds.
const STEP_SECONDS: i64 = 3600;
/// A link holds until the hour in which it was made is over, and this many steps more.
const STEPS_MORE: i64 = 1;

/// Makes links, and knows them again.
#[derive(Clone, Debug)]
pub struct Links {
    secrets: Secrets,
    base: Arc<str>,
}

impl Links {
    /// Links that begin with the address at which the API is reached from outside, such as
    /// `https://api.example.cn`; without one they are paths.
    pub fn new(secrets: &Secrets, public_url: Option<&str>) -> Self {
        let base = public_url.unwrap_or_default().trim_end_matches('/').into();
        Self { secrets: secrets.clone(), base }
    }

    /// Until when links that are made now hold: more than one hour, two at most.
    pub fn expiry(now: DateTime<Utc>) -> DateTime<Utc> {
        let step = now.timestamp().div_euclid(STEP_SECONDS) + 1 + STEPS_MORE;
        DateTime::from_timestamp(step * STEP_SECONDS, 0).unwrap_or(now)
    }

    /// The link to a file that holds until [`Self::expiry`].
    pub fn link(&self, village: VillageId, file: Address, now: DateTime<Utc>) -> String {
        let until = Self::expiry(now).timestamp();
        let signature = self.secrets.sign_link(&signed(village, file, until));
        let ticket = format!("{until:x}-{}", URL_SAFE_NO_PAD.encode(signature));
        format!("{}/v1/photos/{village}/{ticket}/{file}.jpg", self.base)
    }

    /// Which file a link is for and until when, from the parts of its path.
    ///
    /// # Errors
    /// `link_invalid` if it was not made here or was altered, `link_expired`.
    pub fn read(
        &self,
        village: VillageId,
        ticket: &str,
        file: &str,
        now: DateTime<Utc>,
    ) -> Result<(Address, DateTime<Utc>), Refusal> {
        let (address, until) = self.genuine(village, ticket, file).ok_or(Refusal::LinkInvalid)?;
        if until <= now { Err(Refusal::LinkExpired) } else { Ok((address, until)) }
    }

    fn genuine(
        &self,
        village: VillageId,
        ticket: &str,
        file: &str,
    ) -> Option<(Address, DateTime<Utc>)> {
        let file = Address::from_hex(file.strip_suffix(".jpg")?)?;
        let (until, signature) = ticket.split_once('-')?;
        let until = i64::from_str_radix(until, 16).ok()?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        let genuine = self.secrets.is_link(&signed(village, file, until), &signature);
        let until = DateTime::from_timestamp(until, 0)?;
        genuine.then_some((file, until))
    }
}

/// What is signed. Every part has a length of its own, so no two links sign the same bytes.
fn signed(village: VillageId, file: Address, until: i64) -> Vec<u8> {
    [village.0.as_bytes().as_slice(), file.as_bytes(), &until.to_be_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn links(base: Option<&str>) -> Links {
        Links::new(&Secrets::new("0123456789abcdef0123456789abcdef").unwrap(), base)
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn parts(link: &str) -> (String, String) {
        let mut parts = link.rsplit('/');
        let file = parts.next().unwrap().to_owned();
        (parts.next().unwrap().to_owned(), file)
    }

    #[test]
    fn a_link_is_the_same_for_an_hour_and_holds_for_one_at_least_and_two_at_most() {
        let (village, file) = (VillageId(Uuid::nil()), Address::of(b"x"));
        let links = links(Some("https://api.example.cn/"));
        let early = links.link(village, file, at("2026-11-22T10:00:00Z"));
        assert_eq!(early, links.link(village, file, at("2026-11-22T10:59:59Z")));
        assert_ne!(early, links.link(village, file, at("2026-11-22T11:00:00Z")));
        assert!(early.starts_with("https://api.example.cn/v1/photos/") && early.ends_with(".jpg"));
        let (ticket, name) = parts(&early);
        let read = |now| links.read(village, &ticket, &name, now);
        let until = at("2026-11-22T12:00:00Z");
        assert_eq!(read(at("2026-11-22T11:59:59Z")), Ok((file, until)));
        assert_eq!(read(until), Err(Refusal::LinkExpired));
    }

    #[test]
    fn nothing_of_a_link_can_be_altered() {
        let (village, file, now) =
            (VillageId(Uuid::nil()), Address::of(b"x"), at("2026-11-22T10:00:00Z"));
        let links = links(None);
        let link = links.link(village, file, now);
        assert!(link.starts_with("/v1/photos/"));
        let (ticket, name) = parts(&link);
        let (until, signature) = ticket.split_once('-').unwrap();
        let later = format!("{:x}-{signature}", i64::from_str_radix(until, 16).unwrap() + 3600);
        let short = format!("{until}-{}", &signature[..20]);
        let other = format!("{}.jpg", Address::of(b"y"));
        let far = format!("7fffffffffffffff-{signature}");
        for (village, ticket, name) in [
            (VillageId(Uuid::max()), ticket.as_str(), name.as_str()),
            (village, &later, &name),
            (village, &short, &name),
            (village, &far, &name),
            (village, "", &name),
            (village, "-", &name),
            (village, &ticket, &other),
            (village, &ticket, "x.jpg"),
            (village, &ticket, name.trim_end_matches(".jpg")),
        ] {
            assert_eq!(links.read(village, ticket, name, now), Err(Refusal::LinkInvalid));
        }
        let stranger = Secrets::new("another master secret of 32 bytes!").unwrap();
        let theirs = Links::new(&stranger, None);
        assert_eq!(theirs.read(village, &ticket, &name, now), Err(Refusal::LinkInvalid));
    }
}
