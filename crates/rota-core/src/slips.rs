//! Slips in typed positions: a decimal point in the wrong place, x and y exchanged, a sign lost.
//!
//! What a plan is like is read off its own desks: how far apart neighbours usually stand (the pitch), what hangs
//! together, and whether desks stand in rows at all; where they do not, no slip is told. A desk that stands apart from
//! the rest, or squeezed between others, is a slip where one of the usual slips explains it: where it would put the desk
//! into a clear gap of the rows. Better a slip missed than a right desk left out.

/// Two heads cannot be within a centimetre; positions are compared in half centimetres.
const SAME: f64 = 0.005;
/// Desks hang together up to so many times the pitch ...
const LINK_PITCHES: f64 = 3.0;
/// ... and up to so many metres in any case ...
const LINK_METRES: f64 = 3.0;
/// ... unless that is more than so many times the pitch.
const LINK_MOST: f64 = 20.0;
/// A few desks apart from the rest are up to so many ...
const FEW: usize = 2;
/// ... or one in so many of the plan.
const FEW_OF: usize = 10;
/// A desk nearer to another than so much of the pitch is squeezed in.
const SQUEEZED: f64 = 0.6;
/// Desks stand in rows where all but one in so many have a neighbour straight ahead or beside at the pitch ...
const IRREGULAR: usize = 8;
/// ... and there are at least so many ...
const FEWEST: usize = 4;
/// ... or so many, where a desk among them is in doubt.
const FEWEST_AROUND: usize = 8;
/// "At the pitch" and "in line" are meant give or take so much of the pitch.
const TOLERANCE: f64 = 0.1;
/// A line goes on where a desk would stand straight ahead give or take only so much of the pitch: there is no desk beyond.
const AHEAD: f64 = 0.02;
/// A gap between lines is no farther from its nearest neighbour than so much of the pitch.
const GAP_MOST: f64 = 1.25;
/// Metres around the other desks within which a far desk may be meant to stand.
const MARGIN: f64 = 5.0;

/// Points sorted along the longer side of the plan, to find the nearest one quickly.
struct Field {
    axis: usize,
    points: Vec<[f64; 2]>,
    /// The values of x and of y, each in order.
    values: [Vec<f64>; 2],
}

impl Field {
    fn new(mut points: Vec<[f64; 2]>) -> Field {
        let length = |axis: usize| {
            let values = || points.iter().map(|at| at[axis]);
            values().fold(f64::NEG_INFINITY, f64::max) - values().fold(f64::INFINITY, f64::min)
        };
        let axis = usize::from(length(1) > length(0));
        points.sort_by(|one, other| {
            one[axis].total_cmp(&other[axis]).then(one[1 - axis].total_cmp(&other[1 - axis]))
        });
        let values = [0, 1].map(|axis| {
            let mut values: Vec<f64> = points.iter().map(|at| at[axis]).collect();
            values.sort_by(f64::total_cmp);
            values
        });
        Field { axis, points, values }
    }

    /// How far the nearest point is that is more than `beyond` metres away; infinite where there is none.
    fn nearest(&self, at: [f64; 2], beyond: f64) -> f64 {
        let start = self.points.partition_point(|point| point[self.axis] < at[self.axis]);
        let mut best = f64::INFINITY;
        let mut look = |point: &[f64; 2]| {
            if (point[self.axis] - at[self.axis]).abs() >= best {
                return false;
            }
            let apart = apart(*point, at);
            if apart > beyond {
                best = best.min(apart);
            }
            true
        };
        for point in &self.points[start..] {
            if !look(point) {
                break;
            }
        }
        for point in self.points[..start].iter().rev() {
            if !look(point) {
                break;
            }
        }
        best
    }

    /// Whether a point is in line with others in x and in y.
    fn is_in_lines(&self, at: [f64; 2], tolerance: f64) -> bool {
        (0..2).all(|axis| {
            let values = &self.values[axis];
            let next = values.partition_point(|value| *value < at[axis] - tolerance);
            values.get(next).is_some_and(|value| *value <= at[axis] + tolerance)
        })
    }

