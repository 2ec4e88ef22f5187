//! A generator of realistic demo traffic, written as an access log
