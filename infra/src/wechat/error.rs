//! What can come of a call that failed.

use thiserror::Error;

use super::token_store::TokenStoreError;

/// Why WeChat did not give what was asked.
///
/// After any of them the mini-program asks WeChat for a new code before it tries again: the old
/// one may have been spent.
#[derive(Debug, Error)]
pub enum WeChatError {
    /// WeChat does not know the code, or its five minutes are over (40029).
    #[error("WeChat does not know the code, or it has expired")]
    CodeInvalid,
    /// The code was given to WeChat before (40163).
    #[error("the code has been used already")]
    CodeUsed,
    /// WeChat holds this person for a risk and blocks the sign-in (40226).
    #[error("WeChat blocks this person")]
    UserBlocked,
    /// A quota of the minute or the day is used up (45011, 45009).
    #[error("WeChat's limit on the number of calls is reached")]
    RateLimited,
    /// WeChat is out of order or out of reach; later it may work.
    #[error("WeChat does not answer as it should: {0}")]
    Busy(Trouble),
    /// The operator has to act: appid, secret or the list of allowed addresses is wrong, or somebody
    /// else keeps invalidating the access token.
    #[error("WeChat refuses our appid, secret, address or token (errcode {errcode})")]
    Configuration {
        /// WeChat's number for the reason.
        errcode: i64,
    },
    /// The number's watermark names another mini-program, so the number is not to be trusted.
    #[error("WeChat's answer bears the watermark of another app")]
    ForeignWatermark,
    /// A refusal that we do not know: an error in our program, or something new.
    #[error("WeChat refused with errcode {errcode}")]
    Other {
        /// WeChat's number for the reason.
        errcode: i64,
    },
    /// The place where the access token is kept failed.
    #[error(transparent)]
    TokenStore(#[from] TokenStoreError),
}

/// What was wrong with an answer, or the lack of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Trouble {
    /// Errcode -1 each time, to the end of the back-off.
    #[error("system busy")]
    SystemBusy,
    /// No answer in time.
    #[error("no answer in time")]
    Timeout,
    /// No connection, or it broke.
    #[error("connection failed")]
    Connection,
    /// An HTTP status other than 200.
    #[error("HTTP status {0}")]
    Status(u16),
    /// Not the JSON that was expected.
    #[error("unreadable answer")]
    Malformed,
    /// An answer of more than 64 KiB.
    #[error("answer too long")]
    TooLong,
    /// Another process was renewing the access token and did not finish.
    #[error("access token not renewed in time")]
    TokenAwaited,
}

/// How one call failed: refused by WeChat, or not answered properly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    Refused { errcode: i64 },
    Trouble(Trouble),
}

impl Failure {
    pub(super) const BUSY: Self = Self::Refused { errcode: -1 };

    /// Whether the access token was refused, so that another one may help.
    pub(super) fn is_of_token(self) -> bool {
        matches!(self, Self::Refused { errcode: 40001 | 40014 | 42001 })
    }
}

impl From<Failure> for WeChatError {
    fn from(failure: Failure) -> Self {
        let errcode = match failure {
            Failure::Trouble(trouble) => return Self::Busy(trouble),
            Failure::Refused { errcode } => errcode,
        };
        match errcode {
            -1 => Self::Busy(Trouble::SystemBusy),
            40029 => Self::CodeInvalid,
            40163 => Self::CodeUsed,
            40226 => Self::UserBlocked,
            45009 | 45011 => Self::RateLimited,
            // Token: 40001, 40014, 42001. Grant type: 40002. Appid: 40013, 41002. Secret: 40125,
            // 41004, frozen 40243. Address: 40164, 61004. Account: 50004, 50007.
            40001 | 40002 | 40013 | 40014 | 40125 | 40164 | 40243 | 41002 | 41004 | 42001
            | 50004 | 50007 | 61004 => Self::Configuration { errcode },
            _ => Self::Other { errcode },
        }
    }
}
