use super::*;

/// Each mistake: the characters it points at, what it says, and its help.
fn mistakes(text: &str) -> Vec<(String, String, String)> {
    let errors = Config::parse("vibecheck.toml", text).unwrap_err().errors;
    errors.into_iter().map(|e| (text[e.span().unwrap()].to_owned(), e.message.clone(), e.help)).collect()
}

fn one(text: &str, at: &str, message: &str, help: &str) {
    let found = mistakes(text);
    assert_eq!(found, [(at.to_owned(), message.to_owned(), help.to_owned())]);
}

const ATTEST: &str = "rule = \"restore-untested\"\nanswer = \"Restored on a copy\"\nby = \"Ada\"\n";

#[test]
fn reads_all_that_it_knows() {
    let text = format!(
        "[gate]\nfail-on = \"high\"\nstage = \"foundations\"\n[gate.apps.\"./apps/web/\"]\nfail-on = \"none\"\n\
         [paths]\nexclude = [\"legacy/**\"]\n\
         [[attest]]\n{ATTEST}on = 2026-06-01\nuntil = \"2026-12-01\"\n"
    );
    let config = Config::parse("vibecheck.toml", &text).unwrap();
    assert_eq!(config.fail_on, Some(Threshold::High));
    assert_eq!(config.stage, Some(Stage::Foundations));
    let web = AppLimit { app: "apps/web".into(), fail_on: Some(Threshold::None), stage: None };
    assert_eq!(config.app_limits, [web]);
    assert_eq!(config.exclude, ["legacy/**"]);
    assert_eq!(config.attestations[0].rule, "restore-untested");
    assert_eq!(
        (config.attestations[0].on.as_str(), config.attestations[0].until.as_str()),
        ("2026-06-01", "2026-12-01")
    );
    assert_eq!(Config::parse("vibecheck.toml", "").unwrap(), Config::default());
}

#[test]
fn a_wrong_key_is_shown_where_it_stands_with_the_right_one() {
    one("[gate]\nfail_on = \"high\"\n", "fail_on", "[gate] has no key `fail_on`", "Did you mean `fail-on`?");
    one("[gates]\n", "gates", "vibecheck.toml has no key `gates`", "Did you mean `gate`?");
    one("[paths]\nignore = []\n", "ignore", "[paths] has no key `ignore`", "Known: `exclude`.");
}

#[test]
fn mistakes_in_the_gate_of_an_app() {
    let app = |rest: &str| format!("[gate.apps.\"apps/web\"]\n{rest}");
    one(
        &app("failon = \"high\"\n"),
        "failon",
        "[gate.apps.\"…\"] has no key `failon`",
        "Did you mean `fail-on`?",
    );
    one(
        &app("stage = \"stabilise\"\n"),
        "\"stabilise\"",
        "`stage` can't be `stabilise`",
        "Did you mean `stabilize`?",
    );
    one(&app("[gate.apps.\"apps/web/\"]\n"), "\"apps/web/\"", "the app `apps/web` has two gates", "");
    one("[gate.apps]\nweb = \"high\"\n", "\"high\"", "the gate of an app must be a table", "");
    one("[gate.app.web]\n", "app", "[gate] has no key `app`", "Did you mean `apps`?");
}

#[test]
fn what_a_later_version_reads_is_not_silently_ignored() {
    let found = mistakes("[report]\nclient = \"x\"\n");
    assert_eq!(found.len(), 1);
    assert!(found[0].1.ends_with("is not supported by this version"), "{found:?}");
}

#[test]
fn wrong_values_and_types() {
    one("[gate]\nfail-on = \"hihg\"\n", "\"hihg\"", "`fail-on` can't be `hihg`", "Did you mean `high`?");
    one(
        "[gate]\nstage = \"assess\"\n",
        "\"assess\"",
        "`stage` can't be `assess`",
        "Known: `stabilize`, `foundations`, `scale`.",
    );
    one("[gate]\nfail-on = 3\n", "3", "`fail-on` must be a string", "");
    one("gate = \"high\"\n", "\"high\"", "`gate` must be a table", "");
    one(
        "[paths]\nexclude = \"legacy\"\n",
        "\"legacy\"",
        "`exclude` must be a list of patterns, like [\"legacy/**\"]",
        "",
    );
    one("[paths]\nexclude = [1]\n", "1", "a pattern of `exclude` must be a string", "");
}

#[test]
fn an_attestation_needs_all_its_parts_and_real_days() {
    let help = "Write a day as YYYY-MM-DD, like 2026-12-31.";
    let text = format!("[[attest]]\n{ATTEST}on = \"2026-02-30\"\nuntil = 2026-12-01\n");
    one(&text, "\"2026-02-30\"", "`on` is not a day of the calendar", help);
    let text = format!("[[attest]]\n{ATTEST}on = 2026-02-01T10:00:00Z\nuntil = 2026-12-01\n");
    one(&text, "2026-02-01T10:00:00Z", "`on` is not a day of the calendar", help);
    let text = format!("[[attest]]\n{ATTEST}on = 2026-06-01\nuntil = 2026-05-01\n");
    one(&text, "2026-05-01", "`until` comes before `on`", "");
    let found = mistakes(&format!("[[attest]]\n{ATTEST}"));
    assert_eq!(found[0].1, "this [[attest]] lacks `on`, `until`");
}

