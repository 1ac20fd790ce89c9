//! The whole MVPs of `fixtures/apps`: every planted fault that a rule judges is reported, no near miss is, and facts and
//! reports are snapshots, read by a person before they are accepted. What is planted where: `fixtures/apps/README.md`.
//!
//! One test for each app: an app is made into a repository once, and the apps run beside each other.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed test may panic")]

mod common;

use std::path::Path;

use common::{run, vibecheck};
use serde_json::Value;

const DATE: [&str; 2] = ["--date", "2026-03-01"];

fn said(folder: &Path, args: &[&str]) -> String {
    let said = run(vibecheck().args(args).arg(folder));
    assert!(matches!(said.status, 0 | 1), "{}", said.err);
    said.out
}

/// What a right report says of a place.
#[derive(Clone, Copy, PartialEq)]
enum Says {
    /// It must be reported.
    Fault,
    /// It looks like a fault and is none.
    Nothing,
}
use Says::{Fault, Nothing};

/// A plant: the rule, a part of the finding's subject or of the file of one of its places, and what must be said.
type Plant = (&'static str, &'static str, Says);

const LOVABLE_CRM: &[Plant] = &[
    ("bot-only-history", "the repository", Fault),
    ("uncommitted-work", "the repository", Fault),
    ("tracked-build-output", "dist", Fault),
    ("database-in-repository", "backup.sql", Fault),
    ("database-in-repository", "supabase/migrations", Nothing),
    ("no-tests", "the app", Fault),
    ("conflicting-lockfiles", "package.json", Fault),
    ("floating-dependencies", "package.json", Fault),
    ("types-not-checked", "the app", Fault),
    ("unpinned-image", "Dockerfile", Fault),
    ("dev-server-in-production", "Dockerfile", Fault),
    ("container-runs-as-root", "Dockerfile", Fault),
    ("undocumented-settings", "the app", Fault),
    ("secret-in-browser", "src/lib/ai.ts", Fault),
    ("master-key-in-repository", "supabase/migrations/20251013", Fault),
    ("master-key-in-repository", "scripts/seed-demo.ts", Fault),
    ("seeded-password", "scripts/seed-demo.ts", Fault),
    ("secret-in-history", "", Fault),
    ("env-file-with-public-values", ".env", Fault),
    ("no-secret-scanning", "the repository", Fault),
    ("secret-in-browser", ".env", Nothing),
    ("secret-in-browser", "dist", Nothing),
    ("secret-in-browser", "src/integrations/supabase/client.ts", Nothing),
    ("secret-in-public-variable", "VITE_SUPABASE", Nothing),
    ("secret-in-repository", "", Nothing),
    ("password-in-address", "", Nothing),
    ("builder-lock-in", "the app", Nothing),
    ("no-setup-instructions", "the repository", Nothing),
    ("schema-not-in-repository", "", Nothing),
    ("unauthenticated-write", "ai-lead-score", Fault),
    ("unauthenticated-model-call", "ai-email-writer", Fault),
    ("unsigned-webhook", "stripe-webhook", Fault),
    ("unauthenticated-message", "send-email", Fault),
    ("unauthenticated-personal-read", "export-contacts", Fault),
    ("token-not-verified", "import-leads", Fault),
    ("weak-check-before-reads", "daily-digest", Fault),
    ("gateway-only-write", "admin-delete-user", Fault),
    ("gateway-only-write", "chat-assistant", Fault),
    ("gateway-only-write", "invite-member", Nothing),
    ("user-administration-without-role", "invite-member", Nothing),
    ("gateway-only-cost", "create-checkout", Nothing),
    ("no-rate-limit", "", Fault),
];

const HARDENED_SAAS: &[Plant] = &[
    ("unpinned-ci-actions", "", Nothing),
    ("ci-cannot-fail", "", Nothing),
    ("container-runs-as-root", "", Nothing),
    ("database-port-published", "", Nothing),
    ("backups-switched-off", "", Nothing),
    ("no-database-backup", "", Nothing),
    ("restore-never-tested", "", Nothing),
    ("deploy-not-gated-on-tests", "", Nothing),
    ("undocumented-settings", "", Nothing),
    ("env-file-with-public-values", "", Nothing),
    ("secret-in-tests-or-docs", "", Nothing),
    ("guessable-password", "", Nothing),
    ("unauthenticated-write", "", Nothing),
    ("unsigned-webhook", "", Nothing),
    ("any-user-changes-any-row", "", Nothing),
    ("any-user-reads-any-row", "", Nothing),
    ("no-rate-limit", "", Nothing),
    ("unlimited-model-calls", "", Nothing),
    ("input-not-validated", "", Nothing),
    ("server-code-in-browser", "", Nothing),
];

