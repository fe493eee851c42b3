//! Random numbers that are the same everywhere (`SplitMix64`; Steele, Lea and Flood 2014).

/// A stream of random numbers.
#[derive(Debug, Clone, Copy)]
pub struct Dice(u64);

impl Dice {
    /// The stream of this number of a seed.
    pub fn new(seed: u64, number: u64) -> Dice {
        let mixed = seed.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(number);
        Dice(mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d)
    }

    /// A number from 0 up to, not including, `count`.
    pub fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        ((u128::from(mixed) * count.max(1) as u128) >> 64) as usize
    }

    /// A number from 0 up to, not including, 1, in steps of a thousandth.
    pub fn share(&mut self) -> f64 {
        self.below(1_000) as f64 / 1_000.0
    }
}
