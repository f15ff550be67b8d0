//! A stand-in at work on a thread of its own.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::mpsc;
use std::thread;

use actix_web::dev::ServerHandle;
use actix_web::{rt, web};
use serde_json::Value;

use crate::builder::{Signals, http_server};
use crate::content::{MediaAnswer, TextAnswer};
use crate::endpoint::Endpoint;
use crate::fault::{Fault, FaultQueueFull};
use crate::phone_number::CHINA;
use crate::push::message::popped_up;
use crate::push::{self, PushAttempt, PushTarget};
use crate::state::{LoginUser, Phone, State};
use crate::subscribe::SentMessage;

/// A started stand-in. It stops when this is dropped, or in an orderly way by [`Running::stop`].
pub struct Running {
    state: web::Data<State>,
    address: SocketAddr,
    server: ServerHandle,
}

impl Running {
    pub(crate) fn start(state: web::Data<State>, listener: TcpListener) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let (started, starting) = mpsc::sync_channel(1);
        let served = state.clone();
        thread::Builder::new().name("wechat-standin".to_owned()).spawn(move || {
            rt::System::new().block_on(async move {
                let server = match http_server(served, listener, Signals::Leave) {
                    Ok(server) => server,
                    Err(error) => {
                        // Nobody listens only where the caller is gone already.
                        let _ = started.send(Err(error));
                        return;
                    }
                };
                let _ = started.send(Ok(server.handle()));
                if let Err(error) = server.await {
                    tracing::error!(%error, "the WeChat stand-in ended with an error");
                }
            });
        })?;
        let server = starting.recv().map_err(io::Error::other)??;
        Ok(Self { state, address, server })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What to give a client in place of `https://api.weixin.qq.com`; no slash at its end.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A login code for this person, as from `wx.login`: 5 minutes, once.
    pub fn new_login_code(&self, openid: &str) -> String {
        self.state.issue_login_code(LoginUser { openid: openid.to_owned(), unionid: None })
    }

    /// The same for a person whose account is tied to WeChat's Open Platform.
    pub fn new_login_code_with_unionid(&self, openid: &str, unionid: &str) -> String {
        let unionid = Some(unionid.to_owned());
        self.state.issue_login_code(LoginUser { openid: openid.to_owned(), unionid })
    }

    /// A phone code for this Chinese number, as from the button `getPhoneNumber`: 5 minutes, once.
    pub fn new_phone_code(&self, phone: &str) -> String {
        self.new_phone_code_abroad(CHINA, phone)
    }

    /// The same for a number of another country; `phone` without the country code.
    pub fn new_phone_code_abroad(&self, country_code: u16, phone: &str) -> String {
        self.state.issue_phone_code(Phone { country_code, national_number: phone.to_owned() })
    }

    /// Lets the next call to the endpoint go wrong; several faults happen in the order they were
    /// queued, one a call.
    ///
    /// # Errors
    /// Where 1,000 are waiting already.
    pub fn queue_fault(&self, endpoint: Endpoint, fault: &Fault) -> Result<(), FaultQueueFull> {
        self.state.queue_fault(endpoint, fault, 1)
    }

    /// Lets one answer go that [`Fault::Hold`] holds back: the one that has waited longest, or the
    /// next if none waits.
    pub fn release(&self) {
        self.state.release();
    }

    /// Lets this person accept so many subscribe messages of a template, as in the pop-up.
    pub fn grant(&self, openid: &str, template_id: &str, times: u32) {
        self.state.memory().subscriptions.grant(openid, template_id, times);
    }

    /// How many more messages of a template this person accepts.
    pub fn grants_left(&self, openid: &str, template_id: &str) -> u32 {
        self.state.memory().subscriptions.left(openid, template_id)
    }

    /// The subscribe messages that were sent, the first first; the last 10,000.
    pub fn sent_messages(&self) -> Vec<SentMessage> {
        self.state.memory().subscriptions.sent()
    }

    /// Says what WeChat thinks of the next text; several answers are given in their order.
    pub fn queue_text_answer(&self, answer: TextAnswer) {
        self.state.memory().contents.queue_text(answer);
    }

    /// Says what becomes of the next picture; several answers are given in their order.
    pub fn queue_media_answer(&self, answer: MediaAnswer) {
        self.state.memory().contents.queue_media(answer);
    }

    /// Pushes to this address from now on.
    pub fn push_to(&self, target: PushTarget) {
        self.state.memory().contents.target = Some(target);
    }

    /// Whether the address that is pushed to answers the console's question rightly. Needs a tokio
    /// runtime, as all pushing does.
    pub async fn verify_push(&self) -> bool {
        match self.push_target() {
            Some(target) => push::verify(&target, self.state.now()).await,
            None => false,
        }
    }

    /// Pushes any message now, in the form of the target. Answers every attempt.
    pub async fn push(&self, message: &Value) -> Vec<PushAttempt> {
        let Some(target) = self.push_target() else { return Vec::new() };
        push::deliver(&target, &self.state.setup.appid, message, self.state.now()).await
    }

    /// Pushes what was held back as late. Answers every attempt.
    pub async fn push_late(&self) -> Vec<PushAttempt> {
        let late = self.state.memory().contents.take_late();
        let mut attempts = Vec::new();
        for message in late {
            attempts.extend(self.push(&message).await);
        }
        attempts
    }

    /// Somebody answers the pop-up for a template: a grant if they accept, and a push.
    pub async fn pop_up(
        &self,
        openid: &str,
        template_id: &str,
        accepted: bool,
    ) -> Vec<PushAttempt> {
        if accepted {
            self.grant(openid, template_id, 1);
        }
        self.push(&popped_up(openid, template_id, accepted, self.state.now())).await
    }

    fn push_target(&self) -> Option<PushTarget> {
        self.state.memory().contents.target.clone()
    }

    /// How many calls came to the endpoint, refused and faulty ones included.
    pub fn calls(&self, endpoint: Endpoint) -> u64 {
        self.state.memory().calls.get(&endpoint).copied().unwrap_or(0)
    }

    /// Stops it, without waiting for calls under way; the port is free afterwards.
    pub async fn stop(self) {
        self.server.stop(false).await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // The command is sent by the call itself; awaiting would only tell when it was done.
        drop(self.server.stop(false));
    }
}
