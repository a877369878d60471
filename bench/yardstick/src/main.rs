//! The yardstick: a server that does the least work that an honest answer takes, for each operation. It is no product: one
//! client, no errors worth the name, nothing logged. What a product does beyond it is the price of being one.
//!
//! Set by the environment: ADDRESS, DB (the SQLite file), ALG (ES256, EdDSA, RS256), SYNC (FULL, NORMAL), CACHE=1 (verified
//! tokens are remembered), WORKERS, HASHERS.
#![allow(clippy::unwrap_used, clippy::type_complexity, reason = "whatever goes wrong here ends the measurement")]
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, cookie::Cookie, web};
use aws_lc_rs::{
    aead,
    rand::{SecureRandom, SystemRandom},
    signature::*,
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD as B64},
};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, mpsc};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use subtle::ConstantTimeEq;
use tokio::sync::oneshot;

diesel::table! { rt (id) { id -> Text, client -> Text, usr -> Text, exp -> BigInt, data -> Text, } }
#[derive(Queryable, Insertable, Clone)]
#[diesel(table_name = rt)]
struct Rt {
    id: String,
    client: String,
    usr: String,
    exp: i64,
    data: String,
}

enum Key {
    Es(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
    Rs(RsaKeyPair),
}
struct Signer {
    k: Key,
    hdr_at: String,
    hdr_id: String,
    r: SystemRandom,
    vk: Verify,
}
enum Verify {
    Es(ParsedPublicKey),
    Other(UnparsedPublicKey<Vec<u8>>),
}
impl Signer {
    fn new(alg: &str) -> Signer {
        let r = SystemRandom::new();
        let k = match alg {
            "EdDSA" => Key::Ed(
                Ed25519KeyPair::from_pkcs8_maybe_unchecked(Ed25519KeyPair::generate_pkcs8v1(&r).unwrap().as_ref())
                    .unwrap(),
            ),
            "RS256" => Key::Rs(RsaKeyPair::generate(aws_lc_rs::rsa::KeySize::Rsa2048).unwrap()),
            _ => Key::Es(
                EcdsaKeyPair::from_pkcs8(
                    &ECDSA_P256_SHA256_FIXED_SIGNING,
                    EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &r).unwrap().as_ref(),
                )
                .unwrap(),
            ),
        };
        let vk = match &k {
            Key::Es(k) => Verify::Es(ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, k.public_key().as_ref()).unwrap()),
            Key::Ed(k) => Verify::Other(UnparsedPublicKey::new(&ED25519, k.public_key().as_ref().to_vec())),
            Key::Rs(k) => {
                Verify::Other(UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, k.public_key().as_ref().to_vec()))
            }
        };
        Signer {
            k,
            hdr_at: B64.encode(format!(r#"{{"alg":"{alg}","typ":"at+jwt","kid":"k1"}}"#)),
            hdr_id: B64.encode(format!(r#"{{"alg":"{alg}","typ":"JWT","kid":"k1"}}"#)),
            r,
            vk,
        }
    }
    fn jwt<T: Serialize>(&self, hdr: &str, c: &T) -> String {
        let p = serde_json::to_vec(c).unwrap();
        let mut o = String::with_capacity(hdr.len() + p.len() * 4 / 3 + 360);
        o.push_str(hdr);
        o.push('.');
        B64.encode_string(&p, &mut o);
        let mut rs = [0u8; 256];
        match &self.k {
            Key::Es(k) => {
                let s = k.sign(&self.r, o.as_bytes()).unwrap();
                o.push('.');
                B64.encode_string(s.as_ref(), &mut o)
            }
            Key::Ed(k) => {
                let s = k.sign(o.as_bytes());
                o.push('.');
                B64.encode_string(s.as_ref(), &mut o)
            }
            Key::Rs(k) => {
                k.sign(&RSA_PKCS1_SHA256, &self.r, o.as_bytes(), &mut rs).unwrap();
                o.push('.');
                B64.encode_string(rs, &mut o)
            }
        }
        o
    }
    fn verify(&self, t: &str) -> Option<serde_json::Value> {
        if !*CACHE.get_or_init(|| std::env::var("CACHE").is_ok()) {
            return self.verify0(t);
        }
        let h = sha(t);
        if let Some(c) = VC.lock().unwrap().get(&h) {
            if c["exp"].as_u64().unwrap_or(0) > now() {
                return Some(c.clone());
            }
        }
        let c = self.verify0(t)?;
        VC.lock().unwrap().insert(h, c.clone());
        Some(c)
    }
    fn verify0(&self, t: &str) -> Option<serde_json::Value> {
        let (m, s) = t.rsplit_once('.')?;
        let s = B64.decode(s).ok()?;
        match &self.vk {
            Verify::Es(k) => k.verify_sig(m.as_bytes(), &s).ok()?,
            Verify::Other(k) => k.verify(m.as_bytes(), &s).ok()?,
        }
        serde_json::from_slice(&B64.decode(m.split_once('.')?.1).ok()?).ok()
    }
}
#[derive(Serialize)]
struct At<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    exp: u64,
    iat: u64,
    jti: String,
    client_id: &'a str,
    scope: &'a str,
}
#[derive(Serialize)]
struct Id<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    exp: u64,
    iat: u64,
    auth_time: u64,
    nonce: Option<String>,
    sid: &'a str,
    email: &'a str,
    email_verified: bool,
}
struct Client {
    secret: [u8; 32],
}
enum W {
    Ins(Rt, oneshot::Sender<bool>),
    Rot(String, Rt, oneshot::Sender<bool>),
}
struct Code {
    challenge: String,
    user: String,
    nonce: Option<String>,
}
struct St {
    s: Signer,
    clients: HashMap<String, Client>,
    w: mpsc::Sender<W>,
    hash: mpsc::Sender<(Vec<u8>, Arc<(Vec<u8>, Vec<u8>)>, oneshot::Sender<bool>)>,
    users: HashMap<String, Arc<(Vec<u8>, Vec<u8>)>>,
    codes: Mutex<HashMap<String, Code>>,
    aead: aead::LessSafeKey,
    iss: String,
    disc: web::Bytes,
    jwks: web::Bytes,
}
static CACHE: OnceLock<bool> = OnceLock::new();
static VC: std::sync::LazyLock<Mutex<HashMap<[u8; 32], serde_json::Value>>> =
    std::sync::LazyLock::new(Default::default);
