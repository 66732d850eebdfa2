//! `kw`.
fn main() {}
