//! Vouchers (凭证): what moves money of the fund, with where it comes from or goes to.

use chrono::NaiveDate;

use crate::calendar::day_of;
use crate::four_eyes::{Hand, checked_by};
use crate::id::{FundAccountId, FundVoucherId, UserId};
use crate::person::masked_name;
use crate::points::Fen;
use crate::refusal::Refusal;

/// The most money on one voucher: ten thousand million yuan (10^12 fen).
pub const AMOUNT_MAX: Fen = Fen::new(1_000_000_000_000);
/// The longest party, purpose or document number, in characters.
pub const TEXT_CHARS_MAX: u64 = 200;

names! {
    /// What a voucher does.
    VoucherKind {
        /// 捐赠: somebody gave it.
        Donation "donation",
        /// 拨款: an office above the village gave it.
        Appropriation "appropriation",
        /// 集体收入: the village earned it.
        Income "income",
        /// 超市收款: top-ups that a points store took in for the village.
        Takings "takings",
        /// 支出: it was paid to somebody.
        Payment "payment",
        /// 划转: from one account of the fund to another.
        Transfer "transfer",
        /// 冲正: another voucher is taken back.
        Correction "correction",
    }
    /// Where a voucher stands.
    VoucherState {
        /// Waits for a second person.
        Prepared "prepared",
        /// It moved the money.
        Booked "booked",
        /// A second person said no.
        Refused "refused",
        /// Who prepared it took it back.
        Withdrawn "withdrawn",
    }
    /// How the notice board names whoever gave or got the money.
    PartyShown {
        /// By name.
        Named "named",
        /// With the first and last character.
        Masked "masked",
        /// Not at all, as who gives may wish.
        Anonymous "anonymous",
    }
}

/// What the board says in place of a name that is not shown.
const ANONYMOUS: &str = "匿名";

/// The party as the notice board names it.
pub fn party_on_the_board(party: &str, shown: PartyShown) -> String {
    match shown {
        PartyShown::Named => party.to_owned(),
        PartyShown::Masked => masked_name(party),
        PartyShown::Anonymous => ANONYMOUS.to_owned(),
    }
}

/// The most earlier vouchers of a document that whoever books another one is asked to name: the newest.
pub const BESIDES_MAX: u64 = 20;

/// Checks that whoever books a voucher knows of the earlier ones of the same document, with their numbers:
/// one invoice is not paid twice by oversight.
///
/// # Errors
/// `document_used` with the numbers of those that were not named.
pub fn document_known(
    earlier: &[(FundVoucherId, i32)],
    besides: &[FundVoucherId],
) -> Result<(), Refusal> {
    let unknown = earlier.iter().filter(|(id, _)| !besides.contains(id));
    let numbers: Vec<i32> = unknown.map(|(_, number)| *number).collect();
    if numbers.is_empty() { Ok(()) } else { Err(Refusal::DocumentUsed { numbers }) }
}

/// A voucher.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voucher {
    /// Its id.
    pub id: FundVoucherId,
    /// What it does.
    pub kind: VoucherKind,
    /// Which account it is about.
    pub account: FundAccountId,
    /// The account that gets it, for a transfer.
    pub to: Option<FundAccountId>,
    /// How much, above zero.
    pub amount: Fen,
    /// The day on its document.
    pub happened_on: NaiveDate,
    /// Whether it settles a statement or dividend, which knows of it.
    pub settles: bool,
    /// The voucher that it takes back, for a correction.
    pub corrects: Option<FundVoucherId>,
    /// Where it stands.
    pub state: VoucherState,
    /// Who prepared it.
    pub made_by: Hand,
}

