//! What must not be seen is not seen: in `Debug`, in errors, in the log.

use std::error::Error;
use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};

use infra::wechat::WeChatError;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use wechat_standin::{Endpoint, Fault};

use crate::harness::{APPID, Harness, PHONE, SECRET, errcode, settings};

/// Writes down every event and span of the thread, whatever its level.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl Log {
    fn text(&self) -> String {
        self.0.lock().expect("not poisoned").clone()
    }
}

struct Fields<'a>(&'a mut String);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        writeln!(self.0, "{field}={value:?}").expect("written");
    }
}

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut Fields(&mut self.0.lock().expect("not poisoned")));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Fields(&mut self.0.lock().expect("not poisoned")));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Fields(&mut self.0.lock().expect("not poisoned")));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// Every form in which an error can be printed.
fn all_forms(error: &WeChatError) -> String {
    let mut text = format!("{error}\n{error:?}\n{error:#?}\n");
    let mut source = error.source();
    while let Some(cause) = source {
        write!(text, "{cause}\n{cause:?}\n").expect("written");
        source = cause.source();
    }
    text
}

#[actix_web::test]
async fn neither_errors_nor_the_log_hold_a_secret_a_code_a_token_or_a_number() {
    let log = Log::default();
    let _logging = tracing::subscriber::set_default(log.clone());
    let harness = Harness::new();
    let impatient = harness.impatient_client();
    let mut seen = String::new();
    let mut codes = Vec::new();

    let faults = [
        None,
        Some(Fault::Malformed),
        Some(Fault::Status { status: 500 }),
        Some(Fault::Close),
        Some(Fault::Delay { millis: 2_000 }),
        Some(Fault::Oversized { bytes: 100_000 }),
        Some(errcode(40029)),
        Some(errcode(40013)),
        Some(errcode(45011)),
        Some(Fault::Errcode { errcode: 40125, errmsg: format!("bad secret {SECRET}") }),
    ];
    for fault in faults {
        let is_late = matches!(fault, Some(Fault::Delay { .. }));
        let (login, phone) = (harness.wechat.new_login_code("o-zhang"), harness.phone_code());
        if let Some(fault) = fault {
            harness.fault(Endpoint::Login, fault.clone());
            harness.fault(Endpoint::PhoneNumber, fault);
        }
        // All but one of the faults are at once; the token is fetched in the first round.
        let client = if is_late { &impatient } else { &harness.client };
        match client.login(&login).await {
            Ok(identity) => write!(seen, "{identity:?}").expect("written"),
            Err(error) => seen.push_str(&all_forms(&error)),
        }
        match client.phone_number(&phone).await {
            Ok(number) => write!(seen, "{number:?} {number:#?}").expect("written"),
            Err(error) => seen.push_str(&all_forms(&error)),
        }
        codes.extend([login, phone]);
    }
    let token = harness.store.load().await.expect("loaded").expect("a token");
    write!(seen, "{token:?} {:?} {:?}", harness.client, settings("http://x", APPID, SECRET))
        .expect("written");
    let client = Arc::clone(&harness.client);
    harness.wechat.stop().await;
    let unreachable = client.login("a-code-sent-to-nobody").await.expect_err("nobody is there");
    seen.push_str(&all_forms(&unreachable));
    codes.push("a-code-sent-to-nobody".to_owned());

    let log = log.text();
    assert!(log.contains("rid="), "the log has the request ids:\n{log}");
    for hidden in [SECRET, PHONE, token.expose(), "session_key", "js_code", "access_token="] {
        assert!(!seen.contains(hidden), "{hidden} in\n{seen}");
        assert!(!log.contains(hidden), "{hidden} in\n{log}");
    }
    for code in &codes {
        assert!(!seen.contains(code) && !log.contains(code), "{code}");
    }
}
