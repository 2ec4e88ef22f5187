//! Requests to assessments: canonicalise, score, explain, decide