    /// Whether a point stands within so many metres of a place.
    fn has(&self, at: [f64; 2], tolerance: f64) -> bool {
        let start = self.points.partition_point(|point| point[self.axis] < at[self.axis] - tolerance);
        let ahead = self.points[start..].iter();
        ahead
            .take_while(|point| point[self.axis] <= at[self.axis] + tolerance)
            .any(|point| apart(*point, at) <= tolerance)
    }

    /// Whether points stand so many pitches straight from a place, along an axis, each give or take so many metres.
    fn beside(&self, at: [f64; 2], axis: usize, steps: &[f64], pitch: f64, tolerance: f64) -> bool {
        steps.iter().all(|pitches| {
            let mut place = at;
            place[axis] += pitches * pitch;
            self.has(place, tolerance)
        })
    }

    /// Whether the points stand in rows or columns a pitch apart.
    fn is_regular(&self, pitch: f64) -> bool {
        // The next desk, or the one after the place of a desk that is elsewhere.
        let is_in_row = |at: &&[f64; 2]| {
            let near = |axis: usize, step: f64| self.beside(**at, axis, &[step], pitch, TOLERANCE * pitch);
            (0..2).any(|axis| [-1.0, 1.0, -2.0, 2.0].into_iter().any(|step| near(axis, step)))
        };
        let outside = self.points.iter().filter(|at| !is_in_row(at));
        self.points.len() >= FEWEST && outside.count() <= self.points.len() / IRREGULAR
    }

    /// The length of the plan's diagonal, in metres.
    fn extent(&self) -> f64 {
        let ends = |axis: usize| Some(self.values[axis].last()? - self.values[axis].first()?);
        ends(0).zip(ends(1)).map_or(0.0, |(wide, high)| wide.hypot(high))
    }

    /// Whether a place is a clear gap of the rows: free, and where a column meets a row, or between two desks of a line;
    /// for a desk `far` away also where a line goes on.
    fn is_gap(&self, at: [f64; 2], pitch: f64, far: bool) -> bool {
        let nearest = self.nearest(at, -1.0) / pitch;
        let is_crossing = nearest <= GAP_MOST && self.is_in_lines(at, TOLERANCE * pitch);
        let is_between = |axis: usize| self.beside(at, axis, &[-1.0, 1.0], pitch, TOLERANCE * pitch);
        let is_ahead = |axis: usize| {
            [-1.0, 1.0]
                .into_iter()
                .any(|step| self.beside(at, axis, &[step, 2.0 * step], pitch, AHEAD * pitch))
        };
        nearest >= 1.0 - TOLERANCE
            && (is_crossing || (0..2).any(|axis| is_between(axis) || far && is_ahead(axis)))
    }

    fn is_inside(&self, at: [f64; 2]) -> bool {
        (0..2).all(|axis| {
            let ends = self.values[axis].first().zip(self.values[axis].last());
            ends.is_some_and(|(least, most)| least - MARGIN <= at[axis] && at[axis] <= most + MARGIN)
        })
    }
}

fn apart(one: [f64; 2], other: [f64; 2]) -> f64 {
    (one[0] - other[0]).hypot(one[1] - other[1])
}

/// The usual distance of a desk to its nearest neighbour, in metres; none where there are fewer than two places.
pub fn pitch(points: &[[f64; 2]]) -> Option<f64> {
    usual(&Field::new(points.to_vec()))
}

fn usual(field: &Field) -> Option<f64> {
    let nearest = field.points.iter().map(|at| field.nearest(*at, SAME)).filter(|apart| apart.is_finite());
    let mut nearest: Vec<f64> = nearest.collect();
    nearest.sort_by(f64::total_cmp);
    nearest.get(nearest.len() / 2).copied()
}

/// A desk that does not stand where the others do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stray {
    /// Its place in the list of positions.
    pub number: usize,
    /// Metres to the nearest of the others.
    pub gap: f64,
    /// Where it may be meant to stand; it is in doubt only if it is far away where there is no such place.
    pub meant: Option<[f64; 2]>,
}

