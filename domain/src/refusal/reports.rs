//! Snapshot reports.

macro_rules! refusals_of_reports {
    ($($gathering:tt)*) => { gather! { $($gathering)*
        /// The report is in a state that does not allow this.
        ReportState { state: crate::report::State } => "report_state";
        /// That is not done with reports of this kind.
        ReportKind { kind: crate::report::Kind } => "report_kind";
        /// The village has no such category.
        CategoryUnknown => "category_unknown";
        /// A code stands twice, a kind has no category, or there are too many.
        CategoryListInvalid { most: usize } => "category_list_invalid";
        /// A category for what must not be reported on people.
        CategoryForbidden { word: &'static str } => "category_forbidden";
        /// A report and its resolution have one photo at least, and nine at most.
        PhotosNeeded { photos_max: usize } => "photos_needed";
        /// A text of nothing but blanks.
        TextMissing => "text_missing";
        /// So many reports were sent by one person on one day.
        ReportTooMany { a_day_max: usize } => "report_too_many";
        /// The same person has an open report of the same at the same place.
        ReportRepeated => "report_repeated";
        /// Nobody deals with their own report.
        OwnReport => "own_report";
        /// Nobody confirms their own work.
        OwnWork => "own_work";
        /// A report joins another of the same kind that somebody still deals with.
        JoinInvalid => "join_invalid";
        /// The people named do not fit the kind of report, or are too many.
        PartiesInvalid => "parties_invalid";
        /// Triage says who can be recognised in a good deed, or that nobody can.
        ShownMissing => "shown_missing";
        /// The person is no grid worker here.
        WorkerInvalid => "worker_invalid";
        /// The grid worker is bound to the report in some way.
        WorkerNotFree => "worker_not_free";
        /// The good deed names nobody who is praised.
        PraisedMissing => "praised_missing";
        /// There is nothing to urge yet.
        NotOverdue { due_at: Option<DateTime<Utc>> } => "not_overdue";
        /// It was urged today.
        AlreadyUrged => "already_urged";
        /// A claim or deduction came of the report already.
        ReportProposed => "report_proposed";
        /// Others reported the same, and their reports are joined to this one.
        ReportShared => "report_shared";
        /// So many comments were written by one side of a report on one day.
        CommentTooMany { a_day_max: usize } => "comment_too_many";
        /// Somebody changed their mind about being shown so often on one day.
        ShowingTooMany { a_day_max: usize } => "showing_too_many";
    } };
}
