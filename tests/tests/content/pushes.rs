//! The push endpoint: whose pushes are taken, in which form, and how often.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use api::state::State;
use domain::content::SubjectKind;
use infra::wechat::PushMode;
use reqwest::Method;
use serde_json::{Value, json};
use testing::content::Made;
use testing::notices::{db_count, db_run};
use testing::{Client, PUSH_KEY, World, push_receiver, push_target};
use wechat_standin::{MediaAnswer, PushFormat, Suggest, seal};

const PATH: &str = "/v1/wechat/push";
const STAMP: (&str, &str) = ("1714112445", "415670741");

fn answer(trace_id: &str, suggest: &str) -> String {
    let says = json!({"Event": "wxa_media_check", "FromUserName": "o1", "CreateTime": 1,
        "appid": "wxtest", "trace_id": trace_id, "result": {"suggest": suggest, "label": "100"}});
    says.to_string()
}

/// A push as the server gets it: path with query, and body.
fn sealed(token: &str, key: &str, appid: &str, message: &str) -> (String, Value) {
    let sealed = seal(token, key, appid, STAMP, message, [7; 16]).expect("a key");
    let path = format!(
        "{PATH}?timestamp={}&nonce={}&encrypt_type=aes&openid=o1&msg_signature={}",
        STAMP.0, STAMP.1, sealed.msg_signature
    );
    (path, json!({"ToUserName": "gh_1", "Encrypt": sealed.encrypt}))
}

async fn text_of(client: &Client, path: &str, body: String) -> (u16, String) {
    let answer = client.request(Method::POST, path).body(body).send().await.expect("an answer");
    (answer.status().as_u16(), answer.text().await.expect("a body"))
}

#[actix_web::test]
async fn the_console_is_answered_if_it_signs() {
    let world = World::new().await;
    assert!(world.wechat.verify_push().await);
    let anyone = world.anonymous();
    // WeChat's own example, with the token of the example.
    let path = format!(
        "{PATH}?signature=f464b24fc39322e44b38aa78f5edd27bd1441696&timestamp=1714036504\
         &nonce=1514711492&echostr=4375120948345356249"
    );
    let answer = anyone.request(Method::GET, &path).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "text/plain; charset=utf-8");
    assert_eq!(answer.text().await.unwrap(), "4375120948345356249");
    for wrong in [path.replace("f464", "f465"), path.replace("nonce=15", "nonce=16"), PATH.into()] {
        anyone.get(&wrong).await.expect_problem(403, "push_refused");
    }
    anyone.get(&format!("{path}{}", "1".repeat(300))).await.expect_problem(422, "invalid");
}

#[actix_web::test]
async fn only_what_wechat_sealed_for_us_is_taken_in_safe_mode() {
    let world = World::new().await;
    let anyone = world.anonymous();
    let message = answer("60ae120f-1-1", "pass");
    let (path, body) = sealed("AAAAA", PUSH_KEY, "wxtest", &message);
    assert_eq!(text_of(&anyone, &path, body.to_string()).await, (200, "success".into()));
    let other_key = "B".repeat(43);
    for (path, body) in [
        sealed("BBBBB", PUSH_KEY, "wxtest", &message),
        sealed("AAAAA", &other_key, "wxtest", &message),
        sealed("AAAAA", PUSH_KEY, "wxother", &message),
        (path.replace("msg_signature=", "msg_signature=0"), body.clone()),
        (path.replace("nonce=4", "nonce=5"), body.clone()),
        (path.clone(), json!({"Encrypt": "AAAA"})),
        (path.clone(), serde_json::from_str(&message).unwrap()),
    ] {
        anyone.post(&path, body).await.expect_problem(403, "push_refused");
    }
    let plain = format!(
        "{PATH}?signature=899cf89e464efb63f54ddac96b0a0a235f53aa78&timestamp=1714037059\
         &nonce=486452656"
    );
    let body = serde_json::from_str(&message).unwrap();
    anyone.post(&plain, body).await.expect_problem(403, "push_refused");
    // The answer is kept, though nobody has asked; of the others nothing is.
    assert_eq!(db_count(&world, "SELECT count(*) FROM content_traces").await, 1);
}

/// A second server of the world, whose pushes come plain.
fn plain_server(world: &World) -> Client {
    let shared =
        api::state::Shared { push: Some(push_receiver(PushMode::Plain)), ..world.shared() };
    serve(shared)
}

