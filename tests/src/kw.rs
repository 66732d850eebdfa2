//! `kw` as its users meet it: whole processes, their output and their exit codes.

mod answers;
mod clipboard;
mod first_run;
mod job;
mod many;
mod prompts;
mod rotate;
mod secrets;
mod terminal;
mod tour;
mod troubles;
