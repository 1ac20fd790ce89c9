//! Changes of the apps in memory: what is broken flips exactly the verdicts that hang on it, what means the same flips none.

use super::apps::{about, apps};
use super::expected::CELLS;
use super::mutants::{Mutant, changed, mutants, nameless};
use super::support::{Files, Route, cell, routes_of};

/// Of all mutants, so many in a hundred must flip exactly what they are written to flip.
const BAR: usize = 95;

#[test]
fn there_are_enough_mutants() {
    for (app, files) in apps() {
        let mutants = mutants(&about(&app, "mutants.txt"));
        let same = mutants.iter().filter(|mutant| mutant.kind == "same").count();
        assert!(mutants.len() - same >= 8, "{app}: {} mutants", mutants.len() - same);
        assert!(same >= 4, "{app}: {same} that mean the same");
        let routes: Vec<String> = routes_of(&files).into_iter().map(|route| route.name).collect();
        for mutant in mutants {
            let title = format!("{app}/mutants.txt:{} {}", mutant.line, mutant.title);
            assert_eq!(mutant.kind == "same", mutant.flips.is_empty(), "{title}");
            for (path, text) in
                changed(&files, &mutant).iter().filter(|(path, _)| vibecheck::code::handles(path))
            {
                assert_eq!(vibecheck::code::parse(path, text).broken, None, "{title}: {path}");
            }
            for (route, cells) in &mutant.flips {
                assert!(routes.contains(route), "{title}: {route}");
                assert!(cells.iter().all(|(name, _)| CELLS.contains(&&**name)), "{title}: {cells:?}");
            }
        }
    }
}

#[test]
fn a_broken_guard_flips_exactly_the_verdicts_that_hang_on_it() {
    let (mut wrong, mut count) = (Vec::new(), 0);
    for (app, files) in apps() {
        let before = routes_of(&files);
        for mutant in mutants(&about(&app, "mutants.txt")).iter().filter(|mutant| mutant.kind != "same") {
            count += 1;
            let faults = faults(&before, &files, mutant);
            if !faults.is_empty() {
                wrong.push(format!("{app}/mutants.txt:{} {}: {}", mutant.line, mutant.kind, mutant.title));
                wrong.extend(faults);
            }
        }
    }
    let bad = wrong.iter().filter(|line| !line.starts_with(' ')).count();
    eprintln!("{} of {count} mutants flip exactly what they should", count - bad);
    assert!((count - bad) * 100 >= count * BAR, "{bad} of {count} mutants:\n{}", wrong.join("\n"));
}

#[test]
fn what_means_the_same_flips_nothing() {
    let mut wrong = Vec::new();
    for (app, files) in apps() {
        let before = routes_of(&files);
        for mutant in mutants(&about(&app, "mutants.txt")).iter().filter(|mutant| mutant.kind == "same") {
            let faults = faults(&before, &files, mutant);
            if !faults.is_empty() {
                wrong.push(format!("{app}/mutants.txt:{} {}", mutant.line, mutant.title));
                wrong.extend(faults);
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Comments, empty lines and another end of line say nothing.
#[test]
fn other_lines_flip_nothing() {
    for (app, files) in apps() {
        let before = routes_of(&files);
        let moved = |(path, text): &(String, String)| {
            let text = if vibecheck::code::handles(path) && !text.starts_with(['"', '\'']) {
                format!("// One line more.\n\n{}", text.replace('\n', "\r\n"))
            } else {
                text.clone()
            };
            (path.clone(), text)
        };
        let after = routes_of(&files.iter().map(moved).collect());
        assert_eq!(table(&before), table(&after), "{app}");
    }
}

/// What helpers are called says nothing: `requireUser` may as well be `x1`.
#[test]
fn no_verdict_comes_from_a_name() {
    for (app, files) in apps() {
        let before = routes_of(&files);
        let (renamed, count) = nameless(&files);
        assert!(count >= 2, "{app}: {count} names");
        assert_eq!(table(&before), table(&routes_of(&renamed)), "{app}: {count} names");
    }
}

fn faults(before: &[Route], files: &Files, mutant: &Mutant) -> Vec<String> {
    let after = routes_of(&changed(files, mutant));
    let mut faults = Vec::new();
    for old in before {
        let Some(new) = after.iter().find(|new| new.name == old.name) else {
            faults.push(format!("  {} is gone", old.name));
            continue;
        };
        let flips =
            mutant.flips.iter().find(|(route, _)| *route == old.name).map_or(&[][..], |(_, cells)| cells);
        for name in CELLS {
            let (was, is) = (cell(&old.judged, name), cell(&new.judged, name));
            let values = flips.iter().find(|(cell, _)| cell == name).map(|(_, values)| values);
            match values {
                Some(values) if values.iter().any(|value| value == "*" || (*value == is && was != is)) => {}
                Some(values) => {
                    let values = values.join("|");
                    faults.push(format!("  {}: {name} was {was} and is {is} and not {values}", old.name));
                }
                None if was == is => {}
                None => faults.push(format!("  {}: {name} was {was} and is {is}", old.name)),
            }
        }
    }
    let more = after.iter().filter(|new| before.iter().all(|old| old.name != new.name));
    faults.extend(more.map(|new| format!("  {} is new", new.name)));
    faults
}

fn table(routes: &[Route]) -> Vec<String> {
    let line = |route: &Route| {
        let cells: Vec<String> = CELLS.iter().map(|name| cell(&route.judged, name)).collect();
        format!("{} {}", route.name, cells.join(" "))
    };
    routes.iter().map(line).collect()
}
