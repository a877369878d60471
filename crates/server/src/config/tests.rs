use super::production::insecure;
use super::reading::Place;
use super::*;
use std::path::{Path, PathBuf};

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

fn read(text: &str, environment: &[(&str, &str)]) -> Result<Loaded, Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("watchbell.toml");
    std::fs::write(&path, text).unwrap();
    let environment: Vec<_> = environment.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    load(&Config::default(), Some(&path), &environment).map_err(|errors| {
        let folder = format!("{}/", folder.path().display());
        errors.iter().map(|e| e.to_string().replace(&folder, "")).collect()
    })
}

fn mistakes(text: &str) -> Vec<String> {
    read(text, &[]).unwrap_err()
}

#[test]
fn an_unknown_key_is_refused_with_file_line_and_the_nearest_name() {
    assert_eq!(
        mistakes("[server]\nlisten = \"127.0.0.1:1\"\n\n# a comment\nworker = 3\n"),
        ["watchbell.toml:5: server.worker: there is no such key in [server]; did you mean workers?"]
    );
    assert_eq!(
        mistakes("[sever]\nworkers = 3\n"),
        ["watchbell.toml:1: sever: there is no section [sever]; did you mean server?"]
    );
    assert_eq!(
        mistakes("[server]\nsmtp_url = \"smtps://h\"\n"),
        ["watchbell.toml:2: server.smtp_url: there is no such key in [server]; it belongs in [mail]"]
    );
    assert_eq!(mistakes("listen = \"x\"\n"), ["watchbell.toml:1: listen: it belongs below [mtls] or [server]"]);
}

#[test]
fn a_wrong_value_is_told_with_its_line_and_what_was_expected() {
    assert_eq!(
        mistakes("[server]\nworkers = \"many\"\n[sign_in]\nregistration = \"opn\"\n"),
        [
            "watchbell.toml:2: server.workers: found string \"many\", expected a whole number, 0 or more (the default is 0)",
            "watchbell.toml:4: sign_in.registration: unknown variant `opn`, expected one of `open`, `invited`, `closed` (the default is \"open\")",
        ]
    );
    let errors = mistakes("[server]\npublic_origin = \"http://id.example.com\"\n[push]\ncontact = \"me\"\n");
    assert!(
        errors[0].starts_with("watchbell.toml:2: server.public_origin: not a secure origin: use https"),
        "{errors:?}"
    );
    assert!(errors[1].starts_with("watchbell.toml:4: push.contact: not a contact"), "{errors:?}");
}

#[test]
fn text_that_is_no_toml_is_told_with_its_line() {
    let errors = mistakes("[server]\nworkers = \n");
    assert_eq!(errors.len(), 1);
    assert!(errors[0].starts_with("watchbell.toml:2: not TOML: "), "{errors:?}");
    let errors = mistakes("[server]\nworkers = 1\nworkers = 2\n");
    assert!(errors[0].starts_with("watchbell.toml:3: not TOML: duplicate key"), "{errors:?}");
}

#[test]
fn settings_that_contradict_each_other_are_refused() {
    let errors = mistakes("[sign_in]\nsession_idle_hours = 10\nsession_hours = 5\n");
    assert!(errors[0].starts_with("watchbell.toml:2: sign_in.session_idle_hours: longer than"), "{errors:?}");
    assert!(mistakes("[database]\nurl = \"mysql://h\"\n")[0].contains("expected sqlite:"));
    for unbearable in ["memory_kib = 262145\niterations = 1\n", "memory_kib = 262144\niterations = 5\n"] {
        let errors = mistakes(&format!("[password]\n{unbearable}"));
        assert!(errors[0].starts_with("watchbell.toml:2: password.memory_kib: expected at most 262144"), "{errors:?}");
    }
    assert!(mistakes("[log]\nlevel = \"a=b=c\"\n")[0].contains("expected error, warn"));
}

