//! What a process uses, from `/proc`.

use std::fs;

/// CPU time and memory of one moment.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Usage {
    /// User and system time since its start, in seconds.
    pub(crate) cpu: f64,
    /// Resident memory, in MiB.
    pub(crate) resident: f64,
}

impl Usage {
    /// Of a process; of this one when `None`.
    pub(crate) fn of(pid: Option<u32>) -> Self {
        let folder = pid.map_or("/proc/self".to_owned(), |pid| format!("/proc/{pid}"));
        let read = |file: &str| fs::read_to_string(format!("{folder}/{file}")).unwrap_or_default();
        // "pid (name) state …": utime and stime are the fields 14 and 15, counted from 1.
        let stat = read("stat");
        let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
        let ticks: f64 = fields.filter_map(|field| field.parse::<f64>().ok()).sum();
        let status = read("status");
        let resident =
            status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next()?.parse().ok());
        let second = f64::from(u32::try_from(rustix::param::clock_ticks_per_second()).unwrap_or(100));
        Self { cpu: ticks / second, resident: resident.unwrap_or(0.0) / 1024.0 }
    }
}
