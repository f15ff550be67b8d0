//! Settings: typed, read from the environment or the command line, each with its reason in
//! `.env.example`. A test compares the two.

use std::fmt;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use infra::files::{self, Bucket};

/// A text that is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The text itself: only for whoever needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// What the installation is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    /// A demo village, sign-ins for each role, a clock that can be moved, WeChat played by the
    /// stand-in. Never with real people's data.
    Demo,
    /// Real people. Refuses to start with anything that belongs to the demo.
    Production,
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// How WeChat's message push is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PushModeName {
    /// 安全模式: encrypted.
    Safe,
    /// 明文模式: as it is.
    Plain,
}

/// The master secret of the demo. Production refuses it.
pub const DEMO_SECRET: &str = "demo-secret-that-everybody-knows-do-not-use";

/// All settings.
#[derive(Clone, Debug, Args)]
pub struct Settings {
    /// demo or production.
    #[arg(long, global = true, env = "XIANGYUE_MODE", value_enum, default_value = "demo")]
    pub mode: Mode,
    /// Sign-in with ready-made codes through the stand-in for WeChat.
    #[arg(long, global = true, env = "DEMO_SIGN_IN", default_value_t = true, action = clap::ArgAction::Set)]
    pub demo_sign_in: bool,
    /// The address to listen on.
    #[arg(long, global = true, env = "LISTEN_ADDRESS", default_value = "127.0.0.1")]
    pub listen_address: String,
    /// The port to listen on.
    #[arg(long, global = true, env = "LISTEN_PORT", default_value_t = 8080)]
    pub listen_port: u16,
    /// How many threads answer requests.
    #[arg(long, global = true, env = "HTTP_WORKERS", default_value_t = default_workers())]
    pub http_workers: usize,
    /// A Postgres server of your own; without it the program runs a private one.
    #[arg(long, global = true, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<Secret>,
    /// How many database connections.
    #[arg(long, global = true, env = "DATABASE_CONNECTIONS", default_value_t = 8,
          value_parser = clap::value_parser!(u32).range(1..=200))]
    pub database_connections: u32,
    /// Where the private database and the files are kept.
    #[arg(long, global = true, env = "XIANGYUE_HOME", default_value = ".xiangyue")]
    pub home: PathBuf,
    /// Where the Postgres programs are, if not in the usual places.
    #[arg(long, global = true, env = "XIANGYUE_PG_BIN")]
    pub postgres_programs: Option<PathBuf>,
    /// The master secret from which all keys come.
    #[arg(long, global = true, env = "XIANGYUE_SECRET", hide_env_values = true, default_value = DEMO_SECRET)]
    pub secret: Secret,
    /// The mini-program's appid.
    #[arg(long, global = true, env = "WECHAT_APPID")]
    pub wechat_appid: Option<String>,
    /// The mini-program's secret.
    #[arg(long, global = true, env = "WECHAT_SECRET", hide_env_values = true)]
    pub wechat_secret: Option<Secret>,
    /// Where WeChat's servers are.
    #[arg(
        long,
        global = true,
        env = "WECHAT_BASE_URL",
        default_value = "https://api.weixin.qq.com"
    )]
    pub wechat_base_url: String,
    /// The token of the message push.
    #[arg(long, global = true, env = "WECHAT_PUSH_TOKEN", hide_env_values = true)]
    pub wechat_push_token: Option<Secret>,
    /// The key of the message push.
    #[arg(long, global = true, env = "WECHAT_PUSH_AES_KEY", hide_env_values = true)]
    pub wechat_push_aes_key: Option<Secret>,
    /// Whether what WeChat pushes is encrypted.
    #[arg(long, global = true, env = "WECHAT_PUSH_MODE", value_enum, default_value = "safe")]
    pub wechat_push_mode: PushModeName,
    /// The address at which the API is reached from outside.
    #[arg(long, global = true, env = "PUBLIC_URL")]
    pub public_url: Option<String>,
    /// How many photos are made anew at a time.
    #[arg(long, global = true, env = "PHOTO_DECODERS", default_value_t = default_decoders())]
    pub photo_decoders: usize,
    /// Where uploaded files are kept.
    #[command(flatten)]
    pub store: StoreSettings,
    /// The file with the templates of subscribe messages.
    #[arg(long, global = true, env = "WECHAT_TEMPLATES")]
    pub wechat_templates: Option<PathBuf>,
    /// Whether a proxy in front sets X-Forwarded-For.
    #[arg(long, global = true, env = "TRUST_FORWARDED", default_value_t = false, action = clap::ArgAction::Set)]
    pub trust_forwarded: bool,
    /// For how many seconds a user's roles are remembered between requests.
    #[arg(long, global = true, env = "ACTOR_SECONDS", default_value_t = 10,
          value_parser = clap::value_parser!(u64).range(0..=60))]
    pub actor_seconds: u64,
    /// What is logged.
    #[arg(long, global = true, env = "RUST_LOG", default_value = "info")]
    pub log: String,
    /// How it is written.
    #[arg(long, global = true, env = "LOG_FORMAT", value_enum, default_value = "text")]
    pub log_format: LogFormat,
}

