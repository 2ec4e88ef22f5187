//! Channels and the log of deliveries, on a server that has none.

use serde_json::json;

use crate::site::Site;

#[tokio::test]
async fn a_server_without_channels_says_so() {
    let site = Site::new().await;
    assert_eq!(site.data("/api/v1/notifications/channels").await, json!([]));
    assert_eq!(site.data("/api/v1/notifications/deliveries?limit=5").await, json!([]));
    assert_eq!(site.post("/api/v1/notifications/channels/team/test", "").await.code(), "not_found");
    assert_eq!(site.get("/api/v1/notifications/deliveries?channel=team").await.code(), "not_found");
    assert_eq!(
        site.get("/api/v1/notifications/deliveries?chanel=team").await.code(),
        "unsupported_parameter"
    );
}
