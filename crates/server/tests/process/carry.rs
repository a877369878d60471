//! Backups, restoring, moving.

use super::*;

#[test]
fn a_backup_is_made_beside_a_running_server_and_restored_elsewhere() {
    let home = folder();
    let data = home.path().join("data");
    let server = Server::dev(home.path(), &data);
    let on = |args: &[&str]| run(watchbell(home.path()).args(args).arg("--data").arg(&data));
    assert!(on(&["user", "add", "--email", "ann@example.com", "--name", "Ann"]).status.success());
    let made = json(&on(&["backup", "one.backup", "--json"]));
    assert_eq!(made["rows"]["tenants"], 1, "{made}");
    assert!(err(&on(&["backup", "one.backup"])).contains("is there already"));
    let taken = on(&["restore", "one.backup"]);
    assert!(err(&taken).contains("another server is using"), "{}", err(&taken));
    assert_eq!(server.stop().0, Some(0));
    assert!(err(&on(&["restore", "one.backup"])).contains("name one that is empty"));

    std::fs::remove_file(data.join("watchbell.db")).unwrap();
    let restored = on(&["restore", "one.backup"]);
    assert!(out(&restored).contains("people sign in again"), "{}{}", out(&restored), err(&restored));
    assert!(out(&on(&["user", "list"])).contains("ann@example.com"));

    let other = format!("sqlite:{}", home.path().join("other.db").display());
    let moved = on(&["move", "--to", &other]);
    assert!(out(&moved).contains("Set database.url to it"), "{}{}", out(&moved), err(&moved));
    let there =
        run(watchbell(home.path()).args(["user", "list", "--data"]).arg(&data).env("WATCHBELL_DATABASE__URL", other));
    assert!(out(&there).contains("ann@example.com"), "{}{}", out(&there), err(&there));

    std::fs::remove_file(data.join("master.key")).unwrap();
    std::fs::remove_file(data.join("watchbell.db")).unwrap();
    assert!(err(&on(&["restore", "one.backup"])).contains("put the one back that the backup was made with"));
}
