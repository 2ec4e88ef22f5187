//! Secrets are hidden between judging and storing.
//!
//! Detection sees the full request. Whatever leaves the judge afterwards — to the database, to the sockets, to whoever
//! asked for a verdict, into the log — has been through [`Masking::hide`], and lines that never became a request through
//! [`Masking::text`]. A secret is known by its name (a parameter, header, cookie or field that the settings list), by
//! its form (a card number, a bearer token, a JSON Web Token, a password in a URL), by its place in a path
//! (`/reset/TOKEN`), by what stands beside it (the code of OAuth), or as a copy of one that was found before.

mod assessment;
mod authorization_code;
mod cards;
mod decoded;
mod json;
mod key;
mod line;
mod mark;
mod multipart;
mod names;
mod needles;
mod pairs;
mod ranges;
mod request;
mod segments;
mod settings;
#[cfg(test)]
mod tests;
mod text;
mod value;
mod vocabulary;
mod xml;

use std::borrow::Cow;

use bartizan_model::{HttpRequest, LineSample};
use bartizan_store::Judged;

pub use key::{MaskingKey, MaskingKeyError};
pub use settings::{HashedNames, MaskedNames, MaskingError, MaskingSettings};

use needles::Needles;
use ranges::{Found, Patch, bounded, patched, settled};
use request::RequestSecrets;
use vocabulary::Vocabulary;

/// Looks at one request at most: hiding one secret may join what stood around it into the name of another.
const MAX_ROUNDS: usize = 4;

/// Hides secrets.
#[derive(Debug)]
pub struct Masking {
    vocabulary: Vocabulary,
    key: Option<MaskingKey>,
}

impl Masking {
    /// Masking by these settings; the key is for what they say is hashed.
    ///
    /// # Errors
    /// [`MaskingError`] names the setting that makes no sense, and the remedy.
    pub fn new(settings: &MaskingSettings, key: Option<MaskingKey>) -> Result<Self, MaskingError> {
        if settings.needs_key() && key.is_none() {
            return Err(MaskingError::NoKey);
        }
        Ok(Self { vocabulary: Vocabulary::new(settings)?, key })
    }

    /// Hides the secrets of a request and of everything that was written about it.
    pub fn hide(&self, judged: &mut Judged) {
        for _ in 0..MAX_ROUNDS {
            if !self.hide_once(judged) {
                return;
            }
        }
    }

    /// A text of which nobody knows what it is, such as a line that is no request.
    pub fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut masked = Cow::Borrowed(text);
        for _ in 0..MAX_ROUNDS {
            let mut next = masked.clone().into_owned();
            if !self.vocabulary.may_hold(next.as_bytes())
                || !self.mask_excerpt(&mut next, &Needles::default())
            {
                break;
            }
            if next == masked {
                break;
            }
            masked = Cow::Owned(next);
        }
        masked
    }

    /// Hides secrets in lines that did not parse.
    pub(crate) fn hide_in_samples(&self, samples: &mut [LineSample]) {
        for sample in samples {
            if let Cow::Owned(masked) = self.text(&sample.line) {
                sample.line = masked;
            }
        }
    }

    /// One look; whether something was hidden.
    fn hide_once(&self, judged: &mut Judged) -> bool {
        let Judged { request, assessment, verdict, .. } = judged;
        let secrets = self.vocabulary.find_in_request(request);
        let is_plain = assessment.fields.is_empty()
            && assessment.explanation.is_empty()
            && assessment.findings.is_empty()
            && verdict.payload.is_none();
        if secrets.is_empty() && is_plain {
            // What stands in a line beside the parts of the request may be a secret too.
            return !secrets.is_line_quiet && self.hide_in_line(request, &secrets, &Needles::default());
        }
        let needles = needles(request, &secrets);
        let mut changed = self.mask_findings(request, assessment, verdict, &needles);
        changed |= self.hide_in_line(request, &secrets, &needles);
        if !secrets.is_empty() {
            self.hide_in_parts(request, secrets, &needles);
            changed = true;
        }
        changed
    }

    fn hide_in_line(&self, request: &mut HttpRequest, secrets: &RequestSecrets, needles: &Needles) -> bool {
        let Some(line) = &request.raw_line else { return false };
        if secrets.is_line_quiet && secrets.is_empty() {
            return false;
        }
        let Some(masked) = self.mask_line(line, request, secrets, needles) else { return false };
        let changed = masked != *line;
        request.raw_line = Some(masked);
        changed
    }

    /// Hides the secrets of the parts, and copies of them in other parts.
    fn hide_in_parts(&self, request: &mut HttpRequest, mut secrets: RequestSecrets, needles: &Needles) {
        needles.find_copies(request.path(), &mut secrets.path);
        let mut target = self.replaced(request.path(), secrets.path);
        if let Some(query) = request.query() {
            needles.find_copies(query, &mut secrets.query);
            target.push(b'?');
            target.extend(self.replaced(query, secrets.query));
        }
        request.target = target;
        for (place, (_, value)) in request.headers.iter_mut().enumerate() {
            let known = secrets.headers.iter_mut().find(|(of, _)| *of == place);
            let mut found = known.map(|(_, found)| std::mem::take(found)).unwrap_or_default();
            needles.find_copies(value, &mut found);
            *value = self.replaced(value, found);
        }
        if let Some(body) = request.body.as_mut() {
            needles.find_copies(body, &mut secrets.body);
            let is_json = matches!(body.trim_ascii_start().first(), Some(b'{' | b'['));
            let mut patches = self.patches(body, secrets.body);
            for patch in patches.iter_mut().filter(|patch| is_json && json::is_bare(body, &patch.range)) {
                patch.text = format!("\"{}\"", patch.text).into();
            }
            *body = patched(body, &patches);
        }
        if let Some(host) = request.host.as_mut().filter(|_| !secrets.host.is_empty()) {
            *host = String::from_utf8_lossy(&self.replaced(host.as_bytes(), secrets.host)).into_owned();
        }
    }

    fn replaced(&self, text: &[u8], found: Vec<Found>) -> Vec<u8> {
        patched(text, &self.patches(text, found))
    }

    /// What stands for what was found, in order.
    fn patches(&self, text: &[u8], found: Vec<Found>) -> Vec<Patch> {
        let patches = settled(found).into_iter().map(|one| {
            let secret = text.get(one.range.clone()).unwrap_or_default();
            Patch { text: self.mark(one.hiding, secret), range: one.range }
        });
        bounded(patches.collect(), text.len())
    }
}

/// The secrets of a request, to be looked for in everything else.
fn needles(request: &HttpRequest, secrets: &RequestSecrets) -> Needles {
    let mut needles = Needles::default();
    needles.add(request.path(), &secrets.path);
    needles.add(request.query().unwrap_or_default(), &secrets.query);
    for (place, found) in &secrets.headers {
        if let Some((_, value)) = request.headers.get(*place) {
            needles.add(value, found);
        }
    }
    needles.add(request.body.as_deref().unwrap_or_default(), &secrets.body);
    needles.add(request.host.as_deref().unwrap_or_default().as_bytes(), &secrets.host);
    needles.finish();
    needles
}
