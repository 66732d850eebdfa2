//! The one writer of a user's files.
