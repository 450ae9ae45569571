//! The loops of benchmarks/std/ours.ts with the usual crates. Each runs so many times over the same
//! input and answers the same sum.
mod jwt;

#[cfg(feature = "filter")]
mod filter;

#[cfg(not(feature = "filter"))]
mod speed;
