//! Figures by hand: building, solving and verifying generated departments.
use rota_planner::generate::{generate, Generate};
use rota_rules::judge::{all_reasons, Judgement};
use rota_rules::Problem;
use rota_solver::lower::{Lowered, Softness};
use rota_solver::{solve, Flow, Options};
use std::time::{Duration, Instant};
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let people: usize = args[1].parse().unwrap();
    let seconds: u64 = args[2].parse().unwrap();
    let scenario = generate(&Generate { people, days: 10, seed: 1 });
    let t = Instant::now();
    let (problem, _) = Problem::new(&scenario).unwrap();
    eprintln!("problem {:?}", t.elapsed());
    let t = Instant::now();
    let model = problem.model();
    eprintln!("model {:?}: {} columns {} groups {} edges", t.elapsed(), model.columns.len(), model.groups.len(), model.edges.len());
    let t = Instant::now();
    let lowered = Lowered::new(&problem, &model, &Softness::STRICT);
    let terms: usize = lowered.program.rows.iter().map(|r| r.terms.len()).sum();
    eprintln!("lowered {:?}: {} columns {} rows {} terms", t.elapsed(), lowered.program.columns.len(), lowered.program.rows.len(), terms);
    let memory = || std::fs::read_to_string("/proc/self/status").unwrap().lines().find(|l| l.starts_with("VmHWM")).unwrap().to_string();
    eprintln!("{}", memory());
    let department = rota_planner::generate::department(&Generate { people, days: 10, seed: 1 });
    let hidden = department.roster(&problem.site);
    let t = Instant::now();
    let values = lowered.values(&hidden);
    eprintln!("values {:?} fits {}", t.elapsed(), lowered.fits(&values));
    let t = Instant::now();
    let judgement = Judgement::of(&problem, &hidden);
    eprintln!("judge {:?} {}", t.elapsed(), judgement.musts_kept());
    let t = Instant::now();
    eprintln!("reasons {} {:?}", all_reasons(&problem, &hidden).len(), t.elapsed());
    drop(lowered);
    drop(model);
    if seconds == 0 { return; }
    let t = Instant::now();
    let options = Options { time_limit: Some(Duration::from_secs(seconds)), ..Options::default() };
    let mut last = None;
    let solved = solve(&problem, &options, &mut |p| { let now = (p.doing, p.best); if last != Some(now) { eprintln!("  {:.1}s {:?} best {:?} bound {:?}", p.elapsed, p.doing, p.best, p.bound); last = Some(now); } Flow::Continue });
    eprintln!("solve {:?} {:?} stopped {:?}", t.elapsed(), solved.status, solved.stopped_by);
    for l in &solved.levels { eprintln!("  {l:?}"); }
    eprintln!("{} {:?}", memory(), solved.disagreement);
}
