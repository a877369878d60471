//! The device authorization response (RFC 8628 §3.2).

use crate::polling;
use crate::seconds;
use crate::user_code::UserCode;
use base::{Origin, Secret, routes};
use serde::Serialize;
use std::time::Duration;

/// How long a person has to type the code.
pub const LIFETIME: Duration = Duration::from_secs(15 * 60);

/// What a device is told. It holds a secret, so it has no `Debug`.
#[derive(Serialize)]
pub struct DeviceResponse {
    device_code: String,
    user_code: String,
    verification_uri: String,
    /// What a QR code of the device holds. The code in it still has to be confirmed.
    verification_uri_complete: String,
    #[serde(with = "seconds")]
    expires_in: Duration,
    #[serde(with = "seconds")]
    interval: Duration,
}

impl DeviceResponse {
    /// For a request that was kept under both codes.
    pub fn new(origin: &Origin, device: &Secret, user: &UserCode) -> Self {
        let page = origin.join(routes::DEVICE);
        Self {
            device_code: device.reveal(),
            user_code: user.to_string(),
            verification_uri_complete: format!("{page}?user_code={user}"),
            verification_uri: page,
            expires_in: LIFETIME,
            interval: polling::INTERVAL,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::{Rng, SecretKind};

    #[test]
    fn a_device_is_told_what_it_has_to_show_and_how_long_to_wait() {
        let secret = Secret::generate(SecretKind::DeviceCode, &Rng::seeded(1));
        let origin: Origin = "https://id.example".parse().unwrap();
        let response = DeviceResponse::new(&origin, &secret, &UserCode::read("BCDFGHJK").unwrap());
        let told = serde_json::to_value(response).unwrap();
        assert_eq!(
            told,
            serde_json::json!({
                "device_code": secret.reveal(),
                "user_code": "BCDF-GHJK",
                "verification_uri": "https://id.example/device",
                "verification_uri_complete": "https://id.example/device?user_code=BCDF-GHJK",
                "expires_in": 900,
                "interval": 5,
            })
        );
    }
}
