//! Messages on their whole way: encrypted, sent over a connection, checked by a push service, decrypted by a receiver.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[allow(dead_code, unreachable_pub, reason = "it is the testkit's: the stories of the whole product use the rest")]
#[path = "../../../tests/src/push_service.rs"]
mod push_service;

use base::{Clock, Rng, Timestamp};
use futures_util::{SinkExt, StreamExt};
use outbound::{Outbound, Refusal, Settings};
use push::payload::Notification;
use push::{Message, Prepared, Refused, Reply, Sender, Subscription, Topic, Urgency, VapidKey, Vendors};
use push_service::{Fault, PushService, Report, Subscriber};
use serde_json::{Value, json};
use std::time::Duration;
use tokio_tungstenite::tungstenite::ClientRequestBuilder;

const SOON: Duration = Duration::from_secs(3);

struct World {
    service: PushService,
    sender: Sender,
    key: VapidKey,
    clock: Clock,
}

impl World {
    async fn new(tls: bool) -> Self {
        let clock = Clock::manual(Timestamp::from_seconds(1_790_000_000));
        let service = PushService::start_with(clock.clone(), tls).await;
        let settings = Settings {
            trusted_origins: vec![service.origin().parse().unwrap()],
            extra_ca_pem: service.ca_pem().map(str::to_owned).into_iter().collect(),
            timeout: Duration::from_secs(2),
            ..Settings::default()
        };
        let outbound = Outbound::new(settings).unwrap();
        let sender = Sender::new(outbound, "mailto:ops@example.com".parse().unwrap(), Vendors::Any, Rng::system());
        Self { service, sender, key: VapidKey::generate(&Rng::system()).unwrap(), clock }
    }

    fn subscribe(&self) -> (Subscriber, Subscription) {
        let browser = self.service.subscribe(Some(self.key.public_base64url()));
        let subscription = self.sender.subscription(&browser.json()).unwrap();
        (browser, subscription)
    }

    fn prepare(&self, to: &Subscription, text: &str) -> Prepared {
        let payload = Notification::new(text, "https://id.example.com/").to_payload();
        let message = Message::new(payload, Duration::from_secs(600)).unwrap().urgency(Urgency::High);
        self.sender.prepare(to, &message.topic(Topic::new("news").unwrap()), self.clock.now())
    }

    async fn deliver(&self, to: &Subscription, prepared: &Prepared) -> Reply {
        self.sender.deliver(to.endpoint(), &self.key, prepared, self.clock.now()).await
    }

    async fn send(&self, to: &Subscription) -> Reply {
        self.deliver(to, &self.prepare(to, "hello")).await
    }
}

#[tokio::test]
async fn a_message_arrives_with_all_that_was_said_about_it() {
    for tls in [false, true] {
        let world = World::new(tls).await;
        let (browser, subscription) = world.subscribe();
        assert_eq!(world.send(&subscription).await, Reply::Accepted, "{:?}", world.service.log());
        let got = browser.next_message(SOON).await;
        assert_eq!(got.json["notification"]["title"], "hello");
        assert_eq!((got.ttl, got.urgency.as_str(), got.topic.as_deref()), (600, "high", Some("news")));
        assert_eq!(world.service.log().first().unwrap().body.len(), 1024);
        world.service.assert_all_well_formed();
    }
}

#[tokio::test]
async fn a_retry_sends_the_same_bytes_with_what_is_left_of_the_ttl() {
    let world = World::new(false).await;
    let (browser, subscription) = world.subscribe();
    let stored = world.prepare(&subscription, "later").to_bytes();
    world.service.fail(None, Fault::status(503), 1);
    world.service.fail(None, Fault::Reset, 1);
    for _ in 0..2 {
        let reply = world.deliver(&subscription, &Prepared::from_bytes(&stored).unwrap()).await;
        assert!(matches!(reply, Reply::ServerTrouble { .. }), "{reply:?}");
        world.clock.advance(Duration::from_secs(100));
    }
    let reply = world.deliver(&subscription, &Prepared::from_bytes(&stored).unwrap()).await;
    assert_eq!(reply, Reply::Accepted);
    assert_eq!(browser.next_message(SOON).await.ttl, 400);
    let log = world.service.log();
    assert!(log.iter().all(|entry| entry.body == log.first().unwrap().body));
    world.clock.advance(Duration::from_secs(400));
    let reply = world.deliver(&subscription, &Prepared::from_bytes(&stored).unwrap()).await;
    assert_eq!((reply, world.service.log().len()), (Reply::Expired, 3));
}

