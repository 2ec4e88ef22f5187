//! `bartizan config`.

use anyhow::Context;

use crate::args::Config;
use crate::output;
use crate::settings::{DEFAULT_YAML, Settings};

pub(crate) fn run(args: &Config) -> anyhow::Result<()> {
    match args {
        Config::Default => output::line(DEFAULT_YAML.trim_end()),
        Config::Show { config } => {
            let settings = Settings::load(config.as_deref())?;
            output::line(serde_json::to_string_pretty(&settings).context("settings cannot be shown")?);
        }
        Config::Check { config } => {
            Settings::load(Some(config))?;
            output::line(format_args!("{} is valid", config.display()));
        }
    }
    Ok(())
}
