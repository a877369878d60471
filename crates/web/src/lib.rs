//! The HTTP side of the house: routes, extractors, replies.
//!
//! A request comes in through [`edge`], which finds the tenant by its host, refuses what another site sent, and
//! puts the security headers on whatever goes out. An extractor makes it a typed command, one use case of `app`
//! answers, and [`reply`] turns the answer into HTTP. No handler holds a rule.

mod api_caller;
mod api_json;
mod convert;
mod cookies;
mod edge;
mod form;
mod guest;
mod headers;
mod landing;
mod page;
pub mod paths;
mod recent;
mod reply;
mod routes;
mod run;
pub mod seen;
mod signed;
mod state;
mod streams;

pub use edge::PeerCertificate;
pub use state::{WebSettings, WebState};

use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::web::ServiceConfig;
use actix_web::{App, Error};

/// Puts every route of the product into an actix app.
///
/// The routes stand in a scope of their own with their middleware: what is registered before them is served
/// as it is, and nothing registered after them is ever reached.
pub fn configure(config: &mut ServiceConfig, state: WebState) {
    routes::configure(config, state);
}

/// The same, as what [`App::configure`] takes.
pub fn routes(state: &WebState) -> impl FnOnce(&mut ServiceConfig) + Clone + Send + 'static {
    let state = state.clone();
    move |config| configure(config, state)
}

/// An actix app with every route of the product.
pub fn app(
    state: WebState,
) -> App<impl ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse, Error = Error, InitError = ()>> {
    App::new().configure(routes(&state))
}
