//! Claims, deductions, photos, duties.

macro_rules! refusals_of_claims {
    ($($gathering:tt)*) => { gather! { $($gathering)*
        /// The book of the day has no such item.
        ItemUnknown => "item_unknown";
        /// The item may not be claimed this way.
        ItemNotClaimable => "item_not_claimable";
        /// The item counts by units and none were given, or the other way round, or out of range.
        QuantityInvalid { quantity_max: Option<u32> } => "quantity_invalid";
        /// The item asks for a choice that was not given or does not exist.
        ChoiceInvalid => "choice_invalid";
        /// The deed has not happened yet.
        DeedInFuture => "deed_in_future";
        /// The deed lies too far back to be claimed.
        DeedTooOld { days_max: u16 } => "deed_too_old";
        /// The village registers deeds until the end of their period, and that day is past.
        RegistrationOver { until: NaiveDate } => "registration_over";
        /// The item needs evidence that is missing.
        EvidenceMissing => "evidence_missing";
        /// Too many files for one claim.
        EvidenceTooMany { files_max: usize } => "evidence_too_many";
        /// A photo is unknown, somebody else's, or belongs to something else already.
        PhotoNotUsable => "photo_not_usable";
        /// Too many photos of this person lie about unused.
        PhotoTooMany { photos_max: usize } => "photo_too_many";
        /// A picture of so many pixels is not taken.
        PhotoTooLarge { pixels_max: u32, side_max: u32 } => "photo_too_large";
        /// A picture in HEIC, HEIF or AVIF: to be converted by the phone.
        HeicNotTaken => "heic_not_taken";
        /// The link to a photo was not made here, or was altered.
        LinkInvalid => "link_invalid";
        /// The time of the link to a photo is over.
        LinkExpired => "link_expired";
        /// Someone claims for a person who did not consent.
        ConsentMissing => "consent_missing";
        /// The person is no active member of the account.
        PersonNotEligible => "person_not_eligible";
        /// The item is for people of another track.
        TrackExcluded => "track_excluded";
        /// The item is for those who hold a duty post or gave a pledge that names it, and on that day the
        /// person did not.
        DutyNotHeld { source: crate::rule_book::DutySource, day: NaiveDate } => "duty_not_held";
        /// A duty is named for an item that asks for none.
        DutyNotAsked => "duty_not_asked";
        /// A duty post names no item, or some that the book has not for duty posts.
        DutyItemsInvalid { codes: Vec<String> } => "duty_items_invalid";
        /// A duty post or pledge for what must not be scored.
        DutyForbidden { word: &'static str } => "duty_forbidden";
        /// A duty begins or ends on a day on which it cannot.
        DutyDayInvalid { earliest: Option<NaiveDate>, latest: Option<NaiveDate> } => "duty_day_invalid";
        /// The duty post is closed, or the duty ended already.
        DutyOver => "duty_over";
        /// The item credits a relative of whoever did the deed, and that tie is not declared; or it
        /// credits whoever did it, and somebody else is named.
        RelativeInvalid => "relative_invalid";
        /// The claim of the same deed does not exist or is of another account.
        SameDeedInvalid => "same_deed_invalid";
        /// The panel states points within the range of the item, and only for an item with a range.
        PointsInvalid { points_min: Option<Points>, points_max: Option<Points> } => "points_invalid";
        /// There is nothing to repair: only what counts until it is corrected, or a direct grade.
        NotRepairable => "not_repairable";
        /// A second recorder must be another who may record, of another household than the first and
        /// the person concerned.
        SecondRecorderInvalid => "second_recorder_invalid";
        /// One of many people stands in the way of a claim for all; the first has the number 1.
        PersonRefused { number: usize, why: Box<Refusal> } => "person_refused";
        /// Only a deduction with a cure can be closed as cured.
        NotCurable => "not_curable";
        /// The time to put it right is over.
        CureTooLate { until: NaiveDate } => "cure_too_late";
        /// The claim is in a state that does not allow this.
        ClaimState { state: State } => "claim_state";
        /// Nobody decides on their own household.
        OwnHousehold => "own_household";
        /// Nobody decides on declared kin.
        DeclaredKin => "declared_kin";
        /// Who made a claim does not review it.
        OwnClaim => "own_claim";
        /// The reviewer stepped aside from this claim.
        SteppedAside => "stepped_aside";
        /// One person, one decision.
        AlreadyDecided => "already_decided";
        /// A decision against someone says why.
        ReasonMissing => "reason_missing";
        /// The stage asks for another role.
        NotYourStage => "not_your_stage";
    } };
}
