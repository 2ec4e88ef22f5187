//! `bartizan config`.

use anyhow::{Context, bail};

use super::access::print_table;
use crate::args::Config;
use crate::output;
use crate::settings::DEFAULT_YAML;
use crate::settings_file::problems;

pub(crate) fn run(args: &Config) -> anyhow::Result<()> {
    match args {
        Config::Default => output::line(DEFAULT_YAML.trim_end()),
        Config::Show { installation, origins: true } => {
            let installation = installation.or_packaged();
            let settings = installation.settings()?;
            let origins = settings.origins(installation.config.as_deref(), |key| installation.flag(key))?;
            print_table(["SETTING", "VALUE", "FROM"], &origins);
        }
        Config::Show { installation, origins: false } => {
            let settings = installation.or_packaged().settings()?;
            output::line(serde_json::to_string_pretty(&settings).context("settings cannot be shown")?);
        }
        Config::Check { config } => {
            let problems = problems(config)?;
            for problem in &problems {
                output::progress(problem.shown(config));
            }
            if !problems.is_empty() {
                bail!(
                    "{} in {}; `bartizan config default` prints all settings with their meaning",
                    if problems.len() == 1 {
                        "one mistake".to_owned()
                    } else {
                        format!("{} mistakes", problems.len())
                    },
                    config.display()
                );
            }
            output::line(format_args!("{} is valid", config.display()));
        }
    }
    Ok(())
}
