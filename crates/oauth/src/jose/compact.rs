//! A compact JWS taken apart (RFC 7515 §3.1). Nothing in it is believed yet: what its signature is held against is the
//! business of whoever reads on.

use super::verify::{Claims, JwtError, MAX_JWT, decode};
use serde::Deserialize;
use serde_json::Value;

/// The parts of a token.
pub(super) struct Compact<'a> {
    pub(super) header: Header,
    /// What was signed (RFC 7515 §5.1).
    pub(super) input: &'a [u8],
    pub(super) signature: Vec<u8>,
    payload: &'a str,
}

#[derive(Deserialize)]
pub(super) struct Header {
    pub(super) alg: String,
    pub(super) kid: Option<String>,
    /// A key that the token brings along; looked at in `embedded` alone.
    pub(super) jwk: Option<Value>,
    typ: Option<String>,
    crit: Option<Value>,
    zip: Option<Value>,
    b64: Option<Value>,
}

impl<'a> Compact<'a> {
    /// Takes a token apart, unless it is too large, malformed, or demands what is not understood here.
    pub(super) fn read(token: &'a str) -> Result<Self, JwtError> {
        if token.len() > MAX_JWT {
            return Err(JwtError::TooLarge);
        }
        let (input, signature) = token.rsplit_once('.').ok_or(JwtError::Malformed)?;
        let (header, payload) = input.split_once('.').ok_or(JwtError::Malformed)?;
        let header: Header = serde_json::from_slice(&decode(header)?).map_err(|_| JwtError::Malformed)?;
        if header.has_extension() {
            return Err(JwtError::Extension);
        }
        Ok(Self { header, input: input.as_bytes(), signature: decode(signature)?, payload })
    }

    /// The claims. To be read once the signature fits.
    pub(super) fn claims(&self) -> Result<Claims, JwtError> {
        serde_json::from_slice(&decode(self.payload)?).map(Claims).map_err(|_| JwtError::Malformed)
    }
}

impl Header {
    /// Whether it demands what is not understood here (RFC 7515 §4.1.11, RFC 7516 §4.1.3, RFC 7797 §3).
    const fn has_extension(&self) -> bool {
        self.crit.is_some() || self.zip.is_some() || self.b64.is_some()
    }

    /// The type that it names. RFC 7515 §4.1.9: the prefix may be left out.
    pub(super) fn typ(&self) -> Option<&str> {
        let strip = |typ: &'_ str| typ.get(..APPLICATION.len()).is_some_and(|p| p.eq_ignore_ascii_case(APPLICATION));
        self.typ.as_deref().map(|typ| if strip(typ) { typ.get(APPLICATION.len()..).unwrap_or_default() } else { typ })
    }

    /// Whether it names this type.
    pub(super) fn is_typ(&self, typ: &str) -> bool {
        self.typ().is_some_and(|named| named.eq_ignore_ascii_case(typ))
    }
}

const APPLICATION: &str = "application/";
