//! Signing in, roles, the roster.

macro_rules! refusals_of_people {
    ($($gathering:tt)*) => { gather! { $($gathering)*
        /// The user is not bound to a villager yet.
        NotBound => "not_bound";
        /// The user is already bound to a villager.
        AlreadyBound => "already_bound";
        /// The villager is already bound to another user.
        VillagerTaken => "villager_taken";
        /// Children have no account of their own.
        TooYoung { age_min: u32 } => "too_young";
        /// The invitation code is unknown, used or out of date.
        InvitationInvalid => "invitation_invalid";
        /// Nobody on a roster fits what the user proved.
        RosterNoMatch => "roster_no_match";
        /// The time to choose among those who share a phone is over, or the token is not ours.
        BindingChoiceExpired => "binding_choice_expired";
        /// A cadre decided on the request already, or the user was bound otherwise.
        BindingRequestDecided => "binding_request_decided";
        /// Nobody is bound to the villager.
        VillagerNotBound => "villager_not_bound";
        /// The sign-in is over: revoked, out of date or a token used a second time.
        SessionOver => "session_over";
        /// The role cannot be granted by this actor, or not for this kind of place.
        RoleNotGrantable => "role_not_grantable";
        /// The role was ended, or its term is over.
        RoleOver => "role_over";
        /// A term whose end is not after its beginning.
        TermEmpty => "term_empty";
        /// Lines of an imported file are wrong; nothing was changed.
        ImportInvalid { lines: Vec<BadLine> } => "import_invalid";
        /// The file has more lines than one import takes.
        ImportTooLong { lines_max: usize } => "import_too_long";
        /// The file has no header, or columns are missing or stand twice.
        HeaderInvalid { missing: Vec<&'static str>, twice: Vec<&'static str> } => "header_invalid";
        /// A grid lies in a larger one.
        GridNotSmaller => "grid_not_smaller";
        /// A household has one head.
        HeadTaken => "head_taken";
        /// Nobody is their own kin.
        KinWithOneself => "kin_with_oneself";
    } };
}
