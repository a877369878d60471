//! Requests of a browser without cookies.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use testkit::house::{Db, House};

/// The usual house. What is tried here is the same on every database.
pub(crate) async fn open() -> House {
    House::open(Db::Sqlite).await
}

/// A request by a page of this very origin.
pub(crate) fn own(method: Method, path: &str) -> TestRequest {
    stranger(method, path).insert_header(("sec-fetch-site", "same-origin"))
}

/// A request that does not say where it comes from.
pub(crate) fn stranger(method: Method, path: &str) -> TestRequest {
    TestRequest::with_uri(path).method(method)
}
