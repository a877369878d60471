//! Promises of every page, in every language and state.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests may fail loudly")]

use scraper::{Html, Selector};
use std::collections::BTreeSet;
use std::time::Duration;
use view::pages::login::{Login, LoginProblem};
use view::samples::{self, Sample};
use view::{Banner, Chrome, Locale, View};

const HOUR: Duration = Duration::from_secs(3_600);

fn view() -> View {
    View::default()
}

fn each(check: impl Fn(&Sample, Locale, &str, &Html)) {
    let view = view();
    for sample in samples::pages() {
        for locale in Locale::ALL {
            let html = sample.html(&view, locale).unwrap_or_else(|e| panic!("{sample:?} in {}: {e}", locale.tag()));
            check(&sample, locale, &html, &Html::parse_document(&html));
        }
    }
}

fn all<'a>(page: &'a Html, selector: &str) -> Vec<scraper::ElementRef<'a>> {
    page.select(&Selector::parse(selector).unwrap()).collect()
}

fn page(name: &str) -> Html {
    let sample = samples::pages().into_iter().find(|sample| sample.name == name).unwrap();
    Html::parse_document(&sample.html(&view(), Locale::English).unwrap())
}

fn text(page: &Html, selector: &str) -> String {
    all(page, selector).iter().flat_map(|e| e.text()).collect::<Vec<_>>().join(" ")
}

#[test]
fn every_page_renders_in_every_language_and_says_which() {
    each(|sample, locale, _, page| {
        let root = page.root_element();
        assert_eq!(root.attr("lang"), Some(locale.tag()), "{sample:?}");
        assert_eq!(root.attr("dir"), Some(locale.dir()), "{sample:?}");
        assert_eq!(all(page, "h1").len(), 1, "{sample:?} has one heading");
        assert_eq!(all(page, "main#main").len(), 1, "{sample:?}");
    });
}

#[test]
fn nothing_is_inline_so_that_a_strict_policy_holds() {
    each(|sample, _, html, page| {
        assert!(all(page, "style, script:not([src]), [style]").is_empty(), "{sample:?}");
        assert!(!html.contains("javascript:"), "{sample:?}");
        for element in all(page, "*") {
            let handler = element.value().attrs().find(|(name, _)| name.starts_with("on"));
            assert!(handler.is_none(), "{sample:?}: {handler:?}");
        }
        for resource in all(page, "script, link, img") {
            let url = resource.attr("src").or(resource.attr("href")).unwrap();
            assert!(url.starts_with("/a/"), "{sample:?} loads {url}");
            assert!(view::assets::get(url).is_some(), "{sample:?} loads {url}, which is not there");
        }
    });
}

#[test]
fn every_form_works_without_scripts() {
    each(|sample, _, _, page| {
        for form in all(page, "form") {
            let method = form.attr("method").unwrap_or_default();
            let submit = form.select(&Selector::parse("button[type=submit], noscript").unwrap()).count();
            assert!(submit > 0, "{sample:?}: a form without a button");
            let switch = form.select(&Selector::parse("select[name=ui_locales]").unwrap()).count() > 0;
            assert_eq!(method, if switch { "get" } else { "post" }, "{sample:?}");
            assert!(form.attr("action").is_some_and(|action| action.starts_with('/')), "{sample:?}");
        }
        for button in all(page, "button") {
            assert!(button.attr("type").is_some(), "{sample:?}: a button without a type");
        }
    });
}

#[test]
fn every_field_has_a_label_and_no_id_is_used_twice() {
    each(|sample, _, _, page| {
        let labelled: BTreeSet<&str> = all(page, "label[for]").iter().filter_map(|l| l.attr("for")).collect();
        for field in all(page, "input:not([type=hidden]):not([aria-hidden]), select") {
            let inside = field.ancestors().filter_map(scraper::ElementRef::wrap).any(|e| e.value().name() == "label");
            let named = field.attr("aria-label").is_some() || field.attr("id").is_some_and(|id| labelled.contains(id));
            assert!(inside || named, "{sample:?}: {}", field.html());
        }
        let mut seen = BTreeSet::new();
        for element in all(page, "[id]") {
            let id = element.attr("id").unwrap();
            assert!(seen.insert(id), "{sample:?}: id {id} twice");
        }
        for attribute in ["aria-describedby", "aria-labelledby", "aria-controls"] {
            for element in all(page, &format!("[{attribute}]")) {
                for id in element.attr(attribute).unwrap().split_whitespace() {
                    assert!(seen.contains(id), "{sample:?}: {attribute} names {id}, which is not there");
                }
            }
        }
    });
}

