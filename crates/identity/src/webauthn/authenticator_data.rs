//! The framing of what an authenticator signs (WebAuthn §6.1): every byte belongs to a field, and none is left.

use super::KeyError;
use serde::Deserialize;
use serde::de::IgnoredAny;

/// An attested credential and an extension's output follow.
const ATTESTED: u8 = 0b0100_0000;
const EXTENSIONS: u8 = 0b1000_0000;
/// Relying party's hash, flags, counter.
const FLAGS_AT: usize = 32;
const HEAD: usize = 37;
/// The longest credential id (§6.5.1), and the shortest (§4: "at least 16 bytes").
const LONGEST_ID: usize = 1023;
const SHORTEST_ID: usize = 16;

/// A new credential within the data.
pub(super) struct Attested {
    pub(super) aaguid: [u8; 16],
    pub(super) credential_id: Vec<u8>,
}

/// Reads the data of a ceremony; answers with the credential that it brings.
///
/// # Errors
/// [`KeyError::Unreadable`] when a field is cut short or bytes are left over; [`KeyError::CredentialId`].
pub(super) fn read(data: &[u8]) -> Result<Option<Attested>, KeyError> {
    let flags = *data.get(FLAGS_AT).ok_or(KeyError::Unreadable)?;
    let mut rest = data.get(HEAD..).ok_or(KeyError::Unreadable)?;
    let mut attested = None;
    if flags & ATTESTED != 0 {
        let aaguid = *take::<16>(&mut rest)?;
        let length = usize::from(u16::from_be_bytes(*take::<2>(&mut rest)?));
        if !(SHORTEST_ID..=LONGEST_ID).contains(&length) {
            return Err(KeyError::CredentialId);
        }
        let (id, after) = rest.split_at_checked(length).ok_or(KeyError::Unreadable)?;
        rest = after;
        // The public key, which the library reads.
        skip(&mut rest)?;
        attested = Some(Attested { aaguid, credential_id: id.to_vec() });
    }
    if flags & EXTENSIONS != 0 {
        skip(&mut rest)?;
    }
    if rest.is_empty() { Ok(attested) } else { Err(KeyError::Unreadable) }
}

fn take<'a, const N: usize>(rest: &mut &'a [u8]) -> Result<&'a [u8; N], KeyError> {
    let (taken, after) = rest.split_first_chunk().ok_or(KeyError::Unreadable)?;
    *rest = after;
    Ok(taken)
}

/// Passes over one CBOR item.
fn skip(rest: &mut &[u8]) -> Result<(), KeyError> {
    let mut item = serde_cbor_2::Deserializer::from_slice(rest);
    IgnoredAny::deserialize(&mut item).map_err(|_| KeyError::Unreadable)?;
    *rest = rest.get(item.byte_offset()..).ok_or(KeyError::Unreadable)?;
    Ok(())
}
