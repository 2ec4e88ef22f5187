//! `bartizan check`.

use crate::args::Check;

pub(crate) fn run(_args: &Check) -> anyhow::Result<()> {
    anyhow::bail!("not yet")
}
