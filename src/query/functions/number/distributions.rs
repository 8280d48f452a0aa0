//! Probabilities and confidence intervals.

use arrow::datatypes::DataType;
use statrs::distribution::{Beta, Continuous, ContinuousCDF, Normal, StudentsT};

use super::numeric::{doubles, of_doubles};
use crate::query::scalar::ScalarFunction;

macro_rules! functions {
    ($($name:literal ($count:literal: $usage:literal) $of:expr,)*) => {
        /// What SQL calls.
        pub static FUNCTIONS: &[&ScalarFunction] = &[$(&ScalarFunction {
            name: $name,
            arguments: |types| doubles(types, $count, concat!($name, " takes ", $usage)),
            result: |_| Ok(DataType::Float64),
            call: |args| {
                let told = |fault: String| format!("{}: {fault}", $name);
                of_doubles(args, |it| $of(it).map_err(told))
            },
        },)*];
    };
}

functions! {
    "normal_cdf" (3: "a mean, a standard deviation and a value")
        |[mean, deviation, value]: [f64; 3]| Ok(normal(mean, deviation)?.cdf(value)),
    "inverse_normal_cdf" (3: "a mean, a standard deviation and a probability")
        |[mean, deviation, share]: [f64; 3]| {
            Ok(normal(mean, deviation)?.inverse_cdf(probability(share, false)?))
        },
    "beta_cdf" (3: "a, b and a value")
        |[a, b, value]: [f64; 3]| Ok(beta(a, b)?.cdf(probability(value, true)?)),
    "inverse_beta_cdf" (3: "a, b and a probability")
        |[a, b, share]: [f64; 3]| {
            let share = probability(share, true)?;
            Ok(inverse(&beta(a, b)?, share))
        },
    "t_cdf" (2: "a value and the degrees of freedom")
        |[value, freedom]: [f64; 2]| Ok(student(freedom)?.cdf(value)),
    "t_pdf" (2: "a value and the degrees of freedom")
        |[value, freedom]: [f64; 2]| Ok(student(freedom)?.pdf(value)),
    "wilson_interval_lower" (3: "successes, trials and a z-score")
        |it: [f64; 3]| wilson(it, -1.0),
    "wilson_interval_upper" (3: "successes, trials and a z-score")
        |it: [f64; 3]| wilson(it, 1.0),
}

fn normal(mean: f64, deviation: f64) -> Result<Normal, String> {
    let of = |_| format!("the standard deviation is {deviation}, and has to be above 0");
    Normal::new(mean, deviation).map_err(of)
}

fn beta(a: f64, b: f64) -> Result<Beta, String> {
    Beta::new(a, b).map_err(|_| format!("a and b are {a} and {b}, and have to be above 0"))
}

fn student(freedom: f64) -> Result<StudentsT, String> {
    let of = |_| format!("the degrees of freedom are {freedom}, and have to be above 0");
    StudentsT::new(0.0, 1.0, freedom).map_err(of)
}

fn probability(value: f64, with_ends: bool) -> Result<f64, String> {
    let within = if with_ends { (0.0..=1.0).contains(&value) } else { 0.0 < value && value < 1.0 };
    if within { Ok(value) } else { Err(format!("{value} does not lie between 0 and 1")) }
}

/// The value below which there is a share, by halves: as close as doubles are.
fn inverse(beta: &Beta, share: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    if share <= 0.0 || share >= 1.0 {
        return share;
    }
    loop {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            return middle;
        }
        if beta.cdf(middle) < share { low = middle } else { high = middle }
    }
}

fn wilson([successes, trials, z]: [f64; 3], side: f64) -> Result<f64, String> {
    if !(0.0 <= successes && successes <= trials && trials > 0.0 && z >= 0.0) {
        return Err("successes have to be from 0 to trials, and z-scores 0 or more".to_owned());
    }
    let p = successes / trials;
    let spread = (p * (1.0 - p) / trials + z * z / (4.0 * trials * trials)).sqrt();
    Ok((p + z * z / (2.0 * trials) + side * z * spread) / (1.0 + z * z / trials))
}