#[test]
fn what_people_type_stays_text() {
    let view = view();
    let evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    let login = Login {
        flow: evil.to_owned(),
        app: Some(evil.to_owned()),
        username: evil.to_owned(),
        again: true,
        passkey: true,
        password: true,
        mail_code: true,
        can_register: true,
        providers: vec![view::pages::upstream::ProviderButton { key: "double".to_owned(), name: evil.to_owned() }],
        pending: Some(view::pages::upstream::PendingAccount {
            provider: evil.to_owned(),
            who: Some(evil.to_owned()),
            account: None,
            can_join: true,
            way: view::pages::upstream::LinkWay::default(),
        }),
        problem: None,
    };
    let sample = samples::pages().remove(0);
    let mut chrome = sample.chrome(Locale::Arabic);
    chrome.brand = evil.to_owned();
    chrome.query = vec![(evil.to_owned(), evil.to_owned())];
    let html = view.page(&chrome, &login).unwrap();
    let page = Html::parse_document(&html);
    assert!(all(&page, "script:not([src]), img[onerror]").is_empty());
    assert!(text(&page, "p.muted strong").contains("<script>"), "the name is shown, as text");
}

#[test]
fn the_sign_in_page_has_the_names_that_scripts_and_password_managers_rely_on() {
    let page = page("login");
    assert_eq!(all(&page, "form#login-form input[name=username][autocomplete~=username]").len(), 1);
    assert_eq!(all(&page, "form#login-form input[name=password][autocomplete=current-password]").len(), 1);
    assert_eq!(all(&page, "button#login-submit[type=submit]").len(), 1);
    assert!(text(&page, "main").contains("to continue to"));
    assert_eq!(all(&page, "form#login-form input[name=username][autocomplete~=webauthn]").len(), 1);
    assert_eq!(all(&page, "[data-passkey][data-flow][data-stage=first][data-autofill] button#login-passkey").len(), 1);
    assert_eq!(all(&page, "script").len() + all(&page, "link").len() + all(&page, "img").len(), 5);
}

#[test]
fn a_typed_address_survives_an_error_and_the_cursor_goes_to_the_password() {
    let page = page("login-wrong");
    assert_eq!(all(&page, "input[name=username][value='jane@example.com']").len(), 1);
    assert_eq!(all(&page, "input[name=password][autofocus]").len(), 1);
    assert_eq!(all(&page, "[role=alert]").len(), 1);
}

#[test]
fn consent_and_sign_out_keep_the_page_contract() {
    let consent = page("consent");
    assert_eq!(all(&consent, "button#consent-allow[name=decision][value=allow]").len(), 1);
    assert_eq!(all(&consent, "button#consent-deny[name=decision][value=deny]").len(), 1);
    assert!(text(&consent, "main").contains("see your mail address"));
    assert!(text(&consent, "main").contains("orders:read"));
    assert_eq!(all(&page("logout"), "button#logout-confirm").len(), 1);
    assert_eq!(all(&page("confirm-address-code"), "input[name=code][inputmode=numeric]").len(), 1);
}

#[test]
fn an_error_page_says_error_names_the_parameter_and_has_a_button_and_a_number() {
    let view = view();
    for sample in samples::pages().iter().filter(|sample| sample.name.starts_with("error-")) {
        let page = Html::parse_document(&sample.html(&view, Locale::English).unwrap());
        assert!(text(&page, "h1").to_lowercase().contains("error"), "{sample:?}");
        assert_eq!(all(&page, "a#error-next").len(), 1, "{sample:?}");
        assert!(text(&page, "main").contains("01JD7Q4WX8"), "{sample:?}");
    }
    assert!(text(&page("error-request"), "h1").contains("redirect_uri"));
}