const AI_SAAS_NEXT: &[Plant] = &[
    ("types-not-checked", "next.config.mjs", Fault),
    ("floating-dependencies", "package.json", Fault),
    ("tests-without-assertions", "tests/prompts.test.ts", Fault),
    ("deploy-not-gated-on-tests", ".github/workflows/deploy.yml", Fault),
    ("unpinned-ci-actions", ".github/workflows/ci.yml", Fault),
    ("untrusted-code-in-ci", ".github/workflows/pr-summary.yml", Fault),
    ("no-dependency-updates", "the repository", Fault),
    ("deployments-can-overlap", ".github/workflows/deploy.yml", Fault),
    ("secret-in-repository", "scripts/try-prompts.ts", Fault),
    ("secret-in-history", "", Fault),
    ("env-file-with-public-values", ".env.production", Fault),
    ("no-secret-scanning", "the repository", Fault),
    ("private-key-in-repository", "", Nothing),
    ("guessable-password", "", Nothing),
    ("password-in-address", "", Nothing),
    ("secret-in-deployment-file", "", Nothing),
    ("secret-in-tests-or-docs", "", Nothing),
    ("default-signing-secret", "", Nothing),
    ("seeded-password", "", Nothing),
    ("secret-printed-in-ci", "", Nothing),
    ("all-secrets-handed-on", "", Nothing),
    ("ci-cannot-fail", ".github/workflows/ci.yml", Nothing),
    ("tests-without-assertions", "tests/webhook-clerk.test.ts", Nothing),
    ("tests-not-in-ci", "", Nothing),
    ("lockfile-out-of-step", "", Nothing),
    ("no-lockfile", "", Nothing),
    ("database-in-repository", "prisma", Nothing),
    ("schema-not-in-repository", "", Nothing),
    ("undocumented-settings", "", Nothing),
    ("database-port-published", ".github", Nothing),
    ("single-instance", "vercel.json", Nothing),
    ("single-commit-history", "", Nothing),
    ("bot-only-history", "", Nothing),
    ("one-person-knows-it-all", "", Nothing),
    ("gitignore-misses-secrets", "", Nothing),
    ("unauthenticated-model-call", "api/demo", Fault),
    ("unauthenticated-write", "api/documents/[id]", Fault),
    ("unauthenticated-personal-read", "api/admin/usage", Fault),
    ("unsigned-webhook", "webhooks/stripe", Fault),
    ("unlimited-model-calls", "api/generate", Fault),
    ("unsigned-webhook", "webhooks/clerk", Nothing),
    ("unauthenticated-model-call", "api/rewrite", Nothing),
    ("unauthenticated-personal-read", "api/share", Nothing),
    ("unauthenticated-trigger", "api/cron", Nothing),
    ("no-rate-limit", "", Nothing),
];

const AGENT_API_FASTAPI: &[Plant] = &[
    ("database-without-password", "redis in docker-compose.prod.yml", Fault),
    ("no-database-backup", "PostgreSQL", Fault),
    ("ci-cannot-fail", ".gitlab-ci.yml", Fault),
    ("deploy-not-gated-on-tests", ".gitlab-ci.yml", Fault),
    ("container-runs-as-root", "Dockerfile", Fault),
    ("unpinned-image", "api in docker-compose.prod.yml", Fault),
    ("unpinned-image", "db in docker-compose.prod.yml", Fault),
    ("no-lockfile", "requirements.txt", Fault),
    ("undocumented-settings", "scripts/sync_assets.py", Fault),
    ("deployments-can-overlap", ".gitlab-ci.yml", Fault),
    ("secret-in-repository", "scripts/sync_assets.py", Fault),
    ("secret-in-history", "", Fault),
    ("default-signing-secret", "app/config.py", Fault),
    ("seeded-password", "scripts/demo.py", Fault),
    ("seeded-password", "tests", Nothing),
    ("no-secret-scanning", "the repository", Fault),
    ("hard-coded-fallback-secret", "tests", Nothing),
    ("default-signing-secret", "tests", Nothing),
    ("secret-in-tests-or-docs", "", Nothing),
    ("guessable-password", "docker-compose.yml", Nothing),
    ("password-in-address", "", Nothing),
    ("secret-printed-in-ci", "", Nothing),
    ("whole-folder-in-image", "", Nothing),
    ("container-not-restarted", "", Nothing),
    ("container-runs-as-root", "deploy/worker.Dockerfile", Nothing),
    ("unpinned-image", "deploy/worker.Dockerfile", Nothing),
    ("unpinned-image", "worker in docker-compose.prod.yml", Nothing),
    ("database-port-published", "db in docker-compose.prod.yml", Nothing),
    ("database-port-published", "docker-compose.yml", Nothing),
    ("dev-server-in-production", "", Nothing),
    ("debug-mode-in-production", "", Nothing),
    ("data-on-ephemeral-disk", "", Nothing),
    ("schema-not-in-repository", "", Nothing),
    ("no-dependency-updates", "", Nothing),
    ("tests-without-assertions", "", Nothing),
    ("destructive-deploy-command", "", Nothing),
];

