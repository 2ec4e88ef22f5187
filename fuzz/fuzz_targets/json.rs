//! JSON lines of all servers, audit logs included.
#![no_main]

use bartizan_fuzz::read_as;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| read_as(&["json", "modsecurity"], data));
