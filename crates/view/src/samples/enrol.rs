//! A second factor, set up on the way in.

use super::{DAY, Sample, ahead};
use crate::pages::enrol::{Enrol, EnrolApp, Frame};
use crate::pages::second_factor::CodeProblem;
use base::routes;
use identity::login::Reason;

pub(super) fn pages() -> Vec<Sample> {
    let frame = Frame {
        flow: "01999b7e-0000-7000-8000-000000000001".to_owned(),
        app: Some("Acme Shop".to_owned()),
        email: "jane@example.com".to_owned(),
        until: None,
        reasons: vec![Reason::Policy],
    };
    let in_time = Frame { app: None, until: Some(ahead(6 * DAY)), ..frame.clone() };
    let all = Enrol { frame: frame.clone(), passkey: true, security_key: true, app: true };
    let nothing = Enrol { passkey: false, security_key: false, app: false, ..all.clone() };
    let app = EnrolApp {
        frame,
        uri: "otpauth://totp/Acme:jane%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Acme\
              &algorithm=SHA1&digits=6&period=30"
            .to_owned(),
        key: "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ".to_owned(),
        others: true,
        problem: None,
    };
    let with = |problem| EnrolApp { problem: Some(problem), ..app.clone() };
    let of = |name, page| Sample::new(name, routes::ENROL, page);
    let of_app = |name, page| Sample::new(name, routes::ENROL, page);
    vec![
        of("enrol", all.clone()),
        of("enrol-keys", Enrol { app: false, ..all.clone() }),
        of("enrol-grace", Enrol { frame: in_time.clone(), ..all }),
        of("enrol-nothing", nothing.clone()),
        of("enrol-nothing-grace", Enrol { frame: in_time.clone(), ..nothing }),
        of_app("enrol-app", app.clone()),
        of_app("enrol-app-grace", EnrolApp { frame: in_time, others: false, ..app.clone() }),
        of_app("enrol-app-wrong", with(CodeProblem::Wrong)),
        of_app("enrol-app-clock", with(CodeProblem::Clock)),
        of_app("enrol-app-malformed", with(CodeProblem::Malformed)),
    ]
}
