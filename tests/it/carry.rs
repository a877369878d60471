//! Backups, restoring them, and moving to another database: into either, from either.

use actix_web::http::StatusCode;
use app::carry::{CarryError, backup, is_under_way, move_to, restore};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use std::io::{Cursor, Read, Write};
use std::time::Duration;
use store::{Store, StoreSettings};
use testkit::database::Place;
use testkit::house::{Db, House};
use testkit::people::{App, PASSWORD, jane, sign_in};
use testkit::stories;

async fn saved(house: &House) -> Vec<u8> {
    let (store, keyring) = (&house.store, house.keyring());
    backup(store, keyring, house.clock.now(), Vec::new(), &mut |_, _| ()).await.unwrap().0
}

async fn empty(db: Db) -> (Place, Store) {
    let place = Place::empty(db).await;
    let store = Store::open(place.url(), StoreSettings::default()).await.unwrap();
    (place, store)
}

async fn bring_back(house: &House, file: &[u8], store: &Store) -> Result<(), CarryError> {
    let now = house.clock.now();
    restore(Cursor::new(file), &house.master, store, now, &mut |_, _| ()).await.map(|_| ())
}

fn text(file: &[u8]) -> String {
    let mut text = String::new();
    GzDecoder::new(file).read_to_string(&mut text).unwrap();
    text
}

fn packed(text: &str) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::fast());
    out.write_all(text.as_bytes()).unwrap();
    out.finish().unwrap()
}

fn of<'a>(tokens: &'a serde_json::Value, name: &str) -> &'a str {
    tokens[name].as_str().unwrap()
}

stories! {
    /// What was used or ended after the backup would be valid again: so everything of that time ends.
    async fn a_restored_house_knows_its_people_and_they_sign_in_anew(db: Db) {
        for target in [Db::Sqlite, Db::Postgres] {
            let mut house = House::open(db).await;
            let app = App::first_party(&house).await;
            let mut browser = jane(&house).await;
            let tokens = app.tokens(&house, &mut browser).await;
            let file = saved(&house).await;
            let later = app.refresh(&house, of(&tokens, "refresh_token")).await.json();
            house.clock.advance(Duration::from_secs(60));
            let (place, store) = empty(target).await;
            bring_back(&house, &file, &store).await.unwrap();
            house.goes_on_in(place, store).await;
            house.welcomes(&mut browser);
            for token in [of(&tokens, "refresh_token"), of(&later, "refresh_token")] {
                let refused = app.refresh(&house, token).await;
                assert_eq!((refused.status, &refused.json()["error"]), (StatusCode::BAD_REQUEST, &"invalid_grant".into()));
            }
            for token in [of(&tokens, "access_token"), of(&later, "access_token")] {
                assert!(!app.is_active(&house, token).await);
            }
            browser.open("/account").await.form("/login");
            sign_in(&mut browser, "jane@example.com", PASSWORD).await;
            browser.open("/account").await.says("Jane Doe");
            let again = app.tokens(&house, &mut browser).await;
            assert_eq!(testkit::people::claims(of(&again, "id_token"))["sub"], testkit::people::claims(of(&tokens, "id_token"))["sub"]);
        }
    }

    async fn who_moves_to_another_database_changes_nothing_for_anybody(db: Db) {
        for target in [Db::Sqlite, Db::Postgres] {
            let mut house = House::open(db).await;
            let app = App::first_party(&house).await;
            let mut browser = jane(&house).await;
            let tokens = app.tokens(&house, &mut browser).await;
            let (place, store) = empty(target).await;
            let mut told = Vec::new();
            let tell = &mut |table: &str, rows| told.push((table.to_owned(), rows));
            let sums = move_to(&house.store, &store, house.clock.now(), tell).await.unwrap();
            assert_eq!((sums["accounts"].rows, sums["clients"].rows, sums["sessions"].rows), (1, 1, 1));
            assert!(told.contains(&("accounts".to_owned(), 1)));
            house.goes_on_in(place, store).await;
            house.welcomes(&mut browser);
            browser.open("/account").await.says("Jane Doe");
            assert!(app.is_active(&house, of(&tokens, "access_token")).await);
            let next = app.refresh(&house, of(&tokens, "refresh_token")).await;
            assert_eq!(next.status, StatusCode::OK, "{}", next.body);
            // What happens now is counted on behind what happened there.
            browser.open("/account/activity").await.says("Acme Shop connected");
        }
    }

    async fn what_is_no_backup_of_this_house_is_refused_and_nothing_is_written(db: Db) {
        let house = House::open(db).await;
        jane(&house).await;
        let file = saved(&house).await;
        let whole = text(&file);
        let (_place, store) = empty(db).await;
        let changed = whole.replacen("jane@example.com", "eve@example.com", 1);
        assert_ne!(changed, whole);
        let row = whole.lines().find(|line| line.contains("jane@example.com")).unwrap();
        for (bad, why) in [
            (b"not a backup".to_vec(), "does not begin as one"),
            (packed("{}\n"), "does not begin as one"),
            (file[..file.len() / 2].to_vec(), "damaged"),
            (packed(&whole[..whole.len() - 10]), "ends too early"),
            (packed(&changed), "rows are not those"),
            (packed(&whole.replacen(&format!("{row}\n"), "", 1)), "rows are not those"),
            (packed(&whole.replace("\"seal\":\"", "\"seal\":\"A")), "seal"),
            (packed(&whole.replacen("\"name\":\"accounts\"", "\"name\":\"accounts; DROP\"", 1)), "none of ours"),
        ] {
            let refused = bring_back(&house, &bad, &store).await.unwrap_err().to_string();
            assert!(refused.contains(why), "{refused}: {why}");
        }
        let other = House::open(db).await;
        assert!(matches!(bring_back(&other, &file, &store).await, Err(CarryError::OtherKey)));
        assert!(store.installation().await.is_err(), "not even a table");
        assert!(matches!(bring_back(&house, &file, &other.store).await, Err(CarryError::InUse)));
        bring_back(&house, &file, &store).await.unwrap();
        assert!(matches!(bring_back(&house, &file, &store).await, Err(CarryError::InUse)));
    }

    async fn what_was_cut_off_is_no_installation_and_can_be_done_again(db: Db) {
        let mut house = House::open(db).await;
        let mut browser = jane(&house).await;
        let other = House::open(db).await;
        let (place, store) = empty(db).await;
        let (from, to, now) = (house.store.clone(), store.clone(), house.clock.now());
        let cut = actix_web::rt::spawn(async move {
            let mut until = |table: &str, _| assert_ne!(table, "devices", "cut off");
            move_to(&from, &to, now, &mut until).await.map(|_| ())
        });
        assert!(cut.await.is_err());
        assert!(is_under_way(&store.installation().await.unwrap().unwrap().wrapped_key));
        assert!(matches!(move_to(&other.store, &store, now, &mut |_, _| ()).await, Err(CarryError::InUse)));
        move_to(&house.store, &store, now, &mut |_, _| ()).await.unwrap();
        assert!(!is_under_way(&store.installation().await.unwrap().unwrap().wrapped_key));
        house.goes_on_in(place, store).await;
        house.welcomes(&mut browser);
        browser.open("/account").await.says("Jane Doe");
    }
}
