//! stub
use std::path::PathBuf;
use crate::rules::{Severity, Stage};
use crate::findings::Attestation;
/// c
#[derive(Debug, Default)]
pub struct Config {
    /// x
    pub exclude: Vec<String>,
    /// x
    pub fail_on: Option<Severity>,
    /// x
    pub stage: Option<Stage>,
    /// x
    pub attestations: Vec<Attestation>,
}
/// c
#[derive(Debug)]
pub enum ConfigChoice {
    /// x
    Default(PathBuf),
    /// x
    File(PathBuf),
    /// x
    None,
}
impl Config {
    /// x
    pub fn load(_choice: ConfigChoice) -> Result<Self, miette::MietteDiagnostic> { Ok(Self::default()) }
}