#[test]
fn no_is_answered_by_one_button_and_yes_only_where_the_person_is() {
    let open = page("was-this-you");
    assert_eq!(all(&open, "form[action$='/no'] button#answer-no").len(), 1);
    assert_eq!(all(&open, "form[action$='/yes'] button#answer-yes").len(), 1);
    let mail = page("was-this-you-mail");
    assert_eq!(all(&mail, "form[action$='/no'] input[name=token]").len(), 1);
    assert!(all(&mail, "#answer-yes").is_empty());
    assert_eq!(all(&mail, "a#answer-sign-in").len(), 1);
    assert_eq!(all(&page("was-this-you-denied"), "a#secure").len(), 1);
}

#[test]
fn the_warning_that_a_thief_would_silence_can_not_be_switched_off() {
    let page = page("notifications");
    assert_eq!(all(&page, "input[name='credential.changed/email'][disabled][checked]").len(), 1);
    assert_eq!(all(&page, "input[name='credential.changed/push']:not([disabled])").len(), 1);
    assert_eq!(all(&page, "form[data-prefs] input[name=rev][value='7']").len(), 1);
    assert_eq!(all(&page, "meta[name=vapid]").len(), 1);
}

/// A name is anybody's: it must not end the attribute that it stands in.
#[test]
fn which_keys_count_is_told_to_the_script_whatever_the_name_is() {
    let sample = samples::pages().into_iter().find(|sample| sample.name == "overview").unwrap();
    let name = "Jane \"J\" O'Doe & <Sons>\" http-equiv=\"refresh";
    let mut chrome = sample.chrome(Locale::English);
    chrome.keys.as_mut().unwrap().display_name = name.to_owned();
    let page = Html::parse_document(&sample.html_in(&view(), &chrome).unwrap());
    let meta = all(&page, "meta[name=keys]");
    let attributes: BTreeSet<_> = meta.iter().flat_map(|one| one.value().attrs()).map(|(name, _)| name).collect();
    assert_eq!(attributes, BTreeSet::from(["name", "content"]));
    let known: serde_json::Value = serde_json::from_str(meta[0].attr("content").unwrap()).unwrap();
    assert_eq!((&known["displayName"], &known["rpId"]), (&name.into(), &"id.example.com".into()));
    assert!(known["userId"].is_string() && known["ids"].is_array() && known["name"].is_string());
}

#[test]
fn the_place_in_the_navigation_is_marked() {
    assert_eq!(text(&page("devices"), "nav [aria-current=page]").trim(), "Devices");
    let devices = page("devices");
    assert!(text(&devices, ".list > li:first-child h3").contains("This browser"));
    let here = |action: &str| all(&devices, &format!(".list > li:first-child form[action$='{action}']")).len();
    assert_eq!((here("/devices/end"), here("/forget")), (0, 0), "this browser is not signed out from here");
    assert_eq!(here("/ask-again"), 1, "it is trusted, and that can be taken back");
}

#[test]
fn every_message_at_the_top_of_a_page_can_be_said() {
    let view = view();
    let sample = samples::pages().into_iter().find(|sample| sample.name == "overview").unwrap();
    for banner in Banner::ALL {
        assert_eq!(Banner::from_name(banner.name()), Some(banner));
        for locale in Locale::ALL {
            let mut chrome = sample.chrome(locale);
            chrome.banner = Some(banner);
            let page = Html::parse_document(&sample.html_in(&view, &chrome).unwrap());
            assert_eq!(all(&page, "p.note[role=status]").len(), 1, "{banner:?}");
        }
    }
}

#[test]
fn the_log_shows_at_a_glance_what_kind_of_thing_happened() {
    let page = page("activity");
    let icons: BTreeSet<String> = all(&page, ".list .what > svg").iter().map(scraper::ElementRef::inner_html).collect();
    assert!(icons.len() > 3, "{} different icons", icons.len());
}

#[test]
fn the_offer_says_each_thing_once() {
    let page = page("offer");
    for state in ["off", "on", "blocked"] {
        assert_eq!(all(&page, &format!("#offer-question > [data-when={state}]")).len(), 1, "the heading when {state}");
    }
    let said = all(&page, "[data-push-status]").remove(0).attr("data-on").unwrap_or_default().to_owned();
    assert!(!said.is_empty() && !text(&page, "main").contains(&said), "{said}");
}

