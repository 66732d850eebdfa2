//! Whole use cases cut short at every system call.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests stop where they stand")]

mod create;