#[test]
fn an_ignore_says_which_rule_where_and_why() {
    let text = "[[ignore]]\nrule = \"a\"\npath = \"legacy/**\"\nsubject = \"s\"\nkey = [\"k1\", \"k2\"]\n\
                reason = \"moves out in May\"\nuntil = 2026-05-31\n\n[[ignore]]\nrule = \"b\"\nkey = \"k3\"\n\
                reason = \"a test\"\n";
    let ignores = Config::parse("some/where/strict.toml", text).unwrap().ignores;
    let first = Ignore {
        rule: "a".into(),
        path: Some("legacy/**".into()),
        subject: Some("s".into()),
        keys: vec!["k1".into(), "k2".into()],
        reason: "moves out in May".into(),
        until: "2026-05-31".into(),
        file: "strict.toml".into(),
        line: 1,
    };
    assert_eq!(ignores[0], first);
    assert_eq!((ignores[1].keys.as_slice(), ignores[1].line), (&["k3".to_owned()][..], 9));
    assert_eq!((ignores[1].path.as_ref(), ignores[1].until.as_str()), (None, ""));
}

#[test]
fn an_ignore_without_a_reason_or_a_place_is_refused() {
    let found = mistakes("[[ignore]]\nrule = \"a\"\n");
    let messages: Vec<&str> = found.iter().map(|(_, message, _)| message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "this [[ignore]] lacks `reason`",
            "this [[ignore]] does not say where: it lacks `path`, `subject` and `key`"
        ]
    );
    let found = mistakes("[[ignore]]\nkey = \"k\"\n");
    assert_eq!(found[0].1, "this [[ignore]] lacks `rule`, `reason`");
    let entry = "[[ignore]]\nrule = \"a\"\nkey = \"k\"\n";
    one(&format!("{entry}reason = \" \"\n"), "\" \"", "`reason` must not be empty", "");
    one(&format!("{entry}reason = 3\n"), "3", "`reason` must be a string", "");
    one(
        &format!("{entry}reason = \"r\"\nexpires = 2026-01-01\n"),
        "expires",
        "[[ignore]] has no key `expires`",
        "Known: `rule`, `path`, `subject`, `key`, `reason`, `until`.",
    );
    one(
        &format!("{entry}reason = \"r\"\nutnil = 2026-01-01\n"),
        "utnil",
        "[[ignore]] has no key `utnil`",
        "Did you mean `until`?",
    );
    one(
        &format!("{entry}reason = \"r\"\nuntil = \"soon\"\n"),
        "\"soon\"",
        "`until` is not a day of the calendar",
        "Write a day as YYYY-MM-DD, like 2026-12-31.",
    );
    let entry = "[[ignore]]\nrule = \"a\"\nreason = \"r\"\n";
    one(&format!("{entry}key = 3\n"), "3", "`key` must be the key of a place, or a list of them", "");
    one(&format!("{entry}key = [1]\n"), "1", "a key of `key` must be a string", "");
    one(&format!("{entry}key = []\n"), "[]", "`key` must not be empty", "");
    let found = mistakes(&format!("{entry}path = \"a[\"\n"));
    assert_eq!(found[0].0, "\"a[\"");
    assert!(found[0].1.starts_with("`path` is no pattern"), "{found:?}");
    one("ignore = 1\n", "1", "`ignore` must be a list of tables, each under [[ignore]]", "");
    one(
        "[ignore]\nrule = \"a\"\n",
        "[ignore]",
        "`ignore` must be a list of tables, each under [[ignore]]",
        "",
    );
}

#[test]
fn all_mistakes_at_once_in_order() {
    let found = mistakes("[gate]\nstage = 1\nfail-on = \"x\"\n[path]\n");
    let at: Vec<&str> = found.iter().map(|(at, ..)| at.as_str()).collect();
    assert_eq!(at, ["1", "\"x\"", "path"]);
}

#[test]
fn broken_toml_is_one_mistake_at_its_place() {
    let found = mistakes("[gate\nfail-on = \"high\"\n");
    assert!(found[0].1.starts_with("not valid TOML"), "{found:?}");
    assert_eq!(found.iter().filter(|(_, message, _)| !message.starts_with("not valid TOML")).count(), 0);
}

#[test]
fn a_picture_of_the_mistake_holds_nothing_that_a_terminal_acts_on() {
    let text = "# \u{202e} \u{9b}2J\r\n[gate]\r\nfail_on = \"\u{9b}31m\"\r\n";
    let errors = Config::parse("vibecheck.toml", text);
    let shown = format!("{:?}", miette::Report::new(errors.unwrap_err()));
    assert!(!shown.contains(['\u{202e}', '\u{9b}']), "{shown}");
    assert!(shown.contains("fail_on"), "{shown}");
    let broken = Config::parse("vibecheck.toml", "# \u{1b}[2J\n").unwrap_err();
    assert!(!format!("{:?}", miette::Report::new(broken)).contains("\u{1b}[2J"));
}

#[test]
fn where_it_is_looked_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_path_buf();
    assert_eq!(Config::load(&ConfigChoice::Default(path.clone())).unwrap(), Config::default());
    let missing = Config::load(&ConfigChoice::File(path.join("other.toml"))).unwrap_err();
    assert!(missing.errors[0].message.ends_with("there is no such file"));

    std::fs::write(path.join(FILE_NAME), "[gate]\nfail-on = \"low\"\n").unwrap();
    let config = Config::load(&ConfigChoice::Default(path.clone())).unwrap();
    assert_eq!(config.fail_on, Some(Threshold::Low));
    let none = Config { without_comments: true, ..Config::default() };
    assert_eq!(Config::load(&ConfigChoice::None).unwrap(), none);

    std::fs::write(path.join("latin.toml"), [0x23, 0xe4, 0x0a]).unwrap();
    let latin = Config::load(&ConfigChoice::File(path.join("latin.toml"))).unwrap_err();
    assert!(latin.errors[0].message.ends_with("it is not UTF-8"));
    let folder = Config::load(&ConfigChoice::File(path)).unwrap_err();
    assert!(folder.errors[0].message.ends_with("it is not a file"));
}
