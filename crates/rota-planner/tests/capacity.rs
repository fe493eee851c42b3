//! What `rota capacity` says of small rooms, against every set of desks. Distances and walls are measured here by other
//! means than in the program.

use proptest::prelude::*;
use rota_planner::capacity::{capacity, Ask, Capacity, Policy};
use rota_rules::load;

/// Positions in decimetres, walls in decimetres with an odd shift so that no desk stands on one.
#[derive(Debug, Clone)]
struct Room {
    desks: Vec<(i32, i32)>,
    walls: Vec<[(i32, i32); 2]>,
    apart: i32,
}

fn rooms() -> impl Strategy<Value = Room> {
    let point = (0..30i32, 0..30i32);
    let desks = proptest::collection::btree_set(point.clone(), 2..10);
    let wall = (point.clone(), point).prop_filter("two ends", |(one, other)| one != other);
    (desks, proptest::collection::vec(wall, 0..3), 8..25i32).prop_map(|(desks, walls, apart)| Room {
        desks: desks.into_iter().collect(),
        walls: walls.into_iter().map(|(one, other)| [one, other]).collect(),
        apart,
    })
}

impl Room {
    /// In centimetres; walls are shifted by 3 and 7 cm.
    fn wall(&self, at: usize) -> [(i64, i64); 2] {
        self.walls[at].map(|(x, y)| (i64::from(x) * 10 + 3, i64::from(y) * 10 + 7))
    }

    fn desk(&self, at: usize) -> (i64, i64) {
        let (x, y) = self.desks[at];
        (i64::from(x) * 10, i64::from(y) * 10)
    }

    /// Whether the two lines have a point in common: solved for the place along each, in whole numbers.
    #[allow(clippy::many_single_char_names)] // points and vectors, as in any book
    fn is_cut(&self, one: usize, other: usize) -> bool {
        let (p, q) = (self.desk(one), self.desk(other));
        (0..self.walls.len()).any(|at| {
            let [a, b] = self.wall(at);
            let (d, e) = ((q.0 - p.0, q.1 - p.1), (b.0 - a.0, b.1 - a.1));
            let below = d.0 * e.1 - d.1 * e.0;
            if below == 0 {
                return false;
            }
            let along = (a.0 - p.0) * e.1 - (a.1 - p.1) * e.0;
            let of_wall = (a.0 - p.0) * d.1 - (a.1 - p.1) * d.0;
            let inside = |part: i64| part * below.signum() >= 0 && part * below.signum() <= below.abs();
            inside(along) && along != 0 && along != below && inside(of_wall)
        })
    }

    /// Most desks at a distance in centimetres, over every set.
    fn most(&self, apart: i64) -> usize {
        let count = self.desks.len();
        let clash = |one: usize, other: usize| {
            let (p, q) = (self.desk(one), self.desk(other));
            let squared = (p.0 - q.0).pow(2) + (p.1 - q.1).pow(2);
            squared < apart * apart && !self.is_cut(one, other)
        };
        (0u32..1 << count)
            .filter(|bits| {
                let used: Vec<usize> = (0..count).filter(|desk| bits & 1 << desk != 0).collect();
                used.iter().all(|one| used.iter().all(|other| one == other || !clash(*one, *other)))
            })
            .map(|bits| bits.count_ones() as usize)
            .max()
            .expect("the empty set")
    }

    fn answer(&self, policy: Option<Policy>) -> Capacity {
        let metres = |(x, y): (i64, i64)| format!("[{}, {}]", x as f64 / 100.0, y as f64 / 100.0);
        let desks: Vec<String> = (0..self.desks.len())
            .map(|at| format!(r#"{{ "id": "D{at}", "at": {} }}"#, metres(self.desk(at))))
            .collect();
        let walls: Vec<String> = (0..self.walls.len())
            .map(|at| format!("[{}, {}]", metres(self.wall(at)[0]), metres(self.wall(at)[1])))
            .collect();
        let text = format!(
            r#"{{ "scenario": 1, "calendar": {{ "from": "2020-06-15", "to": "2020-06-15" }}, "people": [ {{ "id": "amy" }} ],
                "sites": [ {{ "id": "hq", "zones": [ {{ "id": "n", "desks": [{}], "walls": [{}] }} ] }} ] }}"#,
            desks.join(","),
            walls.join(",")
        );
        let problem = load(&text).problem.expect("the room has no mistakes");
        let ask = Ask { distances: vec![f64::from(self.apart) / 10.0], policy, ..Ask::default() };
        capacity(&problem.site, &ask, None)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn desks_and_measuring_error_are_those_of_every_set(room in rooms()) {
        let answer = room.answer(None);
        // One random room in thousands looks like rows with a slip; how many is tested where slips are found.
        prop_assume!(answer.counted.suspects.is_empty());
        let answer = &answer.distances[0];
        let apart = i64::from(room.apart) * 10;
        prop_assert_eq!((answer.desks, answer.at_most), (room.most(apart), room.most(apart)));
        prop_assert_eq!(answer.chosen.len(), answer.desks);
        prop_assert_eq!(answer.measured_least, room.most(apart + 5));
        prop_assert_eq!(answer.measured_most, room.most(apart - 5));
        prop_assert_eq!(answer.zones[0].alone, answer.desks);
    }

    #[test]
    fn the_distance_that_does_is_the_longest(room in rooms(), more in 1usize..3) {
        let apart = i64::from(room.apart) * 10;
        let needed = (room.most(apart) + more).min(room.desks.len());
        prop_assume!(needed > room.most(apart));
        let policy = Policy { people: needed as u32, days: 5.0, open_days: 5 };
        let answer = room.answer(Some(policy));
        prop_assume!(answer.counted.suspects.is_empty());
        let ways = answer.distances[0].policy.as_ref().and_then(|policy| policy.ways.clone()).expect("it does not fit");
        let longest = (1..apart).rev().find(|apart| room.most(*apart) >= needed).expect("desks are apart");
        let distance = ways.distance.expect("some distance does");
        prop_assert_eq!(((distance.metres * 100.0).round() as i64, distance.proved), (longest, true));
        prop_assert_eq!(distance.desks, room.most(longest));
    }
}
