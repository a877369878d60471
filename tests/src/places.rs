//! A file of places for stories: a few networks, each in a city.

#[path = "../../crates/identity/tests/mmdb/mod.rs"]
pub mod mmdb;

use identity::place::GeoReader;
use mmdb::{Value, Writer};
use std::sync::Arc;

/// Where every browser of a story is, unless it is told otherwise.
pub const LYON: &str = "203.0.113.7";
/// In the same country, 390 km away.
pub const PARIS: &str = "192.0.2.7";
/// In another country, 9,900 km away.
pub const TOKYO: &str = "198.51.100.7";
/// In the same country as Lyon, and as far away as Tokyo: 9,400 km.
pub const REUNION: &str = "100.64.7.7";

/// The file.
pub fn atlas() -> Arc<GeoReader> {
    let file = Writer::new()
        .insert("203.0.113.0/24", &city("Lyon", "FR", (45.76, 4.84)))
        .insert("192.0.2.0/24", &city("Paris", "FR", (48.85, 2.35)))
        .insert("198.51.100.0/24", &city("Tokyo", "JP", (35.68, 139.69)))
        .insert("100.64.7.0/24", &city("Saint-Denis", "FR", (-20.88, 55.45)))
        .finish("Story-City", 1_795_000_000);
    Arc::new(GeoReader::open(file).expect("a file of places"))
}

fn city(name: &'static str, country: &'static str, (latitude, longitude): (f64, f64)) -> Value {
    Value::Map(vec![
        ("city", Value::Map(vec![("names", Value::Map(vec![("en", Value::Text(name))]))])),
        ("country", Value::Map(vec![("iso_code", Value::Text(country))])),
        (
            "location",
            Value::Map(vec![
                ("latitude", Value::Double(latitude)),
                ("longitude", Value::Double(longitude)),
                ("accuracy_radius", Value::U16(20)),
            ]),
        ),
    ])
}
