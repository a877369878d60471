//! Nodes that meet in a Redis of their own: a single one, one that Sentinels know, a cluster, and one behind TLS.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use base::{Clock, Id, Rng, SecretHash};
use bus::{Address, Bus, Full, Health, Member, Mode, News, Place, Rate, Where};
use meter::Meter;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use xtask::redis::Server;

const SOON: Duration = Duration::from_secs(10);
const SECRET: [u8; 32] = [7; 32];

fn place(url: impl Into<String>) -> Place {
    Place { url: url.into(), timeout: Duration::from_millis(500), ..Place::default() }
}

/// A node that joins there, of the installation with that secret.
async fn member(place: &Place, secret: &[u8; 32]) -> Bus {
    counted(place, secret, Meter::new()).await
}

/// One that counts there.
async fn counted(place: &Place, secret: &[u8; 32], meter: Meter) -> Bus {
    let (bus, node) = (Bus::default(), Id::new(&Clock::system(), &Rng::system()));
    let member = Member { secret, node, listens: true, meter };
    bus.join(Address::read(place).unwrap(), &member);
    bus.settle(SOON).await;
    bus
}

/// A node that listens, too.
async fn node(place: &Place) -> Bus {
    let bus = member(place, &SECRET).await;
    assert_eq!(bus.health(), Health::Up);
    timeout(SOON, bus.reload_wanted()).await.expect("it listens: then it looks for what it missed");
    bus
}

async fn say(server: &Server, command: &str) -> String {
    let mut connection = TcpStream::connect(("127.0.0.1", server.port())).await.unwrap();
    connection.write_all(format!("{command}\r\n").as_bytes()).await.unwrap();
    // A Sentinel knows no QUIT.
    connection.shutdown().await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    answer
}

/// All that nodes do together.
async fn work_together(place: &Place) {
    let (one, other) = (node(place).await, node(place).await);
    let change = Id::new(&Clock::system(), &Rng::system());
    let mut watch = other.watch(change);
    one.say(News::Moved(change));
    timeout(SOON, watch.moved()).await.expect("news of a change");
    one.say(News::Reload);
    timeout(SOON, other.reload_wanted()).await.expect("news of settings");
    let before = other.revision();
    one.say(News::Outdated);
    one.say(News::Moved(change));
    timeout(SOON, watch.moved()).await.expect("in order");
    assert_eq!(other.revision(), before + 1, "said once, heard once");
    assert!(timeout(Duration::from_millis(100), one.reload_wanted()).await.is_err(), "nobody hears itself");

    let bucket = SecretHash::of(change.as_bytes());
    let rate = Rate { burst: 3, per_minute: 1 };
    let mut taken = 0;
    for n in 0..6 {
        match if n % 2 == 0 { &one } else { &other }.take(&bucket, rate).await {
            Ok(()) => taken += 1,
            Err(Full { wait, at }) => {
                assert_eq!(at, Where::Everywhere);
                assert!(wait > Duration::from_secs(50) && wait <= Duration::from_secs(60), "{wait:?}");
            }
        }
    }
    assert_eq!(taken, 3);

    assert!(!other.has_seen(&bucket).await);
    one.saw(&bucket, Duration::from_millis(700));
    one.flush(SOON).await;
    assert!(other.has_seen(&bucket).await);
    sleep(Duration::from_millis(800)).await;
    assert!(!other.has_seen(&bucket).await, "it is remembered for its time");
    one.leave().await;
    other.leave().await;
}

#[tokio::test]
async fn nodes_work_together_over_one_redis() {
    let server = Server::start().unwrap();
    work_together(&place(server.url())).await;
}

#[tokio::test]
async fn nodes_work_together_over_a_cluster() {
    let server = Server::start_with(&["--cluster-enabled", "yes"]).unwrap();
    assert!(say(&server, "CLUSTER ADDSLOTSRANGE 0 16383").await.contains("OK"));
    let deadline = Instant::now() + SOON;
    while !say(&server, "CLUSTER INFO").await.contains("cluster_state:ok") {
        assert!(Instant::now() < deadline, "the cluster does not form");
        sleep(Duration::from_millis(50)).await;
    }
    work_together(&Place { mode: Mode::Cluster, ..place(server.url()) }).await;
}

/// What a Sentinel knows of its primary.
async fn about(sentinel: &Server) -> String {
    say(sentinel, "SENTINEL MASTER main").await
}