/// The desks of a plan that stand in few, apart from the rest, and those squeezed in by a slip.
pub fn strays(points: &[[f64; 2]]) -> Vec<Stray> {
    let whole = Field::new(points.to_vec());
    let Some(pitch) = usual(&whole) else { return Vec::new() };
    let together = parts(points, (LINK_PITCHES * pitch).max(LINK_METRES.min(LINK_MOST * pitch)));
    let largest = together.iter().map(Vec::len).max().unwrap_or(0);
    let is_few = |part: &Vec<usize>| part.len() < largest && part.len() <= FEW.max(points.len() / FEW_OF);
    let (few, rest): (Vec<_>, Vec<_>) = together.into_iter().partition(is_few);
    let rest: Vec<usize> = rest.into_iter().flatten().collect();
    let field = Field::new(rest.iter().map(|number| points[*number]).collect());
    let is_regular = field.is_regular(pitch);
    let mut strays: Vec<Stray> = Vec::new();
    for part in few {
        let meant: Vec<Option<[f64; 2]>> =
            part.iter().map(|number| meant(points[*number], &field, pitch).filter(|_| is_regular)).collect();
        // Two desks in a corner of their own are no slip because one of them could be.
        let explained = meant.iter().all(Option::is_some);
        strays.extend(part.iter().zip(meant).map(|(number, meant)| Stray {
            number: *number,
            gap: field.nearest(points[*number], -1.0),
            meant: meant.filter(|_| explained),
        }));
    }
    let mut squeezed: Vec<Stray> = Vec::new();
    for number in rest.into_iter().filter(|_| is_regular && field.points.len() >= FEWEST_AROUND) {
        let gap = whole.nearest(points[number], SAME);
        if gap < SQUEEZED * pitch {
            let meant = shifted(points[number]).find(|at| field.is_gap(*at, pitch, false));
            squeezed.extend(meant.map(|meant| Stray { number, gap, meant: Some(meant) }));
        }
    }
    // Of two that are near each other, and either could be the slip, nobody knows which is.
    let is_alone = |stray: &Stray| {
        squeezed.iter().all(|other| {
            other.number == stray.number
                || apart(points[other.number], points[stray.number]) > stray.gap + SAME
        })
    };
    strays.extend(squeezed.iter().filter(|stray| is_alone(stray)));
    strays.sort_by_key(|stray| stray.number);
    strays
}

/// Where a desk far from `others` may be meant to stand: in a clear gap of their rows, else anywhere among them where
/// nobody stands.
pub fn meant_among(at: [f64; 2], others: &[[f64; 2]]) -> Option<[f64; 2]> {
    let field = Field::new(others.to_vec());
    let pitch = usual(&field)?;
    meant(at, &field, pitch).or_else(|| {
        let free = |found: &[f64; 2]| field.nearest(*found, -1.0) >= pitch / 2.0;
        slips(at).filter(|found| field.is_inside(*found)).find(free)
    })
}

/// The slip that fits best: whose distance to the nearest neighbour is nearest to the pitch, the simplest first.
fn meant(at: [f64; 2], field: &Field, pitch: f64) -> Option<[f64; 2]> {
    let is_far = field.nearest(at, -1.0) > field.extent();
    let fits = slips(at).filter(|found| field.is_gap(*found, pitch, is_far)).map(|found| {
        let gap = field.nearest(found, -1.0) / pitch;
        (found, (gap.ln().abs() * 20.0).round() as u32)
    });
    // The first of equally good ones.
    fits.min_by_key(|(_, misfit)| *misfit).map(|(found, _)| found)
}

/// Every position that one of the usual slips makes of this one, the likeliest first.
fn slips(at: [f64; 2]) -> impl Iterator<Item = [f64; 2]> {
    let [x, y] = at;
    shifted(at).chain([[y, x], [-x, y], [x, -y], [-x, -y]]).filter(move |found| *found != at)
}

