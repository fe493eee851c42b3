//! Desks that a largest set can do without.

use super::Conflicts;

/// The desks among which there is a largest set, with as many preferred desks as any: in order.
///
/// A desk is left out when another one that it excludes, not less preferred, excludes nothing more: whoever would use
/// the first can use the second (domination, a standard reduction for independent sets). Rows and corners of desks
/// often fall apart by this alone.
pub fn kept(conflicts: &Conflicts, is_preferred: &dyn Fn(usize) -> bool) -> Vec<usize> {
    let mut near: Vec<Vec<usize>> = conflicts.near.clone();
    let mut is_kept = vec![true; near.len()];
    let mut queue: Vec<usize> = (0..near.len()).rev().collect();
    let mut is_queued = vec![true; near.len()];
    while let Some(desk) = queue.pop() {
        is_queued[desk] = false;
        if !is_kept[desk] {
            continue;
        }
        let gone: Vec<usize> = near[desk]
            .iter()
            .copied()
            .filter(|other| is_preferred(desk) || !is_preferred(*other))
            .filter(|other| {
                near[*other].len() >= near[desk].len()
                    && near[desk].iter().all(|seen| seen == other || near[*other].binary_search(seen).is_ok())
            })
            .collect();
        for other in gone {
            is_kept[other] = false;
            for neighbour in std::mem::take(&mut near[other]) {
                if let Ok(at) = near[neighbour].binary_search(&other) {
                    near[neighbour].remove(at);
                }
                if !std::mem::replace(&mut is_queued[neighbour], true) {
                    queue.push(neighbour);
                }
            }
        }
    }
    (0..is_kept.len()).filter(|desk| is_kept[*desk]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_falls_apart_from_its_ends() {
        let row = Conflicts::new(5, &[(0, 1), (1, 2), (2, 3), (3, 4)]);
        assert_eq!(kept(&row, &|_| false), [0, 2, 4]);
        // A preferred desk is not left out for one that is not.
        let pair = Conflicts::new(2, &[(0, 1)]);
        assert_eq!(kept(&pair, &|desk| desk == 1), [1]);
        // A ring of five has nothing to spare.
        let ring = Conflicts::new(5, &[(0, 1), (1, 2), (2, 3), (3, 4), (0, 4)]);
        assert_eq!(kept(&ring, &|_| false), [0, 1, 2, 3, 4]);
    }
}
