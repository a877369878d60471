//! A notice for a browser (RFC 8291): encrypted with as little as it takes (a fresh key, an agreement, four HMACs, AES-GCM), encrypted by
//! the product, and sent by it to a push service on this machine.

use crate::work::Work;
use anyhow::{Context as _, Result, bail};
use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral};
use aws_lc_rs::hmac::{HMAC_SHA256, Key, Tag, sign};
use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use push::{Message, Reply, Sender, VapidKey, Vendors};
use std::hint::black_box;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;
use tokio::runtime::Builder;

const NOTICE: [u8; 512] = [b'x'; 512];

pub(crate) fn works() -> Result<Vec<Work>> {
    let rng = SystemRandom::new();
    let browser = EphemeralPrivateKey::generate(&ECDH_P256, &rng).ok().context("make a browser's key")?;
    let browser = browser.compute_public_key().ok().context("its public half")?.as_ref().to_vec();
    let mut auth = [0; 16];
    rng.fill(&mut auth).ok().context("random bytes")?;
    let auth = Key::new(HMAC_SHA256, &auth);
    let mut works = ours(&browser)?;
    let bare = Work::computed("Web Push, encrypt 512 bytes", move || {
        black_box(encrypt(&rng, &browser, &auth)?);
        Ok(())
    });
    works.insert(0, bare);
    Ok(works)
}

/// The product's own: encryption, and with it the sending over HTTP, with a token that was signed before.
fn ours(browser: &[u8]) -> Result<Vec<Work>> {
    let origin = sink()?;
    let trusted = origin.parse().ok().context("an origin")?;
    let settings = outbound::Settings { trusted_origins: vec![trusted], ..outbound::Settings::default() };
    let outbound = outbound::Outbound::new(settings).map_err(anyhow::Error::msg)?;
    let rng = base::Rng::system();
    let key = VapidKey::generate(&rng)?;
    let contact = "mailto:bench@bench.test".parse().ok().context("a contact")?;
    let sender = Sender::new(outbound, contact, Vendors::Any, rng);
    let (p256dh, auth) = (URL_SAFE_NO_PAD.encode(browser), URL_SAFE_NO_PAD.encode([7; 16]));
    let text = format!(r#"{{"endpoint":"{origin}/1","keys":{{"p256dh":"{p256dh}","auth":"{auth}"}}}}"#);
    let to = sender.subscription(&text)?;
    let message = Message::new(NOTICE, Duration::from_secs(3_600))?;
    let clock = base::Clock::system();
    let (again, to_again, message_again, clock_again) = (sender.clone(), to.clone(), message.clone(), clock.clone());
    let encrypting = Work::computed("Web Push, encrypt 512 bytes, ours", move || {
        black_box(again.prepare(&to_again, &message_again, clock_again.now()));
        Ok(())
    });
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let sending = Work::computed("Web Push, ours, encrypted and sent to a sink", move || {
        runtime.block_on(async {
            let prepared = sender.prepare(&to, &message, clock.now());
            match sender.deliver(to.endpoint(), &key, &prepared, clock.now()).await {
                Reply::Accepted => Ok(()),
                other => bail!("the sink said {other:?}"),
            }
        })
    });
    Ok(vec![encrypting, sending])
}

/// A push service that takes everything, in plain HTTP, on a thread of its own for each connection.
fn sink() -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let origin = format!("http://{}", listener.local_addr()?);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // Whoever hangs up ends a thread.
            std::thread::spawn(move || take(stream).ok());
        }
    });
    Ok(origin)
}

fn take(mut stream: TcpStream) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    loop {
        let mut length = 0;
        loop {
            line.clear();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let header = line.trim().to_ascii_lowercase();
            if header.is_empty() {
                break;
            }
            if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
        }
        reader.read_exact(&mut vec![0; length])?;
        stream.write_all(b"HTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n")?;
    }
}

fn encrypt(rng: &SystemRandom, browser: &[u8], auth: &Key) -> Result<Vec<u8>> {
    let ours = EphemeralPrivateKey::generate(&ECDH_P256, rng).ok().context("make a key")?;
    let public = ours.compute_public_key().ok().context("its public half")?;
    let theirs = UnparsedPublicKey::new(&ECDH_P256, browser);
    let agreed = agree_ephemeral(ours, theirs, "not on the curve", |shared| Ok(sign(auth, shared)));
    let secret = expand(&agreed.map_err(anyhow::Error::msg)?, &[b"WebPush: info\0", browser, public.as_ref()]);
    let mut salt = [0; 16];
    rng.fill(&mut salt).ok().context("random bytes")?;
    let secret = sign(&Key::new(HMAC_SHA256, &salt), secret.as_ref());
    let (key, nonce) =
        (expand(&secret, &[b"Content-Encoding: aes128gcm\0"]), expand(&secret, &[b"Content-Encoding: nonce\0"]));
    let key = UnboundKey::new(&AES_128_GCM, key.as_ref().get(..16).context("a key")?).ok().context("a key")?;
    let nonce =
        Nonce::try_assume_unique_for_key(nonce.as_ref().get(..12).context("a nonce")?).ok().context("a nonce")?;
    let mut text = NOTICE.to_vec();
    text.push(2);
    LessSafeKey::new(key).seal_in_place_append_tag(nonce, Aad::empty(), &mut text).ok().context("seal")?;
    Ok([&salt[..], &4096_u32.to_be_bytes(), &[65], public.as_ref(), &text].concat())
}

/// HKDF-Expand (RFC 5869 §2.3) for one block.
fn expand(secret: &Tag, info: &[&[u8]]) -> Tag {
    let mut text = info.concat();
    text.push(1);
    sign(&Key::new(HMAC_SHA256, secret.as_ref()), &text)
}
