//! From outcomes to verdicts: one for each area, the stage, and the interval of progress.

mod model;

pub use model::{AreaScore, Counts, Progress, Score, StageScore, StageState, Verdict};