fn serve(shared: api::state::Shared) -> Client {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    actix_web::rt::spawn(api::server::start(State::new(shared), listener, 1).unwrap());
    Client::new(&url)
}

#[actix_web::test]
async fn in_plain_mode_json_and_xml_are_taken_as_they_are() {
    let world = World::new().await;
    let anyone = plain_server(&world);
    let path = format!(
        "{PATH}?signature=899cf89e464efb63f54ddac96b0a0a235f53aa78&timestamp=1714037059\
         &nonce=486452656"
    );
    let xml = "<xml><Event><![CDATA[wxa_media_check]]></Event><trace_id>60ae120f-1-2</trace_id>\
        <result><suggest><![CDATA[risky]]></suggest><label>20006</label></result></xml>";
    for body in [answer("60ae120f-1-1", "pass"), xml.into(), json!({"Event": "new"}).to_string()] {
        assert_eq!(text_of(&anyone, &path, body).await, (200, "success".into()));
    }
    let kept = "SELECT count(*) FROM content_traces WHERE (trace_id, answer) IN \
        (('60ae120f-1-1', 'pass'), ('60ae120f-1-2', 'risky'))";
    assert_eq!(db_count(&world, kept).await, 2);
    let wrong = path.replace("899c", "899d");
    let refused = text_of(&anyone, &wrong, answer("60ae120f-1-3", "pass")).await;
    assert_eq!(refused.0, 403);
    let foreign = answer("60ae120f-1-3", "pass").replace("wxtest", "wxother");
    assert_eq!(text_of(&anyone, &path, foreign).await.0, 403);
}

#[actix_web::test]
async fn what_is_too_large_or_no_message_is_refused_and_no_bomb_goes_off() {
    let world = World::new().await;
    let anyone = plain_server(&world);
    let path = format!(
        "{PATH}?signature=899cf89e464efb63f54ddac96b0a0a235f53aa78&timestamp=1714037059\
         &nonce=486452656"
    );
    let entities: String =
        (0..20).map(|n| format!("<!ENTITY e{} \"&e{n};&e{n};&e{n};&e{n};\">", n + 1)).collect();
    let bomb =
        format!("<!DOCTYPE xml [<!ENTITY e0 \"boom\">{entities}]><xml><Event>&e20;</Event></xml>");
    let deep = format!("<xml>{}{}</xml>", "<a>".repeat(9_000), "</a>".repeat(9_000));
    for body in [bomb, deep, String::new(), "[]".into(), "{".into(), "<xml>".into(), "好".into()] {
        let (status, text) = text_of(&anyone, &path, body).await;
        assert_eq!(status, 400, "{text}");
        assert!(text.contains("bad_body"), "{text}");
    }
    let large = json!({"Event": "x".repeat(65 * 1024)}).to_string();
    assert_eq!(text_of(&anyone, &path, large).await.0, 413);
    assert_eq!(db_count(&world, "SELECT count(*) FROM content_traces").await, 0);
}

#[actix_web::test]
async fn where_no_push_is_set_up_there_is_no_such_address() {
    let world = World::new().await;
    let anyone = serve(api::state::Shared { push: None, ..world.shared() });
    anyone.get(PATH).await.expect_problem(404, "no_such_route");
    anyone.post(PATH, json!({})).await.expect_problem(404, "no_such_route");
}

#[actix_web::test]
async fn a_push_that_comes_again_is_done_once() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    let photo = world.upload_photo(&villager).await;
    let report = world.db_submit("villager", SubjectKind::Report, &[Made::Photo(photo)]);
    world.wechat.queue_media_answer(MediaAnswer::Late(Suggest::Review));
    world.round().await;
    let mut target = push_target(&world.base_url, Some(PUSH_KEY), PushFormat::Json);
    target.copies = 3;
    world.wechat.push_to(target);
    let attempts = world.wechat.push_late().await;
    assert!(attempts.len() == 3 && attempts.iter().all(|attempt| attempt.is_taken()));
    assert_eq!(world.check_of(report), "held: review");
    assert_eq!(db_count(&world, "SELECT count(*) FROM content_traces").await, 1);
    // The same name with another answer is a forgery or a fault: the first counts.
    let trace = db_text(&world, "SELECT trace_id AS text FROM content_traces");
    let (path, body) = sealed("AAAAA", PUSH_KEY, "wxtest", &answer(&trace, "pass"));
    let anyone = world.anonymous();
    assert_eq!(text_of(&anyone, &path, body.to_string()).await, (200, "success".into()));
    assert_eq!(world.check_of(report), "held: review");
}