/// Where uploaded files are kept: in the home folder, or in a bucket.
#[derive(Clone, Debug, Args)]
pub struct StoreSettings {
    /// A folder on this machine, or a bucket of an object store.
    #[arg(long = "store", global = true, env = "STORE", value_enum, default_value = "disk")]
    pub kind: StoreKind,
    /// The bucket's name.
    #[arg(long = "store-bucket", global = true, env = "STORE_BUCKET")]
    pub bucket: Option<String>,
    /// Where the bucket is.
    #[arg(long = "store-endpoint", global = true, env = "STORE_ENDPOINT")]
    pub endpoint: Option<String>,
    /// In which region; only S3 asks.
    #[arg(long = "store-region", global = true, env = "STORE_REGION")]
    pub region: Option<String>,
    /// The folder in the bucket.
    #[arg(long = "store-folder", global = true, env = "STORE_FOLDER", default_value = "/")]
    pub folder: String,
    /// The id of the key to the bucket.
    #[arg(long = "store-key-id", global = true, env = "STORE_KEY_ID", hide_env_values = true)]
    pub key_id: Option<Secret>,
    /// The key to the bucket.
    #[arg(
        long = "store-key-secret",
        global = true,
        env = "STORE_KEY_SECRET",
        hide_env_values = true
    )]
    pub key_secret: Option<Secret>,
}

/// A kind of store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum StoreKind {
    /// The home folder.
    Disk,
    /// Amazon S3, and whatever speaks as it does.
    S3,
    /// Tencent Cloud COS.
    Cos,
    /// Alibaba Cloud OSS.
    Oss,
    /// Huawei Cloud OBS.
    Obs,
}

impl StoreSettings {
    /// The bucket; none where files are kept on disk.
    ///
    /// # Errors
    /// The setting that is missing.
    pub fn bucket(&self) -> Result<Option<Bucket>, StoreIncomplete> {
        let kind = match self.kind {
            StoreKind::Disk => return Ok(None),
            StoreKind::S3 => files::Kind::S3,
            StoreKind::Cos => files::Kind::Cos,
            StoreKind::Oss => files::Kind::Oss,
            StoreKind::Obs => files::Kind::Obs,
        };
        let filled = |text: Option<&str>, name| {
            let text = text.map(str::trim).filter(|text| !text.is_empty());
            text.map(str::to_owned).ok_or(StoreIncomplete(name))
        };
        let secret = |text: &Option<Secret>, name| filled(text.as_ref().map(Secret::expose), name);
        Ok(Some(Bucket {
            kind,
            name: filled(self.bucket.as_deref(), "STORE_BUCKET")?,
            endpoint: filled(self.endpoint.as_deref(), "STORE_ENDPOINT")?,
            region: self.region.clone(),
            folder: self.folder.clone(),
            key_id: secret(&self.key_id, "STORE_KEY_ID")?,
            key_secret: secret(&self.key_secret, "STORE_KEY_SECRET")?,
        }))
    }
}

/// A setting is missing that the store needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreIncomplete(pub &'static str);

impl fmt::Display for StoreIncomplete {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is needed unless STORE is disk", self.0)
    }
}

impl std::error::Error for StoreIncomplete {}

/// One thread a processor.
fn default_workers() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from)
}

/// One photo a processor, and no more than the memory that they share makes sense for.
fn default_decoders() -> usize {
    const DECODERS_MAX: usize = 8;
    default_workers().min(DECODERS_MAX)
}

/// Why production does not start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotForProduction {
    /// `DEMO_SIGN_IN` is on.
    DemoSignIn,
    /// `XIANGYUE_SECRET` is the demo's.
    DefaultSecret,
    /// `XIANGYUE_SECRET` has fewer than 32 bytes.
    ShortSecret,
    /// `WECHAT_APPID` or `WECHAT_SECRET` is missing.
    NoWeChat,
    /// `WECHAT_BASE_URL` is not `https`.
    PlainWeChat,
    /// `DATABASE_URL` is missing.
    NoDatabase,
}

