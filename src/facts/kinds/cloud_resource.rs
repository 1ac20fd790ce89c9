use schemars::JsonSchema;
use serde::Serialize;

use super::{Answer, Evidence, Fact, Unknown};

/// What a resource is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CloudCategory {
    /// A managed database.
    Database,
    /// Stored files.
    Bucket,
    /// What may reach what over the network.
    Firewall,
    /// Something that runs code.
    Compute,
    /// Rights of people and programs.
    Iam,
    /// Where the tool keeps its state.
    State,
    /// Backups of other resources.
    Backup,
    /// A managed cache.
    Cache,
    /// Anything else.
    #[default]
    Other,
}

/// What a stack is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    /// Real customers.
    Production,
    /// The rehearsal for production.
    Staging,
    /// Development, tests, demonstrations.
    Development,
    /// Nothing tells; it may be production.
    #[default]
    Unknown,
}

/// What a bucket is used for, as far as the configuration shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum BucketUse {
    /// Files of customers.
    Uploads,
    /// A website's files, which the build can make again.
    Website,
    /// Logs.
    Logs,
    /// The state of the infrastructure.
    State,
    /// What a build makes.
    Build,
    /// Copies of other data.
    Backups,
    /// Nothing tells, or no bucket.
    #[default]
    Unknown,
}

/// Ports that anybody on the internet may try.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct OpenPort {
    /// The first port.
    pub from: u32,
    /// The last port.
    pub to: u32,
    /// What listens there by custom: `ssh`, `postgres`, `everything` for all ports, `""` if nothing known does.
    pub service: String,
    /// What that is for: `administration`, `database`, `everything`, `web`, or `""`.
    pub group: String,
    /// The line.
    pub line: u32,
}

/// A resource that infrastructure code creates in somebody's cloud.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CloudResource {
    /// `terraform`, `pulumi`.
    pub tool: String,
    /// `aws`, `google`, `azure`, `digitalocean`, …; the tool itself for its state.
    pub provider: String,
    /// Its type in Terraform's words: `aws_db_instance`. Of a module that makes one, that of what it makes.
    #[serde(rename = "type")]
    pub type_name: String,
    /// Its name in the code.
    pub name: String,
    /// What it is.
    pub category: CloudCategory,
    /// What its stack is for.
    pub environment: Environment,
    /// The engine of a database or cache: `postgres`, `redis` …; `""` where it is not told, or for anything else.
    pub engine: String,
    /// What a bucket is used for.
    pub holds: BucketUse,
    /// Whether strangers can reach it: a database's address, a bucket's files. `partial`: on purpose or behind a
    /// firewall. `na` where the question does not arise.
    pub publicly_reachable: Answer,
    /// Ports that a firewall opens to the whole internet, in the order of the file.
    pub open_ports: Vec<OpenPort>,
    /// Whether deleting it takes a second step.
    pub deletion_protected: Answer,
    /// Whether copies of it are made by itself.
    pub backed_up: Answer,
    /// How many days back they reach; 0 where that is not told.
    pub backup_days: u32,
    /// Whether it can be set back to any moment.
    pub point_in_time: Answer,
    /// Whether deleting it leaves no last copy.
    pub skips_final_snapshot: Answer,
    /// Whether it survives the loss of a zone.
    pub multi_zone: Answer,
    /// Whether what it stores is encrypted.
    pub encrypted: Answer,
    /// Whether earlier versions of files are kept.
    pub versioned: Answer,
    /// Whether it grants every right on everything; `partial`: every right of one service, or on some things.
    pub wildcard: Answer,
    /// For the tool's state: whether it is kept away from the machine that runs the tool.
    pub remote: Answer,
    /// Relative to PATH.
    pub file: String,
    /// The line it is declared at.
    pub line: u32,
    /// What the fields rest on.
    pub evidence: Vec<Evidence>,
    /// Why fields are unknown.
    pub unknowns: Vec<Unknown>,
}

impl CloudResource {
    /// What people call it: `aws_db_instance.main`.
    pub fn address(&self) -> String {
        format!("{}.{}", self.type_name, self.name)
    }
}

impl Fact for CloudResource {
    fn subject(&self) -> String {
        format!("{} in {}", self.address(), self.file)
    }
    fn place(&self) -> (&str, u32) {
        (&self.file, self.line)
    }
    fn evidence(&self) -> &[Evidence] {
        &self.evidence
    }
    fn unknowns(&self) -> &[Unknown] {
        &self.unknowns
    }
}
