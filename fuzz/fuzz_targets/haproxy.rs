//! Lines of HAProxy.
#![no_main]

use bartizan_fuzz::read_as;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| read_as(&["haproxy"], data));
