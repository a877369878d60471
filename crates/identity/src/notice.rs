//! Who is told of an event: the preferences of the account against its live subscriptions.

use crate::event::{EventRecord, Notice};
use crate::preference::{Channel, Preferences};
use base::Id;

/// What is needed to know of a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SubscriptionView {
    /// Its row id.
    pub id: Id,
    /// The browser that it is in.
    pub device: Id,
    /// Whether anything can be delivered to it: its session is not ended, its push service knows it.
    pub live: bool,
}

/// Where a notice goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Target {
    /// A browser.
    Push {
        /// The subscription.
        subscription: Id,
    },
    /// The account's mail address; for a request that has no account, the address that it names.
    Mail,
    /// The server of an app.
    App {
        /// The client's row id.
        client: Id,
    },
}

/// Everyone to tell, browsers first, each once.
///
/// A browser is rung when it is live, when the topic is on for push, and when it is not the one that caused
/// the event: whoever acts knows of it. Mail goes in parallel where it is on or locked on.
pub fn audience(record: &EventRecord, preferences: &Preferences, subscriptions: &[SubscriptionView]) -> Vec<Target> {
    let live = subscriptions.iter().filter(|subscription| subscription.live);
    let mut targets: Vec<Target> = match record.event.notice() {
        Notice::Log => Vec::new(),
        Notice::Mail => vec![Target::Mail],
        Notice::App(client) => vec![Target::App { client }],
        Notice::Browser(asked) => live.filter(|s| s.id == asked).map(push).collect(),
        // A topic is an account's: without one there is nobody to tell.
        Notice::Alarm | Notice::Topic(_) | Notice::Over(_) if record.account.is_none() => Vec::new(),
        // Also the browser that caused it: it may be in other hands than its owner's.
        Notice::Alarm => live.map(push).chain([Target::Mail]).collect(),
        // Where it rang, unless whoever ended it is there.
        Notice::Over(topic) => {
            let ring = preferences.is_on(topic, Channel::Push);
            live.filter(|s| ring && record.device != Some(s.device)).map(push).collect()
        }
        Notice::Topic(topic) => {
            let ring = preferences.is_on(topic, Channel::Push);
            let others = live.filter(|s| ring && record.device != Some(s.device)).map(push);
            let mail = preferences.is_on(topic, Channel::Email).then_some(Target::Mail);
            others.chain(mail).collect()
        }
    };
    targets.sort_unstable();
    targets.dedup();
    targets
}

