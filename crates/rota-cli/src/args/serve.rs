//! What may be typed after `rota serve`.

use clap::Parser;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// `rota serve`
#[derive(Debug, Parser)]
pub struct Serve {
    /// Where to listen: an address of this computer and a port; port 0 for a free one
    #[arg(long, default_value = "127.0.0.1:8787", value_name = "ADDRESS:PORT")]
    pub listen: SocketAddr,
    /// Ask for one of the tokens in this file, one a line; each sees its own jobs alone. Needed where other computers can ask
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// Bytes of a question at most: 20MB, 500kB
    #[arg(long, default_value = "20MB", value_parser = bytes, value_name = "SIZE")]
    pub max_body: usize,
    /// People of a scenario at most
    #[arg(long, default_value_t = 20_000, value_name = "N")]
    pub max_people: usize,
    /// Seconds for one job at most, whatever it asks for
    #[arg(long, default_value_t = 600.0, value_parser = seconds, value_name = "SECONDS")]
    pub max_seconds: f64,
    /// Jobs at once; the cores are shared out among them
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=256), value_name = "N")]
    pub jobs: u16,
    /// Jobs that may wait; more are told to ask again later
    #[arg(long, default_value_t = 32, value_parser = clap::value_parser!(u16).range(0..=10_000), value_name = "N")]
    pub queue: u16,
    /// How long results are kept: 15m, 90s, 2h
    #[arg(long, default_value = "15m", value_parser = span, value_name = "TIME")]
    pub keep: Duration,
    /// Bytes of all results at most; the oldest are let go first
    #[arg(long, default_value = "256MB", value_parser = bytes, value_name = "SIZE")]
    pub max_kept: usize,
    /// Connections at once
    #[arg(long, default_value_t = 256, value_parser = clap::value_parser!(u16).range(1..=10_000), value_name = "N")]
    pub connections: u16,
}

fn bytes(text: &str) -> Result<usize, String> {
    let lower = text.to_ascii_lowercase();
    let units = [("gb", 1_000_000_000), ("mb", 1_000_000), ("kb", 1000), ("b", 1), ("", 1)];
    let read = |(unit, each): (&str, usize)| {
        let number = lower.strip_suffix(unit)?.trim().parse::<usize>().ok()?;
        number.checked_mul(each).filter(|bytes| (1..=4_000_000_000).contains(bytes))
    };
    units.into_iter().find_map(read).ok_or_else(|| "give a size like 20MB, from 1 byte to 4GB".to_string())
}

fn seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(seconds) if seconds > 0.0 && seconds <= 1e7 => Ok(seconds),
        _ => Err("give seconds above 0 and at most 10000000".to_string()),
    }
}

fn span(text: &str) -> Result<Duration, String> {
    let units = [("s", 1), ("m", 60), ("h", 3600)];
    let read = |(unit, each): (&str, u64)| {
        let number = text.strip_suffix(unit)?.trim().parse::<u64>().ok()?;
        number.checked_mul(each).filter(|seconds| (1..=604_800).contains(seconds))
    };
    let seconds = units.into_iter().find_map(read);
    seconds
        .map(Duration::from_secs)
        .ok_or_else(|| "give a time like 90s, 15m or 2h, up to a week".to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_times_have_units() {
        assert_eq!(bytes("20MB"), Ok(20_000_000));
        assert_eq!(bytes("500 kB"), Ok(500_000));
        assert_eq!(bytes("17"), Ok(17));
        assert!(bytes("0").is_err() && bytes("MB").is_err() && bytes("5GB").is_err() && bytes("-1").is_err());
        assert_eq!(span("15m"), Ok(Duration::from_secs(900)));
        assert_eq!(span("2h"), Ok(Duration::from_secs(7200)));
        assert!(span("15").is_err() && span("0s").is_err() && span("300h").is_err());
    }
}
