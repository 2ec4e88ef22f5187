//! Lines of AWS load balancers.
#![no_main]

use bartizan_fuzz::read_as;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| read_as(&["aws_alb"], data));
