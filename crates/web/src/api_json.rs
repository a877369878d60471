//! The JSON of the pages' own API.

use crate::convert::unreached_since;
use app::kept::{Kept, KeptBrowser};
use app::push::{PushState, RungBrowser};
use base::Timestamp;
use identity::quiet::Pause;
use identity::{Channel, Preferences, Quiet, Topic};
use serde_json::{Map, Value, json};

/// The choices of an account: `rev`; per topic and channel whether it is on and whether it can't be off; when nothing
/// rings.
pub(crate) fn preferences(now: &Preferences, at: Timestamp) -> Value {
    let switch =
        |topic: Topic, channel: Channel| json!({ "on": now.is_on(topic, channel), "locked": topic.is_locked(channel) });
    let topic = |topic: Topic| {
        let channels: Map<String, Value> =
            Channel::ALL.into_iter().map(|channel| (channel.as_str().to_owned(), switch(topic, channel))).collect();
        (topic.as_str().to_owned(), Value::Object(channels))
    };
    let topics: Map<String, Value> = Topic::ALL.into_iter().map(topic).collect();
    json!({
        "rev": now.revision,
        "changed_at": now.changed_at.map(Timestamp::to_rfc3339),
        "changed_in": now.changed_in,
        "topics": topics,
        "quiet": quiet(&now.quiet, at),
    })
}

fn quiet(now: &Quiet, at: Timestamp) -> Value {
    let pause = now.pause_at(at);
    let until = match pause {
        Some(Pause::Until(until)) => Some(until.to_rfc3339()),
        Some(Pause::UntilResumed) | None => None,
    };
    json!({
        "paused": pause.is_some(),
        "paused_until": until,
        "hours": now.hours,
        "security_rings": now.security_rings,
        "hide_details": now.hide_details,
    })
}

/// The browsers that are rung, and how notices stand in the one that asks.
pub(crate) fn browsers(here: &PushState, all: &[RungBrowser]) -> Value {
    let one = |browser: &RungBrowser| {
        let subscription = &browser.subscription;
        json!({
            "id": subscription.id,
            "agent": browser.agent,
            "here": browser.here,
            "since": subscription.created_at.to_rfc3339(),
            "last_delivered_at": subscription.delivered_at.map(Timestamp::to_rfc3339),
            "last_shown_at": subscription.shown_at.map(Timestamp::to_rfc3339),
            "last_clicked_at": subscription.clicked_at.map(Timestamp::to_rfc3339),
            "not_reached_since": unreached_since(browser).map(Timestamp::to_rfc3339),
        })
    };
    json!({
        "vapid_key": here.vapid_key,
        "here": { "on": here.endpoint.is_some(), "wanted": here.wanted },
        "elsewhere": here.elsewhere,
        "browsers": all.iter().map(one).collect::<Vec<_>>(),
    })
}

/// What is kept for notices. The secret beside the key is shown to nobody, and to an app only whose push service it is.
pub(crate) fn kept(kept: &Kept, to_app: bool) -> Value {
    let one = |kept: &KeptBrowser| {
        let subscription = &kept.browser.subscription;
        json!({
            "id": subscription.id,
            "agent": kept.browser.agent,
            "here": kept.browser.here,
            "endpoint": if to_app { subscription.service.as_str() } else { kept.endpoint.as_str() },
            "public_key": kept.public_key,
            "since": subscription.created_at.to_rfc3339(),
            "last_delivered_at": subscription.delivered_at.map(Timestamp::to_rfc3339),
            "last_shown_at": subscription.shown_at.map(Timestamp::to_rfc3339),
            "last_clicked_at": subscription.clicked_at.map(Timestamp::to_rfc3339),
            "not_reached_since": unreached_since(&kept.browser).map(Timestamp::to_rfc3339),
        })
    };
    json!({ "browsers": kept.browsers.iter().map(one).collect::<Vec<_>>(), "notices": kept.notices })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_switch_stands_in_the_answer() {
        let value = preferences(&Preferences { revision: 7, ..Preferences::default() }, Timestamp::from_seconds(0));
        assert_eq!(value["rev"], 7);
        assert_eq!(value["topics"]["login.new_device"]["push"]["on"], true);
        assert_eq!(value["topics"]["credential.changed"]["email"]["locked"], true);
        assert_eq!(value["quiet"]["hours"], Value::Null);
        assert_eq!(value["quiet"]["security_rings"], true);
        assert_eq!(value["topics"].as_object().unwrap().len(), Topic::ALL.len());
    }
}
