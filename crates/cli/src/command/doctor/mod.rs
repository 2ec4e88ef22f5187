//! `bartizan doctor`: examines an installation, from outside the server, and says what to mend.
//!
//! Where the running server has a check of the same thing, the judgement is that of `bartizan_engine`.

mod configuration;
mod database;
mod exposure;
mod finding;
mod logs;
mod machine;

use std::process::ExitCode;

use bartizan_model::CheckStatus;

use crate::args::{Doctor, FindingsFormat};
use crate::output;
use finding::Finding;

/// Exit codes: something should be looked at; something does not work.
const LOOK: u8 = 1;
const BROKEN: u8 = 2;

pub(crate) fn run(args: &Doctor) -> ExitCode {
    let findings = examine(args);
    match args.format {
        FindingsFormat::Text => output::line(finding::text(&findings)),
        FindingsFormat::Json => output::line(finding::json(&findings)),
    }
    match worst(&findings) {
        CheckStatus::Pass => ExitCode::SUCCESS,
        CheckStatus::Warning => ExitCode::from(LOOK),
        CheckStatus::Fail => ExitCode::from(BROKEN),
    }
}

/// Everything that can be examined; with settings that cannot be read that is only the settings.
fn examine(args: &Doctor) -> Vec<Finding> {
    let installation = args.installation.or_packaged();
    let file = installation.config.as_deref();
    let settings = match installation.settings() {
        Ok(settings) => settings,
        Err(error) => return vec![configuration::unreadable(file, &error)],
    };
    let mut findings = vec![configuration::examine(file)];
    findings.extend(configuration::secrets(&settings));
    findings.extend(logs::examine(&settings));
    findings.extend(database::examine(&settings));
    findings.push(machine::disk(&settings));
    findings.extend(machine::model(&settings));
    findings.push(exposure::examine(&settings));
    findings.push(exposure::server(&settings));
    findings
}

fn worst(findings: &[Finding]) -> CheckStatus {
    let has = |status| findings.iter().any(|finding| finding.outcome.status == status);
    if has(CheckStatus::Fail) {
        CheckStatus::Fail
    } else if has(CheckStatus::Warning) {
        CheckStatus::Warning
    } else {
        CheckStatus::Pass
    }
}