#[test]
fn how_certificates_of_apps_come_has_to_fit_together() {
    for (text, word) in [
        ("header = \"Client-Cert\"\n", "mtls.header: it is read from proxies of server.trusted_proxies alone"),
        ("header = \"a b\"\n", "mtls.header: expected the name of a header"),
        ("listen = \"127.0.0.1:8443\"\n", "mtls.listen: expected mtls.certificate_file and mtls.key_file"),
        ("origin = \"https://mtls.example.com\"\n", "mtls.origin: expected mtls.header or mtls.listen"),
        ("ca_file = \"/nowhere/ca.pem\"\n", "mtls.ca_file: there is no file /nowhere/ca.pem"),
    ] {
        let errors = mistakes(&format!("[mtls]\n{text}"));
        assert!(errors.iter().any(|error| error.contains(word)), "{text}: {errors:?}");
    }
    let fine = "[server]\ntrusted_proxies = [\"10.0.0.0/8\"]\n[mtls]\nheader = \"Client-Cert\"\norigin = \"https://mtls.example.com\"\n";
    assert!(read(fine, &[]).is_ok());
}

#[test]
fn the_environment_stands_above_the_file() {
    let loaded = read(
        "[server]\nworkers = 3\n",
        &[
            ("WATCHBELL_SERVER__WORKERS", "5"),
            ("WATCHBELL_PUSH__OFFER", "false"),
            ("WATCHBELL_PUSH__TRUSTED_ORIGINS", "http://127.0.0.1:9, https://push.example"),
            ("WATCHBELL_OUTBOUND__CONNECT_TO", "[\"a.example:443=127.0.0.1:1\"]"),
            ("WATCHBELL_TENANT__NAME", "12"),
            ("WATCHBELL_MASTER_KEY", "not a setting"),
            ("WATCHBELL_PORT_8080_TCP", "tcp://10.0.0.1:8080"),
            ("WATCHBELL_PORT", "tcp://10.0.0.1:8080"),
            ("WATCHBELL_DB_SERVICE_HOST", "10.0.0.1"),
            ("WATCHBELL_SERVICE_PORT_HTTP", "8080"),
            ("WATCHBELL_TEST_POSTGRES_URL", "of the tests"),
        ],
    )
    .unwrap();
    assert_eq!(loaded.config.server.workers, 5);
    assert!(!loaded.config.push.offer);
    assert_eq!(loaded.config.push.trusted_origins.len(), 2);
    assert_eq!(loaded.config.outbound.connect_to[0].as_str(), "a.example:443=127.0.0.1:1");
    assert_eq!(loaded.config.tenant.name, "12");
    assert_eq!(loaded.place("server.workers"), Place::Environment("WATCHBELL_SERVER__WORKERS".into()));
}

#[test]
fn a_slip_in_a_variable_is_not_overlooked() {
    let slip = |name| read("", &[(name, "1")]).unwrap_err().remove(0);
    assert_eq!(
        slip("WATCHBELL_SERVER__WORKER"),
        "environment variable WATCHBELL_SERVER__WORKER: server.worker: there is no such setting; \
         did you mean WATCHBELL_SERVER__WORKERS?"
    );
    assert_eq!(
        slip("WATCHBELL_FOO").split("; the nearest name is WATCHBELL_").next().unwrap(),
        "environment variable WATCHBELL_FOO: there is no such setting: they are named WATCHBELL_SECTION__KEY"
    );
    assert!(slip("WATCHBELL_MASTERKEY").ends_with("the nearest name is WATCHBELL_MASTER_KEY"));
    assert!(slip("WATCHBELL_SMTP_URL").ends_with("did you mean WATCHBELL_MAIL__SMTP_URL?"));
    assert!(slip("WATCHBELL_PORT").contains("there is no such setting"), "a number is not what Kubernetes puts there");
    assert!(slip("WATCHBELL_SERVER_WORKERS").contains("two underscores after the section: WATCHBELL_SERVER__WORKERS"));
}

#[test]
fn a_secret_may_come_from_a_file_that_a_variable_names() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("smtp");
    std::fs::write(&path, "smtps://u:p@mail.example.com\n").unwrap();
    let loaded = read("", &[("WATCHBELL_MAIL__SMTP_URL_FILE", path.to_str().unwrap())]).unwrap();
    assert_eq!(loaded.config.mail.smtp_url.unwrap().reveal(), "smtps://u:p@mail.example.com");
    assert!(read("", &[("WATCHBELL_MAIL__SMTP_URL_FILE", "/nowhere")]).unwrap_err()[0].contains("can't be read"));
}

