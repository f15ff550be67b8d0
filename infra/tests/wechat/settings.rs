//! Settings that cannot be right make no client.

use std::sync::Arc;

use chrono::DateTime;
use infra::wechat::{Client, Limits, SettingsError, TokenInMemory};

use crate::harness::{APPID, SECRET, settings};

fn refusal(base_url: &str, appid: &str, secret: &str) -> Option<SettingsError> {
    let store = Arc::new(TokenInMemory::default());
    let clock = Arc::new(|| DateTime::UNIX_EPOCH);
    Client::new(settings(base_url, appid, secret), Limits::default(), store, clock).err()
}

#[test]
fn a_base_url_is_an_address_and_nothing_more() {
    for bad in [
        "",
        "api.weixin.qq.com",
        "ftp://api.weixin.qq.com",
        "https://user@api.weixin.qq.com",
        "https://api.weixin.qq.com/?x=1",
        "https://api.weixin.qq.com/#x",
    ] {
        let refused = refusal(bad, APPID, SECRET);
        assert!(matches!(refused, Some(SettingsError::BaseUrl)), "{bad}: {refused:?}");
    }
    for good in ["http://127.0.0.1:8089", "http://127.0.0.1:8089/", "http://gateway/wechat/"] {
        assert!(refusal(good, APPID, SECRET).is_none(), "{good}");
    }
}

#[test]
fn appid_and_secret_are_not_empty() {
    let url = "http://127.0.0.1:8089";
    assert!(matches!(refusal(url, "", SECRET), Some(SettingsError::AppidEmpty)));
    assert!(matches!(refusal(url, APPID, ""), Some(SettingsError::SecretEmpty)));
}
