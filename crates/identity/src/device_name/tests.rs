use super::*;
use proptest::prelude::*;

fn named(user_agent: &str) -> (String, String, FormFactor) {
    let agent = agent(user_agent, &Hints::default());
    (agent.browser, agent.os, agent.kind)
}

fn is(user_agent: &str, browser: &str, os: &str, kind: FormFactor) {
    assert_eq!(named(user_agent), (browser.to_owned(), os.to_owned(), kind), "{user_agent}");
}

#[test]
fn browsers_on_computers_are_called_by_their_names() {
    use FormFactor::Desktop;
    for (ua, browser, os) in [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox", "Linux"),
        ("Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox", "Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:152.0) Gecko/20100101 Firefox/152.0", "Firefox", "Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:152.0) Gecko/20100101 Firefox/152.0", "Firefox", "macOS"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
            "Chrome",
            "Windows",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
            "Chrome",
            "macOS",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
            "Chrome",
            "Linux",
        ),
        (
            "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
            "Chrome",
            "ChromeOS",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0",
            "Edge",
            "Windows",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/64.0.3282.140 Safari/537.36 Edge/18.17763",
            "Edge",
            "Windows",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15",
            "Safari",
            "macOS",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36 OPR/134.0.0.0",
            "Opera",
            "Windows",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36 Vivaldi/8.1.3087.41",
            "Vivaldi",
            "Linux",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 YaBrowser/25.12.0.0 Safari/537.36",
            "Yandex Browser",
            "Windows",
        ),
        ("Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko", "Internet Explorer", "Windows"),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15 Epiphany/605.1.15",
            "GNOME Web",
            "Linux",
        ),
        ("Mozilla/5.0 (X11; FreeBSD amd64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox", "FreeBSD"),
        ("Mozilla/5.0 (X11; OpenBSD amd64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox", "OpenBSD"),
    ] {
        is(ua, browser, os, Desktop);
    }
}

#[test]
fn browsers_on_phones_are_called_by_their_names() {
    use FormFactor::Phone;
    for (ua, browser, os) in [
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36",
            "Chrome",
            "Android",
        ),
        ("Mozilla/5.0 (Android 15; Mobile; rv:152.0) Gecko/152.0 Firefox/152.0", "Firefox", "Android"),
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/29.0 Chrome/136.0.0.0 Mobile Safari/537.36",
            "Samsung Internet",
            "Android",
        ),
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36 EdgA/156.0.0.0",
            "Edge",
            "Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1",
            "Safari",
            "iOS",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/156.0.0.0 Mobile/15E148 Safari/604.1",
            "Chrome",
            "iOS",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/152.0 Mobile/15E148 Safari/605.1.15",
            "Firefox",
            "iOS",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 EdgiOS/156.0.0.0 Mobile/15E148 Safari/605.1.15",
            "Edge",
            "iOS",
        ),
        // A web app on the home screen.
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
            "Safari",
            "iOS",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14; Pixel 9 Build/AP2A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/150.0.0.0 Mobile Safari/537.36 DuckDuckGo/5",
            "DuckDuckGo",
            "Android",
        ),
    ] {
        is(ua, browser, os, Phone);
    }
}

#[test]
fn tablets_are_told_from_phones() {
    is(
        "Mozilla/5.0 (iPad; CPU OS 17_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1",
        "Safari",
        "iPadOS",
        FormFactor::Tablet,
    );
    is(
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
        "Chrome",
        "Android",
        FormFactor::Tablet,
    );
    is(
        "Mozilla/5.0 (Android 15; Tablet; rv:152.0) Gecko/152.0 Firefox/152.0",
        "Firefox",
        "Android",
        FormFactor::Tablet,
    );
}

#[test]
fn an_apple_device_is_called_by_its_model() {
    let iphone = agent(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1",
        &Hints::default(),
    );
    assert_eq!(iphone.machine(), "iPhone");
    let linux = agent("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", &Hints::default());
    assert_eq!(linux.machine(), "Linux");
}

const CHROME_ANDROID: &str =
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36";
const CHROME_LINUX: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";

