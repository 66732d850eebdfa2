//! A key's IP allow-list. The page tells to set one and not how: the form of it is ours.

use std::net::IpAddr;

use crate::Error;

/// Addresses that may use a key; an empty list lets every one.
#[derive(Debug, Default)]
pub(crate) struct AllowList(Vec<Network>);

/// An address and how many of its leading bits count.
#[derive(Debug)]
struct Network {
    address: IpAddr,
    bits: u32,
}

impl AllowList {
    pub(super) fn parse(entries: &[String]) -> Result<Self, Error> {
        entries.iter().map(|entry| Network::parse(entry)).collect::<Result<_, _>>().map(Self)
    }

    pub(super) fn lets(&self, address: IpAddr) -> bool {
        self.0.is_empty() || self.0.iter().any(|network| network.holds(address))
    }
}

impl Network {
    fn parse(entry: &str) -> Result<Self, Error> {
        let wrong = || {
            let what = "is neither an address nor a network such as 192.0.2.0/24";
            Error::form("allow_list", format!("`{entry}` {what}"))
        };
        let (address, bits) = match entry.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (entry, None),
        };
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let most = width(address);
        let bits = match bits {
            Some(bits) => bits.parse().ok().filter(|bits| *bits <= most).ok_or_else(wrong)?,
            None => most,
        };
        Ok(Self { address, bits })
    }

    fn holds(&self, address: IpAddr) -> bool {
        let width = width(self.address);
        if width != self::width(address) {
            return false;
        }
        let leading = |address| number(address).checked_shr(width - self.bits).unwrap_or_default();
        leading(self.address) == leading(address)
    }
}

const fn width(address: IpAddr) -> u32 {
    match address {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lets(entries: &str, address: &str) -> bool {
        let entries: Vec<String> = entries.split_whitespace().map(Into::into).collect();
        AllowList::parse(&entries).unwrap().lets(address.parse().unwrap())
    }

    #[test]
    fn addresses_and_networks_let_their_own_in() {
        for (entries, address, in_it) in [
            ("", "127.0.0.1", true),
            ("127.0.0.1", "127.0.0.1", true),
            ("127.0.0.1", "127.0.0.2", false),
            ("203.0.113.7 127.0.0.0/8", "127.9.9.9", true),
            ("127.0.0.0/30", "127.0.0.4", false),
            ("0.0.0.0/0", "203.0.113.7", true),
            ("0.0.0.0/0", "::1", false),
            ("::/0", "2001:db8::1", true),
            ("2001:db8::/32", "2001:db9::1", false),
        ] {
            assert_eq!(lets(entries, address), in_it, "{entries} {address}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for entry in ["", "here", "127.0.0.1/33", "127.0.0.1/x", "::1/129", "127.0.0.1/8/8"] {
            let error = AllowList::parse(&[entry.to_owned()]).unwrap_err();
            assert!(error.to_string().contains("neither an address"), "{error}");
        }
    }
}
