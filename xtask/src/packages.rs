//! What the tests need from the system, and how it gets there: `apt-get`, and only for what is missing.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::{Trouble, postgres};

/// One thing that must be there, and the Debian packages that bring it.
pub struct Need {
    /// What is looked for.
    pub what: &'static str,
    packages: &'static [&'static str],
    present: fn() -> bool,
    /// What to do where the package does not exist under this name (Ubuntu ships its browsers as snaps).
    otherwise: &'static str,
}

const POSTGRES: Need = Need {
    what: "PostgreSQL server",
    packages: &["postgresql"],
    present: || postgres::programs().is_some(),
    otherwise: "install a PostgreSQL server of version 15 or later",
};
const REDIS: Need = Need {
    what: "Redis server",
    packages: &["redis-server"],
    present: || on_path("redis-server").is_some(),
    otherwise: "install a Redis server of version 6.2 or later",
};
const PGBOUNCER: Need = Need {
    what: "PgBouncer",
    packages: &["pgbouncer"],
    present: || on_path("pgbouncer").is_some(),
    otherwise: "install PgBouncer 1.18 or later",
};
const STRACE: Need = Need {
    what: "strace",
    packages: &["strace"],
    present: || on_path("strace").is_some(),
    otherwise: "install strace, and let processes be traced where they are not (ptrace)",
};
const NODE: Need = Need {
    what: "Node.js",
    packages: &["nodejs"],
    present: || on_path("node").is_some(),
    otherwise: "install Node.js 18.19 or later",
};
const NPM: Need =
    Need { what: "npm", packages: &["npm"], present: || on_path("npm").is_some(), otherwise: "install npm" };
const PYTHON: Need = Need {
    what: "Python with venv",
    packages: &["python3-venv"],
    present: || answers("python3", &["-c", "import ensurepip, venv"]),
    otherwise: "install Python 3.11 or later with the modules venv and ensurepip",
};
const APACHE: Need = Need {
    what: "Apache with mod_auth_openidc",
    // The module brings the server's program, and no service that would be started.
    packages: &["libapache2-mod-auth-openidc"],
    present: || on_path("apache2").is_some() && Path::new("/usr/lib/apache2/modules/mod_auth_openidc.so").is_file(),
    otherwise: "install Apache 2.4 and mod_auth_openidc, with its modules in /usr/lib/apache2/modules",
};
const CURL: Need =
    Need { what: "curl", packages: &["curl"], present: || on_path("curl").is_some(), otherwise: "install curl" };
const JQ: Need = Need { what: "jq", packages: &["jq"], present: || on_path("jq").is_some(), otherwise: "install jq" };
const CHROMIUM: Need = Need {
    what: "Chromium",
    packages: &["chromium"],
    present: || browser("WATCHBELL_CHROMIUM", &["chromium"]).is_some(),
    otherwise: "Ubuntu's package is a snap, which tests can't drive: install Chromium otherwise and name its program in WATCHBELL_CHROMIUM",
};
const FIREFOX: Need = Need {
    what: "Firefox ESR",
    packages: &["firefox-esr"],
    present: || browser("WATCHBELL_FIREFOX", &["firefox-esr"]).is_some(),
    otherwise: "Ubuntu has no such package: install Firefox from Mozilla and name its program in WATCHBELL_FIREFOX",
};
const CERTUTIL: Need = Need {
    what: "certutil",
    packages: &["libnss3-tools"],
    present: || on_path("certutil").is_some(),
    otherwise: "install the NSS tools",
};
const OPENSSL: Need = Need {
    what: "openssl",
    packages: &["openssl"],
    present: || on_path("openssl").is_some(),
    otherwise: "install OpenSSL's command line",
};
const DBUS: Need = Need {
    what: "dbus-daemon",
    packages: &["dbus"],
    present: || on_path("dbus-daemon").is_some(),
    otherwise: "install the D-Bus daemon",
};
/// Firefox loads it when it has something to show; without it a notification is refused and never reaches the desktop.
const LIBNOTIFY: Need = Need {
    what: "libnotify",
    packages: &["libnotify4"],
    present: || library("libnotify.so.4"),
    otherwise: "install libnotify 4 (the library)",
};

