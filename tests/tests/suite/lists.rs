//! Lists of any size: their totals, how many statements they take, and how the database finds their rows.

mod capped;
mod counts;
mod plans;
mod seed;
mod statements;
mod timeout;
