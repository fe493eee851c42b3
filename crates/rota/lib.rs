//! Rota: rosters that keep every hard rule, are proved good, and explain themselves.
