//! GraphQL over HTTP: a JSON body with a `query` and its `variables`.

use bartizan_model::Location;

use crate::structure::json::Token;

/// Follows the tokens of a JSON body and knows which of its strings are GraphQL.
#[derive(Debug, Default)]
pub(super) struct Place {
    depth: usize,
    /// Depth at which `variables` began.
    variables: Option<usize>,
    /// The last key was `query`.
    at_query: bool,
    /// A document was seen.
    is_graphql: bool,
    /// The last key was `variables`.
    at_variables: bool,
}

impl Place {
    /// The location of a token, and the state after it.
    pub(super) fn after(&mut self, text: &[u8], token: &Token) -> Location {
        match token {
            Token::Object | Token::Array => {
                self.depth += 1;
                if std::mem::take(&mut self.at_variables) {
                    self.variables = Some(self.depth);
                }
            }
            Token::Close => {
                if self.variables == Some(self.depth) {
                    self.variables = None;
                }
                self.depth = self.depth.saturating_sub(1);
            }
            Token::Key(range) => {
                let key = text.get(range.clone()).unwrap_or_default();
                if self.variables.is_none() {
                    self.at_query = matches!(key, b"query" | b"mutation");
                    self.at_variables = key == b"variables";
                }
            }
            Token::String(range) => {
                if std::mem::take(&mut self.at_query)
                    && memchr::memchr(b'{', text.get(range.clone()).unwrap_or_default()).is_some()
                {
                    self.is_graphql = true;
                    return Location::Graphql;
                }
                if self.variables.is_some() && self.is_graphql {
                    return Location::Graphql;
                }
            }
            Token::Comma | Token::Bare(_) => {}
        }
        Location::Json
    }
}
