//! What may stand in the way of any request.

macro_rules! refusals_of_common {
    ($($gathering:tt)*) => { gather! { $($gathering)*
        /// The thing does not exist, or the actor may not know that it does.
        NotFound => "not_found";
        /// The actor may know of the thing but may not do this with it.
        Forbidden => "forbidden";
        /// A reading of other people's data needs a recorded reason.
        ReasonRequired => "reason_required";
        /// The same key came with another body.
        IdempotencyMismatch => "idempotency_mismatch";
        /// The first request with this key is still under way.
        IdempotencyInFlight => "idempotency_in_flight";
        /// Somebody else changed the same thing at the same time, again and again.
        Contended => "contended";
        /// Something of that name or code exists already.
        AlreadyExists => "already_exists";
        /// The file cannot be read as what it claims to be.
        FileUnreadable => "file_unreadable";
        /// The file is not of a kind that is taken here.
        FileTypeRefused => "file_type_refused";
    } };
}