#[test]
fn hints_name_what_the_user_agent_hides() {
    let pixel = Hints {
        brands: Some(r#""Google Chrome";v="156", "Not?A_Brand";v="24", "Chromium";v="156""#),
        platform: Some("\"Android\""),
        mobile: Some("?1"),
        model: Some("\"Pixel 9\""),
    };
    let found = agent(CHROME_ANDROID, &pixel);
    let expected =
        Agent { browser: "Chrome".into(), os: "Android".into(), model: "Pixel 9".into(), kind: FormFactor::Phone };
    assert_eq!(found, expected);
}

#[test]
fn brave_and_its_kin_are_recognised_by_their_brand() {
    for (brands, name) in [
        (r#""Brave";v="156", "Not?A_Brand";v="24", "Chromium";v="156""#, "Brave"),
        (r#""Chromium";v="156", "Microsoft Edge";v="156", "Not?A_Brand";v="24""#, "Edge"),
        (r#""Not;A=Brand";v="99", "Opera";v="134", "Chromium";v="150""#, "Opera"),
        (r#""Samsung Internet";v="29.0", "Chromium";v="136", "Not.A/Brand";v="99""#, "Samsung Internet"),
        (r#""Chromium";v="156", "Not?A_Brand";v="24""#, "Chromium"),
        (r#""(Not(A:Brand";v="8", "Vivaldi";v="8.1", "Chromium";v="150""#, "Vivaldi"),
    ] {
        assert_eq!(agent(CHROME_LINUX, &Hints { brands: Some(brands), ..Hints::default() }).browser, name);
    }
}

#[test]
fn an_unknown_brand_or_platform_leaves_the_user_agents_word() {
    let hints = Hints { brands: Some(r#""Your bank";v="1""#), platform: Some("\"Toaster\""), ..Hints::default() };
    let found = agent(CHROME_LINUX, &hints);
    assert_eq!((found.browser.as_str(), found.os.as_str()), ("Chrome", "Linux"));
}

#[test]
fn bots_and_scripts_are_programs() {
    for (ua, name) in [
        ("curl/8.14.1", "curl"),
        ("Wget/1.25.0", "Wget"),
        ("python-requests/2.32.5", "Python"),
        ("Go-http-client/2.0", "Go"),
        ("okhttp/5.1.0", "OkHttp"),
        ("node", "Node.js"),
        ("PostmanRuntime/7.44.0", "Postman"),
    ] {
        is(ua, name, "", FormFactor::Program);
    }
    for ua in [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
        "SomeUnheardOfBot/1.0",
    ] {
        let (browser, os, kind) = named(ua);
        assert!(!browser.is_empty(), "{ua}");
        assert_eq!((os.as_str(), kind), ("", FormFactor::Program), "{ua}");
    }
    is(
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36",
        "Headless Chrome",
        "",
        FormFactor::Program,
    );
}

#[test]
fn one_that_says_nothing_has_no_name() {
    for ua in ["", "-", " ", "\u{0}", "Mozilla/5.0"] {
        is(ua, "", "", FormFactor::Unknown);
    }
}

#[test]
fn nobody_can_write_a_sentence_into_the_notice() {
    let hints = Hints {
        model: Some("\"Pixel 9\u{202e}. <b>Call +1 555 0100 now</b>, your account is at risk; visit evil.example\""),
        ..Hints::default()
    };
    let found = agent(CHROME_ANDROID, &hints);
    assert!(found.model.len() <= 32, "{}", found.model);
    assert!(found.model.chars().all(|c| c.is_ascii_alphanumeric() || " -_()+/".contains(c)), "{}", found.model);
    assert_eq!(agent("Your bank's own browser on a safe device", &Hints::default()).browser, "");
}

#[test]
fn a_hidden_model_stays_empty() {
    for model in ["", "\"\"", "\"K\"", "\"   \"", "\"\u{1f4f1}\""] {
        assert_eq!(agent(CHROME_ANDROID, &Hints { model: Some(model), ..Hints::default() }).model, "");
    }
}

#[test]
fn what_stands_after_the_bound_is_not_read_and_no_character_is_cut_in_half() {
    let late = format!("{} Firefox/140.0", "\u{e9}".repeat(MAX_USER_AGENT));
    assert_eq!(named(&late).0, "");
    assert_eq!(cut("a\u{e9}b", 2), "a");
    assert_eq!(cut("abc", 10), "abc");
}

proptest! {
    #[test]
    fn whatever_is_sent_names_stay_short_and_plain(
        ua in ".{0,700}",
        brands in ".{0,300}",
        platform in ".{0,40}",
        mobile in ".{0,4}",
        model in ".{0,300}",
    ) {
        let hints = Hints { brands: Some(&brands), platform: Some(&platform), mobile: Some(&mobile), model: Some(&model) };
        let found = agent(&ua, &hints);
        for text in [&found.browser, &found.os, &found.model] {
            prop_assert!(text.len() <= 40 && text.chars().all(|c| c == ' ' || c.is_ascii_graphic()), "{text}");
        }
    }
}
