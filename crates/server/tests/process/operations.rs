//! What operators see.

use super::*;

#[test]
fn serve_tells_operators_alone_how_it_is() {
    let home = folder();
    let mut command = production(home.path(), "https://id.example.com");
    command.arg("--json").env("WATCHBELL_SERVER__OPERATIONS_LISTEN", "127.0.0.1:0");
    let server = Server::start(&mut command);
    let operations = format!("http://{}", server.addresses()["operations"].as_str().unwrap());
    let ready = get(&format!("{operations}/readyz"));
    assert!(ready.contains(r#"{"database":"ok","status":"ready"}"#), "{ready}");
    assert!(get(&format!("{operations}/livez")).starts_with("HTTP/1.1 200"));
    let metrics = get(&format!("{operations}/metrics"));
    for line in ["watchbell_outbox_lag_seconds{sink=\"push\"} 0", "watchbell_hash_waiting 0", "# EOF"] {
        assert!(metrics.contains(line), "{line}: {metrics}");
    }
    assert!(get(&format!("{operations}/login")).starts_with("HTTP/1.1 404"));
    assert_eq!(server.stop().0, Some(0));
}
