//! The way off in a mail.

use super::Sample;
use crate::pages::way_off::WayOffPage;
use base::routes;
use identity::Topic;

pub(super) fn pages() -> Vec<Sample> {
    let page = |topic: Topic, on| WayOffPage { token: "sample".to_owned(), topic: topic.as_str(), on };
    vec![
        Sample::new("way-off", routes::WAY_OFF, page(Topic::NewDevice, true)),
        Sample::new("way-off-apps", routes::WAY_OFF, page(Topic::AppConnected, true)),
        Sample::new("way-off-done", routes::WAY_OFF, page(Topic::NewDevice, false)),
    ]
}