const ORDERS_EXPRESS: &[Plant] = &[
    ("database-port-published", "db in docker-compose.yml", Fault),
    ("no-deletion-protection", "aws_db_instance.orders", Fault),
    ("no-final-snapshot", "aws_db_instance.orders", Fault),
    ("publicly-reachable-database", "aws_db_instance.orders", Fault),
    ("single-zone-database", "aws_db_instance.orders", Fault),
    ("firewall-open-to-database-ports", "aws_security_group.db", Fault),
    ("bucket-not-versioned", "aws_s3_bucket.uploads", Fault),
    ("terraform-state-local", "infra/main.tf", Fault),
    ("database-port-published", "krat-redis in k8s/redis.yaml", Fault),
    ("privileged-container", "krat-redis in k8s/redis.yaml", Fault),
    ("single-instance", "krat-web in k8s/web.yaml", Fault),
    ("unpinned-image", "krat-web in k8s/web.yaml", Fault),
    ("workload-without-probes", "k8s/web.yaml", Fault),
    ("workload-without-limits", "k8s/web.yaml", Fault),
    ("ci-token-writes-everything", ".github/workflows/release.yml", Fault),
    ("long-lived-cloud-keys", ".github/workflows/release.yml", Fault),
    ("deployments-can-overlap", ".github/workflows/release.yml", Fault),
    ("destructive-deploy-command", "Dockerfile.migrate", Fault),
    ("container-runs-as-root", "Dockerfile.migrate", Fault),
    ("dev-dependencies-in-image", "Dockerfile.migrate", Fault),
    ("dev-dependencies-in-image", "=Dockerfile", Nothing),
    ("unpinned-image", "adminer in docker-compose.yml", Fault),
    ("lockfile-out-of-step", "package-lock.json", Fault),
    ("deploy-not-gated-on-tests", ".github/workflows/release.yml", Fault),
    ("unpinned-ci-actions", ".github/workflows/release.yml", Fault),
    ("undocumented-settings", "src/config.js", Fault),
    ("no-dependency-updates", "the repository", Fault),
    ("master-key-in-repository", "scripts/import-prices.js", Fault),
    ("secret-in-history", "", Fault),
    ("hard-coded-fallback-secret", "src/config.js", Fault),
    ("no-secret-scanning", "the repository", Fault),
    ("private-key-in-repository", "", Nothing),
    ("secret-in-tests-or-docs", "", Nothing),
    ("backups-switched-off", "", Nothing),
    ("no-deletion-protection", "reports", Nothing),
    ("publicly-reachable-database", "reports", Nothing),
    ("single-zone-database", "reports", Nothing),
    ("firewall-open-to-database-ports", "aws_security_group.web", Nothing),
    ("firewall-open-to-database-ports", "aws_security_group.reports", Nothing),
    ("firewall-open-to-world", "", Nothing),
    ("bucket-not-versioned", "invoices", Nothing),
    ("public-bucket", "invoices", Nothing),
    ("single-instance", "mailer", Nothing),
    ("unpinned-image", "mailer", Nothing),
    ("container-runs-as-root", "mailer", Nothing),
    ("workload-without-limits", "k8s/mailer.yaml", Nothing),
    ("workload-without-probes", "k8s/mailer.yaml", Nothing),
    ("privileged-container", "mailer", Nothing),
    ("ci-token-writes-everything", ".github/workflows/ci.yml", Nothing),
    ("unpinned-image", "=Dockerfile", Nothing),
    ("container-runs-as-root", "=Dockerfile", Nothing),
    ("unpinned-ci-actions", ".github/workflows/ci.yml", Nothing),
    ("ci-cannot-fail", "", Nothing),
    ("all-tests-switched-off", "", Nothing),
    ("types-not-checked", "", Nothing),
    ("schema-not-in-repository", "", Nothing),
    ("no-database-backup", "", Nothing),
    ("no-tests", "", Nothing),
    ("unauthenticated-personal-read", "src/routes/reports.js", Fault),
    ("no-rate-limit", "", Fault),
    ("unsigned-webhook", "", Nothing),
    ("any-user-changes-any-row", "src/routes/admin.js", Nothing),
];

