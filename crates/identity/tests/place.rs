//! Places, read from a database that is written here.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, unreachable_pub, reason = "a test may stop where it fails")]

mod mmdb;

use base::Timestamp;
use identity::Place;
use identity::place::{GeoReader, Position};
use mmdb::{Value, Writer};

fn entry(city: Option<&'static str>, country: &'static str) -> Value {
    let mut map = vec![("country", Value::Map(vec![("iso_code", Value::Text(country))]))];
    if let Some(city) = city {
        map.push(("city", Value::Map(vec![("names", Value::Map(vec![("en", Value::Text(city))]))])));
    }
    Value::Map(map)
}

fn reader() -> GeoReader {
    let registered = Value::Map(vec![("registered_country", Value::Map(vec![("iso_code", Value::Text("NO"))]))]);
    let long = "A city whose name goes on and on, until nobody remembers how it began or why anybody lives there";
    let file = Writer::new()
        .insert("203.0.113.0/24", &entry(Some("Lyon"), "FR"))
        .insert("198.51.100.0/25", &entry(None, "DE"))
        .insert("2001:db8:5::/48", &entry(Some("Oslo\u{7}"), "no"))
        .insert("192.0.2.0/26", &registered)
        .insert("192.0.2.64/26", &entry(Some(long), "FR"))
        .insert("192.0.2.128/26", &entry(Some("Nowhere"), "<b>"))
        .insert("192.0.2.192/26", &Value::Map(vec![("country", Value::Text("not a map"))]))
        .finish("Test-City", 1_780_000_000);
    GeoReader::open(file).unwrap()
}

fn place(city: Option<&str>, country: &str) -> Option<Place> {
    Some(Place { city: city.map(str::to_owned), country: country.to_owned(), position: None })
}

fn find(address: &str) -> Option<Place> {
    reader().find(address.parse().unwrap())
}

#[test]
fn an_address_has_its_city_and_country() {
    assert_eq!(find("203.0.113.77"), place(Some("Lyon"), "FR"));
}

#[test]
fn where_no_city_is_known_the_country_stands_alone() {
    assert_eq!(find("198.51.100.9"), place(None, "DE"));
    assert_eq!(find("192.0.2.1"), place(None, "NO"), "by registration");
}

#[test]
fn ipv6_is_looked_up_and_names_are_tidied() {
    assert_eq!(find("2001:db8:5::1"), place(Some("Oslo"), "NO"));
}

#[test]
fn an_ipv4_address_that_came_through_an_ipv6_socket_is_looked_up_as_what_it_is() {
    assert_eq!(find("::ffff:203.0.113.77"), find("203.0.113.77"));
}

#[test]
fn unknown_private_and_local_addresses_are_nowhere() {
    for address in ["203.0.114.1", "198.51.100.200", "127.0.0.1", "10.1.2.3", "::1", "2001:db8:6::1", "fe80::1"] {
        assert_eq!(find(address), None, "{address}");
    }
}

#[test]
fn a_long_name_is_cut_and_an_entry_that_makes_no_sense_is_none() {
    assert!(find("192.0.2.70").unwrap().city.unwrap().len() <= 80);
    assert_eq!(find("192.0.2.130"), None);
    assert_eq!(find("192.0.2.200"), None);
}

/// An entry of Paris with a location.
fn located(location: Vec<(&'static str, Value)>) -> Value {
    let country = Value::Map(vec![("iso_code", Value::Text("FR"))]);
    Value::Map(vec![("country", country), ("location", Value::Map(location))])
}

#[test]
fn a_position_is_coarse_and_counts_only_where_the_file_is_sure_of_it() {
    let paris = || vec![("latitude", Value::Double(48.8534)), ("longitude", Value::Double(2.3488))];
    let within = |radius| {
        let mut location = paris();
        location.push(("accuracy_radius", Value::U16(radius)));
        located(location)
    };
    let file = Writer::new()
        .insert("203.0.113.0/26", &located(paris()))
        .insert("203.0.113.64/26", &within(200))
        .insert("203.0.113.128/26", &within(201))
        .insert("203.0.113.192/26", &located(vec![("latitude", Value::Double(48.8534))]))
        .insert(
            "198.51.100.0/24",
            &located(vec![("latitude", Value::Double(148.0)), ("longitude", Value::Double(2.3))]),
        )
        .finish("Test-City", 1);
    let reader = GeoReader::open(file).unwrap();
    let position = |address: &str| reader.find(address.parse().unwrap()).unwrap().position;
    let coarse = Position::rounded(48.9, 2.3);
    assert_eq!(position("203.0.113.1"), coarse);
    assert_eq!(position("203.0.113.65"), coarse);
    for vague in ["203.0.113.129", "203.0.113.193", "198.51.100.1"] {
        assert_eq!(position(vague), None, "{vague}");
    }
}

#[test]
fn it_tells_what_it_is_and_how_old() {
    assert_eq!(reader().database(), "Test-City");
    assert_eq!(reader().built_at(), Timestamp::from_seconds(1_780_000_000));
    assert_eq!(format!("{:?}", reader()), "GeoReader(Test-City)");
}

#[test]
fn a_file_in_another_format_or_cut_short_is_refused() {
    let whole = Writer::new().insert("203.0.113.0/24", &entry(Some("Lyon"), "FR")).finish("Test-City", 1);
    for file in [Vec::new(), b"PK\x03\x04".to_vec(), vec![0; 4096], whole[..whole.len() - 40].to_vec()] {
        assert!(GeoReader::open(file).is_err());
    }
}
