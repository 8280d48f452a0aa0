//! Rules about the samples of a VCF file.

mod several_samples;

pub use several_samples::SEVERAL_SAMPLES;
