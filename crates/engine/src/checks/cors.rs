//! Which pages may call.

use super::{Outcome, Probe};

pub(super) const PROBE: Probe = Probe {
    id: 14,
    key: "cors",
    name: "Foreign pages may not call",
    why: "A page of a listed origin acts with the rights of whoever looks at it; over plain HTTP anyone on the way can be that page.",
    weight: 1,
    measure: |shared| {
        Box::pin(async move {
            let origins = shared.checks.surroundings().map(|around| around.allowed_origins.clone());
            judge(&origins.unwrap_or_default())
        })
    },
};

fn judge(origins: &[String]) -> Outcome {
    let foreign: Vec<&String> = origins.iter().filter(|origin| !is_local(origin)).collect();
    let value = format!("{} origins listed, {} of them foreign", origins.len(), foreign.len());
    let remedy = "list only the origins of dashboards in use in server.allowed_origins, with https";
    if let Some(origin) = foreign.iter().find(|origin| origin.contains('*') || origin.as_str() == "null") {
        return Outcome::fail(value, format!("{origin} stands for pages of anyone"), remedy);
    }
    if let Some(origin) = foreign.iter().find(|origin| !origin.starts_with("https://")) {
        return Outcome::warning(value, format!("{origin} is not protected on its way"), remedy);
    }
    Outcome::pass(value, "only listed pages may call")
}

fn is_local(origin: &str) -> bool {
    let name = origin.split("://").nth(1).unwrap_or_default();
    let name = name.rsplit_once(':').map_or(name, |(name, _)| name);
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

#[cfg(test)]
mod tests {
    use bartizan_model::CheckStatus;

    use super::*;

    #[test]
    fn origins_of_anyone_fail_and_plain_ones_are_told() {
        for (origins, status) in [
            (&[][..], CheckStatus::Pass),
            (&["http://localhost:3000", "http://127.0.0.1:3001"][..], CheckStatus::Pass),
            (&["https://panel.example.com"][..], CheckStatus::Pass),
            (&["http://panel.example.com"][..], CheckStatus::Warning),
            (&["http://localhost.example.com"][..], CheckStatus::Warning),
            (&["null"][..], CheckStatus::Fail),
            (&["*"][..], CheckStatus::Fail),
        ] {
            let origins: Vec<String> = origins.iter().map(|origin| (*origin).to_owned()).collect();
            assert_eq!(judge(&origins).status, status, "{origins:?}");
        }
    }
}
