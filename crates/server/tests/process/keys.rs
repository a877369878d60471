//! Keys from the command line.

use super::*;

#[test]
fn keys_are_listed_renewed_and_taken_away() {
    let home = folder();
    let data = home.path().join("data");
    let _server = Server::dev(home.path(), &data);
    let on = |args: &[&str]| run(watchbell(home.path()).args(args).arg("--data").arg(&data));
    let listed = || json(&on(&["keys", "status", "--json"])).as_array().unwrap().clone();
    let kid = |key: &Value| key["kid"].as_str().unwrap().to_owned();
    let before = listed();
    assert_eq!(before.len(), 4, "{before:?}");
    assert!(before.iter().all(|key| key["state"] == "in_use"));
    let (first, vapid) = (kid(&before[0]), kid(before.iter().find(|key| key["usage"] == "vapid").unwrap()));

    assert!(out(&on(&["keys", "revoke", &first])).contains("Revoked"));
    assert!(err(&on(&["keys", "revoke", &first])).contains("keys status"));
    assert!(err(&on(&["keys", "revoke", "-5iXkq0aB"])).contains("keys status"), "an id may begin like an option");
    let after = listed();
    assert!(after.len() == 4 && after.iter().all(|key| kid(key) != first && key["state"] == "in_use"), "{after:?}");

    let rotated = json(&on(&["keys", "rotate", "--alg", "rs256", "--json"]));
    assert_eq!(rotated["rotated"].as_array().map(Vec::len), Some(1), "{rotated}");
    assert_eq!(rotated["rotated"][0]["alg"], "RS256");

    assert!(out(&on(&["keys", "rotate", "--vapid"])).contains("Browsers take it up"));
    let keys = listed();
    let of_vapid = |state: &str| keys.iter().find(|key| key["usage"] == "vapid" && key["state"] == state).map(kid);
    assert_eq!(of_vapid("retired"), Some(vapid.clone()));
    assert!(of_vapid("in_use").is_some_and(|new| new != vapid));
}

#[test]
fn another_master_key_takes_the_place_of_the_first() {
    let home = folder();
    let data = home.path().join("data");
    assert_eq!(Server::dev(home.path(), &data).stop().0, Some(0));
    let key = || std::fs::read(data.join("master.key")).unwrap();
    let first = key();
    let on = |args: &[&str]| run(watchbell(home.path()).args(args).arg("--data").arg(&data));
    assert!(out(&on(&["keys", "rotate", "--master"])).contains("backups made until now need it"));
    let second = key();
    assert_ne!(first, second);
    assert_eq!(std::fs::read(data.join("master.key.earlier-1")).unwrap(), first);
    assert_eq!(on(&["check"]).status.code(), Some(0));
    std::fs::write(data.join("master.key"), &first).unwrap();
    assert!(err(&on(&["user", "list"])).contains("master key"), "the first opens nothing");

    // Cut off between the database and the file: the next start finds the new one beside.
    std::fs::write(data.join("master.key.next"), &second).unwrap();
    assert!(on(&["user", "list"]).status.success());
    assert_eq!(key(), second);
    assert!(!data.join("master.key.next").exists());
}
