//! The declarative form of a message (Push API, "declarative push message"): a browser can show it without our
//! service worker, and the worker reads the same form.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The number that marks the form, after the RFC. A number, not a text, or Safari takes it for an ordinary message.
pub const WEB_PUSH: u16 = 8030;

/// A declarative message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declarative {
    /// Always [`WEB_PUSH`].
    pub web_push: u16,
    /// What is shown.
    pub notification: Notification,
}

/// A notification. The names are those of the Notifications API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Notification {
    /// The first line.
    pub title: String,
    /// The absolute URL that a click opens.
    pub navigate: String,
    /// The text below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// A notification replaces an older one with the same tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// The language of the texts (BCP 47).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// The direction of the texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dir: Option<Direction>,
    /// Whether it makes no sound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub silent: Option<bool>,
    /// Whether it stays until the person acts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub require_interaction: Option<bool>,
    /// Buttons. Browsers show two at most, Safari none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<Action>,
    /// What the worker gets with a click.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub data: Value,
}

/// Which way a text runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// As the browser finds.
    Auto,
    /// Left to right.
    Ltr,
    /// Right to left.
    Rtl,
}

/// A button of a notification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// What the worker knows it by.
    pub action: String,
    /// What it says.
    pub title: String,
    /// The absolute URL that it opens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub navigate: Option<String>,
}

impl Notification {
    /// A notification with what it must have.
    pub fn new(title: impl Into<String>, navigate: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            navigate: navigate.into(),
            body: None,
            tag: None,
            lang: None,
            dir: None,
            silent: None,
            require_interaction: None,
            actions: Vec::new(),
            data: Value::Null,
        }
    }

    /// The payload to send.
    pub fn to_payload(&self) -> Vec<u8> {
        let whole = Declarative { web_push: WEB_PUSH, notification: self.clone() };
        #[allow(clippy::expect_used, reason = "texts, flags and JSON values can be written as JSON")]
        serde_json::to_vec(&whole).expect("plain data")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_form_is_what_safari_reads() {
        let mut notice = Notification::new("New sign-in", "https://id.example.com/account/activity");
        notice.tag = Some("t".into());
        notice.dir = Some(Direction::Rtl);
        notice.require_interaction = Some(true);
        notice.actions.push(Action { action: "no".into(), title: "Not me".into(), navigate: None });
        notice.data = json!({ "id": 1 });
        let value: Value = serde_json::from_slice(&notice.to_payload()).unwrap();
        let expected = json!({ "web_push": 8030, "notification": {
            "title": "New sign-in", "navigate": "https://id.example.com/account/activity", "tag": "t", "dir": "rtl",
            "requireInteraction": true, "actions": [{ "action": "no", "title": "Not me" }], "data": { "id": 1 } } });
        assert_eq!(value, expected);
        assert_eq!(serde_json::from_value::<Declarative>(value).unwrap().notification, notice);
    }

    #[test]
    fn what_is_not_said_is_left_out() {
        let payload = Notification::new("Hello", "https://id.example.com/").to_payload();
        let expected = r#"{"web_push":8030,"notification":{"title":"Hello","navigate":"https://id.example.com/"}}"#;
        assert_eq!(String::from_utf8(payload).unwrap(), expected);
    }
}
