//! Lists of who fits for a loan, an award, a title or a recommendation (推荐名单).

pub mod conditions;
pub mod lists;
pub mod own;
