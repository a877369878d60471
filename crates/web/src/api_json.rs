//! The JSON of the pages' own API.

use crate::convert::rfc3339;
use identity::{Channel, Preferences, Topic};
use serde_json::{Map, Value, json};

/// The choices of an account: `rev`, and per topic and channel whether it is on and whether it can't be off.
pub(crate) fn preferences(now: &Preferences) -> Value {
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
        "changed_at": now.changed_at.map(rfc3339),
        "changed_in": now.changed_in,
        "topics": topics,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_switch_stands_in_the_answer() {
        let value = preferences(&Preferences { revision: 7, ..Preferences::default() });
        assert_eq!(value["rev"], 7);
        assert_eq!(value["topics"]["login.new_device"]["push"]["on"], true);
        assert_eq!(value["topics"]["credential.changed"]["email"]["locked"], true);
        assert_eq!(value["topics"].as_object().unwrap().len(), Topic::ALL.len());
    }
}
