use super::{broken, finish, own, unit};
use crate::facts::config::{Node, toml};
use crate::facts::kinds::{Answer, UnitKind};
use crate::facts::notes::FileNotes;
use crate::source::File;

pub(super) fn wants(file: &File) -> bool {
    own(file) && (file.path == "supabase/config.toml" || file.path.ends_with("/supabase/config.toml"))
}

/// The configuration of the local stack, and the project that it is linked to. How the hosted project runs is not in
/// it.
pub(super) fn read(file: &File, text: &str, notes: &mut FileNotes) {
    let root = match toml(text) {
        Ok(root) => root,
        Err(problem) => return broken(&problem, notes),
    };
    let line = root.get("project_id").map_or(1, |n: &Node| n.line);
    let mut unit = unit(file, line, "supabase", "", UnitKind::Unknown);
    unit.health_check = Answer::Na;
    let reason = "the plan of the hosted project decides, and it is not in the repository";
    notes.deploy.push(finish(unit, &[("redundant", reason), ("ephemeral_disk", reason)]));
}
