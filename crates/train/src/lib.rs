//! Labelled traffic to weights and a model card
