//! Notices, objections, lists, messages, and what a person looks at.

macro_rules! refusals_of_notices {
    ($($gathering:tt)*) => { gather! { $($gathering)*
        /// Nothing waits to be put on a notice.
        NothingToPublish => "nothing_to_publish";
        /// The notice is closed.
        NoticeClosed { closed_at: DateTime<Utc> } => "notice_closed";
        /// The same person has an open objection to the same thing.
        ObjectionOpen => "objection_open";
        /// Nobody under age is shown on a list, nor anybody whose age is unknown.
        ListingMinor { age_min: u32 } => "listing_minor";
        /// This person is not shown on a list: deceased, or with an open legal case.
        ListingPersonUnfit => "listing_person_unfit";
        /// An entry points to what counts in the books and is not disputed.
        ListingFactUnfit => "listing_fact_unfit";
        /// Nobody is warned of who can still put it right, or never could.
        ListingCureOpen { until: Option<NaiveDate> } => "listing_cure_open";
        /// Praise alone has words, short ones, and not about what the safeguards keep out.
        ListingWords => "listing_words";
        /// The entry has been decided on, or has ended.
        ListingState => "listing_state";
        /// Praise goes at the person's wish, whatever others think of it.
        ListingWishHolds => "listing_wish_holds";
        /// The delivery is done or under way, so that there is nothing to try again.
        DeliveryNotOpen => "delivery_not_open";
        /// The installation has no such template of subscribe messages.
        TemplateUnknown => "template_unknown";
        /// Who objected does not answer.
        OwnObjection => "own_objection";
        /// Who prepared it does not confirm it.
        CheckerIsMaker => "checker_is_maker";
        /// The objection was answered already.
        ObjectionAnswered => "objection_answered";
        /// An appeal is for the person concerned.
        AppealNotConcerned => "appeal_not_concerned";
        /// The time to appeal is over.
        AppealTooLate { days_max: u16 } => "appeal_too_late";
        /// A correction without a new amount, or an amount without a correction.
        CorrectionInvalid => "correction_invalid";
        /// Nobody decides about what they wrote or uploaded themselves.
        OwnContent => "own_content";
        /// WeChat is still asked about it, or it is settled.
        ContentNotHeld => "content_not_held";
    } };
}
