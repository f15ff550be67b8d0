//! Where random books and histories take their choices from: a row of numbers. Whoever finds a
//! failure can shorten the row or put zeros into it, and the book and history become simpler.

/// Numbers that are used up one by one; zero after the last.
pub struct Dice<'a> {
    rolls: &'a [u32],
}

impl<'a> Dice<'a> {
    pub fn new(rolls: &'a [u32]) -> Self {
        Self { rolls }
    }

    /// A number from 0 to one less than `sides`.
    pub fn below(&mut self, sides: u32) -> u32 {
        let Some((roll, left)) = self.rolls.split_first() else { return 0 };
        self.rolls = left;
        roll % sides
    }

    /// A number within these bounds, more often near the lower one after shrinking.
    pub fn between(&mut self, least: u32, most: u32) -> u32 {
        least + self.below(most - least + 1)
    }

    /// True once in `sides` times; false after the last roll.
    pub fn once_in(&mut self, sides: u32) -> bool {
        self.below(sides) == sides - 1
    }

    pub fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u32) as usize]
    }

    pub fn shuffle<T>(&mut self, things: &mut [T]) {
        for last in (1..things.len()).rev() {
            things.swap(last, self.below(last as u32 + 1) as usize);
        }
    }
}

/// The row of a seed (SplitMix64), for runs of millions.
pub fn rolls(seed: u64, count: usize) -> Vec<u32> {
    let mut state = seed.wrapping_mul(0x2545_F491_4F6C_DD1D);
    let mut next = || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) as u32
    };
    (0..count).map(|_| next()).collect()
}