#[tokio::test]
async fn each_answer_of_a_service_is_told_apart() {
    let world = World::new(false).await;
    for (status, expected) in [(404, Reply::Gone), (410, Reply::Gone), (413, Reply::TooLarge)] {
        let (_, subscription) = world.subscribe();
        world.service.fail(None, Fault::status(status), 1);
        assert_eq!(world.send(&subscription).await, expected);
    }
    let (browser, subscription) = world.subscribe();
    world.service.drop_endpoint(&browser.endpoint());
    assert_eq!(world.send(&subscription).await, Reply::Gone);
}

#[tokio::test]
async fn a_service_that_asks_for_a_pause_is_left_alone_until_it_is_over() {
    let world = World::new(false).await;
    let (browser, subscription) = world.subscribe();
    world.service.fail(Some(&browser.endpoint()), Fault::wait(429, "120"), 1);
    let wait = |seconds| Reply::Throttled { retry_after: Some(Duration::from_secs(seconds)) };
    assert_eq!(world.send(&subscription).await, wait(120));
    world.clock.advance(Duration::from_secs(20));
    assert_eq!(world.send(&subscription).await, wait(100));
    assert_eq!(world.service.log().len(), 1, "nothing is sent during a pause");
    let (_, other) = world.subscribe();
    assert_eq!(world.send(&other).await, Reply::Accepted);
    world.clock.advance(Duration::from_secs(100));
    assert_eq!(world.send(&subscription).await, Reply::Accepted);
}

#[tokio::test]
async fn another_key_than_the_browser_subscribed_with_is_refused_and_then_rests() {
    let world = World::new(false).await;
    let wrong = VapidKey::generate(&Rng::system()).unwrap();
    for turn in 0..6 {
        let (_, subscription) = world.subscribe();
        let prepared = world.prepare(&subscription, "x");
        let reply = world.sender.deliver(subscription.endpoint(), &wrong, &prepared, world.clock.now()).await;
        match turn {
            5 => assert!(matches!(reply, Reply::KeySuspended { .. }), "{reply:?}"),
            _ => assert!(matches!(reply, Reply::KeyRefused { status: 403, .. }), "{reply:?}"),
        }
    }
    assert_eq!(world.service.log().len(), 5);
    let (_, subscription) = world.subscribe();
    assert_eq!(world.send(&subscription).await, Reply::Accepted, "the right key goes on");
    let status = world.sender.status(world.clock.now());
    assert_eq!(status.first().unwrap().suspended_keys, [wrong.public_base64url()]);
}

#[tokio::test]
async fn a_silent_service_is_given_up_and_tried_again() {
    let world = World::new(false).await;
    let (_, subscription) = world.subscribe();
    world.service.fail(None, Fault::Slow(Duration::from_secs(5)), 1);
    assert!(matches!(world.send(&subscription).await, Reply::ServerTrouble { .. }));
    assert_eq!(world.send(&subscription).await, Reply::Accepted);
}

#[tokio::test]
async fn a_service_that_is_not_trusted_gets_no_packet() {
    let world = World::new(false).await;
    let (browser, subscription) = world.subscribe();
    let strict = Outbound::new(Settings::default()).unwrap();
    let sender = Sender::new(strict, "mailto:ops@example.com".parse().unwrap(), Vendors::Any, Rng::system());
    assert!(sender.subscription(&browser.json()).is_err());
    let prepared = world.prepare(&subscription, "x");
    let reply = sender.deliver(subscription.endpoint(), &world.key, &prepared, world.clock.now()).await;
    assert_eq!(reply, Reply::Refused(Refused::Rule(Refusal::Scheme)));
    assert!(world.service.log().is_empty());
}

