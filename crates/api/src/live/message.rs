//! Events of the engine as frames.

use std::sync::Arc;

use bartizan_engine::live::{LiveEvent, LiveObject};
use serde::Serialize;

use crate::view::live::{LiveChart, LiveMessage};
use crate::view::security::SecurityCheck;
use crate::view::{Activity, Alert, Threat, Traffic};

/// Types that go only to sockets which subscribed to them by name.
const BY_NAME: &[&str] =
    &["traffic_batch", "activity_batch", "threat_batch", "alert_update", "check", "chart"];

/// Whether a type goes only to sockets that subscribed to it by name.
pub(crate) fn is_by_name(kind: &str) -> bool {
    BY_NAME.contains(&kind)
}

/// The frame type of an object.
pub(crate) fn kind(object: &LiveObject) -> &'static str {
    match object {
        LiveObject::Alert(_) => "alert",
        LiveObject::AlertUpdate(_) => "alert_update",
        LiveObject::Threat(_) => "threat",
        LiveObject::Traffic(_) => "traffic",
        LiveObject::Activity(_) => "activity",
        LiveObject::TrafficBatch(_) => "traffic_batch",
        LiveObject::ActivityBatch(_) => "activity_batch",
        LiveObject::ThreatBatch(_) => "threat_batch",
        LiveObject::Chart(_) => "chart",
        LiveObject::Check(_) => "check",
    }
}

/// The batch type that repeats objects of a type.
pub(crate) fn batch_kind(kind: &str) -> Option<&'static str> {
    match kind {
        "traffic" => Some("traffic_batch"),
        "activity" => Some("activity_batch"),
        "threat" => Some("threat_batch"),
        _ => None,
    }
}

/// Whether an event has a number of its own; batches bear that of their last object.
pub(crate) fn is_numbered(object: &LiveObject) -> bool {
    !matches!(object, LiveObject::TrafficBatch(_) | LiveObject::ActivityBatch(_) | LiveObject::ThreatBatch(_))
}

/// The frames of an event: one, but three for a minute that closed. The text of a single frame is made once for all
/// sockets.
pub(crate) fn frames(event: &LiveEvent) -> Vec<Arc<str>> {
    if let LiveObject::Chart(point) = &event.object {
        let point = point.as_ref();
        let charts = [
            LiveChart::Requests(point.into()),
            LiveChart::Threats(point.into()),
            LiveChart::Performance(point.into()),
        ];
        return charts.into_iter().map(|data| text(&chart(event, data)).into()).collect();
    }
    vec![Arc::clone(event.wire.get_or_init(|| text(&message(event)).into()))]
}

/// An object that was kept, as the batch of one that a subscriber of its batch reads.
pub(crate) fn as_batch(event: &LiveEvent) -> Option<Arc<str>> {
    let (timestamp, seq) = (event.at.to_rfc3339_millis(), event.seq);
    let message = match &event.object {
        LiveObject::Traffic(record) => {
            LiveMessage::TrafficBatch { data: vec![record.as_ref().into()], timestamp, seq, sampled: 0 }
        }
        LiveObject::Activity(activity) => {
            LiveMessage::ActivityBatch { data: vec![activity.as_ref().into()], timestamp, seq, sampled: 0 }
        }
        LiveObject::Threat(threat) => {
            LiveMessage::ThreatBatch { data: vec![threat.as_ref().into()], timestamp, seq, sampled: 0 }
        }
        _ => return None,
    };
    Some(text(&message).into())
}

/// A frame as text.
pub(crate) fn text(message: &impl Serialize) -> String {
    // Every member is text or a finite number, so this cannot fail; an empty object is ignored by clients.
    serde_json::to_string(message).unwrap_or_else(|error| {
        tracing::error!(%error, "a frame could not be written");
        "{}".to_owned()
    })
}

fn chart(event: &LiveEvent, data: LiveChart) -> LiveMessage {
    LiveMessage::Chart { data, timestamp: event.at.to_rfc3339_millis(), seq: event.seq }
}

fn message(event: &LiveEvent) -> LiveMessage {
    let (timestamp, seq, sampled) = (event.at.to_rfc3339_millis(), event.seq, event.sampled);
    match &event.object {
        LiveObject::Alert(alert) => {
            LiveMessage::Alert { data: Box::new(Alert::from(alert.as_ref())), timestamp, seq }
        }
        LiveObject::AlertUpdate(alert) => {
            LiveMessage::AlertUpdate { data: Box::new(Alert::from(alert.as_ref())), timestamp, seq }
        }
        LiveObject::Threat(threat) => {
            LiveMessage::Threat { data: Box::new(Threat::from(threat.as_ref())), timestamp, seq, sampled }
        }
        LiveObject::Traffic(record) => {
            LiveMessage::Traffic { data: Box::new(Traffic::from(record.as_ref())), timestamp, seq, sampled }
        }
        LiveObject::Activity(activity) => LiveMessage::Activity {
            data: Box::new(Activity::from(activity.as_ref())),
            timestamp,
            seq,
            sampled,
        },
        LiveObject::TrafficBatch(records) => {
            let data = records.iter().map(|record| Traffic::from(record.as_ref())).collect();
            LiveMessage::TrafficBatch { data, timestamp, seq, sampled: sampled.unwrap_or(0) }
        }
        LiveObject::ActivityBatch(activities) => {
            let data = activities.iter().map(|activity| Activity::from(activity.as_ref())).collect();
            LiveMessage::ActivityBatch { data, timestamp, seq, sampled: sampled.unwrap_or(0) }
        }
        LiveObject::ThreatBatch(threats) => {
            let data = threats.iter().map(|threat| Threat::from(threat.as_ref())).collect();
            LiveMessage::ThreatBatch { data, timestamp, seq, sampled: sampled.unwrap_or(0) }
        }
        LiveObject::Check(check) => {
            LiveMessage::Check { data: Box::new(SecurityCheck::from(check.as_ref())), timestamp, seq }
        }
        LiveObject::Chart(point) => chart(event, LiveChart::Requests(point.as_ref().into())),
    }
}
