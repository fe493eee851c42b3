//! Rosters from the master's broken numbers: plans are picked one after the other, those first that it is surest of.

use super::{Master, EPSILON};
use crate::backend::highs::Relaxed;
use crate::backend::Flow;
use crate::clock::left;
use crate::dice::Dice;
use std::time::Instant;

/// A plan of which the master is so sure is picked; of the blocks still open, at least one in so many is picked.
const SURE: f64 = 0.95;
const PICKS: usize = 16;
/// Rounds of new plans after each pick where they cost next to nothing, and how often plans are picked in vain there.
const SETTLING: usize = 6;
const IDLE_DIVES: usize = 4;
/// How much dice may say against a plan when plans are picked again.
const DOUBT: f64 = 0.4;

impl Master<'_> {
    /// Picks plans again and again, and keeps the best roster that comes of it.
    pub(super) fn pick(
        &mut self,
        start: Vec<f64>,
        until: Option<Instant>,
        seed: u64,
        watch: &mut dyn FnMut(f64, f64) -> Flow,
    ) -> Vec<f64> {
        let (mut least, mut best) = (self.cost_of(&start), start);
        let mut idle = 0;
        let is_cheap = self.is_cheap();
        let most = if is_cheap { IDLE_DIVES } else { 1 };
        while idle < most
            && left(until).is_none_or(|left| left > 0.1)
            && watch(least, self.bound) == Flow::Continue
        {
            idle += 1;
            let found = self.dive(is_cheap, until, seed, &mut |bound| watch(least, bound));
            self.release();
            let Some(values) = found else { continue };
            let own = self.cost_of(&values);
            if own < least - EPSILON && self.program.fits(&values) {
                (best, least, idle) = (values, own, 0);
            }
        }
        best
    }

    /// Picks plans one after the other, those first that the master is surest of, and asks for new ones that go with
    /// those picked, until one is picked for every block. What is picked is held; the plans stay.
    fn dive(
        &mut self,
        is_cheap: bool,
        until: Option<Instant>,
        seed: u64,
        watch: &mut dyn FnMut(f64) -> Flow,
    ) -> Option<Vec<f64>> {
        // The first time as the master says, later nearly so.
        let mut dice = Dice::new(seed, self.picks);
        let doubt = if self.picks == 0 { 0.0 } else { DOUBT };
        self.picks += 1;
        let rounds = if is_cheap { SETTLING } else { 1 };
        while left(until).is_none_or(|left| left > 0.1) && watch(self.bound) == Flow::Continue {
            let relaxed = self.settle(rounds, until, watch)?;
            let open = self.held.iter().filter(|held| held.is_none()).count();
            if open == 0 {
                return self.values_of(&relaxed.values);
            }
            let plans = &relaxed.values[self.blocks.shared.len()..];
            let mut sure: Vec<(usize, f64)> = (0..plans.len())
                .filter(|at| self.held[self.plans[*at].block].is_none() && plans[*at] > 1e-6)
                .map(|at| (at, plans[at] - doubt * dice.share()))
                .collect();
            sure.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
            let mut picked = 0;
            for (at, value) in sure {
                if (value > SURE || picked < open.div_ceil(PICKS))
                    && self.held[self.plans[at].block].is_none()
                {
                    self.hold(self.plans[at].block, Some(at));
                    picked += 1;
                }
            }
            if picked == 0 {
                return None;
            }
        }
        None
    }

    /// The master with broken numbers, after so many rounds of new plans for the open blocks at its own prices.
    fn settle(
        &mut self,
        rounds: usize,
        until: Option<Instant>,
        watch: &mut dyn FnMut(f64) -> Flow,
    ) -> Option<Relaxed> {
        let mut round = 0;
        loop {
            let relaxed = self.relaxed(left(until))?;
            let is_late = left(until).is_some_and(|left| left < 0.1) || watch(self.bound) == Flow::Stop;
            if round == rounds || is_late || self.held.iter().all(Option::is_some) {
                return Some(relaxed);
            }
            let mut prices = relaxed.duals[..self.blocks.links.len()].to_vec();
            self.allowed(&mut prices);
            let offers = self.offers(&prices, self.seconds(until), watch);
            let mut is_new = false;
            for (block, offer) in offers.into_iter().enumerate() {
                if let Some((values, _)) = offer {
                    self.parts[block].last.clone_from(&values);
                    is_new |= self.add(block, values).1;
                }
            }
            round += 1;
            if !is_new {
                return Some(relaxed);
            }
        }
    }

    /// The values of the plans held, with the shared columns as the master has them; none where these are broken.
    fn values_of(&self, master: &[f64]) -> Option<Vec<f64>> {
        let mut whole = vec![0.0; self.program.columns.len()];
        for plan in self.held.iter().flatten().map(|held| &self.plans[*held]) {
            for (column, value) in self.blocks.blocks[plan.block].columns.iter().zip(&plan.values) {
                whole[*column] = *value;
            }
        }
        for (at, column) in self.blocks.shared.iter().enumerate() {
            let value = master[at];
            let is_broken = (value - value.round()).abs() > 1e-6;
            if self.program.columns[*column].integer && is_broken {
                return None;
            }
            whole[*column] = if is_broken { value } else { value.round() };
        }
        Some(whole)
    }
}