impl fmt::Display for NotForProduction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DemoSignIn => "DEMO_SIGN_IN must be false in production",
            Self::DefaultSecret => {
                "XIANGYUE_SECRET is the demo's; make one with: openssl rand -base64 48"
            }
            Self::ShortSecret => "XIANGYUE_SECRET must have at least 32 bytes",
            Self::NoWeChat => "WECHAT_APPID and WECHAT_SECRET are needed in production",
            Self::PlainWeChat => "WECHAT_BASE_URL must begin with https:// in production",
            Self::NoDatabase => "DATABASE_URL is needed in production",
        })
    }
}

impl Settings {
    /// Everything that keeps these settings from running with real people's data.
    pub fn faults(&self) -> Vec<NotForProduction> {
        use NotForProduction as N;
        let empty = |text: Option<&str>| text.is_none_or(|text| text.trim().is_empty());
        let no_wechat = empty(self.wechat_appid.as_deref())
            || empty(self.wechat_secret.as_ref().map(Secret::expose));
        [
            (self.demo_sign_in, N::DemoSignIn),
            (self.secret.expose() == DEMO_SECRET, N::DefaultSecret),
            (self.secret.expose().len() < infra::secrets::MASTER_BYTES_MIN, N::ShortSecret),
            (no_wechat, N::NoWeChat),
            (!self.wechat_base_url.starts_with("https://"), N::PlainWeChat),
            (self.database_url.is_none(), N::NoDatabase),
        ]
        .into_iter()
        .filter(|_| self.mode == Mode::Production)
        .filter_map(|(wrong, fault)| wrong.then_some(fault))
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        settings: Settings,
    }

    fn settings(args: &[&str]) -> Settings {
        Line::parse_from([&["xiangyue"], args].concat()).settings
    }

    const GOOD: &[&str] = &[
        "--mode=production",
        "--demo-sign-in=false",
        "--secret=0123456789abcdef0123456789abcdef",
        "--wechat-appid=wx1",
        "--wechat-secret=s",
        "--wechat-base-url=https://api.weixin.qq.com",
        "--database-url=postgres://h/d",
    ];

    #[test]
    fn production_starts_with_everything_it_needs_and_says_what_is_missing() {
        use NotForProduction as N;
        assert_eq!(settings(GOOD).faults(), []);
        for (change, fault) in [
            ("--demo-sign-in=true", N::DemoSignIn),
            ("--secret=demo-secret-that-everybody-knows-do-not-use", N::DefaultSecret),
            ("--secret=short", N::ShortSecret),
            ("--wechat-appid=", N::NoWeChat),
            ("--wechat-secret= ", N::NoWeChat),
            ("--wechat-base-url=http://api.weixin.qq.com", N::PlainWeChat),
        ] {
            let name = change.split('=').next().unwrap();
            let args: Vec<_> = GOOD
                .iter()
                .filter(|arg| !arg.starts_with(&format!("{name}=")))
                .copied()
                .chain([change])
                .collect();
            assert_eq!(settings(&args).faults(), [fault], "{change}");
        }
    }

    const BUCKET: &[&str] = &[
        "--store=cos",
        "--store-bucket=village-1250000000",
        "--store-endpoint=https://cos.ap-guangzhou.myqcloud.com",
        "--store-key-id=AKIDxxxx",
        "--store-key-secret=never-shown",
    ];

    #[test]
    fn secrets_are_not_printed_with_the_settings() {
        let all = [GOOD, BUCKET].concat();
        let printed = format!("{:?} {:?}", settings(&all), settings(&all).store.bucket());
        for secret in ["0123456789abcdef", "postgres://", "AKIDxxxx", "never-shown"] {
            assert!(!printed.contains(secret), "{secret}");
        }
    }

    #[test]
    fn files_lie_on_disk_or_in_a_bucket_of_which_all_is_known() {
        assert!(settings(&[]).store.bucket().unwrap().is_none());
        let bucket = settings(BUCKET).store.bucket().unwrap().unwrap();
        assert_eq!((bucket.kind, bucket.name.as_str()), (files::Kind::Cos, "village-1250000000"));
        for (missing, name) in [
            ("--store-bucket", "STORE_BUCKET"),
            ("--store-endpoint", "STORE_ENDPOINT"),
            ("--store-key-id", "STORE_KEY_ID"),
            ("--store-key-secret", "STORE_KEY_SECRET"),
        ] {
            let there = |arg: &&&str| !arg.starts_with(&format!("{missing}="));
            let args: Vec<_> = BUCKET.iter().filter(there).copied().collect();
            let refused = settings(&args).store.bucket();
            assert_eq!(refused.err(), Some(StoreIncomplete(name)));
        }
    }
}