impl Voucher {
    /// Checks what somebody prepares.
    ///
    /// # Errors
    /// `price_invalid` for an amount of nothing or above [`AMOUNT_MAX`], `voucher_accounts` unless a
    /// transfer and nothing else names another account, `deed_in_future` for a document of tomorrow.
    pub fn check(&self, now: chrono::DateTime<chrono::Utc>) -> Result<(), Refusal> {
        if self.amount <= Fen::ZERO || self.amount > AMOUNT_MAX {
            return Err(Refusal::PriceInvalid);
        }
        let between = self.kind == VoucherKind::Transfer
            || (self.kind == VoucherKind::Correction && self.to.is_some());
        if between != self.to.is_some() || self.to == Some(self.account) {
            return Err(Refusal::VoucherAccounts);
        }
        if self.happened_on > day_of(now) {
            return Err(Refusal::DeedInFuture);
        }
        Ok(())
    }

    /// The voucher that takes this one back, prepared by somebody. `corrected` says whether another one
    /// did already or waits to.
    ///
    /// # Errors
    /// `voucher_state` unless it is booked, `voucher_corrected`, `voucher_settles` for one that a
    /// statement or dividend rests on, `voucher_state` for a correction: book it anew instead.
    pub fn corrected_by(
        &self,
        id: FundVoucherId,
        corrected: bool,
        by: Hand,
        now: chrono::DateTime<chrono::Utc>,
    ) -> Result<Self, Refusal> {
        let correction = self.correction(id, by, now)?;
        if self.settles {
            return Err(Refusal::VoucherSettles);
        }
        if corrected {
            return Err(Refusal::VoucherCorrected);
        }
        Ok(correction)
    }

    /// The voucher that takes back a payment which never arrived, prepared by who says so. What it settled
    /// is open again by the same step, so that this is not for [`Voucher::corrected_by`].
    ///
    /// # Errors
    /// `voucher_state` unless it is booked and settles something.
    pub fn returned_by(
        &self,
        id: FundVoucherId,
        by: Hand,
        now: chrono::DateTime<chrono::Utc>,
    ) -> Result<Self, Refusal> {
        if !self.settles {
            return Err(Refusal::VoucherState { state: self.state });
        }
        self.correction(id, by, now)
    }

    fn correction(
        &self,
        id: FundVoucherId,
        by: Hand,
        now: chrono::DateTime<chrono::Utc>,
    ) -> Result<Self, Refusal> {
        if self.state != VoucherState::Booked || self.kind == VoucherKind::Correction {
            return Err(Refusal::VoucherState { state: self.state });
        }
        Ok(Self {
            id,
            kind: VoucherKind::Correction,
            happened_on: day_of(now),
            settles: false,
            corrects: Some(self.id),
            state: VoucherState::Prepared,
            made_by: by,
            ..self.clone()
        })
    }

    /// A second person books it.
    ///
    /// # Errors
    /// `voucher_state` unless it waits, `checker_is_maker`.
    pub fn booked_by(self, checker: Hand) -> Result<Self, Refusal> {
        self.waits()?;
        checked_by(self.made_by, checker)?;
        Ok(Self { state: VoucherState::Booked, ..self })
    }

    /// A second person refuses it.
    ///
    /// # Errors
    /// As for [`Voucher::booked_by`].
    pub fn refused_by(self, checker: Hand) -> Result<Self, Refusal> {
        self.waits()?;
        checked_by(self.made_by, checker)?;
        Ok(Self { state: VoucherState::Refused, ..self })
    }

    /// Who prepared it takes it back.
    ///
    /// # Errors
    /// `voucher_state` unless it waits, `forbidden` for anybody else.
    pub fn withdrawn_by(self, user: UserId) -> Result<Self, Refusal> {
        self.waits()?;
        if self.made_by.user != user {
            return Err(Refusal::Forbidden);
        }
        Ok(Self { state: VoucherState::Withdrawn, ..self })
    }

    fn waits(&self) -> Result<(), Refusal> {
        match self.state {
            VoucherState::Prepared => Ok(()),
            state => Err(Refusal::VoucherState { state }),
        }
    }
}
