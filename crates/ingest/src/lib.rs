//! Bytes to requests: log sources, tailing, framing and parsing
