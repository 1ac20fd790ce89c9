//! Databases, backups, what deployments do to them.

use super::COMPOSE;
use crate::script::Script;

const BACKUP: &str = ".github/workflows/backup.yml";
const INFRA: &str = "infra/database.tf";
const ARCHIVE: &str = "aws_db_instance.archive in infra/database.tf";

pub fn chapter(s: &mut Script) {
    s.step("Cheaper archive", |w| {
        w.replace(INFRA, "backup_retention_period = 14", "backup_retention_period = 3");
        w.brings("retention", ("short-backup-retention", ARCHIVE, ""));
        w.replace(INFRA, "multi_az                = true", "multi_az                = false");
        w.brings("one-zone", ("single-zone-database", ARCHIVE, ""));
    });
    s.step("Let the archive go without a snapshot", |w| {
        w.replace(INFRA, "skip_final_snapshot     = false", "skip_final_snapshot     = true");
        w.brings("no-snapshot", ("no-final-snapshot", ARCHIVE, ""));
    });
    s.step("Look into the archive from home", |w| {
        w.replace(INFRA, "  storage_encrypted", "  publicly_accessible     = true\n  storage_encrypted");
        w.brings("public-archive", ("publicly-reachable-database", ARCHIVE, ""));
        w.replace(INFRA, "deletion_protection     = true", "deletion_protection     = false");
        w.brings("unprotected", ("no-deletion-protection", ARCHIVE, ""));
    });
    s.step("Align the archive", |w| {
        w.map(INFRA, |lines| {
            lines
                .iter()
                .map(|l| l.split(' ').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "))
                .collect()
        });
    });
    s.step("Two weeks of backups for the archive", |w| {
        w.replace(INFRA, "backup_retention_period = 3", "backup_retention_period = 14").fixes("retention");
        w.replace(INFRA, "deletion_protection = false", "deletion_protection = true").fixes("unprotected");
    });
    s.step("Nobody looks into the archive from home", |w| {
        w.cut(INFRA, "publicly_accessible").fixes("public-archive");
    });
    s.step("The archive has a file of its own name", |w| {
        w.rename(INFRA, "infra/archive.tf");
        for (name, rule) in [("one-zone", "single-zone-database"), ("no-snapshot", "no-final-snapshot")] {
            w.moves(name, (rule, "aws_db_instance.archive in infra/archive.tf", ""));
        }
    });
    s.step("A snapshot at the end of the archive, in two zones", |w| {
        w.rename("infra/archive.tf", INFRA);
        w.replace(INFRA, "skip_final_snapshot = true", "skip_final_snapshot = false").fixes("no-snapshot");
        w.replace(INFRA, "multi_az = false", "multi_az = true").fixes("one-zone");
    });
    s.step("A copy of the bookings to try things on", |w| {
        let rows = |from: u32| {
            (from..from + 60)
                .map(|n| format!("INSERT INTO bookings (id, passenger, email) VALUES ({n}, 'Passenger {n}', 'p{n}@example.test');\n"))
                .collect::<String>()
        };
        let head = "--\n-- PostgreSQL database dump\n--\n\n-- Dumped from database version 16.4\n-- Dumped by pg_dump version 16.4\n\nCREATE TABLE bookings (id integer, passenger text, email text);\n";
        w.write("bookings.sql", &format!("{head}{}", rows(1)));
        w.brings("dump", ("database-in-repository", "bookings.sql", ""));
    });
    s.step("Keep the copy with the scripts", |w| {
        w.rename("bookings.sql", "scripts/bookings.sql");
        w.moves("dump", ("database-in-repository", "scripts/bookings.sql", ""));
    });
    s.step("No copies here", |w| {
        w.remove("scripts/bookings.sql").fixes("dump");
    });
    s.step("A fresh desk at every start", |w| {
        w.replace(
            "desk/Dockerfile",
            "CMD [\"gunicorn\", \"desk.wsgi\", \"--bind\", \"0.0.0.0:8000\"]",
            "CMD python manage.py flush --noinput && gunicorn desk.wsgi --bind 0.0.0.0:8000",
        );
        w.brings(
            "flush",
            (
                "destructive-deploy-command",
                "destructive-command in desk/Dockerfile: python manage.py flush --noinput",
                "",
            ),
        );
    });
    s.step("The desk listens on another port", |w| {
        w.replace("desk/Dockerfile", "--bind 0.0.0.0:8000", "--bind 0.0.0.0:8080");
        w.replace("desk/Dockerfile", "EXPOSE 8000", "EXPOSE 8080");
    });
    s.step("Keep what the desk knows", |w| {
        w.replace("desk/Dockerfile", "python manage.py flush --noinput && ", "").fixes("flush");
    });
    // Whether somebody restores without writing it down is a question, not a finding.
    s.step("No drill for now", |w| {
        w.map(BACKUP, |lines| {
            let end = lines.iter().position(|l| l.trim() == "drill:").unwrap();
            lines[..end].iter().map(|l| (*l).to_owned()).collect()
        });
    });
    s.step("Back up an hour later", |w| {
        w.replace(BACKUP, "17 2 * * *", "17 3 * * *");
    });
    s.step("A drill as a script", |w| {
        w.write(
            "scripts/restore-drill.sh",
            "#!/bin/sh\nset -eu\naws s3 cp \"s3://ferryline-backups/$1.dump\" ferryline.dump\npg_restore --clean --if-exists --dbname=\"$DRILL_DATABASE_URL\" ferryline.dump\n",
        );
    });
    s.step("The host makes backups, I think", |w| {
        w.remove(BACKUP).remove(INFRA);
        w.brings("no-backup", ("no-database-backup", "the self-hosted PostgreSQL database", ""));
    });
    s.revert_last("Revert \"The host makes backups, I think\"");
    s.step("The newest database", |w| {
        w.replace(COMPOSE, "image: postgres:16.4", "image: postgres:latest");
        w.brings("db-unpinned", ("unpinned-image", "db in docker-compose.prod.yml", ""));
    });
    s.step("Start over with an empty volume", |w| {
        w.replace(COMPOSE, "    volumes:\n      - db-data:/var/lib/postgresql/data\n", "");
        w.replace(COMPOSE, "\n  db-data:", "");
        w.brings("no-volume", ("data-on-ephemeral-disk", "the self-hosted PostgreSQL database", ""));
    });
    s.step("A volume for the database", |w| {
        w.after(COMPOSE, "image: postgres:latest", "    volumes:\n      - data:/var/lib/postgresql/data");
        w.replace(COMPOSE, "\n  cache-data:", "\n  cache-data:\n  data:");
        w.fixes("no-volume");
    });
    s.step("A version of the database", |w| {
        w.replace(COMPOSE, "image: postgres:latest", "image: postgres:16.4").fixes("db-unpinned");
    });
}
