//! The yardstick: a server that does the least work that an honest answer takes, for each operation. It is no product: two
//! clients, no errors worth the name, nothing logged. What a product does beyond it is the price of being one.
//!
//! Set by the environment: ADDRESS, DB (the SQLite file), ALG (ES256, EdDSA, RS256: what the client `bench` is signed for; tokens
//! of `bench-rs256` always have RS256), SYNC (FULL, NORMAL), ARGON (`fast`: our Argon2id in wide registers instead of the
//! `argon2` crate's), CACHE=1 (verified tokens are remembered), WORKERS, HASHERS. The *fast* one has ALG=EdDSA, SYNC=NORMAL,
//! ARGON=fast and CACHE=1.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "whatever goes wrong here ends the measurement")]

mod hashing;
mod house;
mod look;
mod sign_in;
mod signing;
mod storage;
mod token;

use actix_web::{App, HttpResponse, HttpServer, web};
use house::{House, house};
use std::time::Duration;

/// A setting, or what it is without one.
fn setting(name: &str, otherwise: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| otherwise.to_owned())
}

fn json(body: web::Bytes) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(body)
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let address = setting("ADDRESS", "127.0.0.1:18100");
    House::build(&address);
    actix_web::rt::spawn(async {
        loop {
            tokio::time::sleep(Duration::from_secs(60)).await;
            house().tidy();
        }
    });
    HttpServer::new(|| {
        let discovery = || async { json(house().discovery.clone()) };
        let keys = || async { json(house().jwks.clone()) };
        App::new()
            .route("/.well-known/openid-configuration", web::get().to(discovery))
            .route("/jwks", web::get().to(keys))
            .route("/token", web::post().to(token::token))
            .route("/authorize", web::get().to(sign_in::authorize))
            .route("/login", web::post().to(sign_in::login))
            .route("/userinfo", web::get().to(look::userinfo))
            .route("/introspect", web::post().to(look::introspect))
    })
    .workers(setting("WORKERS", "1").parse().unwrap())
    .bind(address)?
    .run()
    .await
}
