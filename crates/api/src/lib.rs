//! The HTTP and WebSocket edge, the OpenAPI document and the embedded dashboard
