//! WeChat: the real one, or the stand-in for the demo.

use std::sync::Arc;

use infra::db::Db;
use infra::demo::{PEOPLE, openid};
use infra::wechat::{AppSecret, Client, Limits, Settings as ClientSettings, TokenInPostgres};
use wechat_standin::{Builder, Persona, Running, StandIn};

use super::Failed;
use crate::clock::Clock;
use crate::settings::{Secret, Settings};

/// The appid that the stand-in knows.
pub(super) const DEMO_APPID: &str = "wx0000000000000000";
/// The secret that it knows.
pub(super) const DEMO_APP_SECRET: &str = "demo-app-secret";

/// A client, and the stand-in that it talks to in the demo.
pub(super) struct WeChat {
    pub(super) client: Client,
    pub(super) standin: Option<Running>,
}

/// A stand-in that knows the people of the demo.
pub(super) fn standin(clock: &Clock) -> Builder {
    let clock = clock.clone();
    let builder =
        StandIn::builder(DEMO_APPID, DEMO_APP_SECRET).clock(Arc::new(move || clock.now()));
    PEOPLE.iter().fold(builder, |builder, person| {
        builder.persona(Persona {
            key: person.key.into(),
            openid: openid(person.key),
            phone: person.phone.into(),
        })
    })
}

/// Connects to the real WeChat, or starts the stand-in if the settings want demo sign-in.
pub(super) fn connect(settings: &Settings, clock: &Clock, db: &Db) -> Result<WeChat, Failed> {
    let standin = settings.demo_sign_in.then(|| standin(clock).start("127.0.0.1:0")).transpose()?;
    let client_settings = match &standin {
        Some(standin) => ClientSettings {
            base_url: standin.base_url(),
            appid: DEMO_APPID.into(),
            secret: AppSecret::new(DEMO_APP_SECRET),
        },
        None => ClientSettings {
            base_url: settings.wechat_base_url.clone(),
            appid: settings.wechat_appid.clone().unwrap_or_default(),
            secret: AppSecret::new(settings.wechat_secret.as_ref().map_or("", Secret::expose)),
        },
    };
    let clock = clock.clone();
    let tokens = Arc::new(TokenInPostgres::new(db.clone(), &client_settings.appid));
    let now = Arc::new(move || clock.now());
    let client = Client::new(client_settings, Limits::default(), tokens, now)?;
    Ok(WeChat { client, standin })
}
