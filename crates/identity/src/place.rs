//! Where an address seems to be: a city and a country, from a file in MaxMind's format.
//!
//! The file is the operator's (GeoLite2, DB-IP and others come in this format). What it says is a hint: for people,
//! "near Lyon", and for the [risk rules](crate::risk), which never let anybody in by it.

use crate::device::Place;
use base::{Bounded, Fault, Timestamp};
use maxminddb::{Reader, geoip2};
use serde::{Deserialize, Serialize};
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
        Some(Place { city, country: code.to_ascii_uppercase(), position: position(&entry.location) })
    }
}

/// How far off a position may be, in kilometres, to say anything about a journey. Where a file knows the country alone
/// it gives the middle of it, with a radius to match.
const USEFUL_RADIUS: u16 = 200;

fn position(location: &geoip2::city::Location<'_>) -> Option<Position> {
    if location.accuracy_radius.is_some_and(|radius| radius > USEFUL_RADIUS) {
        return None;
    }
    Position::rounded(location.latitude?, location.longitude?)
}

/// A point on the globe, to a tenth of a degree: some eleven kilometres, which is enough to tell a journey, and too
/// coarse to tell a house.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Position {
    /// North of the equator, in tenths of a degree: -900 to 900.
    latitude: i16,
    /// East of Greenwich, in tenths of a degree: -1800 to 1800.
    longitude: i16,
}

impl Position {
    /// The point nearest to these degrees; `None` when there is no such place.
    pub fn rounded(latitude: f64, longitude: f64) -> Option<Self> {
        let tenths = |degrees: f64, most: f64| {
            let sane = degrees.is_finite() && degrees.abs() <= most;
            sane.then(|| format!("{:.0}", degrees * 10.0).parse::<i16>().ok()).flatten()
        };
        Some(Self { latitude: tenths(latitude, 90.0)?, longitude: tenths(longitude, 180.0)? })
    }

    /// How far apart two points are along the globe, in kilometres (the haversine formula on a sphere).
    pub fn kilometres_to(self, other: Self) -> f64 {
        const RADIUS: f64 = 6_371.0;
        let radians = |tenths: i16| (f64::from(tenths) / 10.0).to_radians();
        let (from, to) = (radians(self.latitude), radians(other.latitude));
        let (across, along) = (to - from, radians(other.longitude) - radians(self.longitude));
        let half = |angle: f64| (angle / 2.0).sin().powi(2);
        let part = half(across) + from.cos() * to.cos() * half(along);
        2.0 * RADIUS * part.clamp(0.0, 1.0).sqrt().asin()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(latitude: f64, longitude: f64) -> Position {
        Position::rounded(latitude, longitude).unwrap()
    }

    #[test]
    fn distances_are_those_of_an_atlas() {
        let (london, new_york) = (at(51.51, -0.13), at(40.71, -74.01));
        let (sydney, tokyo) = (at(-33.87, 151.21), at(35.68, 139.69));
        for (from, to, known) in [(london, new_york, 5_570.0), (sydney, tokyo, 7_820.0), (london, sydney, 16_990.0)] {
            let found = from.kilometres_to(to);
            assert!((found - known).abs() < 30.0, "{found} for {known}");
            assert!((found - to.kilometres_to(from)).abs() < 0.001, "there and back");
        }
        assert!(london.kilometres_to(london) < 0.001);
        let across_the_date_line = at(-16.5, 179.9).kilometres_to(at(-16.5, -179.9));
        assert!(across_the_date_line < 30.0, "{across_the_date_line}");
        assert!((at(90.0, 0.0).kilometres_to(at(-90.0, 0.0)) - 20_015.0).abs() < 1.0, "from pole to pole");
    }

    #[test]
    fn a_position_is_rounded_and_must_be_on_the_globe() {
        assert_eq!(at(45.764, 4.8357), at(45.8, 4.8));
        assert_eq!(at(-0.04, 0.04), at(0.0, 0.0));
        for (latitude, longitude) in [(90.1, 0.0), (0.0, -180.1), (f64::NAN, 0.0), (0.0, f64::INFINITY)] {
            assert_eq!(Position::rounded(latitude, longitude), None, "{latitude} {longitude}");
        }
    }

    #[test]
    fn a_place_of_an_earlier_build_has_no_position_and_is_written_as_it_was() {
        let old = r#"{"city":"Lyon","country":"FR"}"#;
        let place: Place = serde_json::from_str(old).unwrap();
        assert_eq!(place.position, None);
        assert_eq!(serde_json::to_string(&place).unwrap(), old);
    }
}
