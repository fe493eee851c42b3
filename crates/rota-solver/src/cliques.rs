//! Pairs that exclude each other, gathered into sets of which at most one can be.

use std::collections::{BTreeMap, HashSet};

/// Covers pairs with cliques: each pair is in at least one, grown greedily in the order given.
pub fn cliques(pairs: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut near: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (one, other) in pairs {
        near.entry(*one).or_default().push(*other);
        near.entry(*other).or_default().push(*one);
    }
    for list in near.values_mut() {
        list.sort_unstable();
        list.dedup();
    }
    let mut covered: HashSet<(usize, usize)> = HashSet::new();
    let mut cliques = Vec::new();
    for pair in pairs {
        if covered.contains(&(pair.0.min(pair.1), pair.0.max(pair.1))) {
            continue;
        }
        let mut clique = vec![pair.0, pair.1];
        for candidate in &near[&pair.0] {
            let fits = |member: &usize| near[member].binary_search(candidate).is_ok();
            if !clique.contains(candidate) && clique.iter().all(fits) {
                clique.push(*candidate);
            }
        }
        clique.sort_unstable();
        for (at, one) in clique.iter().enumerate() {
            covered.extend(clique[at + 1..].iter().map(|other| (*one, *other)));
        }
        cliques.push(clique);
    }
    cliques
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cliques_cover_every_pair() {
        let pairs = [(0, 1), (0, 2), (1, 2), (2, 3)];
        assert_eq!(cliques(&pairs), vec![vec![0, 1, 2], vec![2, 3]]);
        assert_eq!(cliques(&[(3, 2), (1, 3), (2, 1)]), vec![vec![1, 2, 3]]);
    }
}
