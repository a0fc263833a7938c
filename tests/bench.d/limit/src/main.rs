//! What a benchmark is held against: answers from memory without a database, and SQL without a server. `tests/bench` runs it.

mod bare;
mod memory;

use std::env;

use anyhow::{Context, Result, bail};

/// `memory PORT FILE` serves; `get`, `list` and `insert` run their SQL on `FILE` for `SECONDS`.
fn main() -> Result<()> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let argument = |at: usize| arguments.get(at).with_context(|| format!("argument {at} is missing"));
    match argument(0)?.as_str() {
        "memory" => memory::serve(argument(1)?.parse()?, argument(2)?)?,
        "get" => bare::show(&bare::get(argument(1)?, argument(2)?.parse()?)?),
        "list" => bare::show(&bare::list(argument(1)?, argument(2)?.parse()?)?),
        "insert" => bare::show(&bare::insert(argument(1)?, argument(2)?.parse()?)?),
        other => bail!("there is no limit {other:?}"),
    }
    Ok(())
}
