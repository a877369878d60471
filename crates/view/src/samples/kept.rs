//! What is kept for notices.

use super::{DAY, Sample, ago, firefox, pixel};
use crate::pages::kept::{Kept, KeptBrowser};
use base::routes;

pub(super) fn pages() -> Vec<Sample> {
    let here = KeptBrowser {
        agent: firefox(),
        here: true,
        endpoint: format!("https://updates.push.services.mozilla.com/wpush/v2/{}", "gAAAAABn".repeat(20)),
        public_key: "BEl62iUYgUivxIkv69yViEuiBIa-Ib9-SkvMeAtA3LFgDzkrxZJjSgSnfckjBJuBkr3qBUYIHBQFLXYp5Nksh8U"
            .to_owned(),
        since: ago(40 * DAY),
        last_delivered: Some(ago(93)),
        last_shown: Some(ago(92)),
        last_clicked: Some(ago(90)),
        failing_since: None,
    };
    let phone = KeptBrowser {
        agent: pixel(),
        here: false,
        endpoint: "https://fcm.googleapis.com/fcm/send/sample".to_owned(),
        last_delivered: None,
        last_shown: None,
        last_clicked: None,
        failing_since: Some(ago(3 * DAY)),
        ..here.clone()
    };
    vec![
        Sample::new("kept", routes::NOTICE_DATA, Kept { browsers: vec![here, phone], notices: 12 }),
        Sample::new("kept-notices", routes::NOTICE_DATA, Kept { browsers: Vec::new(), notices: 1 }),
        Sample::new("kept-none", routes::NOTICE_DATA, Kept { browsers: Vec::new(), notices: 0 }),
    ]
}
