//! Durable state: the only SQL of the product
