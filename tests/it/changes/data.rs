//! A copy of what is kept, and the end of it.

use super::*;
use actix_web::http::StatusCode;
use identity::{Account, Role};
use testkit::people::App;
use testkit::stories;

stories! {
    async fn a_copy_is_given_once_its_owner_has_said_yes_and_to_whoever_asked_alone(house: House) {
        let (mut laptop, mut phone) = two_browsers(&house).await;
        let page = laptop.open("/account/data").await;
        let page = laptop.submit_and_follow(page.form("/account/data")).await;
        let (change, number) = (path(&page), number(&page));
        let file = format!("/account/data/copy.json?change={}", change.rsplit('/').next().unwrap());
        assert_eq!(laptop.get(&file).await.status, StatusCode::SEE_OTHER, "not yet");
        approve(&mut phone, &change, &number).await;
        let page = laptop.open(&change).await;
        let copy = laptop.get(&link(&page, "copy.json")).await;
        assert!(copy.header("content-disposition").contains("attachment"));
        let json = copy.json();
        assert_eq!(json["account"]["email"], JANE);
        assert_eq!(json["devices"].as_array().unwrap().len(), 2);
        assert!(json["activity"].to_string().contains("login.new_device"));
        assert!(!copy.body.contains("argon2") && !copy.body.contains("wb_"), "no secrets");
        assert_eq!(phone.get(&file).await.status, StatusCode::SEE_OTHER, "another session gets none");
        house.post.take(JANE, "A copy of your").await;
        house.clock.advance(Duration::from_secs(3601));
        assert_eq!(laptop.get(&file).await.status, StatusCode::SEE_OTHER, "not for ever");
    }

    async fn a_deleted_account_is_gone_with_everything_that_hangs_on_it(house: House) {
        let (mut laptop, mut phone) = two_browsers(&house).await;
        let app = App::first_party(&house).await;
        let token = app.tokens(&house, &mut laptop).await["access_token"].as_str().unwrap().to_owned();
        let page = laptop.open("/account/data").await;
        let unsure = laptop.submit_and_follow(page.form("/account/data/delete")).await;
        unsure.form("/account/data/delete");
        let page = laptop.submit_and_follow(page.form("/account/data/delete").with("sure", "on")).await;
        page.says("delete the account");
        house.post.take(JANE, "Confirm").await;
        let (change, number) = (path(&page), number(&page));
        laptop.open("/account").await.says("Jane");
        let form = phone.open(&change).await.form(&format!("{change}/approve"));
        phone.submit(form.with("number", &number)).await;
        house.post.take(JANE, "account is deleted").await;
        for browser in [&mut laptop, &mut phone] {
            browser.open("/account").await.form("/login");
        }
        assert!(!app.is_active(&house, &token).await);
        sign_in(&mut house.browser(CHROME), JANE, PASSWORD).await.form("/login");
        for older in house.post.letters_to(JANE) {
            house.post.take(JANE, &older.subject).await;
        }
        // The address is free again, and nothing of the old account comes with it.
        let mut again = jane(&house).await;
        assert!(!again.open("/account/activity").await.text().contains("delete the account"));
    }

    async fn who_runs_the_service_is_not_deleted_here(house: House) {
        let mut laptop = jane(&house).await;
        let mut tx = house.store.begin(house.here().tenant().id).await.unwrap();
        let account = tx.find_account_by_email(JANE).await.unwrap().unwrap();
        tx.update_account(&Account { role: Role::Admin, ..account }).await.unwrap();
        tx.commit().await.unwrap();
        let page = laptop.open("/account/data").await;
        page.says("This account runs the service");
        let reply = laptop.post("/account/data/delete", &[("sure".into(), "on".into())]).await;
        laptop.follow(reply).await.says("This account runs the service");
        laptop.open("/account").await.says("Jane");
    }
}
