use crate::facts::config::yaml;
use crate::facts::kinds::TestLevel;
use crate::facts::notes::{FileNotes, TestNote};
use crate::source::File;

pub(super) fn wants(file: &File) -> bool {
    super::own(file)
        && matches!(&*file.extension(), "yml" | "yaml")
        && !file.path.contains(".github/")
        && file.size < 100_000
}

/// An Artillery script: scenarios against a target.
pub(super) fn read(_file: &File, text: &str, notes: &mut FileNotes) {
    if !text.contains("scenarios:") || !text.contains("target") {
        return;
    }
    let Ok(root) = yaml(text) else { return };
    let Some(scenarios) = root.get("scenarios").filter(|_| root.at(&["config", "target"]).is_some()) else {
        return;
    };
    let cases = u32::try_from(scenarios.list().len()).unwrap_or(u32::MAX);
    if cases > 0 {
        notes.test = Some(TestNote {
            framework: "artillery".to_owned(),
            level: TestLevel::Load,
            cases,
            skipped: 0,
            assertions: u32::try_from(text.matches("expect:").count() + text.matches("ensure:").count())
                .unwrap_or(0),
            line: scenarios.line,
        });
    }
}
