//! Postgres, WeChat and file storage. Touches, never decides.

pub mod embedded;
pub mod wechat;
