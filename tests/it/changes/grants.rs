//! An app of high risk is given access once its owner has said yes.

use super::*;
use oauth::client::ClientAuthMethod;
use testkit::people::{App, template};
use testkit::stories;

stories! {
    async fn a_risky_app_waits_for_a_yes_and_then_goes_on_by_itself(house: House) {
        let (mut laptop, mut phone) = two_browsers(&house).await;
        let mut client = template("bank", ClientAuthMethod::SecretBasic);
        client.high_risk = true;
        let app = App::add(&house, client).await;
        let page = laptop.open(&app.request(&[])).await;
        let page = laptop.submit_and_follow(page.form("/consent").with("decision", "allow")).await;
        page.says("give an app access");
        let (change, number) = (path(&page), number(&page));
        assert!(!laptop.open("/account/apps").await.text().contains("bank"), "it has nothing yet");
        approve(&mut phone, &change, &number).await;
        let reply = laptop.open(&change).await;
        assert!(reply.parameter("code").is_some(), "{} {}", reply.status, reply.location());
        assert!(laptop.open(&app.request(&[])).await.parameter("code").is_some(), "asked once");
    }

    async fn a_no_leaves_the_app_without(house: House) {
        let (mut laptop, mut phone) = two_browsers(&house).await;
        let mut client = template("bank", ClientAuthMethod::SecretBasic);
        client.high_risk = true;
        let app = App::add(&house, client).await;
        let page = laptop.open(&app.request(&[])).await;
        let page = laptop.submit_and_follow(page.form("/consent").with("decision", "allow")).await;
        deny(&mut phone, &path(&page)).await;
        laptop.open(&path(&page)).await.says("Denied");
        laptop.open(&app.request(&[])).await.says("would like to know you");
    }
}
