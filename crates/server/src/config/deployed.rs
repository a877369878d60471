//! What `deploy/` hands out is a configuration that production takes: read with the parser of the server itself.

use super::production::insecure;
use super::*;
use std::path::Path;

/// A file below `deploy/`, or a neighbour of it.
fn text(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy").join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// What the operator puts where a file only names a secret.
fn secret(name: &str) -> Option<&'static str> {
    Some(match name {
        "WATCHBELL_MASTER_KEY" => "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "WATCHBELL_DATABASE__URL" => "postgres://watchbell:pw@postgres/watchbell",
        "WATCHBELL_REDIS__URL" => "redis://:pw@redis:6379/0",
        "WATCHBELL_MAIL__SMTP_URL" => "smtps://user:pw@mail.example.com",
        "WATCHBELL_UPSTREAM__GOOGLE__CLIENT_SECRET" => "GOCSPX-secret",
        _ => return None,
    })
}

/// The variables that a YAML file sets: `NAME: value`, or `- name: NAME` where a secret holds the value.
fn variables(yaml: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for line in yaml.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix("- name: ").filter(|name| name.starts_with("WATCHBELL_")) {
            let value = secret(name).unwrap_or_else(|| panic!("{name} is no secret that this test knows"));
            found.push((name.to_owned(), value.to_owned()));
        } else if let Some((name, value)) = line.split_once(": ").filter(|(name, _)| name.starts_with("WATCHBELL_")) {
            let file = name.strip_suffix("_FILE").filter(|_| value.starts_with("/run/secrets/"));
            let (name, value) = match file {
                Some(inner) => (inner, secret(inner).unwrap_or_else(|| panic!("{inner} is no secret"))),
                None => (name, value.trim_matches('"')),
            };
            found.push((name.to_owned(), value.to_owned()));
        }
    }
    found
}

fn read(yaml: &str) -> Loaded {
    // The database of places is on a volume, which is not here.
    let variables: Vec<_> =
        variables(yaml).into_iter().filter(|(name, _)| name != "WATCHBELL_GEO__MMDB_FILE").collect();
    let loaded = load(&Config::default(), None, &variables).unwrap_or_else(|errors| panic!("{errors:?}"));
    assert_eq!(insecure(&loaded, None), []);
    loaded
}

/// The number behind a key, in the line that begins with it.
fn number(yaml: &str, key: &str) -> u64 {
    let line = yaml.lines().find_map(|line| line.trim().strip_prefix(key));
    let digits: String = line.unwrap_or_else(|| panic!("no {key}")).chars().filter(char::is_ascii_digit).collect();
    digits.parse().unwrap()
}

fn stops_within(loaded: &Loaded, seconds: u64) {
    let server = &loaded.config.server;
    let needed = u64::from(server.drain_seconds) + u64::from(server.shutdown_seconds);
    assert!(needed + 5 <= seconds, "it is killed after {seconds} s, and may need {needed}");
}

#[test]
fn two_nodes_of_the_compose_file_are_fit_for_production() {
    let yaml = text("compose/compose.yaml");
    let loaded = read(&yaml);
    assert!(loaded.config.redis.url.is_some());
    assert_eq!(yaml.matches("<<: *watchbell").count(), 2, "two nodes");
    stops_within(&loaded, number(&yaml, "stop_grace_period:"));
    // What is mounted under a name is declared under it.
    for line in yaml.lines().filter_map(|line| line.split_once("/run/secrets/")) {
        let name: String = line.1.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
        assert!(yaml.contains(&format!("\n  {name}:\n    file: ./{name}.secret\n")), "{name} is no secret");
    }
    let caddy = text("compose/Caddyfile");
    assert!(caddy.contains("reverse_proxy one:8080 two:8080"));
    assert!(text("../Dockerfile").contains("WATCHBELL_SERVER__LISTEN=0.0.0.0:8080"));
}

#[test]
fn one_node_of_the_small_compose_file_is_fit_for_production() {
    let yaml = text("../compose.yaml");
    stops_within(&read(&yaml), number(&yaml, "stop_grace_period:"));
}

#[test]
fn what_the_chart_renders_is_fit_for_production() {
    for file in ["least", "full"] {
        let yaml = text(&format!("helm/rendered/{file}.yaml"));
        let loaded = read(&yaml);
        stops_within(&loaded, number(&yaml, "terminationGracePeriodSeconds:"));
        let server = &loaded.config.server;
        let operations = server.operations_listen.unwrap();
        assert!(yaml.contains(&format!("- name: http\n              containerPort: {}\n", server.listen.port())));
        assert!(yaml.contains(&format!("- name: operations\n              containerPort: {}\n", operations.port())));
        for probe in ["path: /livez, port: operations", "path: /readyz, port: operations"] {
            assert!(yaml.contains(probe), "{file}: {probe}");
        }
        for held in ["runAsNonRoot: true", "readOnlyRootFilesystem: true", "drop: [ALL]", "maxUnavailable: 0"] {
            assert!(yaml.contains(held), "{file}: {held}");
        }
        assert_eq!(loaded.config.redis.url.is_some(), file == "full");
    }
}

#[test]
fn the_unit_waits_as_long_as_the_server_takes_to_stop() {
    let loaded = load(&Config::default(), None, &[]).unwrap_or_else(|errors| panic!("{errors:?}"));
    stops_within(&loaded, number(&text("systemd/watchbell.service"), "TimeoutStopSec="));
}
