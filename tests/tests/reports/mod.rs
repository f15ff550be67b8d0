//! Snapshot reports: from a photo to what the village does about it.

mod comments;
mod desk;
mod feed;
mod identity;
mod indexes;
mod joining;
mod overdue;
mod points;
mod sending;
mod sight;
