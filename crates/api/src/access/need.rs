//! What each route needs: said once where it is registered, checked and documented from there.

use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use bartizan_model::Scope;
use utoipa::openapi::Paths;
use utoipa::openapi::security::SecurityRequirement;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

use super::Identity;
use crate::ApiState;
use crate::error::ApiError;

/// Names of the two ways to say who one is, in the OpenAPI document.
pub(crate) const SCHEMES: [&str; 2] = ["session", "bearer"];

/// What a route asks of its callers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// Nothing.
    Open,
    /// To be known, even with a password that has to be changed first.
    Known,
    /// To reach as far as that.
    Scope(Scope),
}

impl Need {
    fn check(self, request: &Request) -> Result<(), ApiError> {
        let identity = request.extensions().get::<Identity>();
        let identity = || identity.ok_or_else(|| ApiError::internal("nobody asked who it is"));
        match self {
            Self::Open => Ok(()),
            Self::Known => identity()?.known().map(drop),
            Self::Scope(scope) => identity()?.reaching(scope).map(drop),
        }
    }

    /// What the document says of it: either of two ways, with the scope.
    fn requirements(self) -> Vec<SecurityRequirement> {
        let scope = match self {
            Self::Open => return Vec::new(),
            Self::Known => Scope::Read,
            Self::Scope(scope) => scope,
        };
        SCHEMES.map(|scheme| SecurityRequirement::new(scheme, [scope.as_str()])).into()
    }
}

/// Routes, each of which says what it needs; there is no way to add one without.
#[derive(Default)]
pub(crate) struct Routes(OpenApiRouter<ApiState>);

impl Routes {
    /// Answers whoever asks.
    pub(crate) fn open(self, routes: UtoipaMethodRouter<ApiState>) -> Self {
        self.add(Need::Open, routes)
    }

    /// Answers everybody who is known about themselves.
    pub(crate) fn known(self, routes: UtoipaMethodRouter<ApiState>) -> Self {
        self.add(Need::Known, routes)
    }

    /// Answers who may see.
    pub(crate) fn read(self, routes: UtoipaMethodRouter<ApiState>) -> Self {
        self.add(Need::Scope(Scope::Read), routes)
    }

    /// Answers who may act.
    pub(crate) fn operate(self, routes: UtoipaMethodRouter<ApiState>) -> Self {
        self.add(Need::Scope(Scope::Operate), routes)
    }

    /// Answers who may change what decides.
    pub(crate) fn admin(self, routes: UtoipaMethodRouter<ApiState>) -> Self {
        self.add(Need::Scope(Scope::Admin), routes)
    }

    /// All of them.
    pub(crate) fn into_router(self) -> OpenApiRouter<ApiState> {
        self.0
    }

    fn add(self, need: Need, (schemas, mut paths, methods): UtoipaMethodRouter<ApiState>) -> Self {
        document(&mut paths, need);
        let methods = match need {
            Need::Open => methods,
            _ => methods.route_layer(from_fn(move |request: Request, next: Next| check(need, request, next))),
        };
        Self(self.0.routes((schemas, paths, methods)))
    }
}

async fn check(need: Need, request: Request, next: Next) -> Response {
    match need.check(&request) {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

fn document(paths: &mut Paths, need: Need) {
    for item in paths.paths.values_mut() {
        let operations =
            [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete, &mut item.head];
        for operation in operations.into_iter().flatten() {
            operation.security = Some(need.requirements());
        }
    }
}
