//! The OpenAPI document: made from the routes, finished here with what concerns all operations.

use std::sync::LazyLock;

use actix_web::App;
use utoipa::OpenApi;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa_actix_web::AppExt;

use crate::access::{self, Access};
use crate::routes;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Xiangyue 乡约",
        description = "Governance by points for villages: deeds are declared, certified by \
            neighbours, shown on a public notice and counted; points give stars, stars give \
            discounts. Times are RFC 3339 with offset, points decimal strings with at most two \
            places, money integer fen. Unknown fields are refused. Every error is \
            `application/problem+json` with a stable `code`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    tags(
        (name = "mini-program", description = "What villagers do in the WeChat mini-program."),
        (name = "review", description = "What collectors, panels and cadres do."),
        (name = "merchant", description = "What a shop does."),
        (name = "admin", description = "Running a village, town or county."),
        (name = "open", description = "For other programs."),
        (name = "demo", description = "Only on a demo server."),
    )
)]
struct Base;

/// The document.
pub fn document() -> utoipa::openapi::OpenApi {
    let (_, mut document) = App::new()
        .into_utoipa_app()
        .openapi(Base::openapi())
        .service(utoipa_actix_web::scope("/v1").configure(|config| routes::all(config)))
        .split_for_parts();
    document.components.get_or_insert_default().security_schemes.insert(
        "access_token".to_owned(),
        SecurityScheme::Http(
            HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build(),
        )
        .into(),
    );
    for item in document.paths.paths.values_mut() {
        let operations =
            [&mut item.get, &mut item.post, &mut item.put, &mut item.delete].into_iter().flatten();
        operations.for_each(finish);
    }
    document
}

/// Says who may call an operation, and that it needs a token if it does.
fn finish(operation: &mut Operation) {
    let Some(access) = operation.operation_id.as_deref().and_then(access::of) else { return };
    let words = format!("Who may call it: {}", access.words());
    operation.description = Some(match operation.description.take() {
        Some(text) => format!("{text}\n\n{words}"),
        None => words,
    });
    operation.security = Some(match access {
        Access::Anyone => Vec::new(),
        Access::SignedIn | Access::Policy(_) => {
            vec![SecurityRequirement::new("access_token", Vec::<String>::new())]
        }
    });
}

/// The document as it is committed: pretty, with a line feed at the end. It is made once.
pub fn text() -> &'static str {
    static TEXT: LazyLock<String> = LazyLock::new(|| {
        let mut text = document().to_pretty_json().unwrap_or_default();
        text.push('\n');
        text
    });
    &TEXT
}
