//! Traces: what a collector is told of a sign-in, and what never.

use actix_web::http::{Method, StatusCode};
use actix_web::test::TestRequest;
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use testkit::binary::Binary;
use testkit::browser::{Browser, CHROME, FIREFOX};
use testkit::collector::{Collector, attribute, hex};
use testkit::people::{PASSWORD, link};
use testkit::push_service::PushService;

const JANE: &str = "jane@example.com";
const SOON: Duration = Duration::from_secs(60);
/// The trace and the span of somebody's `traceparent` (the example of W3C Trace Context).
const THEIRS: [&str; 2] = ["0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"];
/// Small hashes: what is tested here is not their strength.
const SMALL: [(&str, &str); 2] = [("WATCHBELL_PASSWORD__MEMORY_KIB", "64"), ("WATCHBELL_PASSWORD__ITERATIONS", "1")];

async fn program(settings: &[(&str, &str)]) -> Binary {
    Binary::dev_with(&[settings, &SMALL].concat()).await
}

/// A request that says which trace it is a part of.
fn traced(path: &str, [trace, parent]: [&str; 2], flags: &str) -> TestRequest {
    TestRequest::with_uri(path).insert_header(("traceparent", format!("00-{trace}-{parent}-{flags}")))
}

fn named<'a>(spans: &'a [Span], name: &str) -> Vec<&'a Span> {
    spans.iter().filter(|span| span.name == name).collect()
}

fn children<'a>(spans: &'a [Span], of: &Span) -> Vec<&'a Span> {
    spans.iter().filter(|span| span.trace_id == of.trace_id && span.parent_span_id == of.span_id).collect()
}

async fn register(program: &Binary) -> (Browser, String) {
    let mut browser = program.browser(FIREFOX);
    let page = browser.open("/login").await;
    let page = browser.open(&link(&page, "/register")).await;
    let form = page.form("/register").with("username", JANE).with("name", "Jane Doe").with("password", PASSWORD);
    browser.submit_and_follow(form).await;
    let letter = program.mailbox().wait(JANE, "").await;
    let confirm = letter.link("/confirm").to_owned();
    let page = browser.open(&confirm).await;
    browser.submit_and_follow(page.form("/confirm")).await;
    (browser, confirm)
}

/// Turns notices on, and waits for the one that says so; answers where they go.
async fn turn_on(browser: &mut Browser, service: &PushService) -> String {
    let page = browser.open("/account/notifications").await;
    let document = scraper::Html::parse_document(&page.body);
    let meta = scraper::Selector::parse("meta[name=vapid]").unwrap();
    let key = document.select(&meta).next().unwrap().value().attr("content").unwrap().to_owned();
    let subscriber = service.subscribe(Some(&key));
    let body = json!({ "subscription": serde_json::from_str::<Value>(&subscriber.json()).unwrap() });
    let reply = browser.json(Method::POST, "/account/api/push/subscriptions", &body).await;
    assert!(reply.status.is_success(), "{} {}", reply.status, reply.body);
    subscriber.next_message(SOON).await;
    subscriber.endpoint()
}

