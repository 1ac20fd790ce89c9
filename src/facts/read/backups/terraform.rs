use super::{about, add, hcl};
use crate::facts::kinds::BackupKind;
use crate::facts::notes::FileNotes;
use crate::source::{File, Role};

pub(super) fn wants(file: &File) -> bool {
    // A stack that its path calls one for development says nothing about production.
    let development =
        file.path.split(['/', '.', '_', '-']).any(|w| matches!(w, "dev" | "development" | "sandbox"));
    file.role == Role::Product && file.extension() == "tf" && file.size < 500_000 && !development
}

pub(super) fn read(file: &File, text: &str, notes: &mut FileNotes) {
    for attribute in hcl::attributes(text) {
        let kind = attribute.resource.0.as_str();
        let engine = engine(kind);
        let (path, value, line) = (attribute.path.as_str(), attribute.value.as_str(), attribute.line);
        let last = path.rsplit('.').next().unwrap_or(path);
        let on = value == "true";
        let off = value == "false";
        let number: Option<u32> = value.parse().ok();
        let database = engine.is_some();
        let found = match (kind, last) {
            (_, "backup_retention_period" | "backup_retention_days") if database => match number {
                Some(0) => Some((BackupKind::SwitchedOff, "automatic backups are switched off".to_owned())),
                Some(days) => Some((BackupKind::Platform, format!("automatic backups are kept {days} days"))),
                None => None,
            },
            (_, "skip_final_snapshot") if database && on => Some((
                BackupKind::SwitchedOff,
                "no snapshot is taken when the database is deleted".to_owned(),
            )),
            (_, "deletion_protection") if database && off => Some((
                BackupKind::SwitchedOff,
                "the database can be deleted without a second step".to_owned(),
            )),
            ("google_sql_database_instance", "enabled") if path.ends_with("backup_configuration.enabled") => {
                if on {
                    Some((BackupKind::Platform, "automatic backups are switched on".to_owned()))
                } else if off {
                    Some((BackupKind::SwitchedOff, "automatic backups are switched off".to_owned()))
                } else {
                    None
                }
            }
            ("google_sql_database_instance", "point_in_time_recovery_enabled") if on => {
                Some((BackupKind::Platform, "point-in-time recovery is switched on".to_owned()))
            }
            ("aws_dynamodb_table", "enabled") if path.ends_with("point_in_time_recovery.enabled") => {
                if on {
                    Some((BackupKind::Platform, "point-in-time recovery is switched on".to_owned()))
                } else {
                    Some((BackupKind::SwitchedOff, "point-in-time recovery is switched off".to_owned()))
                }
            }
            ("aws_s3_bucket_versioning", "status") if value == "Enabled" => {
                Some((BackupKind::Platform, "versions of stored files are kept".to_owned()))
            }
            ("aws_s3_bucket" | "google_storage_bucket", "force_destroy") if on => {
                Some((BackupKind::SwitchedOff, "the bucket can be deleted with everything in it".to_owned()))
            }
            ("digitalocean_droplet", "backups") if on => {
                Some((BackupKind::Platform, "backups of the machine are switched on".to_owned()))
            }
            ("aws_backup_plan", "") => Some((BackupKind::Platform, "a backup plan is set up".to_owned())),
            ("hcloud_server", "backups") if on => {
                Some((BackupKind::Platform, "backups of the machine are switched on".to_owned()))
            }
            _ => None,
        };
        if let Some((backup, says)) = found {
            let files = kind.contains("bucket");
            let says = format!("`{}` in Terraform: {says}", attribute.resource.1);
            add(file, notes, backup, if files { "files" } else { engine.unwrap_or_default() }, line, &says);
            about(notes, &format!("{kind}.{} {path}", attribute.resource.1));
        }
    }
    engines(text, notes);
}

/// The engine of a resource: `None` for one that is no database, `""` where an attribute decides.
fn engine(kind: &str) -> Option<&'static str> {
    match kind {
        "aws_db_instance"
        | "aws_rds_cluster"
        | "google_sql_database_instance"
        | "digitalocean_database_cluster" => Some(""),
        "azurerm_postgresql_flexible_server" | "azurerm_postgresql_server" => Some("postgres"),
        "azurerm_mysql_flexible_server" | "azurerm_mysql_server" => Some("mysql"),
        "azurerm_mssql_database" => Some("mssql"),
        "aws_dynamodb_table" => Some("dynamodb"),
        "aws_docdb_cluster" => Some("mongodb"),
        _ => None,
    }
}

/// Where the only engine that the file names is told by an attribute, that is the one.
fn engines(text: &str, notes: &mut FileNotes) {
    let lower = text.to_ascii_lowercase();
    let named: Vec<&str> = [("postgres", "postgres"), ("mysql", "mysql"), ("mariadb", "mysql")]
        .iter()
        .filter(|(word, _)| lower.contains(word))
        .map(|(_, engine)| *engine)
        .collect();
    if let [engine] = named.as_slice() {
        for backup in notes.backups.iter_mut().filter(|b| b.engine.is_empty()) {
            (*engine).clone_into(&mut backup.engine);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Fact;

    #[test]
    fn rds() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("main.tf"), "x").unwrap();
        let tree = crate::source::Tree::working(folder.path(), &[]).unwrap();
        let mut notes = FileNotes::default();
        let text = "resource \"aws_db_instance\" \"db\" {\n  engine = \"postgres\"\n  backup_retention_period = 7\n  skip_final_snapshot = true\n  deletion_protection = var.protect\n}\n";
        read(&tree.files()[0], text, &mut notes);
        let found: Vec<(BackupKind, bool, &str, u32)> =
            notes.backups.iter().map(|b| (b.kind, b.negative, b.engine.as_str(), b.line)).collect();
        assert_eq!(
            found,
            [(BackupKind::Platform, false, "postgres", 3), (BackupKind::SwitchedOff, true, "postgres", 4)]
        );
    }

    #[test]
    fn two_settings_of_one_file_are_two_subjects() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("main.tf"), "x").unwrap();
        let tree = crate::source::Tree::working(folder.path(), &[]).unwrap();
        let mut notes = FileNotes::default();
        let text = "resource \"aws_db_instance\" \"a\" {\n  skip_final_snapshot = true\n  deletion_protection = false\n}\nresource \"aws_db_instance\" \"b\" {\n  skip_final_snapshot = true\n}\n";
        read(&tree.files()[0], text, &mut notes);
        let subjects: Vec<String> = notes.backups.iter().map(Fact::subject).collect();
        assert_eq!(
            subjects,
            [
                "switched-off in main.tf: aws_db_instance.a skip_final_snapshot",
                "switched-off in main.tf: aws_db_instance.a deletion_protection",
                "switched-off in main.tf: aws_db_instance.b skip_final_snapshot",
            ]
        );
    }
}
