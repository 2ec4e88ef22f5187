//! The stable names of the vocabulary's enums, each a component of the OpenAPI document.

use bartizan_model::{
    Action, AlertKind, AlertStatus, CheckStatus, DecidedBy, Location, Mode, Part, Severity, SourceKind,
    SourceOrigin, SourceState, SystemEventKind, ThreatClass, Via,
};
use serde::{Serialize, Serializer};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

/// An enum whose values are sent as text.
pub(crate) trait Vocabulary: Copy {
    /// Name of the component.
    const NAME: &'static str;
    /// The value as sent.
    fn text(self) -> &'static str;
    /// Every value as sent.
    fn all() -> Vec<&'static str>;
}

/// A value of a [`Vocabulary`], as sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Named<T>(pub(crate) T);

pub(crate) type ActionName = Named<Action>;
pub(crate) type AlertKindName = Named<AlertKind>;
pub(crate) type AlertStatusName = Named<AlertStatus>;
pub(crate) type SystemEventName = Named<SystemEventKind>;
pub(crate) type CheckStatusName = Named<CheckStatus>;
pub(crate) type ClassName = Named<ThreatClass>;
pub(crate) type DecidedByName = Named<DecidedBy>;
pub(crate) type LocationName = Named<Location>;
pub(crate) type ModeName = Named<Mode>;
pub(crate) type PartName = Named<Part>;
pub(crate) type SeverityName = Named<Severity>;
pub(crate) type SourceKindName = Named<SourceKind>;
pub(crate) type SourceOriginName = Named<SourceOrigin>;
pub(crate) type SourceStateName = Named<SourceState>;
pub(crate) type ViaName = Named<Via>;

impl<T: Vocabulary> Serialize for Named<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.text())
    }
}

impl<T: Vocabulary> PartialSchema for Named<T> {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(T::all())).build().into()
    }
}

impl<T: Vocabulary> ToSchema for Named<T> {
    fn name() -> std::borrow::Cow<'static, str> {
        T::NAME.into()
    }
}

impl Vocabulary for Action {
    const NAME: &'static str = "Action";
    fn text(self) -> &'static str {
        self.as_str()
    }
    fn all() -> Vec<&'static str> {
        Self::ALL.map(Self::as_str).to_vec()
    }
}

impl Vocabulary for AlertKind {
    const NAME: &'static str = "AlertType";
    fn text(self) -> &'static str {
        self.as_str()
    }
    fn all() -> Vec<&'static str> {
        [Self::Critical, Self::Warning, Self::Info].map(Self::as_str).to_vec()
    }
}

impl Vocabulary for CheckStatus {
    const NAME: &'static str = "CheckStatus";
    fn text(self) -> &'static str {
        self.as_str()
    }
    fn all() -> Vec<&'static str> {
        Self::ALL.map(Self::as_str).to_vec()
    }
}

impl Vocabulary for SystemEventKind {
    const NAME: &'static str = "EventType";
    fn text(self) -> &'static str {
        self.as_str()
    }
    fn all() -> Vec<&'static str> {
        Self::ALL.map(Self::as_str).to_vec()
    }
}

impl Vocabulary for AlertStatus {
    const NAME: &'static str = "AlertStatus";
    fn text(self) -> &'static str {
        self.as_str()
    }
    fn all() -> Vec<&'static str> {
        Self::ALL.map(Self::as_str).to_vec()
    }
}

impl Vocabulary for ThreatClass {
    const NAME: &'static str = "ThreatClass";
    fn text(self) -> &'static str {
        self.as_str()
    }
    fn all() -> Vec<&'static str> {
        Self::ALL.map(Self::as_str).to_vec()
    }
}

impl Vocabulary for DecidedBy {
    const NAME: &'static str = "DecidedBy";
    fn text(self) -> &'static str {
        self.as_str()
    }
    fn all() -> Vec<&'static str> {
        Self::ALL.map(Self::as_str).to_vec()
    }
}

impl Vocabulary for Location {
    const NAME: &'static str = "Location";
    fn text(self) -> &'static str {
        self.as_str()
    }
    fn all() -> Vec<&'static str> {
        [
            Self::Path,
            Self::Query,
            Self::Header,
            Self::Cookie,
            Self::Form,
            Self::Json,
            Self::Multipart,
            Self::Xml,
            Self::Graphql,
            Self::Body,
            Self::Behaviour,
        ]
        .map(Self::as_str)
        .to_vec()
    }
}

impl Vocabulary for Mode {
    const NAME: &'static str = "Mode";
    fn text(self) -> &'static str {
        self.as_str()
    }
    fn all() -> Vec<&'static str> {
        [Self::Monitor, Self::Block].map(Self::as_str).to_vec()
    }
}

impl Vocabulary for Part {
    const NAME: &'static str = "Part";
    fn text(self) -> &'static str {
        self.as_str()
    }
    fn all() -> Vec<&'static str> {
        [Self::Headers, Self::Cookies, Self::Body, Self::Response].map(Self::as_str).to_vec()
    }
}

impl Vocabulary for Severity {
    const NAME: &'static str = "Severity";
    fn text(self) -> &'static str {
        self.as_str()
    }
    fn all() -> Vec<&'static str> {
        Self::ALL.map(Self::as_str).to_vec()
    }
}

impl Vocabulary for SourceKind {
    const NAME: &'static str = "SourceKind";
    fn text(self) -> &'static str {
        self.as_str()
    }
    fn all() -> Vec<&'static str> {
        Self::ALL.map(Self::as_str).to_vec()
    }
}

impl Vocabulary for SourceOrigin {
    const NAME: &'static str = "SourceOrigin";
    fn text(self) -> &'static str {
        self.as_str()
    }
    fn all() -> Vec<&'static str> {
        Self::ALL.map(Self::as_str).to_vec()
    }
}

impl Vocabulary for SourceState {
    const NAME: &'static str = "SourceState";
    fn text(self) -> &'static str {
        self.as_str()
    }
    fn all() -> Vec<&'static str> {
        [Self::Running, Self::Waiting, Self::Failed, Self::Finished].map(Self::as_str).to_vec()
    }
}

impl Vocabulary for Via {
    const NAME: &'static str = "Via";
    fn text(self) -> &'static str {
        self.as_str()
    }
    fn all() -> Vec<&'static str> {
        Self::ALL.map(Self::as_str).to_vec()
    }
}