/// A decimal point moved by one, two or three places, in x, in y or in both.
fn shifted(at: [f64; 2]) -> impl Iterator<Item = [f64; 2]> {
    let [x, y] = at;
    let factors = [0.1, 10.0, 0.01, 100.0, 0.001, 1000.0];
    // 70 / 10 is 7 and not a little more.
    let times = |value: f64, factor: f64| (value * factor * 1e6).round() / 1e6;
    factors
        .into_iter()
        .flat_map(move |by| [[times(x, by), y], [x, times(y, by)], [times(x, by), times(y, by)]])
        .filter(move |found| *found != at)
}

/// The first of the part that a point is in (union-find).
fn find(root: &mut [usize], mut at: usize) -> usize {
    while root[at] != at {
        root[at] = root[root[at]];
        at = root[at];
    }
    at
}

/// The points in parts whose members hang together up to `link` metres, as places in the list.
fn parts(points: &[[f64; 2]], link: f64) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..points.len()).collect();
    let field = Field::new(points.to_vec());
    order.sort_by(|one, other| points[*one][field.axis].total_cmp(&points[*other][field.axis]));
    let mut root: Vec<usize> = (0..points.len()).collect();
    for (place, one) in order.iter().enumerate() {
        for other in &order[place + 1..] {
            if points[*other][field.axis] - points[*one][field.axis] > link {
                break;
            }
            if apart(points[*one], points[*other]) <= link {
                let (left, right) = (find(&mut root, *one), find(&mut root, *other));
                root[left.max(right)] = left.min(right);
            }
        }
    }
    let mut parts: std::collections::BTreeMap<usize, Vec<usize>> = std::collections::BTreeMap::new();
    for at in 0..points.len() {
        parts.entry(find(&mut root, at)).or_default().push(at);
    }
    parts.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Six columns 1.4 m apart, three rows 1.6 m apart, from (0.7, 0.8).
    fn room() -> Vec<[f64; 2]> {
        (0..18)
            .map(|at| [0.7 + 1.4 * f64::from(at % 6), 0.8 + 1.6 * f64::from(at / 6)])
            .map(|at| at.map(|metres| (metres * 100.0).round() / 100.0))
            .collect()
    }

    fn told(points: &[[f64; 2]]) -> Vec<(usize, Option<[f64; 2]>)> {
        strays(points).into_iter().map(|stray| (stray.number, stray.meant)).collect()
    }

    #[test]
    fn each_kind_of_slip_is_told_as_what_was_meant() {
        let right = room();
        // The last desk of the first row stands at (7.7, 0.8), the last of all at (7.7, 4.0).
        for (number, typed) in [
            (5, [77.0, 0.8]),
            (5, [770.0, 0.8]),
            (5, [7700.0, 0.8]),
            (5, [77.0, 8.0]),
            (5, [7700.0, 800.0]),
            (5, [-7.7, 0.8]),
            (17, [7.7, 40.0]),
            (17, [77.0, 40.0]),
            (17, [7.7, -4.0]),
            (17, [770.0, 4.0]),
            // Squeezed in between others.
            (5, [0.77, 0.8]),
            (2, [0.35, 0.8]),
            (16, [6.3, 0.4]),
        ] {
            let mut points = right.clone();
            points[number] = typed;
            let found = told(&points);
            let is_close =
                |meant: Option<[f64; 2]>| meant.is_some_and(|meant| apart(meant, right[number]) < 0.01);
            assert_eq!(found.len(), 1, "{typed:?}: {found:?}");
            assert_eq!(found[0].0, number, "{typed:?}");
            assert!(is_close(found[0].1), "{typed:?}: {found:?}");
        }
        // (7.0, 0) in a row along a wall, typed (0, 7.0).
        let mut row: Vec<[f64; 2]> = (0..6).map(|at| [1.4 * f64::from(at), 0.0]).collect();
        row[5] = [0.0, 7.0];
        assert_eq!(told(&row), [(5, Some([7.0, 0.0]))]);
        row[5] = [70.0, 0.0];
        assert_eq!(told(&row), [(5, Some([7.0, 0.0]))]);
        row[5] = [7.0, 0.0];
        row[1] = [14.0, 0.0];
        assert_eq!(told(&row), [(1, Some([1.4, 0.0]))]);
        row[1] = [140.0, 0.0];
        assert_eq!(told(&row), [(1, Some([1.4, 0.0]))]);
    }

    #[test]
    fn several_slips_in_one_plan() {
        let mut points = room();
        points[5] = [77.0, 0.8];
        points[16] = [6300.0, 4000.0];
        assert_eq!(told(&points), [(5, Some([7.7, 0.8])), (16, Some([6.3, 4.0]))]);
    }

    #[test]
    fn plans_without_a_slip_raise_none() {
        assert_eq!(told(&room()), []);
        // An L: a row of twenty and a column of twenty.
        let l =
            (0..20).map(|at| [1.4 * f64::from(at), 0.0]).chain((1..20).map(|at| [0.0, 1.6 * f64::from(at)]));
        assert_eq!(told(&l.collect::<Vec<_>>()), []);
        // A long room.
        let long = (0..200).map(|at| [1.4 * f64::from(at / 2), 2.0 * f64::from(at % 2)]);
        assert_eq!(told(&long.collect::<Vec<_>>()), []);
        // Two rooms of one floor, a corridor of 30 m between them.
        let two = room().into_iter().flat_map(|[x, y]| [[x, y], [x + 40.0, y]]);
        assert_eq!(told(&two.collect::<Vec<_>>()), []);
        // Pods of two, far apart, and one desk at the door that no slip explains.
        let pods = (0..12).map(|at| [6.0 * f64::from(at / 2), 1.2 * f64::from(at % 2)]);
        assert_eq!(told(&pods.clone().collect::<Vec<_>>()), []);
        let mut door: Vec<[f64; 2]> = room();
        door.push([19.0, 2.0]);
        assert_eq!(told(&door), [(18, None)]);
        assert_eq!(told(&[]), []);
        assert_eq!(told(&[[1.0, 1.0]; 5]), []);
    }

    /// Numbers below `below` that look random and are the same everywhere.
    struct Numbers(u64);

    impl Numbers {
        fn below(&mut self, below: u64) -> f64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((self.0 >> 33) % below) as f64
        }
    }

    fn alarms(plans: u32, mut plan: impl FnMut(&mut Numbers) -> Vec<[f64; 2]>) -> u32 {
        let mut numbers = Numbers(1);
        let is_alarm = |points: &[[f64; 2]]| told(points).iter().any(|(_, meant)| meant.is_some());
        (0..plans).map(|_| u32::from(is_alarm(&plan(&mut numbers)))).sum()
    }

    /// Desks that stand anywhere in a room of 3, 10 or 50 m, measured to a decimetre or a centimetre.
    #[test]
    fn desks_that_stand_anywhere_raise_no_alarm() {
        for (room, count, step) in
            [(30, 10, 0.1), (30, 40, 0.1), (100, 10, 0.1), (100, 40, 0.1), (500, 100, 0.1), (1000, 40, 0.01)]
        {
            let found = alarms(1000, |numbers| {
                let count = 2 + numbers.below(count) as usize;
                (0..count).map(|_| [(); 2].map(|()| numbers.below(room) * step)).collect()
            });
            assert!(found <= 1, "{room} {count}: {found} of 1000");
        }
    }

    /// A room of rows, and a few desks more that stand anywhere beside it.
    #[test]
    fn desks_beside_rows_raise_no_alarm() {
        let found = alarms(1000, |numbers| {
            let others: Vec<[f64; 2]> =
                (0..3).map(|_| [9.0 + numbers.below(300) / 10.0, numbers.below(300) / 10.0]).collect();
            room().into_iter().chain(others).collect()
        });
        assert!(found <= 3, "{found} of 1000");
    }
}