static ST: OnceLock<St> = OnceLock::new();
fn st() -> &'static St {
    ST.get().unwrap()
}
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}
fn rnd(n: usize) -> String {
    let mut b = [0u8; 32];
    getrandom::fill(&mut b[..n]).unwrap();
    B64.encode(&b[..n])
}
fn sha(s: &str) -> [u8; 32] {
    Sha256::digest(s.as_bytes()).into()
}

fn lite(p: &str, sync: &str) -> SqliteConnection {
    use diesel::connection::SimpleConnection;
    let mut c = SqliteConnection::establish(p).unwrap();
    c.batch_execute(&format!("PRAGMA journal_mode=WAL; PRAGMA synchronous={sync}; PRAGMA busy_timeout=5000; CREATE TABLE IF NOT EXISTS rt (id TEXT PRIMARY KEY NOT NULL, client TEXT NOT NULL, usr TEXT NOT NULL, exp BIGINT NOT NULL, data TEXT NOT NULL) WITHOUT ROWID;")).unwrap();
    c
}
fn writer(p: String, sync: String) -> mpsc::Sender<W> {
    let (tx, rx) = mpsc::channel::<W>();
    std::thread::spawn(move || {
        let mut c = lite(&p, &sync);
        let mut q = vec![];
        let mut res = vec![];
        while let Ok(x) = rx.recv() {
            q.push(x);
            while q.len() < 256 {
                match rx.try_recv() {
                    Ok(x) => q.push(x),
                    Err(_) => break,
                }
            }
            c.immediate_transaction(|c| {
                for w in &q {
                    res.push(match w {
                        W::Ins(t, _) => diesel::insert_into(rt::table).values(t).execute(c)? == 1,
                        W::Rot(old, t, _) => {
                            let o: Option<Rt> = rt::table.find(old).first(c).optional()?;
                            match o {
                                Some(o) => {
                                    diesel::delete(rt::table.find(old)).execute(c)?;
                                    let mut t = t.clone();
                                    t.usr = o.usr;
                                    diesel::insert_into(rt::table).values(&t).execute(c)?;
                                    true
                                }
                                None => false,
                            }
                        }
                    });
                }
                Ok::<_, diesel::result::Error>(())
            })
            .unwrap();
            for (w, r) in q.drain(..).zip(res.drain(..)) {
                match w {
                    W::Ins(_, o) | W::Rot(_, _, o) => {
                        let _ = o.send(r);
                    }
                }
            }
        }
    });
    tx
}
fn hasher(n: usize) -> mpsc::Sender<(Vec<u8>, Arc<(Vec<u8>, Vec<u8>)>, oneshot::Sender<bool>)> {
    let (tx, rx) = mpsc::channel::<(Vec<u8>, Arc<(Vec<u8>, Vec<u8>)>, oneshot::Sender<bool>)>();
    let rx = Arc::new(Mutex::new(rx));
    for _ in 0..n {
        let rx = rx.clone();
        std::thread::spawn(move || {
            let a = a2();
            let mut mem = vec![argon2::Block::default(); 19456];
            loop {
                let Ok((pw, h, o)) = rx.lock().unwrap().recv() else { return };
                let mut out = [0u8; 32];
                a.hash_password_into_with_memory(&pw, &h.0, &mut out, &mut mem).unwrap();
                let _ = o.send(bool::from(out.ct_eq(&h.1)));
            }
        });
    }
    tx
}
fn a2() -> argon2::Argon2<'static> {
    argon2::Argon2::new(
        argon2::Algorithm::Argon2id,
        argon2::Version::V0x13,
        argon2::Params::new(19456, 2, 1, Some(32)).unwrap(),
    )
}
#[derive(Deserialize)]
struct Tok {
    grant_type: String,
    scope: Option<String>,
    code: Option<String>,
    code_verifier: Option<String>,
    refresh_token: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
}
fn auth(req: &HttpRequest, f: (Option<&str>, Option<&str>)) -> Option<String> {
    let (id, sec) =
        match req.headers().get("authorization").and_then(|v| v.to_str().ok()).and_then(|v| v.strip_prefix("Basic ")) {
            Some(b) => {
                let d = String::from_utf8(STANDARD.decode(b).ok()?).ok()?;
                let (a, b) = d.split_once(':')?;
                (a.to_string(), b.to_string())
            }
            None => (f.0?.to_string(), f.1?.to_string()),
        };
    let c = st().clients.get(&id)?;
    bool::from(c.secret.ct_eq(&sha(&sec))).then_some(id)
}
fn at(sub: &str, cl: &str, sc: &str) -> String {
    let s = st();
    let n = now();
    s.s.jwt(
        &s.s.hdr_at,
        &At {
            iss: &s.iss,
            sub,
            aud: "https://api.example.com",
            exp: n + 900,
            iat: n,
            jti: rnd(16),
            client_id: cl,
            scope: sc,
        },
    )
}
async fn put(user: &str, cl: &str) -> String {
    let t = rnd(32);
    let (o, r) = oneshot::channel();
    st().w
        .send(W::Ins(
            Rt {
                id: B64.encode(sha(&t)),
                client: cl.into(),
                usr: user.into(),
                exp: (now() + 2_592_000) as i64,
                data: "openid profile email offline_access".into(),
            },
            o,
        ))
        .unwrap();
    r.await.unwrap();
    t
}
async fn token(req: HttpRequest, f: web::Form<Tok>) -> HttpResponse {
    let Some(cl) = auth(&req, (f.client_id.as_deref(), f.client_secret.as_deref())) else {
        return HttpResponse::Unauthorized().json(serde_json::json!({"error":"invalid_client"}));
    };
    let sc = f.scope.as_deref().unwrap_or("openid profile email offline_access");
    let nc = ("cache-control", "no-store");
    match f.grant_type.as_str() {
        "client_credentials" => {
            let t = at(&cl, &cl, sc);
            if req.path() == "/token_persist" {
                put(&cl, &cl).await;
            }
            HttpResponse::Ok()
                .insert_header(nc)
                .json(serde_json::json!({"access_token":t,"token_type":"Bearer","expires_in":900,"scope":sc}))
        }
        "refresh_token" => {
            let n = rnd(32);
            let (o, r) = oneshot::channel();
            st().w
                .send(W::Rot(
                    B64.encode(sha(f.refresh_token.as_deref().unwrap_or(""))),
                    Rt {
                        id: B64.encode(sha(&n)),
                        client: cl.clone(),
                        usr: String::new(),
                        exp: (now() + 2_592_000) as i64,
                        data: sc.into(),
                    },
                    o,
                ))
                .unwrap();
            if !r.await.unwrap() {
                return HttpResponse::BadRequest().json(serde_json::json!({"error":"invalid_grant"}));
            }
            let sub = "01J9Z3K8Q4M6V2X7T5R1N0B8HD";
            HttpResponse::Ok().insert_header(nc).json(serde_json::json!({"access_token":at(sub,&cl,sc),"refresh_token":n,"id_token":idt(sub,&cl,None),"token_type":"Bearer","expires_in":900}))
        }
        "authorization_code" => {
            let c = st().codes.lock().unwrap().remove(f.code.as_deref().unwrap_or(""));
            let Some(c) = c else {
                return HttpResponse::BadRequest().json(serde_json::json!({"error":"invalid_grant"}));
            };
            if B64.encode(sha(f.code_verifier.as_deref().unwrap_or(""))) != c.challenge {
                return HttpResponse::BadRequest().json(serde_json::json!({"error":"invalid_grant"}));
            }
            let rt = put(&c.user, &cl).await;
            HttpResponse::Ok().insert_header(nc).json(serde_json::json!({"access_token":at(&c.user,&cl,sc),"refresh_token":rt,"id_token":idt(&c.user,&cl,c.nonce),"token_type":"Bearer","expires_in":900}))
        }
        _ => HttpResponse::BadRequest().finish(),
    }
}
fn idt(sub: &str, cl: &str, nonce: Option<String>) -> String {
    let s = st();
    let n = now();
    s.s.jwt(
        &s.s.hdr_id,
        &Id {
            iss: &s.iss,
            sub,
            aud: cl,
            exp: n + 900,
            iat: n,
            auth_time: n,
            nonce,
            sid: "01J9Z3K8Q4M6V2X7T5R1N0B8HE",
            email: "user@example.com",
            email_verified: true,
        },
    )
}
#[derive(Deserialize, Serialize)]
struct Az {
    client_id: String,
    redirect_uri: String,
    code_challenge: String,
    state: Option<String>,
    nonce: Option<String>,
    #[serde(default)]
    csrf: String,
}
static SESS: std::sync::LazyLock<Mutex<HashMap<String, String>>> = std::sync::LazyLock::new(Default::default);
async fn authorize(req: HttpRequest, q: web::Query<Az>) -> HttpResponse {
    let s = st();
    if let Some(u) = req.cookie("sid").and_then(|c| SESS.lock().unwrap().get(c.value()).cloned()) {
        let code = rnd(24);
        let a = q.into_inner();
        s.codes.lock().unwrap().insert(code.clone(), Code { challenge: a.code_challenge, user: u, nonce: a.nonce });
        return HttpResponse::SeeOther()
            .insert_header((
                "location",
                format!("{}?code={code}&state={}", a.redirect_uri, a.state.unwrap_or_default()),
            ))
            .finish();
    }
    if !s.clients.contains_key(&q.client_id) {
        return HttpResponse::BadRequest().finish();
    }
    let mut a = q.into_inner();
    a.csrf = rnd(16);
    let mut n = [0u8; 12];
    s.s.r.fill(&mut n).unwrap();
    let mut b = serde_json::to_vec(&a).unwrap();
    s.aead.seal_in_place_append_tag(aead::Nonce::assume_unique_for_key(n), aead::Aad::empty(), &mut b).unwrap();
    let mut v = n.to_vec();
    v.extend(b);
    HttpResponse::Ok().content_type("text/html").cookie(Cookie::build("az", B64.encode(v)).path("/").http_only(true).finish()).body(format!("{}<form method=post action=/login><input name=csrf type=hidden value=\"{}\"><input name=login><input name=password type=password><button>Sign in</button></form>{}", PAGE, a.csrf, "</body></html>"))
}
const PAGE: &str = concat!(
    "<!doctype html><html lang=en><head><meta charset=utf-8><title>Sign in</title><link rel=stylesheet href=/a.css></head><body>",
    "                                                                                                                                                                                                                                                                "
);
#[derive(Deserialize)]
struct Lg {
    csrf: String,
    login: String,
    password: String,
}
async fn login(req: HttpRequest, f: web::Form<Lg>) -> HttpResponse {
    let s = st();
    let Some(c) = req.cookie("az") else { return HttpResponse::BadRequest().finish() };
    let Ok(mut v) = B64.decode(c.value()) else { return HttpResponse::BadRequest().finish() };
    let n: [u8; 12] = v[..12].try_into().unwrap();
    let Ok(p) = s.aead.open_in_place(aead::Nonce::assume_unique_for_key(n), aead::Aad::empty(), &mut v[12..]) else {
        return HttpResponse::BadRequest().finish();
    };
    let a: Az = serde_json::from_slice(p).unwrap();
    if a.csrf != f.csrf {
        return HttpResponse::Forbidden().finish();
    }
    let Some(h) = s.users.get(&f.login) else { return HttpResponse::Unauthorized().finish() };
    let (o, r) = oneshot::channel();
    s.hash.send((f.password.clone().into_bytes(), h.clone(), o)).unwrap();
    if !r.await.unwrap() {
        return HttpResponse::Unauthorized().finish();
    }
    let code = rnd(24);
    put(&f.login, "session").await; // session row, durable
    s.codes
        .lock()
        .unwrap()
        .insert(code.clone(), Code { challenge: a.code_challenge, user: f.login.clone(), nonce: a.nonce });
    let sid = rnd(32);
    SESS.lock().unwrap().insert(sid.clone(), f.login.clone());
    HttpResponse::SeeOther()
        .insert_header(("location", format!("{}?code={code}&state={}", a.redirect_uri, a.state.unwrap_or_default())))
        .cookie(Cookie::build("sid", sid).path("/").http_only(true).finish())
        .finish()
}
async fn userinfo(req: HttpRequest) -> HttpResponse {
    let t = req.headers().get("authorization").and_then(|v| v.to_str().ok()).and_then(|v| v.strip_prefix("Bearer "));
    match t.and_then(|t| st().s.verify(t)) {
        Some(c) if c["exp"].as_u64().unwrap_or(0) > now() => HttpResponse::Ok().json(
            serde_json::json!({"sub":c["sub"],"email":"user@example.com","email_verified":true,"name":"User Example"}),
        ),
        _ => HttpResponse::Unauthorized().finish(),
    }
}
#[derive(Deserialize)]
struct In {
    token: String,
    client_id: Option<String>,
    client_secret: Option<String>,
}
async fn introspect(req: HttpRequest, f: web::Form<In>) -> HttpResponse {
    if auth(&req, (f.client_id.as_deref(), f.client_secret.as_deref())).is_none() {
        return HttpResponse::Unauthorized().finish();
    }
    match st().s.verify(&f.token) {
        Some(mut c) => {
            c["active"] = true.into();
            HttpResponse::Ok().json(c)
        }
        None => HttpResponse::Ok().json(serde_json::json!({"active":false})),
    }
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let e = |k: &str, d: &str| std::env::var(k).unwrap_or(d.into());
    let address = e("ADDRESS", "127.0.0.1:18100");
    let db = e("DB", "yardstick.db");
    for x in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{db}{x}"));
    }
    drop(lite(&db, "NORMAL"));
    let iss = format!("http://{address}");
    let mut clients = HashMap::new();
    clients.insert(
        "bench".to_string(),
        Client { secret: sha("benchsecretbenchsecretbenchsecretbenchsecretbenchsecret123456789") },
    );
    let mut users = HashMap::new();
    {
        let mut o = [0u8; 32];
        let salt = b"0123456789abcdef".to_vec();
        a2().hash_password_into(b"Correct-Horse-Battery-1!", &salt, &mut o).unwrap();
        let h = Arc::new((salt, o.to_vec()));
        for i in 0..2000 {
            users.insert(format!("user{i}@bench.test"), h.clone());
        }
    }
    let disc = serde_json::json!({"issuer":iss,"authorization_endpoint":format!("{iss}/authorize"),"token_endpoint":format!("{iss}/token"),"userinfo_endpoint":format!("{iss}/userinfo"),"jwks_uri":format!("{iss}/jwks"),"introspection_endpoint":format!("{iss}/introspect"),"response_types_supported":["code","id_token","code id_token"],"grant_types_supported":["authorization_code","client_credentials","refresh_token","urn:ietf:params:oauth:grant-type:device_code"],"subject_types_supported":["public","pairwise"],"id_token_signing_alg_values_supported":["RS256","ES256","EdDSA"],"scopes_supported":["openid","profile","email","offline_access"],"token_endpoint_auth_methods_supported":["client_secret_basic","client_secret_post","private_key_jwt","none"],"claims_supported":["sub","iss","aud","exp","iat","auth_time","nonce","email","email_verified","name","given_name","family_name","picture","locale"],"code_challenge_methods_supported":["S256"],"padding":"x".repeat(700)});
    let _ = ST.set(St { s: Signer::new(&e("ALG", "ES256")), clients, w: writer(db, e("SYNC", "FULL")), hash: hasher(e("HASHERS", "1").parse().unwrap()), users, codes: Mutex::new(HashMap::new()), aead: aead::LessSafeKey::new(aead::UnboundKey::new(&aead::AES_256_GCM, &[7; 32]).unwrap()), iss, disc: disc.to_string().into(), jwks: serde_json::json!({"keys":[{"kty":"EC","crv":"P-256","kid":"k1","alg":"ES256","use":"sig","x":"x".repeat(43),"y":"y".repeat(43)},{"kty":"RSA","kid":"k2","alg":"RS256","use":"sig","e":"AQAB","n":"n".repeat(342)}]}).to_string().into() });
    actix_web::rt::spawn(async {
        loop {
            tokio::time::sleep(Duration::from_secs(60)).await;
            st().codes.lock().unwrap().clear();
            VC.lock().unwrap().clear();
        }
    });
    HttpServer::new(|| {
        App::new()
            .route("/hello", web::get().to(|| async { "Hello, world!" }))
            .route(
                "/.well-known/openid-configuration",
                web::get().to(|| async { HttpResponse::Ok().content_type("application/json").body(st().disc.clone()) }),
            )
            .route(
                "/jwks",
                web::get().to(|| async { HttpResponse::Ok().content_type("application/json").body(st().jwks.clone()) }),
            )
            .route("/token", web::post().to(token))
            .route("/token_persist", web::post().to(token))
            .route("/authorize", web::get().to(authorize))
            .route("/login", web::post().to(login))
            .route("/userinfo", web::get().to(userinfo))
            .route("/introspect", web::post().to(introspect))
    })
    .workers(e("WORKERS", "1").parse().unwrap())
    .bind(address)?
    .run()
    .await
}
