//! `cidr`: blocks of IPv4 and IPv6 addresses (EB-9).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A block, as the bits that an address must share with it.
#[derive(Clone, Debug, Hash, PartialEq)]
pub(crate) struct Cidr {
    network: Bits,
    text: String,
}

#[derive(Clone, Copy, Debug, Hash, PartialEq)]
enum Bits {
    V4 { base: u32, mask: u32 },
    V6 { base: u128, mask: u128 },
}

impl Cidr {
    /// Compiles `address/bits`, or says what the service says. A whole address (`/32`, `/128`) is refused, as there.
    pub(crate) fn parse(text: &str) -> Result<Cidr, String> {
        let mut halves = text.split('/');
        let (Some(address), Some(bits), None) = (halves.next(), halves.next(), halves.next()) else {
            return Err("Malformed CIDR, one '/' required".to_owned());
        };
        let Ok(bits) = bits.parse::<i64>() else {
            return Err("Malformed CIDR, mask bits must be an integer".to_owned());
        };
        let Ok(bits) = u32::try_from(bits) else {
            return Err("Malformed CIDR, mask bits must not be negative".to_owned());
        };
        let network = match address.parse::<IpAddr>() {
            Err(_) => return Err(format!("Nonstandard IP address: {address}")),
            Ok(IpAddr::V4(_)) if bits > 31 => return Err("IPv4 mask bits must be < 32".to_owned()),
            Ok(IpAddr::V6(_)) if bits > 127 => return Err("IPv6 mask bits must be < 128".to_owned()),
            Ok(IpAddr::V4(address)) => {
                let mask = !(u32::MAX >> bits);
                Bits::V4 { base: u32::from(address) & mask, mask }
            }
            Ok(IpAddr::V6(address)) => {
                let mask = !(u128::MAX >> bits);
                Bits::V6 { base: u128::from(address) & mask, mask }
            }
        };
        Ok(Cidr { network, text: text.to_owned() })
    }

    /// The text as it was written.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Text that is not an address of the same family is outside.
    pub(crate) fn contains(&self, text: &str) -> bool {
        match self.network {
            Bits::V4 { base, mask } => text.parse::<Ipv4Addr>().is_ok_and(|address| u32::from(address) & mask == base),
            Bits::V6 { base, mask } => text.parse::<Ipv6Addr>().is_ok_and(|address| u128::from(address) & mask == base),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Cidr;

    #[test]
    fn a_block_of_no_bits_holds_its_whole_family() {
        let all = Cidr::parse("1.2.3.4/0").expect("valid");
        assert!(all.contains("255.255.255.255") && !all.contains("::1") && !all.contains("somewhere"));
    }

    #[test]
    fn bits_beyond_the_mask_are_ignored() {
        let block = Cidr::parse("10.0.0.77/30").expect("valid");
        assert!(block.contains("10.0.0.76") && block.contains("10.0.0.79"));
        assert!(!block.contains("10.0.0.75") && !block.contains("10.0.0.80"));
    }
}