const SAFE: &str = r#"
[server]
public_origin = "https://id.example.com"
[mail]
smtp_url = "smtps://u:p@mail.example.com"
from = "Acme <no-reply@example.com>"
[push]
contact = "mailto:security@example.com"
"#;

#[test]
fn a_production_setting_that_is_safe_is_accepted() {
    assert_eq!(insecure(&read(SAFE, &[]).unwrap(), Some(0o100_600)), []);
}

#[test]
fn the_configuration_for_conformance_runs_is_one_that_production_accepts() {
    let loaded = read(include_str!("../../../../config/conformance.toml"), &[]).unwrap();
    assert_eq!(insecure(&loaded, Some(0o100_600)), []);
    assert_eq!(loaded.config.outbound.private_origins.len(), 2);
}

#[test]
fn production_refuses_every_insecure_setting_by_name_and_all_at_once() {
    let text = r#"
[server]
public_origin = "http://localhost:8080"
trusted_proxies = ["0.0.0.0/0"]
[password]
memory_kib = 8192
min_length = 4
[mail]
smtp_url = "smtp://mail.example.com"
[push]
trusted_origins = ["http://127.0.0.1:9"]
[outbound]
private_origins = ["https://intranet.example", "http://intranet.example"]
connect_to = ["a.example:443=127.0.0.1:1"]
"#;
    let found = insecure(&read(text, &[]).unwrap(), Some(0o100_644));
    let keys: Vec<_> = found.iter().map(|e| e.key.as_str()).collect();
    assert_eq!(
        keys,
        [
            "server.public_origin",
            "server.trusted_proxies",
            "password.memory_kib",
            "password.min_length",
            "mail.smtp_url",
            "mail.from",
            "push.contact",
            "push.trusted_origins",
            "outbound.private_origins",
            "outbound.connect_to",
            "keys.master_key_file",
        ]
    );
    assert!(found[8].what.starts_with("http://intranet.example"), "{}", found[8]);
    assert!(found[10].what.contains("mode 644"), "{}", found[10]);
}

#[test]
fn the_defaults_alone_are_not_a_production_setting() {
    let found = insecure(&read("", &[]).unwrap(), None);
    let keys: Vec<_> = found.iter().map(|e| e.key.as_str()).collect();
    assert_eq!(keys, ["server.public_origin", "mail.smtp_url", "mail.from", "push.contact"]);
    assert!(found.iter().all(|e| e.place == Place::Default && e.to_string().starts_with("not set: ")));
}

#[test]
fn a_mail_relay_on_this_machine_needs_no_tls() {
    let text = SAFE.replace("smtps://u:p@mail.example.com", "smtp://localhost:25");
    assert_eq!(insecure(&read(&text, &[]).unwrap(), None), []);
}

const PROVIDERS: &str = r#"
[[upstream]]
key = "google"
preset = "google"
client_id = "one"
client_secret = "hunter2"
trust_email = true

[[upstream]]
key = "my-company"
name = "My Company"
issuer = "https://login.example.com/realm"
client_id = "two"
"#;

#[test]
fn providers_are_read_from_tables_of_one_name() {
    let loaded = read(PROVIDERS, &[]).unwrap();
    let read: Vec<_> = loaded.config.upstream.iter().map(|one| one.read().unwrap()).collect();
    assert_eq!((read[0].name.as_str(), read[0].issuer()), ("Google", "https://accounts.google.com"));
    assert!(read[0].trust_email && read[0].sign_up && !read[1].trust_email);
    assert_eq!(read[1].issuer(), "https://login.example.com/realm");
    assert_eq!(read[1].scopes, ["openid", "email", "profile"]);
    assert!(!format!("{:?} {read:?}", loaded.config).contains("hunter2"), "a secret is never shown");
    assert_eq!(insecure(&self::read(&format!("{SAFE}{PROVIDERS}"), &[]).unwrap(), None), []);
}

