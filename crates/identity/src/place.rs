//! Where an address seems to be: a city and a country, from a file in MaxMind's format.
//!
//! The file is the operator's (GeoLite2, DB-IP and others come in this format). What it says is a hint for
//! people, "near Lyon", and decides nothing.

use crate::device::Place;
use base::{Bounded, Fault, Timestamp};
use maxminddb::{Reader, geoip2};
use std::net::IpAddr;

/// An open file of places.
pub struct GeoReader {
    reader: Reader<Vec<u8>>,
}

impl std::fmt::Debug for GeoReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "GeoReader({})", self.database())
    }
}

impl GeoReader {
    /// Opens a file that has been read.
    ///
    /// # Errors
    /// [`Fault`] when it is not a file in this format.
    pub fn open(bytes: Vec<u8>) -> Result<Self, Fault> {
        let reader = Reader::from_source(bytes).map_err(|e| Fault::new("open the file of places", e))?;
        Ok(Self { reader })
    }

    /// Which collection it is, as in `GeoLite2-City`.
    pub fn database(&self) -> &str {
        &self.reader.metadata().database_type
    }

    /// When it was made: addresses wander, and an old file is often wrong.
    pub fn built_at(&self) -> Timestamp {
        Timestamp::from_seconds(i64::try_from(self.reader.metadata().build_epoch).unwrap_or(i64::MAX))
    }

    /// Where the address seems to be; `None` when the file does not know, which is so for every private
    /// address. A damaged entry is none.
    pub fn find(&self, address: IpAddr) -> Option<Place> {
        // An IPv4 address that came in through an IPv6 socket is looked up as what it is.
        let found = self.reader.lookup(address.to_canonical()).ok()?;
        let entry = found.decode::<geoip2::City<'_>>().ok()??;
        let code = entry.country.iso_code.or(entry.registered_country.iso_code)?;
        if code.len() != 2 || !code.bytes().all(|b| b.is_ascii_alphabetic()) {
            return None;
        }
        let names = &entry.city.names;
        let city = names.english.or(names.french).or(names.german).or(names.spanish);
        let city = city.map(|name| Bounded::<80>::cut(name.trim()).as_str().to_owned()).filter(|name| !name.is_empty());
        Some(Place { city, country: code.to_ascii_uppercase() })
    }
}
