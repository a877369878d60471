//! What stands around every route, walked one by one.

mod cross_site;
mod documents;
mod every_route;
mod house;
