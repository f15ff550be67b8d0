//! Photos: in, one a request as `wx.uploadFile` sends them, and out again at signed links.
//!
//! Whatever shows photos (a claim, a report, an entry of a list) shows them as [`PhotoOut`], to those
//! to whom it shows itself.

mod file;
mod show;
mod upload;

use domain::id::VillageId;
use infra::photos::{Links, Photo};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

pub use file::*;
pub use show::*;
pub use upload::*;

use crate::state::State;
use crate::time::shown;

/// A photo with links to it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "width": 1920, "height": 2560,
    "url": "https://api.example.cn/v1/photos/01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61/6743a5c0-Yk3x/9f86d0.jpg",
    "thumbnail_url": "https://api.example.cn/v1/photos/01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61/6743a5c0-Zq8w/2c26b4.jpg",
    "expires_at": "2026-10-12T12:00:00+08:00"
}))]
pub struct PhotoOut {
    /// Its id.
    id: Uuid,
    /// Pixels from left to right.
    width: u32,
    /// Pixels from top to bottom.
    height: u32,
    /// The picture, a JPEG: for `<image src>`, without a token.
    url: String,
    /// The same, at most 320 pixels long.
    thumbnail_url: String,
    /// Until when the links hold. They stay the same for an hour.
    expires_at: String,
}

impl PhotoOut {
    /// A photo for somebody who may see it.
    pub fn of(state: &State, village: VillageId, photo: &Photo) -> Self {
        let now = state.clock.now();
        Self {
            id: photo.id.0,
            width: photo.width,
            height: photo.height,
            url: state.links.link(village, photo.address, now),
            thumbnail_url: state.links.link(village, photo.thumbnail, now),
            expires_at: shown(Links::expiry(now)),
        }
    }
}
