//! The table of clients for readers, made from the definitions themselves.
