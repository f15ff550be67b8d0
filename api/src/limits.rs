//! How often somebody may try: by address and by user, in memory of each process.
//!
//! Counted are the things worth guessing at: sign-ins, PINs and codes, invitation codes. What must
//! hold exactly over several processes (five tries for a PIN) is counted in the database instead.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use actix_web::HttpRequest;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use uuid::Uuid;

use crate::problem::{Door, Problem};

/// Sign-ins and refreshes a minute from one address: a village behind one mobile gateway shares it.
pub const SIGN_INS_PER_MINUTE: u32 = 120;
/// Proofs of stars read a minute from one address: a counter behind the gateway of its bank.
pub const PROOFS_PER_MINUTE: u32 = 120;
/// Tries to bind a minute for one user.
pub const BINDINGS_PER_MINUTE: u32 = 10;
/// Tries a day for one user with a name and the end of an identity number: there are some tens of
/// thousands of such ends.
pub const NAMES_PER_DAY: u32 = 20;
/// Scans a minute for one clerk.
pub const SCANS_PER_MINUTE: u32 = 60;
/// Tries with a card and PIN a minute for one clerk.
pub const CARDS_PER_MINUTE: u32 = 20;

/// The counters.
pub struct RateLimits {
    sign_in: DefaultKeyedRateLimiter<IpAddr>,
    proof: DefaultKeyedRateLimiter<IpAddr>,
    binding: DefaultKeyedRateLimiter<Uuid>,
    name: DefaultKeyedRateLimiter<Uuid>,
    scan: DefaultKeyedRateLimiter<Uuid>,
    card: DefaultKeyedRateLimiter<Uuid>,
}

fn per_minute(most: u32) -> Quota {
    Quota::per_minute(NonZeroU32::new(most).unwrap_or(NonZeroU32::MIN))
}

fn per_day(most: u32) -> Quota {
    let most = NonZeroU32::new(most).unwrap_or(NonZeroU32::MIN);
    let one_every = Duration::from_secs(24 * 3600) / most.get();
    Quota::with_period(one_every).map_or(Quota::per_hour(most), |quota| quota.allow_burst(most))
}

impl Default for RateLimits {
    fn default() -> Self {
        Self {
            sign_in: RateLimiter::keyed(per_minute(SIGN_INS_PER_MINUTE)),
            proof: RateLimiter::keyed(per_minute(PROOFS_PER_MINUTE)),
            binding: RateLimiter::keyed(per_minute(BINDINGS_PER_MINUTE)),
            name: RateLimiter::keyed(per_day(NAMES_PER_DAY)),
            scan: RateLimiter::keyed(per_minute(SCANS_PER_MINUTE)),
            card: RateLimiter::keyed(per_minute(CARDS_PER_MINUTE)),
        }
    }
}

impl RateLimits {
    /// Counts a sign-in or refresh.
    ///
    /// # Errors
    /// `too_many_requests`.
    pub fn sign_in(&self, address: IpAddr) -> Result<(), Problem> {
        self.sign_in.check_key(&address).map_err(|_| Problem::door(Door::TooMany))
    }

    /// Counts a reading of a proof, whether there is one or not.
    ///
    /// # Errors
    /// `too_many_requests`.
    pub fn proof(&self, address: IpAddr) -> Result<(), Problem> {
        self.proof.check_key(&address).map_err(|_| Problem::door(Door::TooMany))
    }

    /// Counts a try to bind.
    ///
    /// # Errors
    /// `too_many_requests`.
    pub fn binding(&self, user: Uuid) -> Result<(), Problem> {
        self.binding.check_key(&user).map_err(|_| Problem::door(Door::TooMany))
    }

    /// Counts a try with a name and the end of an identity number.
    ///
    /// # Errors
    /// `too_many_requests`.
    pub fn name(&self, user: Uuid) -> Result<(), Problem> {
        self.name.check_key(&user).map_err(|_| Problem::door(Door::TooMany))
    }

    /// Counts a scan.
    ///
    /// # Errors
    /// `too_many_requests`.
    pub fn scan(&self, user: Uuid) -> Result<(), Problem> {
        self.scan.check_key(&user).map_err(|_| Problem::door(Door::TooMany))
    }

    /// Counts a try with a card.
    ///
    /// # Errors
    /// `too_many_requests`.
    pub fn card(&self, user: Uuid) -> Result<(), Problem> {
        self.card.check_key(&user).map_err(|_| Problem::door(Door::TooMany))
    }

    /// Forgets who has not tried for a while, so that memory stays bounded.
    pub fn forget(&self) {
        self.sign_in.retain_recent();
        self.proof.retain_recent();
        self.binding.retain_recent();
        self.name.retain_recent();
        self.scan.retain_recent();
        self.card.retain_recent();
    }
}

/// The address that asks: the last one that the proxy in front added, if it is trusted.
pub fn address_of(request: &HttpRequest, trust_forwarded: bool) -> IpAddr {
    let forwarded = || {
        let value = request.headers().get("x-forwarded-for")?.to_str().ok()?;
        value.rsplit(',').next()?.trim().parse().ok()
    };
    let peer = request.peer_addr().map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.ip());
    if trust_forwarded { forwarded().unwrap_or(peer) } else { peer }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_tries_twenty_names_a_day_and_another_user_is_not_concerned() {
        let limits = RateLimits::default();
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        for _ in 0..NAMES_PER_DAY {
            assert!(limits.name(one).is_ok());
        }
        assert!(limits.name(one).is_err());
        assert!(limits.name(other).is_ok());
    }
}
