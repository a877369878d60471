//! Front-channel logout (OpenID Connect Front-Channel Logout 1.0): what the signed-out page loads, and where it leads.

use oauth::client::{ClientAuthMethod, LogoutRules};
use testkit::browser::{Browser, FIREFOX, Reply};
use testkit::house::House;
use testkit::people::{App, claims, jane, template};
use testkit::stories;

const BYE: &str = "https://shop.acme.test/bye";

/// An app that wants to hear of a logout in the browser.
async fn app(house: &House, client_id: &str, uri: Option<&str>) -> App {
    let mut client = template(client_id, ClientAuthMethod::SecretBasic);
    client.first_party = true;
    client.logout = LogoutRules { frontchannel_uri: uri.map(str::to_owned), ..LogoutRules::default() };
    App::add(house, client).await
}

/// The addresses of the frames of a page.
fn frames(page: &Reply) -> Vec<String> {
    let document = scraper::Html::parse_document(&page.body);
    let frames = scraper::Selector::parse("iframe[src][hidden]").unwrap();
    document.select(&frames).map(|frame| frame.value().attr("src").unwrap().to_owned()).collect()
}

/// Signs out as an app has it: the answer of the endpoint, and the session that it ended.
async fn log_out(house: &House, app: &App, browser: &mut Browser) -> (Reply, String) {
    let tokens = app.tokens(house, browser).await;
    let hint = tokens["id_token"].as_str().unwrap();
    let sid = claims(hint)["sid"].as_str().unwrap().to_owned();
    let query = "post_logout_redirect_uri=https%3A%2F%2Fshop.acme.test%2Fbye&state=s1";
    (browser.get(&format!("/oauth/logout?id_token_hint={hint}&{query}")).await, sid)
}

stories! {
    /// §2, §3: hidden frames with `iss` and `sid`, allowed by the page's policy and nothing beside them; then it goes on to
    /// the app that asked, without a script.
    async fn the_signed_out_page_tells_the_apps_of_the_session_and_goes_on(house: House) {
        let shop = app(&house, "shop", Some("https://shop.acme.test/out?tenant=1")).await;
        let _unused = app(&house, "unused", Some("https://shop.acme.test/unused")).await;
        let mut browser = jane(&house).await;
        let (reply, sid) = log_out(&house, &shop, &mut browser).await;
        assert_eq!(reply.status, 303);
        assert!(reply.location().starts_with("/signed-out?token="), "{}", reply.location());
        let page = browser.get(reply.location()).await;
        let expected = format!("https://shop.acme.test/out?tenant=1&iss=https%3A%2F%2Fid.acme.test&sid={sid}");
        assert_eq!(frames(&page), [expected]);
        let policy = page.header("content-security-policy");
        assert!(policy.contains("; frame-src https://shop.acme.test;"), "{policy}");
        assert!(page.body.contains(&format!("http-equiv=\"refresh\" content=\"3;url={BYE}?state=s1\"")), "{}", page.body);
        assert!(page.body.contains(&format!("href=\"{BYE}?state=s1\"")), "and a link for whoever does not want to wait");
        browser.open("/account").await.form("/login");
    }

    async fn signing_out_here_tells_them_too(house: House) {
        let shop = app(&house, "shop", Some("https://shop.acme.test/out")).await;
        let mut browser = jane(&house).await;
        shop.tokens(&house, &mut browser).await;
        let page = browser.open("/account").await;
        let page = browser.submit_and_follow(page.form("/logout")).await;
        assert_eq!(frames(&page).len(), 1);
        assert!(!page.body.contains("http-equiv=\"refresh\""), "nobody asked to go on");
    }

    async fn where_no_app_wants_to_hear_of_it_the_way_is_short(house: House) {
        let shop = app(&house, "shop", None).await;
        let mut browser = jane(&house).await;
        let (reply, _) = log_out(&house, &shop, &mut browser).await;
        assert_eq!(reply.location(), format!("{BYE}?state=s1"));
    }

    /// An app that was switched off hears nothing, and neither does the eleventh.
    async fn only_so_many_are_told_and_none_that_is_off(house: House) {
        let mut browser = jane(&house).await;
        let mut last = None;
        for n in 0..12 {
            let id = format!("app-{n}");
            let one = app(&house, &id, Some(&format!("https://shop.acme.test/out/{n}"))).await;
            one.tokens(&house, &mut browser).await;
            last = Some(id);
        }
        let first = house.here().client("app-0").await.unwrap().unwrap();
        let off = oauth::Client { disabled_at: Some(house.clock.now()), ..first };
        house.here().save_client(off).await.unwrap();
        let page = browser.open("/account").await;
        let page = browser.submit_and_follow(page.form("/logout")).await;
        assert_eq!(frames(&page).len(), 10, "{last:?}");
        assert!(!page.body.contains("/out/0?"), "{}", page.body);
    }

    /// Nobody else can have the page lead somewhere, or learn who was signed in to what.
    async fn the_page_shows_nothing_for_a_token_that_is_wrong_or_old(house: House) {
        let shop = app(&house, "shop", Some("https://shop.acme.test/out")).await;
        let mut browser = jane(&house).await;
        let (reply, _) = log_out(&house, &shop, &mut browser).await;
        let path = reply.location().to_owned();
        let mut stranger = house.browser(FIREFOX);
        let mut changed = path.clone();
        let end = changed.pop().unwrap();
        changed.push(if end == 'A' { 'B' } else { 'A' });
        for wrong in ["/signed-out", "/signed-out?token=x", &changed, &format!("/signed-out?return_to={BYE}")] {
            let page = stranger.get(wrong).await;
            assert_eq!(page.status, 200);
            assert!(frames(&page).is_empty() && page.onward().is_none(), "{wrong}");
            assert!(!page.body.contains(&format!("href=\"{BYE}")), "{wrong}");
            assert!(!page.header("content-security-policy").contains("frame-src"));
        }
        assert_eq!(frames(&browser.get(&path).await).len(), 1, "a reload shows it again");
        house.clock.advance(std::time::Duration::from_secs(301));
        assert!(frames(&browser.get(&path).await).is_empty());
    }

    async fn a_frame_of_another_origin_cannot_be_registered(house: House) {
        let mut client = template("shop", ClientAuthMethod::SecretBasic);
        client.logout.frontchannel_uri = Some("https://evil.example/out".into());
        let refused = house.here().add_client(client).await.err().unwrap();
        assert!(format!("{refused:?}").contains("frontchannel_logout_uri"), "{refused:?}");
    }

    async fn discovery_says_so(house: House) {
        let document = house.browser(FIREFOX).open("/.well-known/openid-configuration").await.json();
        assert_eq!(document["frontchannel_logout_supported"], true);
        assert_eq!(document["frontchannel_logout_session_supported"], true);
    }
}