#[test]
fn a_page_that_waits_goes_on_by_itself_without_scripts_too() {
    let html = samples::pages().into_iter().find(|sample| sample.name == "check-mail").unwrap();
    let html = html.html(&view(), Locale::English).unwrap();
    assert!(html.contains("<noscript><meta http-equiv=\"refresh\""));
}

#[test]
fn the_way_back_from_a_forgotten_password_leads_on_to_the_same_app() {
    let page = page("recover-sent");
    assert_eq!(all(&page, "main form[method=post] input[type=hidden][name=flow]").len(), 1);
    assert_eq!(all(&page, "a[href^='/login?flow=']").len(), 1);
}

#[test]
fn addresses_in_pages_are_written_as_they_are() {
    each(|sample, _, html, _| assert!(!html.contains("&#x2f;"), "{sample:?}"));
}

#[test]
fn the_sign_in_page_is_small() {
    use std::io::Write as _;
    let view = view();
    let html = samples::pages().remove(0).html(&view, Locale::English).unwrap();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(html.as_bytes()).unwrap();
    let page = encoder.finish().unwrap().len();
    let packed = |name: &str| {
        let asset = view::assets::get(view::assets::url(name).unwrap()).unwrap();
        asset.br.unwrap_or(asset.bytes).len()
    };
    let whole = page + packed("app.css") + packed("auth.js") + packed("bell.svg");
    assert!(whole <= 12 * 1024, "{whole} bytes");
    println!("sign-in page: {whole} bytes in 4 requests");
}

/// The frame of a sign-in page, and the page, of a flow at an app.
fn sign_in(flow: &str, app: &str, locale: Locale) -> (Chrome, Login) {
    let sample = samples::pages().into_iter().find(|sample| sample.name == "login").unwrap();
    let query = vec![("flow".to_owned(), flow.to_owned())];
    let chrome = Chrome { time_zone: None, query, ..sample.chrome(locale) };
    let page = samples::new_login(flow, Some(app.to_owned()));
    (chrome, page)
}

#[test]
fn whoever_comes_next_sees_their_own_sign_in_page_though_it_was_rendered_for_somebody_else() {
    let (first, second) = ("0199a1b2-0000-7000-8000-00000000000a", "0199a1b2-0000-7000-8000-00000000000b");
    let kept = view();
    for locale in Locale::ALL {
        for app in ["Shop", "A <b>&amp; \"C\" of 0199a1b2-0000-7000-8000-00000000000b"] {
            for flow in [first, second] {
                let (chrome, page) = sign_in(flow, app, locale);
                let anew = view().page(&chrome, &page).unwrap();
                assert_eq!(kept.page(&chrome, &page).unwrap(), anew, "{app} in {}", locale.tag());
                // Who looks when, by which request, changes nothing in it.
                let later = Chrome { now: samples::NOW.plus(HOUR), request_id: "another".to_owned(), ..chrome };
                assert_eq!(kept.page(&later, &page).unwrap(), anew);
                assert!(anew.matches(flow).count() > 3);
            }
        }
    }
}

#[test]
fn what_somebody_typed_is_shown_to_nobody_else() {
    let kept = view();
    let (chrome, page) = sign_in("0199a1b2-0000-7000-8000-00000000000a", "Shop", Locale::English);
    let typed = Login { username: "jane@example.com".to_owned(), ..page.clone() };
    assert!(kept.page(&chrome, &typed).unwrap().contains("jane@example.com"));
    let wrong = Login { problem: Some(LoginProblem::Wrong), ..page.clone() };
    assert!(kept.page(&chrome, &wrong).unwrap().contains("login-problem"));
    let plain = kept.page(&chrome, &page).unwrap();
    assert!(!plain.contains("jane@example.com") && !plain.contains("login-problem"));
    let banner = Chrome { banner: Some(Banner::Saved), ..chrome.clone() };
    assert!(kept.page(&banner, &page).unwrap().contains("role=\"status\""));
    assert_eq!(kept.page(&chrome, &page).unwrap(), plain);
}
