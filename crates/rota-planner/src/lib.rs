//! The questions around a roster: arithmetic before solving, the next period, random departments.
