//! Whether the process lives, and whether it can do its work. No version, no detail (security of the edge).

use crate::state::WebState;
use actix_web::HttpResponse;
use actix_web::web::Data;

/// The process answers.
pub(crate) async fn live() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok\n")
}

/// The database answers, too: traffic may come.
pub(crate) async fn ready(state: Data<WebState>) -> HttpResponse {
    if state.app().is_leaving() {
        return HttpResponse::ServiceUnavailable().content_type("text/plain; charset=utf-8").body("stopping\n");
    }
    match state.app().store().check().await {
        Ok(()) => HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ready\n"),
        Err(fault) => {
            tracing::warn!(%fault, "not ready");
            HttpResponse::ServiceUnavailable().content_type("text/plain; charset=utf-8").body("not ready\n")
        }
    }
}