const fn push(subscription: &SubscriptionView) -> Target {
    Target::Push { subscription: subscription.id }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::Agent;
    use crate::event::Event;
    use crate::preference::Topic;
    use base::Timestamp;

    fn id(n: u8) -> Id {
        Id::from_bytes([n; 16])
    }

    const LAPTOP: u8 = 10;
    const PHONE: u8 = 11;
    const STRANGER: u8 = 12;

    fn record(event: Event, device: u8) -> EventRecord {
        EventRecord {
            id: id(1),
            tenant: id(2),
            account: Some(id(3)),
            device: Some(id(device)),
            agent: Agent::default(),
            place: None,
            event,
            at: Timestamp::from_seconds(1_790_000_000),
        }
    }

    fn new_device() -> EventRecord {
        record(Event::NewDevice { session: id(4), device: id(STRANGER), app: None }, STRANGER)
    }

    fn subscription(n: u8, device: u8) -> SubscriptionView {
        SubscriptionView { id: id(n), device: id(device), live: true }
    }

    fn ring(n: u8) -> Target {
        Target::Push { subscription: id(n) }
    }

    fn off(topic: Topic, channel: Channel) -> Preferences {
        let mut preferences = Preferences::default();
        preferences.chosen.insert((topic, channel), false);
        preferences
    }

    #[test]
    fn a_sign_in_from_a_new_device_rings_every_other_browser_and_sends_a_mail() {
        let all = [subscription(20, LAPTOP), subscription(21, PHONE), subscription(22, STRANGER)];
        assert_eq!(audience(&new_device(), &Preferences::default(), &all), [ring(20), ring(21), Target::Mail]);
    }

    #[test]
    fn the_browser_that_caused_it_is_not_rung() {
        let only = [subscription(22, STRANGER)];
        assert_eq!(audience(&new_device(), &Preferences::default(), &only), [Target::Mail]);
    }

    #[test]
    fn a_known_browser_that_signs_in_rings_nobody_and_sends_nothing() {
        let known = record(Event::LoginSucceeded { session: id(4), app: None }, LAPTOP);
        assert_eq!(audience(&known, &Preferences::default(), &[subscription(21, PHONE)]), []);
    }

    #[test]
    fn a_browser_that_cannot_be_reached_is_left_out() {
        let dead = SubscriptionView { live: false, ..subscription(20, LAPTOP) };
        assert_eq!(audience(&new_device(), &Preferences::default(), &[dead]), [Target::Mail]);
        let test = record(Event::PushTest { subscription: id(20) }, LAPTOP);
        assert_eq!(audience(&test, &Preferences::default(), &[dead]), []);
    }

    #[test]
    fn what_was_switched_off_stays_silent() {
        let all = [subscription(20, LAPTOP)];
        assert_eq!(audience(&new_device(), &off(Topic::NewDevice, Channel::Push), &all), [Target::Mail]);
        assert_eq!(audience(&new_device(), &off(Topic::NewDevice, Channel::Email), &all), [ring(20)]);
    }

    #[test]
    fn a_thief_cannot_silence_the_mail_about_a_changed_password() {
        let changed = record(Event::PasswordChanged { change: None }, STRANGER);
        let mut silenced = off(Topic::CredentialChanged, Channel::Email);
        silenced.chosen.insert((Topic::CredentialChanged, Channel::Push), false);
        assert_eq!(audience(&changed, &silenced, &[subscription(20, LAPTOP)]), [Target::Mail]);
    }

    #[test]
    fn an_alarm_reaches_every_browser_and_the_mail_whatever_was_switched_off() {
        let alarm = record(Event::RecoveryFinished { recovery: id(5) }, LAPTOP);
        let mut silenced = Preferences::default();
        for topic in Topic::ALL {
            silenced.chosen.extend(Channel::ALL.map(|channel| ((topic, channel), false)));
        }
        let all = [subscription(20, LAPTOP), subscription(21, PHONE)];
        assert_eq!(audience(&alarm, &silenced, &all), [ring(20), ring(21), Target::Mail]);
        assert_eq!(audience(&EventRecord { account: None, ..alarm }, &silenced, &all), []);
    }

    #[test]
    fn a_password_that_was_reset_from_no_known_browser_rings_all_of_them() {
        let reset = EventRecord { device: None, ..record(Event::PasswordReset {}, LAPTOP) };
        let all = [subscription(20, LAPTOP), subscription(21, PHONE)];
        assert_eq!(audience(&reset, &Preferences::default(), &all), [ring(20), ring(21), Target::Mail]);
    }

    #[test]
    fn a_test_rings_the_browser_that_asked_and_no_other() {
        let all = [subscription(20, LAPTOP), subscription(21, PHONE)];
        for event in [Event::PushTest { subscription: id(20) }, Event::PushEnabled { subscription: id(20) }] {
            assert_eq!(audience(&record(event, LAPTOP), &Preferences::default(), &all), [ring(20)]);
        }
    }

    #[test]
    fn a_test_for_somebody_elses_subscription_rings_nobody() {
        let test = record(Event::PushTest { subscription: id(99) }, LAPTOP);
        assert_eq!(audience(&test, &Preferences::default(), &[subscription(20, LAPTOP)]), []);
    }

    #[test]
    fn an_app_is_told_of_by_mail_until_push_is_chosen() {
        let connected = record(Event::AppConnected { app: "Acme".into(), scope: "openid".into() }, LAPTOP);
        let all = [subscription(21, PHONE)];
        assert_eq!(audience(&connected, &Preferences::default(), &all), [Target::Mail]);
        let mut chosen = Preferences::default();
        chosen.chosen.insert((Topic::AppConnected, Channel::Push), true);
        assert_eq!(audience(&connected, &chosen, &all), [ring(21), Target::Mail]);
    }

    #[test]
    fn a_request_that_may_concern_nobody_is_answered_by_mail_alone() {
        let email: base::Email = "anna@example.com".parse().unwrap();
        let event = Event::ResetRequested(crate::event::AskedForReset { email, locale: None });
        let request = EventRecord { account: None, device: None, ..record(event, LAPTOP) };
        assert_eq!(audience(&request, &Preferences::default(), &[subscription(20, LAPTOP)]), [Target::Mail]);
        let orphan = EventRecord { account: None, ..new_device() };
        assert_eq!(audience(&orphan, &Preferences::default(), &[subscription(20, LAPTOP)]), []);
    }

    #[test]
    fn nobody_is_told_twice() {
        let twice = [subscription(20, LAPTOP), subscription(20, LAPTOP)];
        assert_eq!(audience(&new_device(), &Preferences::default(), &twice), [ring(20), Target::Mail]);
    }

    #[test]
    fn what_only_stands_in_the_log_reaches_nobody() {
        for event in crate::event::tests::one_of_each() {
            if event.notice() == Notice::Log {
                let kind = event.kind();
                assert_eq!(
                    audience(&record(event, STRANGER), &Preferences::default(), &[subscription(20, LAPTOP)]),
                    [],
                    "{kind}"
                );
            }
        }
    }
}
