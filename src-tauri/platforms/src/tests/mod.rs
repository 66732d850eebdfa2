//! Tests of the whole room, each against a real server on this machine.

mod agent_ceo;
mod auth;
mod conformance;
mod convert;
mod docs;
mod fixtures;
mod fuzz;
mod guided;
mod hostile;
mod language;
mod paging;
mod parse;
mod proxy;
mod redirect;
mod server;
mod settings;
mod setup;
mod store;
mod table;
mod tls;
