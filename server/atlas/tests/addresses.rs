//! Addresses and blocks of access lists: every spelling means the same thing everywhere.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use atlas::{AccessListAddress, AtlasRequest, InvalidAddress};
use proptest::prelude::*;

fn any_address() -> impl Strategy<Value = IpAddr> {
    prop_oneof![
        any::<u32>().prop_map(|bits| IpAddr::V4(Ipv4Addr::from(bits))),
        any::<u128>().prop_map(|bits| IpAddr::V6(Ipv6Addr::from(bits))),
        // Long rows of zeros, which IPv6 likes to shorten.
        (0_u32..128).prop_map(|bit| IpAddr::V6(Ipv6Addr::from(1_u128 << bit))),
    ]
}

fn longest(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

proptest! {
    #[test]
    fn what_is_written_is_read_as_the_same(address in any_address(), prefix in 0_u8..=128) {
        prop_assume!(prefix <= longest(address));
        let block = AccessListAddress::block(address, prefix).unwrap();
        prop_assert_eq!(block.to_string().parse(), Ok(block));
        prop_assert_eq!((block.address(), block.prefix()), (address, prefix));
        let stored = serde_json::to_string(&block).unwrap();
        prop_assert_eq!(serde_json::from_str::<AccessListAddress>(&stored).unwrap(), block);
        // However people write it.
        prop_assert_eq!(format!("{address}/{prefix}").parse(), Ok(block));
        prop_assert_eq!(format!("{address}/{prefix}").to_uppercase().parse(), Ok(block));
    }

    #[test]
    fn a_block_of_one_is_that_one(address in any_address()) {
        let block = AccessListAddress::block(address, longest(address)).unwrap();
        prop_assert!(block.is_single());
        prop_assert_eq!(block, AccessListAddress::from(address));
        prop_assert_eq!(address.to_string().parse(), Ok(block));
        prop_assert!(!block.to_string().contains('/'));
    }

    #[test]
    fn a_prefix_longer_than_the_address_is_refused(address in any_address(), beyond in 1_u8..100) {
        let prefix = longest(address).saturating_add(beyond);
        prop_assert_eq!(AccessListAddress::block(address, prefix), Err(InvalidAddress::Prefix(longest(address))));
        let refused = format!("{address}/{prefix}").parse::<AccessListAddress>();
        prop_assert!(refused.is_err());
    }

    #[test]
    fn a_path_names_the_entry_that_was_meant(address in any_address(), prefix in 0_u8..=128) {
        prop_assume!(prefix <= longest(address));
        let entry = AccessListAddress::block(address, prefix).unwrap();
        let (org, key) = ("5f1b2c3d4e5f60718293a4b5".parse().unwrap(), "6a1b2c3d4e5f60718293a4b5".parse().unwrap());
        let request = AtlasRequest::delete_access_list_entry(&org, &key, entry);
        let again = AtlasRequest::from_parts("DELETE", request.path(), "2023-01-01", None);
        prop_assert_eq!(again.as_ref(), Ok(&request));
        let named = request.path_parameters().pop().unwrap();
        prop_assert_eq!(named.1.parse(), Ok(entry));
    }
}
