//! The address at which WeChat pushes what it has to tell: what it thinks of photos, and what people
//! do with subscribe messages. Not for people: it knows WeChat by its signatures, not by a session.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header::ContentType;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, HttpResponse, get, post};
use futures_util::StreamExt;
use infra::pushes;
use infra::wechat::{PUSH_BYTES_MAX, PushError, Receiver, Signed};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::answers::Failures;
use crate::body::InQuery;
use crate::problem::{Door, Problem};
use crate::state::State;

/// How long WeChat may wait: it gives up after five seconds, and pushes again.
const ANSWER_MAX: Duration = Duration::from_secs(3);

/// How WeChat signs what it sends. It adds other parameters as it pleases.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PushQuery {
    /// SHA-1 of token, time and nonce.
    #[serde(default)]
    #[validate(length(max = 64))]
    #[param(max_length = 64, example = "f464b24fc39322e44b38aa78f5edd27bd1441696")]
    signature: String,
    /// When, in seconds.
    #[serde(default)]
    #[validate(length(max = 20))]
    #[param(max_length = 20, example = "1714036504")]
    timestamp: String,
    /// A random number.
    #[serde(default)]
    #[validate(length(max = 64))]
    #[param(max_length = 64, example = "1514711492")]
    nonce: String,
    /// SHA-1 that covers the encrypted body too: in safe mode.
    #[serde(default)]
    #[validate(length(max = 64))]
    #[param(max_length = 64, example = "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3")]
    msg_signature: String,
    /// What to answer, when the address is tried.
    #[serde(default)]
    #[validate(length(max = 200))]
    #[param(max_length = 200, example = "4375120948345356249")]
    echostr: String,
}

impl PushQuery {
    fn signed(&self) -> Signed<'_> {
        Signed {
            signature: &self.signature,
            timestamp: &self.timestamp,
            nonce: &self.nonce,
            msg_signature: &self.msg_signature,
        }
    }
}

/// A push in safe mode: the envelope of a message that is encrypted. In plain mode it is the message
/// itself. Also as XML.
#[derive(ToSchema)]
#[schema(example = json!({
    "ToUserName": "gh_97417a04a28d", "Encrypt": "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+8="
}))]
#[expect(dead_code, reason = "describes a body that `PushBody` reads")]
pub struct PushIn {
    /// The mini-program's original id.
    #[schema(rename = "ToUserName", max_length = 128)]
    to_user_name: String,
    /// The message, encrypted.
    #[schema(rename = "Encrypt", max_length = 65_536)]
    encrypt: String,
}

/// A body of at most [`PUSH_BYTES_MAX`], whatever its content type says.
pub struct PushBody(Vec<u8>);

impl FromRequest for PushBody {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(_: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let mut payload = payload.take();
        Box::pin(async move {
            let mut bytes = Vec::new();
            while let Some(chunk) = payload.next().await {
                let chunk = chunk.map_err(|_| Problem::door(Door::BadBody))?;
                if bytes.len() + chunk.len() > PUSH_BYTES_MAX {
                    return Err(Problem::door(Door::TooLarge));
                }
                bytes.extend_from_slice(&chunk);
            }
            Ok(Self(bytes))
        })
    }
}

fn receiver(state: &State) -> Result<&Receiver, Problem> {
    state.push.as_ref().ok_or(Problem::door(Door::NoRoute))
}

fn refused(error: PushError) -> Problem {
    tracing::warn!(%error, "a push was refused");
    Problem::door(match error {
        PushError::Signature | PushError::Sealed => Door::PushRefused,
        PushError::Unreadable => Door::BadBody,
    })
}

/// Answer WeChat's console
///
/// Called by WeChat when the address of the push endpoint is set: answers `echostr` as it came. 404
/// where the installation has set up no push.
#[utoipa::path(
    tag = "open",
    params(PushQuery),
    responses(
        (status = 200, description = "What `echostr` said.", body = String,
         content_type = "text/plain", example = "4375120948345356249"),
        Failures
    )
)]
#[get("/wechat/push")]
pub async fn wechat_push_verify(
    state: Data<State>,
    query: InQuery<PushQuery>,
) -> Result<HttpResponse, Problem> {
    receiver(&state)?.verify(query.0.signed()).map_err(refused)?;
    Ok(HttpResponse::Ok().content_type(ContentType::plaintext()).body(query.0.echostr))
}

/// Take a push of WeChat
///
/// Called by WeChat alone: what it thinks of photos (`wxa_media_check`), and what people do with
/// subscribe messages. In safe mode the body is encrypted. JSON or XML, at most 64 KiB. A push that
/// comes again is done once; one that nobody knows is taken and left alone.
#[utoipa::path(
    tag = "open",
    params(PushQuery),
    request_body = PushIn,
    responses(
        (status = 200, description = "Taken.", body = String, content_type = "text/plain",
         example = "success"),
        Failures
    )
)]
#[post("/wechat/push")]
pub async fn wechat_push_receive(
    state: Data<State>,
    query: InQuery<PushQuery>,
    body: PushBody,
) -> Result<HttpResponse, Problem> {
    let event = receiver(&state)?.open(query.0.signed(), &body.0).map_err(refused)?;
    let now = state.clock.now();
    let work = state.run(move |db| pushes::receive(db, &event, now));
    // Too late is not lost: WeChat pushes again, and what was done meanwhile is known.
    tokio::time::timeout(ANSWER_MAX, work).await.map_err(|_| Problem::door(Door::Away))??;
    Ok(HttpResponse::Ok().content_type(ContentType::plaintext()).body("success"))
}