#[tokio::test]
async fn a_newer_message_replaces_an_older_one_of_its_topic() {
    let world = World::new(false).await;
    let (browser, subscription) = world.subscribe();
    for text in ["first", "second"] {
        assert_eq!(world.deliver(&subscription, &world.prepare(&subscription, text)).await, Reply::Accepted);
    }
    assert_eq!(browser.waiting(), 1);
    assert_eq!(browser.next_message(SOON).await.json["notification"]["title"], "second");
    assert!(browser.try_next(Duration::from_millis(50)).await.is_none());
}

#[tokio::test]
async fn tokens_last_a_day_of_deliveries() {
    let world = World::new(false).await;
    let (_, subscription) = world.subscribe();
    for _ in 0..30 {
        assert_eq!(world.send(&subscription).await, Reply::Accepted);
        world.clock.advance(Duration::from_secs(3_600));
    }
    world.service.assert_all_well_formed();
}

#[tokio::test]
async fn a_hundred_messages_at_once_arrive() {
    let world = World::new(true).await;
    let subscriptions: Vec<_> = (0..150).map(|_| world.subscribe()).collect();
    let all = subscriptions.iter().map(|(_, subscription)| world.send(subscription));
    let replies = futures_util::future::join_all(all).await;
    assert!(replies.iter().all(|reply| *reply == Reply::Accepted), "{replies:?}");
    world.service.assert_all_well_formed();
}

/// What Firefox says and hears.
#[tokio::test]
async fn a_browser_subscribes_and_receives_over_its_socket() {
    let world = World::new(false).await;
    let address = world.service.websocket_url().parse().unwrap();
    let request = ClientRequestBuilder::new(address).with_sub_protocol("push-notification");
    let (mut socket, _) = tokio_tungstenite::connect_async(request).await.unwrap();
    let hello = talk(&mut socket, json!({ "messageType": "hello", "use_webpush": true, "uaid": "" })).await;
    assert_eq!((&hello["status"], &hello["use_webpush"]), (&json!(200), &json!(true)));
    let key = world.key.public_base64url();
    let register = json!({ "messageType": "register", "channelID": "c1", "key": key });
    let endpoint = talk(&mut socket, register).await["pushEndpoint"].as_str().unwrap().to_owned();
    assert_eq!(world.service.browser_endpoints(), std::slice::from_ref(&endpoint));

    let keys = push::receiver::Receiver::generate(&Rng::system());
    let subscription = world.sender.subscription(&keys.subscription_json(&endpoint)).unwrap();
    assert_eq!(world.send(&subscription).await, Reply::Accepted);
    let notice = hear(&mut socket).await;
    assert_eq!((&notice["channelID"], &notice["headers"]["encoding"]), (&json!("c1"), &json!("aes128gcm")));
    let body =
        base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, notice["data"].as_str().unwrap());
    assert!(String::from_utf8(keys.decrypt(&body.unwrap()).unwrap()).unwrap().contains("hello"));

    let version = notice["version"].as_str().unwrap().to_owned();
    let ack = json!({ "messageType": "ack", "updates": [{ "channelID": "c1", "version": version, "code": 100 }] });
    say(&mut socket, ack).await;
    assert!(
        world
            .service
            .wait_until(SOON, |service| service.reports() == [Report { version: version.clone(), code: 100 }])
            .await
    );
    talk(&mut socket, json!({ "messageType": "unregister", "channelID": "c1" })).await;
    assert_eq!(world.send(&subscription).await, Reply::Gone);
}

type Socket = tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>>;

async fn say(socket: &mut Socket, what: Value) {
    socket.send(tokio_tungstenite::tungstenite::Message::text(what.to_string())).await.unwrap();
}

async fn hear(socket: &mut Socket) -> Value {
    let heard = tokio::time::timeout(SOON, socket.next()).await.unwrap().unwrap().unwrap();
    serde_json::from_str(heard.to_text().unwrap()).unwrap()
}

async fn talk(socket: &mut Socket, what: Value) -> Value {
    say(socket, what).await;
    hear(socket).await
}
