//! WeChat: the real one, or the stand-in for the demo.

use std::net::SocketAddr;
use std::sync::Arc;

use infra::db::Db;
use infra::demo::{PEOPLE, openid};
use infra::photos::Links;
use infra::wechat::{
    AesKey, AppSecret, Client, Limits, PushMode, PushSettings, Receiver,
    Settings as ClientSettings, TokenInPostgres,
};
use wechat_standin::{Builder, Persona, PushFormat, PushTarget, Running, StandIn, Suggest};

use super::Failed;
use crate::clock::Clock;
use crate::settings::{PushModeName, Secret, Settings};

/// The appid that the stand-in knows.
pub(super) const DEMO_APPID: &str = "wx0000000000000000";
/// The secret that it knows.
pub(super) const DEMO_APP_SECRET: &str = "demo-app-secret";

/// The token and the key by which the demo knows the stand-in's pushes.
const DEMO_PUSH_TOKEN: &str = "demopushtoken";
const DEMO_PUSH_AES_KEY: &str = "demoDEMOdemoDEMOdemoDEMOdemoDEMOdemoDEMOdem";
/// Where WeChat's pushes come in.
const PUSH_PATH: &str = "/v1/wechat/push";
/// Words by which the stand-in takes a text for risky, or wants a person to look.
const RISKY_WORD: &str = "违规样例";
const REVIEW_WORD: &str = "复核样例";

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
    let builder = builder.word(RISKY_WORD, Suggest::Risky).word(REVIEW_WORD, Suggest::Review);
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

/// What takes WeChat's pushes, and where WeChat can fetch the photos that it is asked about: nothing
/// where it could not tell what it thinks of them. The stand-in of the demo is told where to push.
pub(super) fn pushes(
    settings: &Settings,
    standin: Option<&Running>,
    db: &Db,
    address: SocketAddr,
) -> Result<(Option<Receiver>, Option<Links>), Failed> {
    let (Some(standin), false) = (standin, settings.wechat_push_token.is_some()) else {
        let receiver = receiver(settings)?;
        let public = settings.public_url.as_deref().filter(|_| receiver.is_some());
        let links = public.map(|url| Links::new(db.secrets(), Some(url)));
        return Ok((receiver, links));
    };
    let host = if address.ip().is_unspecified() {
        SocketAddr::from(([127, 0, 0, 1], address.port()))
    } else {
        address
    };
    let here = format!("http://{host}");
    standin.push_to(PushTarget {
        url: format!("{here}{PUSH_PATH}"),
        token: DEMO_PUSH_TOKEN.into(),
        aes_key: Some(DEMO_PUSH_AES_KEY.into()),
        format: PushFormat::Json,
        copies: 1,
        pause_millis: 1_000,
    });
    let receiver = Receiver::new(PushSettings {
        token: DEMO_PUSH_TOKEN.into(),
        appid: DEMO_APPID.into(),
        mode: PushMode::Safe(AesKey::new(DEMO_PUSH_AES_KEY)?),
    });
    Ok((Some(receiver), Some(Links::new(db.secrets(), Some(&here)))))
}

/// As the settings have it; nothing without a token.
fn receiver(settings: &Settings) -> Result<Option<Receiver>, Failed> {
    let Some(token) = settings.wechat_push_token.as_ref().map(Secret::expose) else {
        return Ok(None);
    };
    let mode = match (settings.wechat_push_mode, &settings.wechat_push_aes_key) {
        (PushModeName::Plain, _) => PushMode::Plain,
        (PushModeName::Safe, Some(key)) => PushMode::Safe(AesKey::new(key.expose())?),
        (PushModeName::Safe, None) => {
            let why = "WECHAT_PUSH_AES_KEY is needed, or WECHAT_PUSH_MODE=plain";
            return Err(Failed(why.to_owned()));
        }
    };
    let appid = settings.wechat_appid.clone().unwrap_or_default();
    Ok(Some(Receiver::new(PushSettings { token: token.to_owned(), appid, mode })))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        settings: Settings,
    }

    fn receiver_of(args: &[&str]) -> Result<Option<Receiver>, Failed> {
        receiver(&Line::parse_from([&["xiangyue"], args].concat()).settings)
    }

    #[test]
    fn pushes_are_taken_only_with_a_token_and_in_safe_mode_with_a_key() {
        let key = format!("--wechat-push-aes-key={}", "k".repeat(43));
        assert!(matches!(receiver_of(&[&key]), Ok(None)));
        assert!(matches!(receiver_of(&["--wechat-push-token=t", &key]), Ok(Some(_))));
        let plain = ["--wechat-push-token=t", "--wechat-push-mode=plain"];
        assert!(matches!(receiver_of(&plain), Ok(Some(_))));
        for bad in [
            &["--wechat-push-token=t"][..],
            &["--wechat-push-token=t", "--wechat-push-aes-key=short-key"],
        ] {
            let Err(Failed(why)) = receiver_of(bad) else { panic!("{bad:?}") };
            assert!(!why.contains("short-key"), "{why}");
        }
    }

    #[test]
    fn the_keys_of_the_message_push_are_not_printed_with_the_settings() {
        let args = ["xiangyue", "--wechat-push-token=tokentoken", "--wechat-push-aes-key=keykey"];
        let printed = format!("{:?}", Line::parse_from(args).settings);
        assert!(!printed.contains("tokentoken") && !printed.contains("keykey"), "{printed}");
    }
}