fn db_text(world: &World, query: &str) -> String {
    use diesel::prelude::*;
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = diesel::sql_types::Text)]
        text: String,
    }
    let row: Row = diesel::sql_query(query).get_result(&mut world.connect()).expect("a row");
    row.text
}

#[actix_web::test]
async fn an_accepted_pop_up_counts_once_however_often_it_is_pushed() {
    let world = World::new().await;
    let openid = infra::demo::openid("villager");
    for format in [PushFormat::Json, PushFormat::Xml] {
        let mut target = push_target(&world.base_url, Some(PUSH_KEY), format);
        target.copies = 2;
        world.wechat.push_to(target);
        world.clock.advance(1);
        let attempts = world.wechat.pop_up(&openid, "template-1", true).await;
        assert!(attempts.len() == 2 && attempts.iter().all(|attempt| attempt.is_taken()));
    }
    let counted = "SELECT accepted_pushed::bigint AS count FROM subscription_grants \
        WHERE template_id = 'template-1'";
    assert_eq!(db_count(&world, counted).await, 2);
    let off = json!({"FromUserName": openid, "CreateTime": "9", "MsgType": "event",
        "Event": "subscribe_msg_change_event",
        "List": [{"TemplateId": "template-1", "SubscribeStatusString": "reject"}]});
    assert!(world.wechat.push(&off).await.iter().all(|attempt| attempt.is_taken()));
    let left = "SELECT sends_left::bigint AS count FROM subscription_grants";
    assert_eq!(db_count(&world, left).await, 0);
    // Somebody who never signed in, and what became of a message: taken, and nothing to do.
    assert!(world.wechat.pop_up("o-nobody", "template-1", true).await[0].is_taken());
    let sent = json!({"FromUserName": openid, "CreateTime": "10", "MsgType": "event",
        "Event": "subscribe_msg_sent_event",
        "List": [{"TemplateId": "template-1", "MsgID": "1", "ErrorCode": "1001"}]});
    assert!(world.wechat.push(&sent).await[0].is_taken());
    assert_eq!(db_count(&world, "SELECT count(*) FROM subscription_grants").await, 1);
}

#[actix_web::test]
async fn while_the_database_is_stuck_wechat_is_told_in_time_to_push_again() {
    use diesel::connection::SimpleConnection;
    let world = World::new().await;
    let mut holder = world.connect();
    holder.batch_execute("BEGIN; LOCK TABLE content_traces IN ACCESS EXCLUSIVE MODE").unwrap();
    let (path, body) = sealed("AAAAA", PUSH_KEY, "wxtest", &answer("60ae120f-1-1", "pass"));
    let wechat = world.anonymous();
    let begun = Instant::now();
    let (status, text) = text_of(&wechat, &path, body.to_string()).await;
    assert_eq!(status, 503, "{text}");
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    holder.batch_execute("ROLLBACK").unwrap();
    let again = text_of(&wechat, &path, body.to_string()).await;
    assert_eq!(again, (200, "success".into()));
    assert_eq!(db_count(&world, "SELECT count(*) FROM content_traces").await, 1);
}

#[actix_web::test]
async fn what_nobody_asked_for_and_what_was_pushed_is_forgotten_after_a_day() {
    let world = World::new().await;
    let (path, body) = sealed("AAAAA", PUSH_KEY, "wxtest", &answer("60ae120f-1-1", "pass"));
    text_of(&world.anonymous(), &path, body.to_string()).await;
    let openid = infra::demo::openid("villager");
    world.wechat.pop_up(&openid, "template-1", true).await;
    let kept = "SELECT (SELECT count(*) FROM content_traces) + (SELECT count(*) FROM wechat_pushes) \
        AS count";
    assert_eq!(db_count(&world, kept).await, 2);
    infra::worker::tick(&world.db, world.clock.now());
    assert_eq!(db_count(&world, kept).await, 2);
    world.clock.advance(86_401);
    infra::worker::tick(&world.db, world.clock.now());
    assert_eq!(db_count(&world, kept).await, 0);
    db_run(&world, "SELECT 1".into()).await;
}
