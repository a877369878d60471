//! The disk gets full in the midst of everything, and has room again: who would change something is told to come again, who
//! only looks notices nothing, and nobody has to do anything about it afterwards.

use super::away::{all_are_told, troubles};
use super::journal::Jar;
use super::people::{Person, Town, dice};
use super::{Stage, add_person, wanted};
use diesel::Connection;
use diesel::RunQueryDsl;
use diesel::dsl::sql;
use diesel::sql_types::Text;
use testkit::binary::Binary;
use testkit::database::Place;
use testkit::house::Db;

/// How often the disk gets full when nobody says another number.
const FEW: usize = 4;
/// Less than the log of changes has before it begins again from its start.
const ROOM: u64 = 2 << 20;

/// Somebody who only looks.
struct Reader {
    browser: Jar,
    token: String,
}

impl Reader {
    async fn come(program: &Binary, url: &str, town: &Town) -> Self {
        let person = Person { email: "reader@example.com".to_owned(), ..Person::default() };
        add_person(program, url, &person.email).await;
        let browser = town.sign_in(&person).await.unwrap().expect("a session");
        let code = town.code(&Person { browser: browser.clone(), ..person }).await.unwrap();
        let token = town.redeem(&code).await.unwrap().json()["access_token"].as_str().unwrap().to_owned();
        Self { browser, token }
    }

    /// Whether what only looks is answered.
    async fn sees_everything(&self, town: &Town) {
        for path in
            ["/.well-known/openid-configuration", "/oauth/jwks", "/account", "/account/activity", "/livez", "/readyz"]
        {
            let answer = town.get(&self.browser, path).await.unwrap();
            assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        }
        let told = town.userinfo(&self.token).await.unwrap();
        assert_eq!(told.status, 200, "{}", told.body);
        let told = town.call("/oauth/introspect", &[("token", &self.token)]).await.unwrap();
        assert_eq!(told.json()["active"], true, "{}", told.body);
    }
}

/// Says whether the file is whole (`PRAGMA integrity_check`).
pub(super) fn integrity(url: &str) -> String {
    let file = url.trim_start_matches("sqlite:");
    let mut conn = diesel::SqliteConnection::establish(file).unwrap();
    diesel::select(sql::<Text>("integrity_check FROM pragma_integrity_check")).get_result(&mut conn).unwrap()
}

#[actix_web::test]
async fn a_full_disk_stops_changes_alone_and_it_heals_by_itself() {
    let place = Place::new(Db::Sqlite).await;
    let mut stage = Stage::set(place.url()).await;
    let (troubles, town) = (troubles(&stage.town), stage.town.clone());
    let reader = Reader::come(&stage.program, place.url(), &town).await;
    stage
        .so_many(wanted().unwrap_or(FEW), async |program: &mut Binary| {
            program.leave_room(Some(dice(ROOM)));
            all_are_told(&troubles).await;
            reader.sees_everything(&town).await;
            program.leave_room(None);
        })
        .await;
    assert_eq!(integrity(place.url()), "ok");
}
