//! From a problem to the best roster that can be proved, verified before it leaves.