#[actix_web::test]
async fn a_collector_is_told_what_a_sign_in_waited_for_and_nothing_of_the_person() {
    let (collector, service) = (Collector::start().await, PushService::start().await);
    let mut program = program(&[
        ("WATCHBELL_TELEMETRY__TRACES_ENDPOINT", collector.endpoint()),
        ("WATCHBELL_TELEMETRY__HEADERS", "x-key=hunter%2C2"),
        ("WATCHBELL_TELEMETRY__FOLLOW_PROXIES", "true"),
        ("WATCHBELL_SERVER__TRUSTED_PROXIES", "10.0.0.0/8"),
        ("WATCHBELL_TELEMETRY__INSTANCE", "node-7"),
        ("WATCHBELL_PUSH__TRUSTED_ORIGINS", service.origin()),
        ("WATCHBELL_LOG__LEVEL", "warn,web=debug"),
        ("WATCHBELL_LOG__FORMAT", "json"),
    ])
    .await;
    let (mut owner, confirm) = register(&program).await;
    let push = turn_on(&mut owner, &service).await;
    let mut browser = program.browser(CHROME);
    let page = browser.open("/login").await;
    let form = page.form("/login").with("username", JANE).with("password", PASSWORD);
    assert!(browser.submit(form).await.status.is_redirection());
    // What strangers may try to leave there.
    let odd = [
        TestRequest::with_uri("/nobody/stranger@example.org"),
        TestRequest::with_uri("/login?login_hint=stranger%40example.org&token=quer1ed"),
        TestRequest::with_uri("/oauth/userinfo").insert_header(("authorization", "Bearer b3arer")),
        TestRequest::with_uri("/a/stranger@example.org"),
        TestRequest::with_uri("/login").method(Method::from_bytes(b"STRANGER").unwrap()),
        traced("/robots.txt", THEIRS, "01").insert_header(("tracestate", "stranger=examp1e")),
    ];
    for request in odd {
        program.send(request).await.unwrap();
    }
    let jars = [&mut owner, &mut browser];
    let cookies = jars.into_iter().flat_map(|browser| browser.cookies().clone().into_values());
    let cookies: Vec<String> = cookies.filter(|value| value.len() >= 20).collect();
    assert!(cookies.len() >= 4, "{cookies:?}");
    // Nothing is waited for here: what is left is sent at the end.
    assert!(program.stop().await.success());

    let spans = collector.spans();
    let sign_ins = named(&spans, "POST /login");
    let sign_in = *sign_ins.last().unwrap();
    assert_eq!(sign_in.kind(), SpanKind::Server);
    assert!(sign_in.parent_span_id.is_empty() && sign_in.end_time_unix_nano > sign_in.start_time_unix_nano);
    for (key, value) in [
        ("http.request.method", "POST"),
        ("http.route", "/login"),
        ("url.path", "/login"),
        ("url.scheme", "http"),
        ("http.response.status_code", "303"),
    ] {
        assert_eq!(attribute(sign_in, key), value, "{key}");
    }
    let within = children(&spans, sign_in);
    for name in ["hash queue", "hash", "transaction"] {
        assert!(within.iter().any(|span| span.name == name), "{name}: {within:?}");
    }
    assert!(within.iter().filter(|s| s.name == "transaction").all(|s| attribute(s, "db.system.name") == "sqlite"));
    let mails = named(&spans, "deliver mail");
    assert!(!mails.is_empty() && mails.iter().all(|span| attribute(span, "watchbell.outcome") == "sent"), "{mails:?}");
    let rung = named(&spans, "deliver push").into_iter().flat_map(|span| children(&spans, span));
    let call = rung.into_iter().find(|span| span.name == "POST").unwrap();
    assert_eq!((call.kind(), attribute(call, "watchbell.purpose")), (SpanKind::Client, "push".to_owned()));
    assert_eq!(attribute(call, "http.response.status_code"), "201");
    // Only these begin a trace: not the house's own looking for work, and not what is sent to the collector.
    let roots: Vec<_> = spans.iter().filter(|span| span.parent_span_id.is_empty()).collect();
    assert!(roots.iter().all(|span| matches!(span.kind(), SpanKind::Server | SpanKind::Consumer)), "{roots:?}");
    assert!(named(&spans, "_OTHER /login").is_empty() && named(&spans, "HTTP /login").len() == 1);
    let nameless = roots.iter().filter(|span| span.name == "GET").count();
    assert_eq!(nameless, 1, "a path that is none of ours is not told");
    assert_eq!(named(&spans, "GET /a/{name}").iter().filter(|s| attribute(s, "url.path") == "/a/{name}").count(), 1);

    // The log meets them.
    let (trace, request) = (hex(&sign_in.trace_id), attribute(sign_in, "watchbell.request_id"));
    let log = program.log();
    let line = log.lines().find(|line| line.contains(&request)).unwrap();
    let line: Value = serde_json::from_str(line).unwrap();
    assert_eq!((line["trace_id"].as_str(), line["path"].as_str()), (Some(&*trace), Some("/login")));

    // A stranger's trace is not ours, and what was typed, kept or carried is nowhere.
    let robots = *named(&spans, "GET /robots.txt").first().unwrap();
    assert!(robots.parent_span_id.is_empty() && hex(&robots.trace_id) != THEIRS[0]);
    let confirm = url::Url::parse(&confirm).unwrap();
    let asked: Vec<String> = confirm.query_pairs().map(|(_, value)| value.into_owned()).collect();
    assert!(!asked.is_empty());
    let mut secrets =
        vec![JANE, "jane", "Jane", PASSWORD, "staple", "Mozilla", "stranger", "STRANGER", "quer1ed", "b3arer"];
    secrets.extend(cookies.iter().chain(&asked).map(String::as_str));
    secrets.extend(["examp1e", "hunter", THEIRS[0], &*push, service.origin(), "127.0.0.1", "cookie", "token"]);
    for secret in secrets {
        assert!(secret.len() >= 4 && !collector.has_seen(secret), "{secret}");
    }
    for text in ["watchbell", "service.instance.id", "node-7", env!("CARGO_PKG_VERSION")] {
        assert!(collector.has_seen(text), "{text}");
    }
    let heads: Vec<_> = collector.got().into_iter().map(|got| got.head).collect();
    assert!(heads.iter().all(|head| head.contains("x-key: hunter,2\n")), "{heads:?}");
    assert!(heads.iter().all(|head| head.contains("content-type: application/x-protobuf\n")), "{heads:?}");
    assert!(!log.contains("hunter"));
}

