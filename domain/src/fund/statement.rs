//! The statement of the fund (基金公示): what came in and went out in a period, line by line, and what
//! stands against what is owed.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Coverage, VoucherKind};
use crate::calendar::Cycle;
use crate::four_eyes::{Hand, checked_by};
use crate::objection::Verdict;
use crate::points::Fen;
use crate::refusal::Refusal;

/// The most lines of one statement; a fund that moves more is stated by shorter periods.
pub const LINES_MAX: usize = 5_000;
/// For how many whole days a statement hangs.
pub const NOTICE_DAYS: std::ops::RangeInclusive<u16> = 1..=60;

/// A period can be stated once it is over.
///
/// # Errors
/// `fund_period_open`.
pub fn is_over(period: Cycle, now: DateTime<Utc>) -> Result<(), Refusal> {
    if period.is_over(now) {
        Ok(())
    } else {
        Err(Refusal::FundPeriodOpen { until: period.last_day() })
    }
}

names! {
    /// Where a statement stands.
    StatementState {
        /// Drawn up; a second person is to put it on the notice board.
        Drawn "drawn",
        /// It hangs.
        OnNotice "on_notice",
        /// It hung, and an objection waits for its answer.
        Disputed "disputed",
        /// It hung and stands.
        Published "published",
        /// It was wrong, and may be drawn up again.
        Struck "struck",
    }
}

impl StatementState {
    /// Whether everybody in the village may read it.
    pub const fn is_public(self) -> bool {
        matches!(self, Self::OnNotice | Self::Disputed | Self::Published)
    }

    /// Those that everybody may read.
    pub fn public() -> Vec<Self> {
        Self::ALL.iter().copied().filter(|state| state.is_public()).collect()
    }

    /// A second person puts it on the notice board for so many days.
    ///
    /// # Errors
    /// `fund_notice_days` outside [`NOTICE_DAYS`], `fund_statement_state` unless it was just drawn up,
    /// `checker_is_maker`.
    pub fn published_by(self, drawn_by: Hand, by: Hand, days: u16) -> Result<Self, Refusal> {
        if !NOTICE_DAYS.contains(&days) {
            let (days_min, days_max) = (*NOTICE_DAYS.start(), *NOTICE_DAYS.end());
            return Err(Refusal::FundNoticeDays { days_min, days_max });
        }
        self.only_if(self == Self::Drawn)?;
        checked_by(drawn_by, by)?;
        Ok(Self::OnNotice)
    }

    /// It is thrown away before it hangs.
    ///
    /// # Errors
    /// `fund_statement_state` unless it was just drawn up.
    pub fn discarded(self) -> Result<Self, Refusal> {
        self.only_if(self == Self::Drawn)?;
        Ok(Self::Struck)
    }

    /// Its notice is over.
    ///
    /// # Errors
    /// `fund_statement_state` unless it hangs.
    pub fn over(self, objections_open: bool) -> Result<Self, Refusal> {
        self.only_if(matches!(self, Self::OnNotice | Self::Struck))?;
        Ok(match (self, objections_open) {
            (Self::Struck, _) => Self::Struck,
            (_, true) => Self::Disputed,
            (_, false) => Self::Published,
        })
    }

    /// Whether somebody can object to it.
    ///
    /// # Errors
    /// `fund_statement_state` unless it hangs.
    pub fn takes_objection(self) -> Result<(), Refusal> {
        self.only_if(self == Self::OnNotice)
    }

    /// An objection to it was answered. A statement stands or falls: there is no figure in it that could
    /// be another while the book says what it says.
    ///
    /// # Errors
    /// `fund_statement_state` unless it hangs or waits for an answer, `correction_invalid`.
    pub fn answered(self, verdict: Verdict, others_open: bool) -> Result<Self, Refusal> {
        self.only_if(matches!(self, Self::OnNotice | Self::Disputed))?;
        match verdict {
            Verdict::Struck => Ok(Self::Struck),
            Verdict::Corrected => Err(Refusal::CorrectionInvalid),
            Verdict::Upheld if self == Self::Disputed && !others_open => Ok(Self::Published),
            Verdict::Upheld => Ok(self),
        }
    }

    fn only_if(self, fits: bool) -> Result<(), Refusal> {
        if fits { Ok(()) } else { Err(Refusal::FundStatementState) }
    }
}

/// A voucher as the fund's book has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Booked {
    /// Its number in the village.
    pub number: i32,
    /// What it does.
    pub kind: VoucherKind,
    /// The party as the board names it.
    pub party: String,
    /// What for.
    pub purpose: String,
    /// What it moved over all accounts of the fund: below zero went out, nothing for a transfer.
    pub amount: Fen,
}

/// A line of a statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The number of its voucher.
    pub number: i32,
    /// The name of its kind.
    pub kind: String,
    /// The party as the board names it.
    pub party: String,
    /// What for.
    pub purpose: String,
    /// Below zero went out.
    pub amount_fen: Fen,
}

/// What a statement says. Frozen when it is drawn up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    /// What the fund held at the beginning.
    pub opening_fen: Fen,
    /// What came in, by kind.
    pub came_in_fen: BTreeMap<String, Fen>,
    /// What went out, by kind: above zero.
    pub went_out_fen: BTreeMap<String, Fen>,
    /// What the fund held at the end.
    pub closing_fen: Fen,
    /// Every movement, in the order in which it was booked.
    pub lines: Vec<Line>,
    /// What the fund held and what was owed when the statement was drawn up.
    pub held_fen: Fen,
    /// All that was owed then.
    pub owed_fen: Fen,
    /// How far the one covered the other, in basis points; none where nothing was owed.
    pub coverage_bp: Option<u64>,
}

/// Draws up the statement of a period. Transfers between accounts of the fund leave no line: they are
/// neither income nor spending.
///
/// # Errors
/// `fund_statement_too_long`, `amount_out_of_range`.
pub fn draw_up(opening: Fen, booked: &[Booked], coverage: &Coverage) -> Result<Figures, Refusal> {
    let out_of_range = || Refusal::AmountOutOfRange;
    let mut figures = Figures {
        opening_fen: opening,
        came_in_fen: BTreeMap::new(),
        went_out_fen: BTreeMap::new(),
        closing_fen: opening,
        lines: Vec::new(),
        held_fen: coverage.held,
        owed_fen: coverage.liability.total()?,
        coverage_bp: coverage.basis_points()?,
    };
    for voucher in booked.iter().filter(|voucher| voucher.amount != Fen::ZERO) {
        let kind = voucher.kind.as_str().to_owned();
        let (sums, size) = if voucher.amount > Fen::ZERO {
            (&mut figures.came_in_fen, voucher.amount)
        } else {
            (&mut figures.went_out_fen, Fen::new(-voucher.amount.get()))
        };
        let sum = sums.entry(kind.clone()).or_default();
        *sum = sum.plus(size).ok_or_else(out_of_range)?;
        figures.closing_fen = figures.closing_fen.plus(voucher.amount).ok_or_else(out_of_range)?;
        figures.lines.push(Line {
            number: voucher.number,
            kind,
            party: voucher.party.clone(),
            purpose: voucher.purpose.clone(),
            amount_fen: voucher.amount,
        });
    }
    if figures.lines.len() > LINES_MAX {
        return Err(Refusal::FundStatementTooLong { lines_max: LINES_MAX as u64 });
    }
    Ok(figures)
}
