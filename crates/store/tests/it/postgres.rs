//! What concerns PostgreSQL alone.

use crate::place::Place;
use store::{Store, StoreSettings};

#[tokio::test]
async fn where_tls_is_required_nothing_is_said_in_the_clear() {
    let Some(server) = crate::cluster::url() else { return };
    if server.contains("sslmode=require") {
        return;
    }
    let store = Store::open(&format!("{server}?sslmode=require"), StoreSettings::default()).await.unwrap();
    let refused = store.check().await.unwrap_err().to_string();
    assert!(refused.contains("TLS"), "{refused}");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_a_fault_and_no_wait() {
    let store = Store::open("postgres://nobody@127.0.0.1:1/none", StoreSettings::default()).await.unwrap();
    let refused = store.check().await.unwrap_err();
    assert!(refused.to_string().contains("connect to the database"), "{refused}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_the_server_closed_is_replaced() {
    let Some(at) = Place::postgres().await else { return };
    at.signed_in().await;
    crate::place::run(
        &at.url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    .await;
    at.signed_in().await;
    assert_eq!(at.read().await.count_accounts().await.unwrap(), 2);
    at.leave().await;
}