#[actix_web::test]
async fn the_trace_of_a_trusted_proxy_is_followed_and_kept_as_the_proxy_says() {
    let collector = Collector::start().await;
    let mut program = program(&[
        ("WATCHBELL_TELEMETRY__TRACES_ENDPOINT", collector.endpoint()),
        ("WATCHBELL_TELEMETRY__FOLLOW_PROXIES", "true"),
        ("WATCHBELL_TELEMETRY__SAMPLE_RATIO", "0"),
        ("WATCHBELL_SERVER__TRUSTED_PROXIES", "127.0.0.0/8"),
    ])
    .await;
    for request in [
        traced("/robots.txt", THEIRS, "01"),
        traced("/sw.js", THEIRS, "00"),
        TestRequest::with_uri("/favicon.ico"),
        traced("/livez", THEIRS, "01")
            .append_header(("traceparent", "00-1af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")),
        TestRequest::with_uri("/readyz").insert_header(("traceparent", "no such thing")),
    ] {
        assert_eq!(program.send(request).await.unwrap().status, StatusCode::OK);
    }
    assert!(program.stop().await.success());
    let spans = collector.spans();
    let names: Vec<_> = spans.iter().map(|span| &*span.name).collect();
    assert_eq!(names, ["GET /robots.txt"], "of what begins here nothing is kept");
    assert_eq!([hex(&spans[0].trace_id), hex(&spans[0].parent_span_id)], THEIRS);
}

/// Spans that were counted as `outcome`.
fn counted(metrics: &str, outcome: &str) -> u64 {
    let name = format!("watchbell_trace_spans_total{{outcome=\"{outcome}\"}} ");
    metrics.lines().find_map(|line| line.strip_prefix(&name)).map_or(0, |number| number.parse().unwrap())
}

#[actix_web::test]
async fn a_collector_that_is_away_harms_nobody_and_what_it_misses_is_counted() {
    let mut program = program(&[
        ("WATCHBELL_TELEMETRY__TRACES_ENDPOINT", "http://127.0.0.1:9/v1/traces"),
        ("WATCHBELL_SERVER__OPERATIONS_LISTEN", "127.0.0.1:0"),
    ])
    .await;
    let mut dropped = 0;
    for _ in 0..2 {
        for _ in 0..20 {
            let reply = program.send(TestRequest::with_uri("/robots.txt")).await.unwrap();
            assert_eq!(reply.status, StatusCode::OK);
        }
        let deadline = Instant::now() + SOON;
        let before = dropped;
        while dropped == before {
            assert!(Instant::now() < deadline, "nothing is counted");
            tokio::time::sleep(Duration::from_millis(100)).await;
            dropped = counted(&program.metrics().await, "dropped");
        }
    }
    let metrics = program.metrics().await;
    assert_eq!((counted(&metrics, "sent"), counted(&metrics, "refused")), (0, 0), "{metrics}");
    program.send(TestRequest::with_uri("/robots.txt")).await.unwrap();
    assert!(program.stop().await.success());
    let log = program.log();
    assert_eq!(log.matches("the collector does not take traces").count(), 1, "said once: {log}");
}
