//! Scenario, rules, and the two readings of every rule: rows of a model and breaches of a roster.
