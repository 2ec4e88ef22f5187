//! What one thread judged last: in many logs the same requests come again and again.

use std::collections::HashMap;
use std::sync::Arc;

use bartizan_model::{Assessment, HttpRequest};

/// Requests that are remembered at most.
const MAX_REMEMBERED: usize = 8_192;

/// Longest request that is remembered, in bytes.
const MAX_REMEMBERED_BYTES: usize = 1_024;

/// Requests after which is asked whether remembering pays.
const WINDOW: u32 = 4_096;

/// It pays when at least one in so many is known: looking up and keeping what never comes again made a log of a shop
/// a fifth slower, and judging costs several times what a look-up does.
const MIN_KNOWN_SHARE: u32 = 4;

/// Windows after which it is tried again.
const REST: u32 = 16;

/// A bounded memory of assessments, `None` where nothing was found. It rests where requests do not repeat.
#[derive(Debug, Default)]
pub(crate) struct Remembered {
    known: HashMap<Box<[u8]>, Option<Arc<Assessment>>>,
    key: Vec<u8>,
    asked: u32,
    found: u32,
    /// Requests until it is tried again.
    resting: u32,
}

impl Remembered {
    /// The assessment of an equal request, or the one that `assess` makes.
    pub(crate) fn or_assess(
        &mut self,
        request: &HttpRequest,
        assess: impl FnOnce() -> Option<Arc<Assessment>>,
    ) -> Option<Arc<Assessment>> {
        if self.resting > 0 {
            self.resting -= 1;
            return assess();
        }
        if !write_key(request, &mut self.key) {
            return assess();
        }
        let known = self.known.get(self.key.as_slice()).cloned();
        self.learn_whether_it_pays(known.is_some());
        known.unwrap_or_else(|| {
            let assessment = assess();
            if self.known.len() >= MAX_REMEMBERED {
                self.known.clear();
            }
            self.known.insert(self.key.as_slice().into(), assessment.clone());
            assessment
        })
    }

    fn learn_whether_it_pays(&mut self, was_known: bool) {
        self.asked += 1;
        self.found += u32::from(was_known);
        if self.asked < WINDOW {
            return;
        }
        if self.found < self.asked / MIN_KNOWN_SHARE {
            self.known.clear();
            self.resting = WINDOW * REST;
        }
        (self.asked, self.found) = (0, 0);
    }
}

/// Writes everything that a request is judged by: equal keys are equal requests to a detector, which looks neither at
/// the client nor at the time. `false` when the request is not worth remembering.
fn write_key(request: &HttpRequest, key: &mut Vec<u8>) -> bool {
    let headers = request.headers.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>();
    if request.body.is_some() || request.target.len() + headers > MAX_REMEMBERED_BYTES {
        return false;
    }
    key.clear();
    let host = request.host.as_deref().unwrap_or_default();
    let protocol = request.protocol.as_deref().unwrap_or_default();
    key.extend_from_slice(&request.status.to_le_bytes());
    let texts = [request.method.as_bytes(), host.as_bytes(), protocol.as_bytes(), &request.target];
    let headers = request.headers.iter().flat_map(|(name, value)| [name.as_bytes(), value]);
    for part in texts.into_iter().chain(headers) {
        // The length before each part keeps two parts from being read as two others.
        key.extend_from_slice(&part.len().to_le_bytes());
        key.extend_from_slice(part);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use bartizan_model::{Timestamp, Via};

    fn request(target: &str, status: u16) -> HttpRequest {
        let mut request = HttpRequest::new(Timestamp::default(), "GET", target.as_bytes(), Via::Log);
        request.status = status;
        request
    }

    #[test]
    fn an_equal_request_is_judged_once_and_others_are_not_mixed_up() {
        let mut remembered = Remembered::default();
        let mut judged = Vec::new();
        for (target, status) in [("/a", 200), ("/a", 200), ("/a", 404), ("/b", 200), ("/a", 200)] {
            remembered.or_assess(&request(target, status), || {
                judged.push((target, status));
                None
            });
        }
        assert_eq!(judged, [("/a", 200), ("/a", 404), ("/b", 200)]);
        let mut with_header = request("/a", 200);
        with_header.headers.push(("user-agent".to_owned(), b"x".to_vec()));
        let mut is_judged = false;
        remembered.or_assess(&with_header, || {
            is_judged = true;
            None
        });
        assert!(is_judged);
    }

    #[test]
    fn it_rests_where_nothing_repeats_and_holds_a_bounded_number() {
        let mut remembered = Remembered::default();
        for number in 0..WINDOW * 3 {
            remembered.or_assess(&request(&format!("/{number}"), 200), || None);
            assert!(remembered.known.len() <= MAX_REMEMBERED);
        }
        assert!(remembered.known.len() <= 1 && remembered.resting > 0);
    }
}