/// What the tests need: in any case, for clients that others wrote, and for real browsers.
#[must_use]
pub fn needed(clients: bool, browsers: bool) -> Vec<Need> {
    let mut all = vec![POSTGRES, PGBOUNCER, REDIS, STRACE, NODE, NPM];
    if clients || browsers {
        all.push(OPENSSL);
    }
    if clients {
        all.extend([PYTHON, APACHE, CURL, JQ]);
    }
    if browsers {
        all.extend([CHROMIUM, FIREFOX, CERTUTIL, DBUS, LIBNOTIFY]);
    }
    all
}

/// Installs what is missing of these.
///
/// # Errors
/// When something is missing and can't be installed; the sentence says what to do by hand.
pub fn install(needs: &[Need]) -> Result<(), Trouble> {
    let missing: Vec<&Need> = needs.iter().filter(|need| !(need.present)()).collect();
    if missing.is_empty() {
        println!("all there: {}", needs.iter().map(|need| need.what).collect::<Vec<_>>().join(", "));
        return Ok(());
    }
    if on_path("apt-get").is_none() {
        let advice: Vec<String> = missing.iter().map(|need| format!("{}: {}", need.what, need.otherwise)).collect();
        return Err(Trouble::new(format!("apt-get is not here, so these are yours to install: {}", advice.join("; "))));
    }
    let packages: Vec<&str> = missing.iter().flat_map(|need| need.packages).copied().collect();
    println!("installing {}", packages.join(" "));
    // Lists of packages can be old or absent on a fresh machine: a failed update is told by the install that follows.
    let _ = apt(&["update", "-qq"]);
    let installed = apt(&[&["install", "-qq", "-y", "--no-install-recommends"], packages.as_slice()].concat());
    let still: Vec<String> = missing
        .iter()
        .filter(|need| !(need.present)())
        .map(|need| format!("{}: {}", need.what, need.otherwise))
        .collect();
    match (installed, still.is_empty()) {
        (_, true) => Ok(()),
        (Ok(()), false) => Err(Trouble::new(format!("still missing: {}", still.join("; ")))),
        (Err(trouble), false) => Err(Trouble::new(format!("{trouble}; still missing: {}", still.join("; ")))),
    }
}

fn apt(arguments: &[&str]) -> Result<(), Trouble> {
    let mut command = if rustix::process::geteuid().is_root() {
        Command::new("apt-get")
    } else {
        let mut sudo = Command::new("sudo");
        // Keep apt's scripts from asking: sudo drops the environment, so it is set behind it.
        sudo.args(["-n", "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        sudo
    };
    command.env("DEBIAN_FRONTEND", "noninteractive").args(["-o", "DPkg::Lock::Timeout=300"]).args(arguments);
    let status = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .map_err(Trouble::during("start apt-get (as an ordinary user: through sudo)"))?;
    if status.success() {
        Ok(())
    } else {
        Err(Trouble::new(format!("apt-get {} failed ({status})", arguments.first().unwrap_or(&""))))
    }
}

/// The program of this name in the folders of `PATH` (and the system's own, which an ordinary user's `PATH` may lack).
#[must_use]
pub fn on_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .chain(["/usr/sbin", "/sbin"].map(PathBuf::from))
        .map(|folder| folder.join(name))
        .find(|file| is_program(file))
}

/// Whether a program is there, and ends well with these arguments.
fn answers(program: &str, arguments: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn browser(variable: &str, names: &[&str]) -> Option<PathBuf> {
    match env::var_os(variable) {
        Some(file) => Some(PathBuf::from(file)).filter(|file| is_program(file)),
        None => names.iter().find_map(|name| on_path(name)),
    }
}

/// Whether the loader's folders hold a library of this name.
fn library(name: &str) -> bool {
    let multiarch = fs::read_dir("/usr/lib").into_iter().flatten().flatten().map(|entry| entry.path());
    multiarch
        .chain(["/usr/lib", "/usr/lib64", "/usr/local/lib"].map(PathBuf::from))
        .any(|folder| folder.join(name).exists())
}

fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(file).is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}
