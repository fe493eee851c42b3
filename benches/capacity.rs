//! How long it takes to say how many of 2,000 desks can be in use at each of 20 distances, the measuring error, the
//! groups and the zones included.
//!
//! `cargo bench --bench capacity`. Desks stand in pods of six, measured by hand: a few centimetres off the grid. In
//! `floors` they stand on ten floors of 200, in `hall` in one room. In `grid` they stand exactly 1 m apart, which is the
//! hardest to prove; there the distances are 1.1 to 3.0 m, and the sixty seconds are those of the command, of which a
//! sweep takes a tenth.

use criterion::{criterion_group, criterion_main, BenchmarkId, Criterion};
use rota::planner::capacity::{capacity, Ask};
use rota::Site;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Numbers that look random and are the same everywhere, from -0.5 to 0.5.
fn off(number: u64) -> f64 {
    let mixed = (number.wrapping_add(1)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    ((mixed >> 11) as f64) / (1u64 << 53) as f64 - 0.5
}

/// `zones` zones with so many desks each: pods of three facing three, aisles between.
fn plan(zones: u64, desks: u64) -> Site {
    let zone = |zone: u64| {
        let desks: Vec<String> = (0..desks)
            .map(|desk| {
                let (pod, place) = (desk / 6, desk % 6);
                let across = (desks as f64 / 6.0).sqrt().ceil() as u64;
                let x = (pod % across) as f64 * 6.0 + (place % 3) as f64 * 1.6;
                let y = (pod / across) as f64 * 4.0 + (place / 3) as f64 * 1.7;
                let number = (zone * 10_000 + desk) * 2;
                format!(
                    r#"{{ "id": "z{zone}d{desk}", "at": [{:.2}, {:.2}] }}"#,
                    x + 0.15 * off(number),
                    y + 0.15 * off(number + 1)
                )
            })
            .collect();
        format!(r#"{{ "id": "z{zone}", "desks": [{}] }}"#, desks.join(","))
    };
    let zones: Vec<String> = (0..zones).map(zone).collect();
    of_zones(&zones.join(","))
}

fn of_zones(zones: &str) -> Site {
    let text = format!(
        r#"{{ "scenario": 1, "calendar": {{ "from": "2020-06-15", "to": "2020-06-15" }}, "people": [ {{ "id": "amy" }} ],
            "sites": [ {{ "id": "hq", "zones": [{zones}] }} ] }}"#
    );
    rota::load(&text).problem.expect("the plan has no mistakes").site
}

/// 2,000 desks in 40 rows of 50, 1 m apart.
fn grid() -> Site {
    let desks: Vec<String> = (0..2000)
        .map(|desk| format!(r#"{{ "id": "d{desk}", "at": [{}, {}] }}"#, desk % 50, desk / 50))
        .collect();
    of_zones(&format!(r#"{{ "id": "hall", "desks": [{}] }}"#, desks.join(",")))
}

fn swept(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("capacity");
    group.sample_size(10).measurement_time(Duration::from_secs(30));
    // 0.6, 0.7 ... 2.5
    let distances: Vec<f64> = (6..26).map(|tenths| f64::from(tenths) / 10.0).collect();
    for (name, site) in [("floors", plan(10, 200)), ("hall", plan(1, 2000))] {
        let ask = Ask { distances: distances.clone(), ..Ask::default() };
        group.bench_function(BenchmarkId::from_parameter(name), |bencher| {
            bencher.iter(|| {
                let answer = capacity(black_box(&site), &ask, None);
                assert!(answer.distances.iter().all(|answer| answer.proved), "{name} is proved");
            });
        });
    }
    let ask = Ask { distances: (11..31).map(|tenths| f64::from(tenths) / 10.0).collect(), ..Ask::default() };
    let site = grid();
    group.bench_function(BenchmarkId::from_parameter("grid"), |bencher| {
        bencher.iter(|| {
            let answer = capacity(black_box(&site), &ask, Some(Instant::now() + Duration::from_secs(60)));
            assert!(answer.distances.iter().all(|answer| answer.desks <= answer.at_most), "limits hold");
        });
    });
    group.finish();
}

criterion_group!(benches, swept);
criterion_main!(benches);