/// Whether a Sentinel names this server, and finds nothing wrong with it.
async fn leads(sentinel: &Server, server: &Server) -> bool {
    let known = about(sentinel).await;
    known.contains(&format!("\r\n{}\r\n", server.port())) && known.contains("flags\r\n$6\r\nmaster\r\n")
}

/// The Sentinel knows where the primary is; after a failover, the nodes go there.
#[tokio::test]
async fn nodes_follow_the_primary_that_a_sentinel_names() {
    let primary = Server::start().unwrap();
    let replica = Server::start_with(&["--replicaof", &format!("127.0.0.1 {}", primary.port())]).unwrap();
    let file = replica.folder().join("sentinel.conf");
    let settings = format!(
        "sentinel monitor main 127.0.0.1 {} 1\nsentinel down-after-milliseconds main 500\nsentinel failover-timeout main 2000\n",
        primary.port()
    );
    std::fs::write(&file, settings).unwrap();
    let sentinel = Server::start_with(&[file.to_str().unwrap(), "--sentinel"]).unwrap();
    let place = Place { mode: Mode::Sentinel, sentinel_master: "main".to_owned(), ..place(sentinel.url()) };
    let deadline = Instant::now() + Duration::from_secs(30);
    while !leads(&sentinel, &primary).await || !about(&sentinel).await.contains("num-slaves\r\n$1\r\n1") {
        assert!(Instant::now() < deadline, "the Sentinel finds no replica");
        sleep(Duration::from_millis(100)).await;
    }
    work_together(&place).await;
    let one = node(&place).await;
    primary.kill();
    let deadline = Instant::now() + Duration::from_secs(60);
    // The replica takes over before the Sentinel says so.
    while !leads(&sentinel, &replica).await || one.health() != Health::Up {
        assert!(Instant::now() < deadline, "nobody takes over: {:?}", one.health());
        sleep(Duration::from_millis(100)).await;
    }
    work_together(&place).await;
}

/// CVE-2025-3501, RUSTSEC-2026-0141: a certificate for another name, or of an authority that nobody trusts, is none; and nothing
/// is said in the clear instead.
#[tokio::test]
async fn a_redis_whose_certificate_is_not_right_is_not_talked_to() {
    let (right, wrong) = (certified("localhost"), certified("redis.example.com"));
    let server = |(ca, cert, key): &(String, String, String)| {
        let folder =
            std::env::temp_dir().join(format!("watchbell-redis-tls-{}-{}", std::process::id(), cert.len() + ca.len()));
        std::fs::create_dir_all(&folder).unwrap();
        for (name, text) in [("ca", ca), ("cert", cert), ("key", key)] {
            std::fs::write(folder.join(name), text).unwrap();
        }
        let file = |name: &str| folder.join(name).to_str().unwrap().to_owned();
        let (cert, key, ca) = (file("cert"), file("key"), file("ca"));
        // Its ordinary port becomes that of TLS.
        let server = Server::start_tls(&["--tls-cert-file", &cert, "--tls-key-file", &key, "--tls-ca-cert-file", &ca]);
        (server.unwrap(), folder)
    };
    let (good, folder) = server(&right);
    let url = format!("rediss://localhost:{}", good.port());
    let trusted = Place { ca_pem: Some(right.0.clone()), ..place(&url) };
    work_together(&trusted).await;
    let unknown = member(&Place { ca_pem: Some(wrong.0.clone()), ..place(&url) }, &SECRET).await;
    assert!(matches!(unknown.health(), Health::Away(_)), "an authority that nobody trusts");
    let plain = member(&place(format!("redis://localhost:{}", good.port())), &SECRET).await;
    assert!(matches!(plain.health(), Health::Away(_)), "it takes no plain text");
    std::fs::remove_dir_all(folder).unwrap();
    let (bad, folder) = server(&wrong);
    let place = Place { ca_pem: Some(wrong.0.clone()), ..place(format!("rediss://localhost:{}", bad.port())) };
    let other = member(&place, &SECRET).await;
    let Health::Away(why) = other.health() else { panic!("a certificate for another name was taken") };
    assert!(!why.is_empty());
    assert!(Address::read(&place).unwrap().check().await.is_err());
    std::fs::remove_dir_all(folder).unwrap();
}

/// An authority, and a certificate of it for a name, with its key: PEM.
fn certified(name: &str) -> (String, String, String) {
    let ca_key = KeyPair::generate().unwrap();
    let mut ca = CertificateParams::default();
    ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca_pem = ca.self_signed(&ca_key).unwrap().pem();
    let key = KeyPair::generate().unwrap();
    let cert = CertificateParams::new(vec![name.to_owned()]).unwrap();
    let cert = cert.signed_by(&key, &Issuer::new(ca, ca_key)).unwrap().pem();
    (ca_pem, cert, key.serialize_pem())
}