#[test]
fn the_environment_reaches_a_provider_by_its_key_and_can_bring_one_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret");
    std::fs::write(&path, "from the file\n").unwrap();
    let loaded = read(
        PROVIDERS,
        &[
            ("WATCHBELL_UPSTREAM__MY_COMPANY__CLIENT_SECRET_FILE", path.to_str().unwrap()),
            ("WATCHBELL_UPSTREAM__GOOGLE__SCOPES", "openid, email"),
            ("WATCHBELL_UPSTREAM__GOOGLE__SIGN_UP", "false"),
            ("WATCHBELL_UPSTREAM__GITHUB__PRESET", "github"),
            ("WATCHBELL_UPSTREAM__GITHUB__CLIENT_ID", "three"),
        ],
    )
    .unwrap();
    let [google, company, github] = loaded.config.upstream.as_slice() else { panic!("{:?}", loaded.config.upstream) };
    assert_eq!(company.client_secret.as_ref().unwrap().reveal(), "from the file");
    assert!(google.scopes == ["openid", "email"] && !google.sign_up);
    let github = github.read().unwrap();
    assert_eq!((github.key.as_str(), github.issuer()), ("github", "https://github.com"));
    assert_eq!(
        loaded.place("upstream.github.preset"),
        Place::Environment("WATCHBELL_UPSTREAM__GITHUB__PRESET".to_owned())
    );
}

#[test]
fn a_mistake_in_a_provider_is_told_with_its_line_and_its_key() {
    let one = |lines: &str| mistakes(&format!("[[upstream]]\nkey = \"acme\"\nname = \"Acme\"\n{lines}")).join(" | ");
    let missing = one("client_id = \"x\"\n");
    assert!(missing.starts_with("watchbell.toml:1: upstream.acme.issuer: expected the provider's issuer"), "{missing}");
    assert!(one("issuer = \"https://a.example\"\n").contains("upstream.acme.client_id: expected"));
    let plain = one("client_id = \"x\"\nissuer = \"http://a.example\"\n");
    assert!(
        plain.starts_with("watchbell.toml:5: upstream.acme.issuer: http://a.example is no https address"),
        "{plain}"
    );
    assert!(
        one("isuer = \"x\"\n").starts_with(
            "watchbell.toml:4: upstream.isuer: there is no such key in [[upstream]]; did you mean issuer?"
        )
    );
    assert!(one("kind = \"saml\"\n").contains("unknown variant `saml`, expected `oidc` or `oauth2`"));
    let bare = one("client_id = \"x\"\nkind = \"oauth2\"\n");
    assert!(bare.contains("upstream.acme.authorization_endpoint: expected an address"), "{bare}");
    for (text, what) in [
        ("[upstream]\nkey = \"x\"\n", "write [[upstream]]"),
        ("upstream = \"x\"\n", "write [[upstream]]"),
        ("[[upstream]]\nkey = \"A B\"\n", "not a key"),
        ("[[upstream]]\n", "not a key"),
    ] {
        let found = mistakes(text).join(" | ");
        assert!(
            found.starts_with("watchbell.toml:1: upstream") || found.starts_with("watchbell.toml:2: upstream"),
            "{found}"
        );
        assert!(found.contains(what), "{text}: {found}");
    }
    let slip = read(PROVIDERS, &[("WATCHBELL_UPSTREAM__GOOGLE__CLIENTID", "x")]).unwrap_err().join(" | ");
    assert!(slip.contains("did you mean client_id?"), "{slip}");
    assert!(read("", &[("WATCHBELL_UPSTREAM__GOOGLE", "x")]).unwrap_err()[0].contains("name the table and its key"));
}

