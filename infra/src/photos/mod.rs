//! Photos: from the bytes that a phone sends to a file in the store, and to whom they belong.
//!
//! [`intake`] takes an upload in: to a temporary file, through the crate `photo-intake` (which keeps
//! nothing of the file but its pixels), into the store, and only then into a row. [`links`] signs
//! addresses at which anybody may fetch a file for a while. A photo belongs to nothing at first; who
//! makes a claim, a report or an entry of a list attaches it in the same transaction
//! ([`attach_in_tx`]), and what is not attached within a day goes again ([`sweep`]).
//!
//! Files are kept by content, so one may serve several photos of a village. The table `photo_files`
//! knows a file before it is written and until after it is removed.

mod address;
mod files;
pub mod intake;
pub mod links;
mod owners;
mod show;
pub mod sweep;

pub use address::Address;
pub use files::{length, open};
pub use intake::{Decoders, Upload, may_upload, take_in};
pub use links::Links;
pub(crate) use owners::remove_in_tx;
pub use owners::{attach_in_tx, forget_uploader_in_tx, of_in, replace_in_tx};
pub use show::show;

use domain::id::PhotoId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::Error;
use crate::schema::photos;

/// A photo with its files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Photo {
    /// Its id.
    pub id: PhotoId,
    /// Pixels from left to right, upright.
    pub width: u32,
    /// Pixels from top to bottom, upright.
    pub height: u32,
    /// How long the picture is, in bytes.
    pub bytes: u64,
    /// Where the picture is: the SHA-256 of its bytes.
    pub address: Address,
    /// Where its thumbnail is.
    pub thumbnail: Address,
}

/// The columns that make a [`Photo`].
type Columns = (
    photos::id,
    photos::width,
    photos::height,
    photos::bytes,
    photos::sha256,
    photos::thumbnail_sha256,
);

const COLUMNS: Columns = (
    photos::id,
    photos::width,
    photos::height,
    photos::bytes,
    photos::sha256,
    photos::thumbnail_sha256,
);

type Row = (Uuid, i32, i32, i32, Vec<u8>, Vec<u8>);

impl Photo {
    fn of(row: &Row) -> Result<Self, Error> {
        let (id, width, height, bytes, sha256, thumbnail) = row;
        let broken = || Error::Bug("a photo with impossible figures".into());
        let address = |bytes: &[u8]| Address::from_bytes(bytes).ok_or_else(broken);
        Ok(Self {
            id: PhotoId(*id),
            width: u32::try_from(*width).map_err(|_| broken())?,
            height: u32::try_from(*height).map_err(|_| broken())?,
            bytes: u64::try_from(*bytes).map_err(|_| broken())?,
            address: address(sha256)?,
            thumbnail: address(thumbnail)?,
        })
    }
}
