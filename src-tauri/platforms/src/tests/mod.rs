//! Tests of the whole room, each against a real server on this machine.

mod agent_ceo;
mod server;
