//! Photos: what is taken, who sees it, how it is fetched, where it is kept, and when it goes.

mod buckets;
mod links;
mod looking;
mod storing;
mod sweeping;
mod taking;
mod waiting;