/// Whether the finding is about `what`: it is a part of its subject or of a file that it names; with `=`, all of it.
fn is_about(finding: &Value, what: &str) -> bool {
    let names = |text: &Value| match what.strip_prefix('=') {
        Some(whole) => text == whole,
        None => text.as_str().unwrap().contains(what),
    };
    names(&finding["subject"]) || finding["places"].as_array().unwrap().iter().any(|p| names(&p["file"]))
}

fn check_plants(report: &Value, plants: &[Plant]) {
    let findings = report["findings"].as_array().unwrap();
    let mut wrong = Vec::new();
    for (rule, what, says) in plants {
        assert!(report["outcomes"].as_array().unwrap().iter().any(|o| o["rule"] == *rule), "no rule {rule}");
        let found = findings.iter().any(|f| f["rule"] == *rule && is_about(f, what));
        if found != (*says == Fault) {
            wrong.push(format!("{} {rule}: {what}", if found { "wrongly reported:" } else { "missed:" }));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn check_schema(of: &str, value: &Value) {
    let schema: Value = serde_json::from_str(&run(vibecheck().args(["schema", of])).out).unwrap();
    let errors: Vec<String> =
        jsonschema::validator_for(&schema).unwrap().iter_errors(value).map(|e| e.to_string()).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

/// The facts as JSON without what repeats the files: a line for each dependency and variable.
fn brief(facts: &Value) -> String {
    let mut facts = facts.clone();
    for (list, fields) in [
        ("dependencies", ["name", "version", "locked", "scope"]),
        ("env_vars", ["name", "read", "declared", "public"]),
    ] {
        let lines: Vec<Value> = facts[list]
            .as_array()
            .unwrap()
            .iter()
            .map(|fact| fields.map(|f| fact[f].to_string().trim_matches('"').to_owned()).join(" ").into())
            .collect();
        facts[list] = lines.into();
    }
    format!("{facts:#}")
}

/// Everything that is asked of an app. Answers with its JSON report.
fn check(name: &str, plants: &[Plant]) -> Value {
    let app = common::app(name);
    let audit = |more: &[&str]| said(app.path(), &[&["audit", DATE[0], DATE[1]], more].concat());
    let (terminal, markdown, json) = std::thread::scope(|scope| {
        let terminal = scope.spawn(|| audit(&["--format", "terminal"]));
        let markdown = scope.spawn(|| audit(&["--format", "markdown"]));
        let json = audit(&["--format", "json", "--with-facts"]);
        (terminal.join().unwrap(), markdown.join().unwrap(), json)
    });
    let report: Value = serde_json::from_str(&json).unwrap();
    check_plants(&report, plants);
    check_schema("report", &report);
    // The fact base of a report is what `vibecheck facts` prints, without its header.
    let mut facts = report["facts"].clone();
    facts["format"] = "vibecheck-facts".into();
    facts["version"] = 1.into();
    check_schema("facts", &facts);
    let secrets = common::generated_secrets(app.path());
    assert_eq!(secrets.is_empty(), name == "hardened-saas", "every other app has secrets in its files");
    for secret in secrets {
        for (format, out) in [("terminal", &terminal), ("markdown", &markdown), ("json", &json)] {
            assert!(!out.contains(&secret[8..]), "a secret got out of the {format} report");
        }
    }

    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        insta::assert_snapshot!(format!("{name}-report"), terminal);
        insta::assert_snapshot!(format!("{name}-markdown"), markdown);
        insta::assert_snapshot!(format!("{name}-facts"), brief(&report["facts"]));
    });
    report
}

#[test]
fn lovable_crm() {
    check("lovable-crm", LOVABLE_CRM);
}

#[test]
fn hardened_saas_has_no_finding_at_medium_or_above() {
    let report = check("hardened-saas", HARDENED_SAAS);
    let findings = report["findings"].as_array().unwrap().iter();
    let bad: Vec<String> = findings
        .filter(|f| f["severity"] != "low")
        .map(|f| format!("{} {} {}", f["severity"], f["rule"], f["title"]))
        .collect();
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

#[test]
fn ai_saas_next() {
    check("ai-saas-next", AI_SAAS_NEXT);
}

#[test]
fn agent_api_fastapi() {
    check("agent-api-fastapi", AGENT_API_FASTAPI);
}

#[test]
fn orders_express() {
    check("orders-express", ORDERS_EXPRESS);
}
