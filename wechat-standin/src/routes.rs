//! Every address of the server.

use actix_web::middleware::from_fn;
use actix_web::{HttpResponse, web};

use crate::answer::{self, Refusal};
use crate::endpoint::Endpoint;
use crate::state::State;
use crate::{content, control, gate, login, phone_number, stable_token, subscribe};

/// The longest body read, in bytes; longer ones are answered with HTTP 413.
const BODY_BYTES_MAX: usize = 64 * 1024;

pub(crate) fn configure(app: &mut web::ServiceConfig) {
    let control = web::scope("/standin")
        .app_data(control::json_config())
        .route("/login-codes", web::post().to(control::login_code_create))
        .route("/phone-codes", web::post().to(control::phone_code_create))
        .route("/faults", web::post().to(control::fault_create))
        .route("/grants", web::post().to(control::grant_create))
        .route("/push-target", web::post().to(control::push_target_set))
        .route("/pushes", web::post().to(control::push_create))
        .route("/late-pushes", web::post().to(control::late_push))
        .route("/text-answers", web::post().to(control::text_answer_create))
        .route("/media-answers", web::post().to(control::media_answer_create))
        .route("/messages", web::get().to(control::message_list));

    let wechat = web::scope("")
        .wrap(from_fn(gate::gate))
        .service(
            web::resource(Endpoint::Login.path())
                .route(web::get().to(login::jscode2session))
                .default_service(web::to(get_required)),
        )
        .service(
            web::resource(Endpoint::StableToken.path())
                .route(web::post().to(stable_token::stable_token))
                .default_service(web::to(post_required)),
        )
        .service(
            web::resource(Endpoint::PhoneNumber.path())
                .route(web::post().to(phone_number::getuserphonenumber))
                .default_service(web::to(post_required)),
        )
        .service(
            web::resource(Endpoint::TextCheck.path())
                .route(web::post().to(content::msg_sec_check))
                .default_service(web::to(post_required)),
        )
        .service(
            web::resource(Endpoint::MediaCheck.path())
                .route(web::post().to(content::media_check_async))
                .default_service(web::to(post_required)),
        )
        .service(
            web::resource(Endpoint::SubscribeSend.path())
                .route(web::post().to(subscribe::subscribe_send))
                .default_service(web::to(post_required)),
        );

    app.app_data(web::PayloadConfig::new(BODY_BYTES_MAX)).service(control).service(wechat);
}

async fn get_required(state: web::Data<State>) -> HttpResponse {
    answer::render(Err(Refusal::GET_REQUIRED), answer::TEXT, state.now())
}

async fn post_required(state: web::Data<State>) -> HttpResponse {
    answer::render(Err(Refusal::POST_REQUIRED), answer::JSON, state.now())
}
