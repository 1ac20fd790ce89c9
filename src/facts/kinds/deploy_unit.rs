use schemars::JsonSchema;
use serde::Serialize;

use super::{Answer, Evidence, Fact, Unknown};
use crate::secrets::Excerpt;

/// What a unit runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum UnitKind {
    /// Answers requests.
    Web,
    /// Works in the background.
    Worker,
    /// A database.
    Database,
    /// A cache or a queue.
    Cache,
    /// Files served as they are.
    Static,
    /// A scheduled job.
    Cron,
    /// An image or recipe for one of the others.
    Image,
    /// Could not be told.
    #[default]
    Unknown,
}

/// A volume that is mounted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Volume {
    /// Its name or the path on the host, `""` for an anonymous one.
    pub name: Excerpt,
    /// Where it is mounted.
    pub target: Excerpt,
    /// Whether what is written there outlives the container.
    pub persistent: bool,
}

/// A port that is published.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Port {
    /// The address of the host it is bound to, `0.0.0.0` when the file names none.
    pub address: Excerpt,
    /// The port on the host; 0 when it is chosen at start.
    pub host: u32,
    /// The port in the container.
    pub container: u32,
    /// Whether it can be reached from other machines as written.
    pub public: bool,
}

/// One thing that is deployed: an image, a service of a compose file, a platform's app.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DeployUnit {
    /// Relative to PATH.
    pub file: String,
    /// The line it is declared at.
    pub line: u32,
    /// The app it belongs to.
    pub app: String,
    /// `docker`, `compose`, `fly`, `render`, `railway`, `vercel`, `netlify`, `heroku`, `firebase`, `replit`,
    /// `cloudflare`, `supabase`, `kubernetes`, `helm`, …
    pub platform: String,
    /// The name of the service, `""` without one.
    pub name: Excerpt,
    /// What it runs.
    pub kind: UnitKind,
    /// Whether the file is for development only: by its name, its profile, or what it starts.
    pub development: Answer,
    /// The image it runs or builds on, `""` for none.
    pub image: Excerpt,
    /// Whether that image is pinned to a version (a tag other than `latest`, or a digest). `na` without an image.
    pub image_pinned: Answer,
    /// The engine of a database or cache: `postgres`, `redis` …; else `""`.
    pub engine: String,
    /// Whether who connects to a database or cache of a compose file is asked for a password. `na` for anything else.
    pub password: Answer,
    /// Instances that are kept running; 0 where the file does not say.
    pub instances: u32,
    /// Whether more than one instance is kept running, or the platform scales by itself.
    pub redundant: Answer,
    /// Regions or zones, sorted.
    pub regions: Vec<String>,
    /// Whether the platform checks that it is alive. `na` for static files and images of workers.
    pub health_check: Answer,
    /// What it starts, `""` where the file does not say.
    pub command: Excerpt,
    /// Whether that is a development server (`next dev`, `vite`, `flask run --debug`, `nodemon` …).
    pub dev_server: Answer,
    /// Whether the process runs as root. `na` where the platform decides.
    pub runs_as_root: Answer,
    /// Whether its memory is limited, so that it can't starve what runs beside it. `na` where the platform decides.
    pub limits: Answer,
    /// Whether it has rights on the machine that runs it. `na` where the platform decides.
    pub privileged: Answer,
    /// Whether what it writes to its own disk is lost at the next deployment.
    pub ephemeral_disk: Answer,
    /// Volumes, in the order of the file.
    pub volumes: Vec<Volume>,
    /// Published ports, in the order of the file.
    pub ports: Vec<Port>,
    /// Names of secrets that are handed to the build of the image and stay in it (`ARG`, `ENV`), in the order of the file.
    pub secrets_in_image: Vec<String>,
    /// Files that the image gets when it is built where they lie (`.env`, `.git`), since the whole folder is copied and
    /// no `.dockerignore` holds them back; sorted.
    pub context_leaks: Vec<String>,
    /// Commands that install dependencies into the image without a lockfile beside them, although the repository has one.
    pub unlocked_installs: Vec<Excerpt>,
    /// Whether the image ships the tools of development (dev dependencies). `na` where it installs none.
    pub dev_dependencies: Answer,
    /// Whether it starts again by itself after a failure or a restart of the machine. `na` where the platform decides, and
    /// for what runs once.
    pub restarts: Answer,
    /// Services of its file that stay down after a failure or a restart of the machine, where it is the first of them: the
    /// file has one habit, and one unit says it. Sorted.
    pub stay_down: Vec<Excerpt>,
    /// What gives it power over the machine it runs on: `privileged`, the socket of Docker …
    pub host_access: Vec<Excerpt>,
    /// Addresses of scripts that its build fetches and runs unseen, sorted.
    pub remote_scripts: Vec<Excerpt>,
    /// What the fields rest on.
    pub evidence: Vec<Evidence>,
    /// Why fields are unknown.
    pub unknowns: Vec<Unknown>,
}

impl Fact for DeployUnit {
    fn subject(&self) -> String {
        if self.name.is_empty() { self.file.clone() } else { format!("{} in {}", self.name, self.file) }
    }
    fn app(&self) -> &str {
        &self.app
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
