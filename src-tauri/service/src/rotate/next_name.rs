//! A name for the key that comes, where the old one's cannot be used again.

/// Numbers that are tried.
const TRIES: u32 = 999;

/// The old name with the next number: `ci`, `ci-2`, `ci-3`. Empty where the platform takes none.
pub(super) fn next_name(old: &str, usable: impl Fn(&str) -> bool) -> String {
    let (base, number) = split(old);
    (number + 1..number + TRIES)
        .map(|number| format!("{base}-{number}"))
        .find(|name| usable(name))
        .unwrap_or_default()
}

/// A name and the number at its end; 1 where there is none.
fn split(name: &str) -> (&str, u32) {
    let Some((base, tail)) = name.rsplit_once('-') else { return (name, 1) };
    let short = tail.len() <= 3 && !tail.starts_with('0');
    match tail.parse::<u32>() {
        Ok(number) if short && !base.is_empty() => (base, number),
        _ => (name, 1),
    }
}

#[cfg(test)]
mod tests {
    use super::next_name;

    #[test]
    fn counts_on_from_the_number_at_the_end() {
        assert_eq!(next_name("ci", |_| true), "ci-2");
        assert_eq!(next_name("ci-2", |_| true), "ci-3");
        assert_eq!(next_name("ci-2", |name| name != "ci-3"), "ci-4");
        assert_eq!(next_name("release-2026", |_| true), "release-2026-2");
        assert_eq!(next_name("-7", |_| true), "-7-2");
        assert_eq!(next_name("ci", |_| false), "");
    }
}