/// One Redis may serve several installations: they hear, count and remember nothing of each other.
#[tokio::test]
async fn two_installations_in_one_redis_do_not_meet() {
    let server = Server::start().unwrap();
    let (mine, theirs) = (node(&place(server.url())).await, member(&place(server.url()), &[8; 32]).await);
    timeout(SOON, theirs.reload_wanted()).await.unwrap();
    mine.say(News::Reload);
    mine.saw(&SecretHash([1; 32]), SOON);
    mine.flush(SOON).await;
    assert!(timeout(Duration::from_millis(300), theirs.reload_wanted()).await.is_err());
    assert!(mine.has_seen(&SecretHash([1; 32])).await && !theirs.has_seen(&SecretHash([1; 32])).await);
    let rate = Rate { burst: 1, per_minute: 1 };
    assert!(
        mine.take(&SecretHash([2; 32]), rate).await.is_ok() && theirs.take(&SecretHash([2; 32]), rate).await.is_ok()
    );
}

/// Each piece of work wakes one of those who share it, and nobody who does not.
#[tokio::test]
async fn work_wakes_one_of_those_who_share_it() {
    let server = Server::start().unwrap();
    let place = place(server.url());
    let (writer, first, second) = (node(&place).await, node(&place).await, node(&place).await);
    let sharing: Vec<_> = [&first, &second]
        .map(|bus| {
            let bus = bus.clone();
            tokio::spawn(async move { bus.share_work().await })
        })
        .into_iter()
        .collect();
    for bus in [&first, &second] {
        timeout(SOON, bus.work().notified()).await.expect("it joins: then it looks for what it missed");
    }
    let (one, two) = (first.work(), second.work());
    for _ in 0..6 {
        // A call wakes who rests and is kept for who is about to.
        for work in [&one, &two] {
            while timeout(Duration::from_millis(20), work.notified()).await.is_ok() {}
        }
        writer.tell_others(News::Work);
        let woken = async {
            tokio::select! { () = one.notified() => &two, () = two.notified() => &one }
        };
        let other = timeout(SOON, woken).await.expect("somebody wakes");
        assert!(timeout(Duration::from_millis(100), other.notified()).await.is_err(), "both woke");
    }
    assert!(timeout(Duration::from_millis(50), writer.work().notified()).await.is_err());
    drop(sharing);
}

/// A node that stops in order leaves nothing behind; of one that was killed the others clear up.
#[tokio::test]
async fn a_node_takes_its_group_with_it() {
    let server = Server::start().unwrap();
    let place = place(server.url());
    let (one, other) = (node(&place).await, node(&place).await);
    let names = say(&server, "KEYS *:news").await;
    let stream = names.lines().find(|line| line.contains(":news")).unwrap().to_owned();
    let groups =
        || async { say(&server, &format!("XINFO GROUPS {stream}")).await.matches("last-delivered-id").count() };
    assert_eq!(groups().await, 2);
    other.leave().await;
    assert_eq!(groups().await, 1);
    assert!(matches!(other.health(), Health::Away(_)));
    one.say(News::Reload);
    one.flush(SOON).await;
    assert_eq!(groups().await, 1);
}

/// Nobody waits for a Redis that stands still, and not at all once that is known.
#[tokio::test]
async fn a_redis_that_stands_still_costs_three_waits() {
    let server = Server::start().unwrap();
    let place = Place { timeout: Duration::from_millis(80), ..place(server.url()) };
    let meter = Meter::new();
    let bus = counted(&place, &SECRET, meter.clone()).await;
    server.pause();
    for n in 0..50_u8 {
        assert!(!bus.has_seen(&SecretHash([n; 32])).await);
    }
    assert!(matches!(bus.health(), Health::Away(_)));
    let told = meter.text(&meter::Levels::default());
    let waited = told
        .lines()
        .find_map(|line| line.strip_prefix("watchbell_redis_questions_total{what=\"seen\",outcome=\"slow\"} "));
    let waited: u64 = waited.map_or(0, |count| count.parse().unwrap());
    assert!((1..=3).contains(&waited), "{waited} of 50 waited");
    server.go_on();
    let deadline = Instant::now() + SOON;
    while bus.health() != Health::Up {
        assert!(Instant::now() < deadline);
        sleep(Duration::from_millis(20)).await;
    }
}
