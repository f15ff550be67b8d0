//! The rule-book engine against a reference model.
//!
//! [`model`] is section 4 of the specification written the slow and obvious way. Random books
//! ([`books`]) and random histories ([`histories`]) go through the engine and the model, and both come
//! to the same after each step. `cargo test` runs 10,000 histories; millions with
//!
//! ```sh
//! XIANGYUE_HISTORIES=2000000 cargo test -p xiangyue-domain --release --test engine -- --nocapture
//! ```
//!
//! which tells how far it is. A failure there names the seed: `XIANGYUE_SEED=17` with
//! `XIANGYUE_HISTORIES=1` runs it alone. [`order`] shows where the order of arrival does not matter.

#[cfg(test)]
mod agreement;
#[cfg(test)]
mod amounts;
#[cfg(test)]
mod books;
#[cfg(test)]
mod dice;
#[cfg(test)]
mod engine;
#[cfg(test)]
mod histories;
#[cfg(test)]
mod model;
#[cfg(test)]
mod order;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::{agreement, dice};

    fn number(variable: &str) -> Option<u64> {
        std::env::var(variable).ok().map(|text| text.parse().expect(variable))
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 10_000,
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn the_engine_comes_to_what_section_4_says(
            rolls in prop::collection::vec(any::<u32>(), 0..agreement::ROLLS)
        ) {
            agreement::hold(&rolls);
        }
    }

    #[test]
    fn as_many_histories_as_asked_for() {
        let count = number("XIANGYUE_HISTORIES").unwrap_or(500);
        let first = number("XIANGYUE_SEED").unwrap_or(0);
        for seed in first..first + count {
            let done = std::panic::catch_unwind(|| {
                agreement::hold(&dice::rolls(seed, agreement::ROLLS));
            });
            assert!(done.is_ok(), "XIANGYUE_SEED={seed}");
            if (seed - first + 1).is_multiple_of(100_000) {
                println!("{} of {count} histories agree", seed - first + 1);
            }
        }
    }
}
