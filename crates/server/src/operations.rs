//! What answers on the listener for operators alone: whether the process lives, whether it can work and what it lacks, and what
//! it has counted. Nothing here is for the public: see `server.operations_listen`.

use actix_web::HttpResponse;
use actix_web::web::{self, ServiceConfig};
use app::App;
use bus::Health;
use serde_json::json;

/// The routes.
pub(crate) fn routes(app: App) -> impl FnOnce(&mut ServiceConfig) + Clone + Send + 'static {
    move |config| {
        config
            .app_data(web::Data::new(app))
            .route("/livez", web::get().to(live))
            .route("/readyz", web::get().to(ready))
            .route("/metrics", web::get().to(metrics))
            .default_service(web::to(nowhere));
    }
}

async fn live() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "live" }))
}

/// Names what it depends on, and how that is.
async fn ready(app: web::Data<App>) -> HttpResponse {
    let database = app.store().check().await;
    let told = match &database {
        Ok(()) => "ok".to_owned(),
        Err(fault) => fault.to_string(),
    };
    let redis = match app.bus().health() {
        Health::Off => None,
        Health::Up => Some("ok".to_owned()),
        Health::Away(why) => Some(format!("goes on without it, more slowly: {why}")),
    };
    let leaving = app.is_leaving();
    let status = match (leaving, database.is_ok()) {
        (true, _) => "stopping",
        (false, true) if redis.as_deref().is_none_or(|redis| redis == "ok") => "ready",
        // It takes requests: nothing is missing but speed.
        (false, true) => "degraded",
        (false, false) => "not ready",
    };
    let mut answer = json!({ "status": status, "database": told });
    if let (Some(redis), Some(answer)) = (redis, answer.as_object_mut()) {
        answer.insert("redis".to_owned(), redis.into());
    }
    match status {
        "ready" | "degraded" => HttpResponse::Ok().json(answer),
        _ => HttpResponse::ServiceUnavailable().json(answer),
    }
}

async fn metrics(app: web::Data<App>) -> HttpResponse {
    // Without the database the counters are still worth something: just then.
    let levels = app.levels().await.unwrap_or_else(|fault| {
        tracing::warn!(%fault, "the outbox could not be measured");
        meter::Levels::default()
    });
    HttpResponse::Ok().content_type(meter::MEDIA_TYPE).body(app.meter().text(&levels))
}

async fn nowhere() -> HttpResponse {
    HttpResponse::NotFound().json(json!({ "paths": ["/livez", "/readyz", "/metrics"] }))
}