/// Microsoft's `common` has no issuer: whoever takes any directory's word believes everybody who has one.
#[test]
fn a_directory_of_microsofts_is_named_by_its_id() {
    let with = |lines: &str| format!("[[upstream]]\nkey = \"ms\"\npreset = \"microsoft\"\nclient_id = \"x\"\n{lines}");
    let issuer = |tenant: &str| with(&format!("issuer = \"https://login.microsoftonline.com/{tenant}/v2.0\"\n"));
    let id = "9188040d-6c67-4c5b-b112-36a304b66dad";
    let read = read(&issuer(id), &[]).unwrap().config.upstream.first().unwrap().read().unwrap();
    assert_eq!((read.name.as_str(), read.trust_email), ("Microsoft", false));
    for wrong in [with(""), issuer("common"), issuer("organizations"), issuer("contoso.com")] {
        let found = mistakes(&wrong).join(" | ");
        assert!(found.contains("upstream.ms.issuer: expected the issuer of one directory"), "{wrong}: {found}");
    }
    let bare = issuer("common").replace("preset = \"microsoft\"", "name = \"Microsoft\"");
    assert!(mistakes(&bare).join(" | ").contains("the issuer of one directory"));
    let believed = mistakes(&format!("{}trust_email = true\n", issuer(id))).join(" | ");
    assert!(
        believed.starts_with("watchbell.toml:6: upstream.ms.trust_email: Microsoft says of no address"),
        "{believed}"
    );
}

/// Signing in by other providers alone takes one.
#[test]
fn where_only_other_providers_count_there_is_one() {
    let alone = "[sign_in]\nmethods = [\"upstream\", \"totp\"]\n";
    let found = mistakes(alone);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].starts_with("watchbell.toml:2: sign_in.methods: nobody could sign in with these: there is no other")
    );
    assert!(read(&format!("{alone}{PROVIDERS}"), &[]).is_ok());
    assert!(read("[sign_in]\nmethods = [\"upstream\", \"passkey\"]\n", &[]).is_ok());
}

/// Who someone is, is (issuer, subject): two providers of one issuer would mix up their people.
#[test]
fn providers_can_be_told_apart() {
    let twice = format!(
        "{PROVIDERS}{}",
        PROVIDERS.replace("my-company", "other").replace("\"google\"\npreset", "\"goggle\"\npreset")
    );
    let found = mistakes(&twice);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].contains("upstream.goggle.issuer: there is another provider of the issuer"), "{found:?}");
    let same = mistakes(&format!("{PROVIDERS}{PROVIDERS}"));
    assert!(same.iter().all(|e| e.contains("there is another provider of this key")), "{same:?}");
}

/// The keys of the commented default file, set or commented out, as `section.key`.
fn keys_of_the_default_file() -> Vec<String> {
    let text = std::fs::read_to_string(repository("config/watchbell.toml")).unwrap();
    let (mut section, mut keys) = (String::new(), Vec::new());
    for line in text.lines() {
        let line = line.strip_prefix('#').unwrap_or(line);
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            section = name.trim_matches(['[', ']']).to_owned();
        } else if let Some((key, _)) = line.split_once(" = ")
            && key.chars().all(|c| c.is_ascii_lowercase() || c == '_')
        {
            keys.push(format!("{section}.{key}"));
        }
    }
    keys.sort();
    keys
}

#[test]
fn the_commented_file_shows_every_key_with_its_default() {
    let defaults = serde_json::to_value(Config::default()).unwrap();
    let mut known: Vec<_> = defaults
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(section, keys)| {
            let keys = match keys.as_object() {
                Some(keys) => keys.keys().cloned().collect(),
                None => reading::keys_of_a_table(),
            };
            keys.into_iter().map(move |key| format!("{section}.{key}"))
        })
        .collect();
    known.sort();
    assert_eq!(keys_of_the_default_file(), known);
    let loaded = load(&Config::default(), Some(&repository("config/watchbell.toml")), &[]).unwrap();
    assert_eq!(serde_json::to_value(&loaded.config).unwrap(), defaults);
}

#[test]
fn the_schema_for_editors_is_up_to_date() {
    let now = format!("{}\n", serde_json::to_string_pretty(&schemars::schema_for!(Config)).unwrap());
    let path = repository("config/schema.json");
    if std::env::var_os("WATCHBELL_WRITE_SCHEMA").is_some() {
        std::fs::write(&path, &now).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == now,
        "config/schema.json is out of date: run WATCHBELL_WRITE_SCHEMA=1 cargo test -p watchbell schema"
    );
}
